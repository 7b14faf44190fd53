// A TensorFlow operation with a kernel for the CPU, by TensorFlow's C interface: the C++ one would tie us to the compiler
// that TensorFlow was built with.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tasks.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

namespace finetune {

template <typename T>
struct TypeOf;
template <>
struct TypeOf<float> {
  static constexpr TF_DataType value = TF_FLOAT;
};
template <>
struct TypeOf<int32_t> {
  static constexpr TF_DataType value = TF_INT32;
};
template <>
struct TypeOf<BFloat16> {
  static constexpr TF_DataType value = TF_BFLOAT16;
};

// The attributes that our operations know; each has some of them.
struct Attributes {
  TF_DataType type = TF_FLOAT;
  int32_t heads = 0, queriesPerText = 0, site = 0;
  float scale = 1, rate = 0, epsilon = 0;
};

// One call of an operation: its inputs and outputs, all freed with it. The first thing that goes wrong is kept and
// becomes the operation's error; outputs are null then.
class Call {
 public:
  Call(TF_OpKernelContext *context, const Attributes &attributes);
  ~Call();
  Call(const Call &) = delete;

  const Attributes &attributes;

  bool Ok() const { return TF_GetCode(status_) == TF_OK; }
  void Expect(bool holds, const char *what);

  int64_t Elements(int input) const { return inputs_[input] ? TF_TensorElementCount(inputs_[input]) : 0; }
  int64_t Rows(int input) const { return Elements(input) / std::max<int64_t>(1, Columns(input)); }
  int64_t Columns(int input) const;
  std::vector<int64_t> Shape(int input) const;

  template <typename T>
  const T *Input(int input) {
    Expect(inputs_[input] && TF_TensorType(inputs_[input]) == TypeOf<T>::value, "another element type");
    return Ok() ? static_cast<const T *>(TF_TensorData(inputs_[input])) : nullptr;
  }
  // an input of no elements stands for none
  template <typename T>
  const T *Optional(int input) {
    return Elements(input) == 0 ? nullptr : Input<T>(input);
  }
  float Scalar(int input) {
    const float *value = Optional<float>(input);
    Expect(value != nullptr, "a scalar");
    return value ? *value : 0;
  }

  // A new output.
  template <typename T>
  T *Output(int output, const std::vector<int64_t> &shape) {
    return static_cast<T *>(Allocate(output, TypeOf<T>::value, sizeof(T), shape));
  }
  // An output that is the same tensor as another.
  void Repeat(int output, int of);

  // An output that is an input as it is.
  void PassOn(int output, int input);

  // What `rate` and `site` drop with the seed that an input holds, int32 [2].
  Dropping DroppingWith(int seedInput);

 private:
  void *Allocate(int output, TF_DataType type, size_t size, const std::vector<int64_t> &shape);

  TF_OpKernelContext *context_;
  TF_Status *status_;
  std::vector<TF_Tensor *> inputs_;
  std::vector<TF_Tensor *> outputs_;
};

// The attributes that an operation's node has.
void *NewAttributes(TF_OpKernelConstruction *construction);
void DeleteAttributes(void *attributes);

// What TensorFlow calls: `run` is a template argument, as TensorFlow hands nothing of ours to its kernels.
template <void (*run)(Call &)>
void Compute(void *attributes, TF_OpKernelContext *context) {
  Call call(context, *static_cast<const Attributes *>(attributes));
  run(call);
}

// An operation to register; inputs, outputs and attributes as TensorFlow spells them ("x: T", "rate: float"). The
// attribute T, the element type, is added.
struct Operation {
  const char *name;
  std::vector<const char *> inputs, outputs, attributes;
  void (*floats)(void *, TF_OpKernelContext *);
  void (*bfloats)(void *, TF_OpKernelContext *);  // null: floats only
};

// Registers an operation and its kernels; what went wrong, or nothing.
std::string Register(const Operation &operation);

}  // namespace finetune
