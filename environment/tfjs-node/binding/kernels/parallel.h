// Splits work among this machine's processors.
#pragma once

#include <cstdint>
#include <functional>

namespace finetune {

// Calls work(0) to work(count - 1), several at a time, and returns when all are done. TensorFlow's own threads cannot be
// borrowed through its C interface.
void ParallelFor(int64_t count, const std::function<void(int64_t)> &work);

// Cuts rows into the same pieces whatever the machine, so that sums over pieces are the same too.
struct Pieces {
  // at least so many values to a piece: less is not worth another thread
  Pieces(int64_t rows, int64_t valuesPerRow);
  int64_t rows, count;
  int64_t Begin(int64_t piece) const { return rows * piece / count; }
  int64_t End(int64_t piece) const { return Begin(piece + 1); }
};

}  // namespace finetune
