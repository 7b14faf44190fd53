// Included before tfjs-node's own files: tensors are made of a copy of JavaScript's memory.
//
// tfjs-node hands V8's memory to TensorFlow as it is, with a reference that is given back once the tensor is freed. A graph
// frees its inputs on whichever of TensorFlow's threads is the last to look at them, at times after the call has returned; and
// V8's references must not be touched there: one run in ten crashed.
#pragma once

#include <cstring>

#include "tensorflow/c/tf_tensor.h"

namespace tfnodejs {

inline TF_Tensor *NewTensorOfCopy(TF_DataType type, const int64_t *shape, int rank, void *data, size_t length,
                                  void (*release)(void *, size_t, void *), void *argument) {
  TF_Tensor *tensor = TF_AllocateTensor(type, shape, rank, length);
  if (tensor && length > 0) std::memcpy(TF_TensorData(tensor), data, length);
  release(data, length, argument);
  return tensor;
}

}  // namespace tfnodejs

#define TF_NewTensor tfnodejs::NewTensorOfCopy
