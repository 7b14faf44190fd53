// The fused kernels, compiled for each instruction set that a processor may have.

#include "hash.h"
#include "tasks.h"
#include "workspace.h"

#include <cstdlib>
#include <string>

namespace finetune {
namespace {

typedef float Floats __attribute__((vector_size(64)));
typedef int32_t Ints __attribute__((vector_size(64)));
typedef uint32_t Words __attribute__((vector_size(64)));
typedef uint16_t Halves __attribute__((vector_size(32)));

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

// FUSED_INSTRUCTIONS names the widest set that may be used ("any", "avx2"), so that a test sees the narrower ones too.
const Kernels *Pick() {
#if defined(__x86_64__)
  const char *named = std::getenv("FUSED_INSTRUCTIONS");
  const std::string widest = named ? named : "avx512";
  __builtin_cpu_init();
  if (widest == "avx512" && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return &avx512::KERNELS;
  if (widest != "any" && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &avx2::KERNELS;
#endif
  return &any::KERNELS;
}

}  // namespace

const Kernels &BestKernels() {
  static const Kernels *best = Pick();
  return *best;
}

}  // namespace finetune
