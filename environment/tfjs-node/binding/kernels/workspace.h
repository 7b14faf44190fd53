// The working memory of attention over one text.
#pragma once

#include <cstdint>

namespace finetune {

// Floats of a vector: rows are padded to a multiple of it.
constexpr int64_t WIDTH = 16;
// so many queries at a time: their scores over 512 keys fill 96 kB
constexpr int64_t QUERY_BLOCK = 48;

inline int64_t Padded(int64_t count) { return (count + WIDTH - 1) / WIDTH * WIDTH; }

// The places of one call's working memory, and the floats that they take together.
struct Workspace {
  float *keys, *keysAcross, *values, *valuesAcross, *dKeys, *dValues;
  float *queries, *dContext, *dQueries, *scores, *dScores;

  Workspace(float *scratch, int64_t length, int64_t headDim) {
    float **wholes[] = {&keys, &keysAcross, &values, &valuesAcross, &dKeys, &dValues};
    for (float **part : wholes) *part = scratch, scratch += Padded(length) * Padded(headDim);
    float **blocks[] = {&queries, &dContext, &dQueries};
    for (float **part : blocks) *part = scratch, scratch += QUERY_BLOCK * Padded(headDim);
    float **rows[] = {&scores, &dScores};
    for (float **part : rows) *part = scratch, scratch += QUERY_BLOCK * Padded(length);
  }

  static int64_t Size(int64_t length, int64_t headDim) {
    const int64_t whole = Padded(length) * Padded(headDim);
    return 6 * whole + QUERY_BLOCK * (3 * Padded(headDim) + 2 * Padded(length));
  }
};

}  // namespace finetune
