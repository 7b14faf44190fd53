// All kernels for one instruction set; kernels.cc includes it for each.

#include "vectors.h"

#include "gelu.h"
#include "norm.h"
#include "rows.h"

#include "multiply.h"

#include "attention.h"

template <typename T>
constexpr TypedKernels<T> Typed() {
  return {Gelu<T>, GeluGrad<T>, Norm<T>, NormGrad<T>, ColumnSums<T>, Attention<T>, AttentionGrad<T>};
}

const Kernels KERNELS = {Typed<float>(), Typed<BFloat16>(), Dropout, AdamRows};

#undef INLINE
