// The fused kernels, compiled for each instruction set that a processor may have.

#include "tasks.h"

namespace finetune {
namespace {

typedef float Floats __attribute__((vector_size(64)));
typedef int32_t Ints __attribute__((vector_size(64)));
typedef uint32_t Words __attribute__((vector_size(64)));
typedef uint16_t Halves __attribute__((vector_size(32)));

// so many queries at a time: their scores over 512 keys fill 96 kB
constexpr int64_t QUERY_BLOCK = 48;

#define TARGET
#define TILE_ROWS 4
#define TILE_COLUMNS 1
namespace any {
#include "instruction_set.h"
}
#undef TARGET
#undef TILE_ROWS
#undef TILE_COLUMNS

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,fma,f16c,bmi,bmi2")))
#define TILE_ROWS 6
#define TILE_COLUMNS 1
namespace avx2 {
#include "instruction_set.h"
}
#undef TARGET
#undef TILE_ROWS
#undef TILE_COLUMNS

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi,bmi2")))
#define TILE_ROWS 6
#define TILE_COLUMNS 4
namespace avx512 {
#include "instruction_set.h"
}
#undef TARGET
#undef TILE_ROWS
#undef TILE_COLUMNS
#endif

const Kernels *Pick() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return &avx512::KERNELS;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &avx2::KERNELS;
#endif
  return &any::KERNELS;
}

}  // namespace

const Kernels &BestKernels() {
  static const Kernels *best = Pick();
  return *best;
}

int64_t AttentionScratch(int64_t length, int64_t headDim) {
  const int64_t padded = (length + 15) / 16 * 16, paddedDim = (headDim + 15) / 16 * 16;
  return 6 * padded * paddedDim + 3 * QUERY_BLOCK * paddedDim + 2 * QUERY_BLOCK * padded;
}

}  // namespace finetune
