// tfjs-node's binding, and two calls more: a recorded graph becomes a TensorFlow function, which executeOp then runs by
// its name as it runs any operation; and the function is released again. The fused operations (kernels/) are made known too.
//
// tfjs-node's own files stay as they are. This one takes the place of its module entry: it includes it, silences its
// registration, and adds to the exports.

#include <node_api.h>

#undef NAPI_MODULE
#define NAPI_MODULE(name, init)
#include "binding/tfjs_binding.cc"

#include <memory>
#include <string>
#include <vector>

#include "kernels/operations.h"
#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"

namespace tfnodejs {
namespace {

// TFJSBackend keeps its context private. An explicit instantiation may name private members ([temp.spec.general]), so
// this reaches it without a change to the class.
template <TFE_Context *TFJSBackend::*Member>
struct ContextAccess {
  friend TFE_Context *ContextOf(TFJSBackend *backend) { return backend->*Member; }
};
TFE_Context *ContextOf(TFJSBackend *backend);
template struct ContextAccess<&TFJSBackend::tfe_context_>;

struct Deleter {
  void operator()(TF_Graph *graph) const { TF_DeleteGraph(graph); }
  void operator()(TF_Buffer *buffer) const { TF_DeleteBuffer(buffer); }
  void operator()(TF_Function *function) const { TF_DeleteFunction(function); }
  void operator()(TF_ImportGraphDefOptions *options) const { TF_DeleteImportGraphDefOptions(options); }
};
template <typename T>
using Owned = std::unique_ptr<T, Deleter>;

bool StringOf(napi_env env, napi_value value, std::string *text) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return false;
  text->resize(length + 1);
  if (napi_get_value_string_utf8(env, value, &(*text)[0], length + 1, &length) != napi_ok) return false;
  text->resize(length);
  return true;
}

// The operations of a graph that a JavaScript array names; on failure an exception is pending.
bool OperationsOf(napi_env env, TF_Graph *graph, napi_value names, std::vector<TF_Operation *> *operations) {
  uint32_t count = 0;
  if (napi_get_array_length(env, names, &count) != napi_ok) {
    napi_throw_type_error(env, nullptr, "addFunction: expected an array of node names.");
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    std::string name;
    if (napi_get_element(env, names, i, &element) != napi_ok || !StringOf(env, element, &name)) {
      napi_throw_type_error(env, nullptr, "addFunction: expected node names as strings.");
      return false;
    }
    TF_Operation *operation = TF_GraphOperationByName(graph, name.c_str());
    if (operation == nullptr) {
      napi_throw_error(env, nullptr, ("addFunction: the graph has no node " + name + ".").c_str());
      return false;
    }
    operations->push_back(operation);
  }
  return true;
}

bool Failed(napi_env env, const TF_AutoStatus &status) {
  if (TF_GetCode(status.status) == TF_OK) return false;
  napi_throw_error(env, nullptr, TF_Message(status.status));
  return true;
}

std::vector<TF_Output> FirstOutputs(const std::vector<TF_Operation *> &operations) {
  std::vector<TF_Output> outputs;
  for (TF_Operation *operation : operations) outputs.push_back(TF_Output{operation, 0});
  return outputs;
}

// An AttrValue (tensorflow/core/framework/attr_value.proto) that holds `b: true`: field 5 as a varint, and 1.
constexpr char kTrue[] = {0x28, 0x01};

// addFunction(name, graphDef, inputs, outputs, effects, jitCompile): inputs are the graph's placeholders, outputs the nodes
// whose first output the function returns, effects those that run whether or not an output needs them. With jitCompile XLA
// compiles the function when it is called, or the call fails; tf.function's jit_compile sets the same attribute.
napi_value AddFunction(napi_env env, napi_callback_info info) {
  size_t argc = 6;
  napi_value args[6];
  if (napi_get_cb_info(env, info, &argc, args, nullptr, nullptr) != napi_ok || argc != 6) {
    napi_throw_type_error(env, nullptr, "addFunction: expected name, graphDef, inputs, outputs, effects, jitCompile.");
    return nullptr;
  }
  bool jit_compile = false;
  if (napi_get_value_bool(env, args[5], &jit_compile) != napi_ok) {
    napi_throw_type_error(env, nullptr, "addFunction: expected jitCompile as true or false.");
    return nullptr;
  }
  std::string name;
  void *data = nullptr;
  size_t length = 0;
  if (!StringOf(env, args[0], &name) || napi_get_buffer_info(env, args[1], &data, &length) != napi_ok) {
    napi_throw_type_error(env, nullptr, "addFunction: expected a name and a Buffer.");
    return nullptr;
  }
  TFJSBackend *backend = GetTFJSBackend(env);
  if (backend == nullptr) return nullptr;

  TF_AutoStatus status;
  Owned<TF_Graph> graph(TF_NewGraph());
  Owned<TF_Buffer> buffer(TF_NewBufferFromString(data, length));
  Owned<TF_ImportGraphDefOptions> options(TF_NewImportGraphDefOptions());
  TF_GraphImportGraphDef(graph.get(), buffer.get(), options.get(), status.status);
  if (Failed(env, status)) return nullptr;

  std::vector<TF_Operation *> inputs, outputs, effects;
  if (!OperationsOf(env, graph.get(), args[2], &inputs) || !OperationsOf(env, graph.get(), args[3], &outputs) ||
      !OperationsOf(env, graph.get(), args[4], &effects))
    return nullptr;
  const std::vector<TF_Output> in = FirstOutputs(inputs), out = FirstOutputs(outputs);
  Owned<TF_Function> function(TF_GraphToFunctionWithControlOutputs(
      graph.get(), name.c_str(), /*append_hash_to_fn_name=*/0, /*num_opers=*/-1, nullptr, in.size(), in.data(),
      out.size(), out.data(), nullptr, effects.size(), effects.data(), nullptr, nullptr, nullptr, status.status));
  if (Failed(env, status)) return nullptr;
  if (jit_compile)
    TF_FunctionSetAttrValueProto(function.get(), "_XlaMustCompile", kTrue, sizeof kTrue, status.status);
  if (Failed(env, status)) return nullptr;
  TFE_ContextAddFunction(ContextOf(backend), function.get(), status.status);
  Failed(env, status);
  return nullptr;
}

// removeFunction(name)
napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value args[1];
  std::string name;
  if (napi_get_cb_info(env, info, &argc, args, nullptr, nullptr) != napi_ok || argc != 1 ||
      !StringOf(env, args[0], &name)) {
    napi_throw_type_error(env, nullptr, "removeFunction: expected a name.");
    return nullptr;
  }
  TFJSBackend *backend = GetTFJSBackend(env);
  if (backend == nullptr) return nullptr;
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(ContextOf(backend), name.c_str(), status.status);
  Failed(env, status);
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  const std::string failure = finetune::RegisterOperations();
  if (!failure.empty()) {
    napi_throw_error(env, nullptr, ("TensorFlow refuses an operation: " + failure).c_str());
    return nullptr;
  }
  exports = InitTFNodeJSBinding(env, exports);
  const napi_property_descriptor added[] = {
      {"addFunction", nullptr, AddFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"removeFunction", nullptr, RemoveFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  if (napi_define_properties(env, exports, 2, added) != napi_ok)
    napi_throw_error(env, nullptr, "addFunction and removeFunction could not be added to the binding.");
  return exports;
}

}  // namespace

}  // namespace tfnodejs

NAPI_MODULE_INIT() { return tfnodejs::Init(env, exports); }
