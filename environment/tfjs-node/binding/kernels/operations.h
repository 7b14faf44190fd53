// The fused operations of lib's fast path on a CPU.
#pragma once

#include <string>

namespace finetune {

// Makes the operations known to TensorFlow, once a process; what went wrong, or nothing.
std::string RegisterOperations();

}  // namespace finetune
