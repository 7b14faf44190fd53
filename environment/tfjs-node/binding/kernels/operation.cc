#include "operation.h"

#include <algorithm>
#include <memory>

#include "hash.h"

namespace finetune {
namespace {

struct StatusDeleter {
  void operator()(TF_Status *status) const { TF_DeleteStatus(status); }
};
using OwnedStatus = std::unique_ptr<TF_Status, StatusDeleter>;

bool Has(TF_OpKernelConstruction *construction, const char *name, TF_Status *status) {
  return TF_OpKernelConstruction_HasAttr(construction, name, status);
}

}  // namespace

void *NewAttributes(TF_OpKernelConstruction *construction) {
  OwnedStatus owned(TF_NewStatus());
  TF_Status *status = owned.get();
  Attributes *a = new Attributes;
  TF_OpKernelConstruction_GetAttrType(construction, "T", &a->type, status);
  if (Has(construction, "heads", status)) {
    TF_OpKernelConstruction_GetAttrInt32(construction, "heads", &a->heads, status);
    TF_OpKernelConstruction_GetAttrInt32(construction, "queries_per_text", &a->queriesPerText, status);
    TF_OpKernelConstruction_GetAttrFloat(construction, "scale", &a->scale, status);
  }
  if (Has(construction, "site", status)) TF_OpKernelConstruction_GetAttrInt32(construction, "site", &a->site, status);
  if (Has(construction, "rate", status)) TF_OpKernelConstruction_GetAttrFloat(construction, "rate", &a->rate, status);
  if (Has(construction, "epsilon", status))
    TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", &a->epsilon, status);
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  return a;
}

void DeleteAttributes(void *attributes) { delete static_cast<Attributes *>(attributes); }

Call::Call(TF_OpKernelContext *context, const Attributes &attributes)
    : attributes(attributes), context_(context), status_(TF_NewStatus()) {
  inputs_.resize(TF_NumInputs(context));
  outputs_.resize(TF_NumOutputs(context));
  for (size_t i = 0; i < inputs_.size() && Ok(); i++) TF_GetInput(context, static_cast<int>(i), &inputs_[i], status_);
}

Call::~Call() {
  if (!Ok()) TF_OpKernelContext_Failure(context_, status_);
  for (TF_Tensor *tensor : inputs_)
    if (tensor) TF_DeleteTensor(tensor);
  for (TF_Tensor *tensor : outputs_)
    if (tensor) TF_DeleteTensor(tensor);
  TF_DeleteStatus(status_);
}

void Call::Expect(bool holds, const char *what) {
  if (Ok() && !holds) TF_SetStatus(status_, TF_INVALID_ARGUMENT, (std::string("expected ") + what).c_str());
}

int64_t Call::Columns(int input) const {
  const TF_Tensor *tensor = inputs_[input];
  const int rank = tensor ? TF_NumDims(tensor) : 0;
  return rank == 0 ? 1 : TF_Dim(tensor, rank - 1);
}

std::vector<int64_t> Call::Shape(int input) const {
  const TF_Tensor *tensor = inputs_[input];
  std::vector<int64_t> shape(tensor ? TF_NumDims(tensor) : 0);
  for (size_t i = 0; i < shape.size(); i++) shape[i] = TF_Dim(tensor, static_cast<int>(i));
  return shape;
}

void *Call::Allocate(int output, TF_DataType type, size_t size, const std::vector<int64_t> &shape) {
  if (!Ok()) return nullptr;
  for (int64_t dimension : shape) size *= static_cast<size_t>(dimension);
  const int rank = static_cast<int>(shape.size());
  outputs_[output] = TF_AllocateOutput(context_, output, type, shape.data(), rank, size, status_);
  return Ok() ? TF_TensorData(outputs_[output]) : nullptr;
}

void Call::Repeat(int output, int of) {
  if (Ok()) TF_SetOutput(context_, output, outputs_[of], status_);
}

void Call::PassOn(int output, int input) {
  if (Ok()) TF_SetOutput(context_, output, inputs_[input], status_);
}

Dropping Call::DroppingWith(int seedInput) {
  Dropping dropping;
  const int32_t *seed = Input<int32_t>(seedInput);
  Expect(Elements(seedInput) == 2, "a seed of two numbers");
  if (!Ok() || attributes.rate <= 0) return dropping;
  const uint32_t first = Hash(static_cast<uint32_t>(seed[0]) + 0x9e3779b9u);
  const uint32_t second = Hash(static_cast<uint32_t>(seed[1]) + first);
  dropping.key = Hash(static_cast<uint32_t>(attributes.site) * 0x85ebca6bu + second);
  dropping.threshold = static_cast<uint32_t>(std::min(4294967295.0, attributes.rate * 4294967296.0));
  dropping.factor = 1 / (1 - attributes.rate);
  return dropping;
}

std::string Register(const Operation &operation) {
  OwnedStatus owned(TF_NewStatus());
  TF_Status *status = owned.get();
  TF_OpDefinitionBuilder *definition = TF_NewOpDefinitionBuilder(operation.name);
  TF_OpDefinitionBuilderAddAttr(definition, operation.bfloats ? "T: {float, bfloat16}" : "T: {float}");
  for (const char *attribute : operation.attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  for (const char *input : operation.inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char *output : operation.outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(definition, status);
  const auto add = [&](TF_DataType type, void (*compute)(void *, TF_OpKernelContext *)) {
    if (!compute || TF_GetCode(status) != TF_OK) return;
    TF_KernelBuilder *kernel = TF_NewKernelBuilder(operation.name, "CPU", NewAttributes, compute, DeleteAttributes);
    TF_KernelBuilder_TypeConstraint(kernel, "T", type, status);
    if (TF_GetCode(status) == TF_OK) TF_RegisterKernelBuilder(operation.name, kernel, status);
  };
  add(TF_FLOAT, operation.floats);
  add(TF_BFLOAT16, operation.bfloats);
  return TF_GetCode(status) == TF_OK ? "" : TF_Message(status);
}

}  // namespace finetune
