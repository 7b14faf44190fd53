// What the fused kernels work on, and how they are called: a set of functions for each instruction set, picked at load.
#pragma once

#include <cstdint>

namespace finetune {

// bfloat16: the upper half of a float.
struct BFloat16 {
  uint16_t bits;
};

// Which values a call site drops; the same key drops the same values, forward and backward. threshold 0: none.
struct Dropping {
  uint32_t key = 0;
  uint32_t threshold = 0;
  float factor = 1;  // 1 / (1 - rate)
};

// gelu(x + bias), rows of `dim`; backward: dx from dy.
template <typename T>
struct GeluTask {
  int64_t dim;
  const T *x;
  const float *bias;
  const T *dy;
  T *out;
};

// layerNorm(residual + dropout(x + bias)), rows of `dim`; `bias` may be null.
template <typename T>
struct NormTask {
  int64_t dim;
  float epsilon;
  Dropping dropping;
  const T *x;
  const float *bias, *residual, *scale, *shift;
  float *out, *normal, *inverse;
};

// Its gradient; `dx` is null where it is the residual's own.
template <typename T>
struct NormGradTask {
  int64_t dim;
  Dropping dropping;
  const float *dy, *normal, *inverse, *scale;
  float *dResidual;
  T *dx;
};

// Attention of texts that stand one after the other: text t has the tokens starts[t] to starts[t + 1], heads * headDim each.
// Either every token is a query, or each text has so many of its own.
template <typename T>
struct AttentionTask {
  int64_t heads, headDim, tokens, queryCount, queriesPerText;  // queriesPerText 0: its tokens
  float scale;                                                 // of the scores
  const int32_t *starts;
  Dropping dropping;
  const T *queries, *keys, *values;
  T *context;
  float *largest, *inverse;  // [heads, queries]: a query's largest score, and 1 / the sum of its exponentials
  // backward
  const T *dContext;
  T *dQueries, *dKeys, *dValues;
};

// Sums of columns.
template <typename T>
struct SumTask {
  int64_t dim;
  const T *x;
};

struct DropoutTask {
  int64_t dim;
  Dropping dropping;
  const float *x;
  float *out;
};

// Adam on rows of a table; row r has the gradient row of[r], or none where that is negative.
struct AdamRowsTask {
  int64_t dim;
  const int32_t *of;
  const float *gradient;
  float rate, beta1, beta2, epsilon, scale;  // rate: with the bias corrections; scale: of the gradient
  const float *values, *means, *squares;
  float *newValues, *newMeans, *newSquares;
};

// Kernels for one element type; `begin` and `end` are rows.
template <typename T>
struct TypedKernels {
  void (*gelu)(const GeluTask<T> &, int64_t begin, int64_t end);
  void (*geluGrad)(const GeluTask<T> &, int64_t begin, int64_t end, float *dBias);
  void (*norm)(const NormTask<T> &, int64_t begin, int64_t end);
  // sums: dScale, dShift, dBias, `dim` each, added to
  void (*normGrad)(const NormGradTask<T> &, int64_t begin, int64_t end, float *sums);
  void (*columnSums)(const SumTask<T> &, int64_t begin, int64_t end, float *sums);
  void (*attention)(const AttentionTask<T> &, int64_t text, int64_t head, float *scratch);
  void (*attentionGrad)(const AttentionTask<T> &, int64_t text, int64_t head, float *scratch);
};

struct Kernels {
  TypedKernels<float> floats;
  TypedKernels<BFloat16> bfloats;
  void (*dropout)(const DropoutTask &, int64_t begin, int64_t end);
  void (*adamRows)(const AdamRowsTask &, int64_t begin, int64_t end);
};

// The best that this processor runs.
const Kernels &BestKernels();

template <typename T>
const TypedKernels<T> &KernelsFor();
template <>
inline const TypedKernels<float> &KernelsFor<float>() {
  return BestKernels().floats;
}
template <>
inline const TypedKernels<BFloat16> &KernelsFor<BFloat16>() {
  return BestKernels().bfloats;
}

}  // namespace finetune
