#include "operations.h"

#include <vector>

#include "operation.h"
#include "parallel.h"
#include "workspace.h"

namespace finetune {
namespace {

// Sums over rows: each piece has its own, added up in the pieces' order, so that the result does not depend on who was first.
class Sums {
 public:
  Sums(const Pieces &pieces, int64_t length) : length_(length), values_(pieces.count * length) {}
  float *Of(int64_t piece) { return values_.data() + piece * length_; }
  // `count` sums from `first` on
  void AddUp(int64_t first, int64_t count, float *out) const {
    for (int64_t i = 0; i < count; i++) out[i] = 0;
    for (size_t piece = 0; piece < values_.size(); piece += length_)
      for (int64_t i = 0; i < count; i++) out[i] += values_[piece + first + i];
  }

 private:
  int64_t length_;
  std::vector<float> values_;
};

// Runs a kernel over all rows, a piece of them at a time.
template <typename Task>
void ForEachPiece(const Task &task, int64_t rows, void (*kernel)(const Task &, int64_t, int64_t)) {
  const Pieces pieces(rows, task.dim);
  ParallelFor(pieces.count, [&](int64_t piece) { kernel(task, pieces.Begin(piece), pieces.End(piece)); });
}

// The same for a kernel that adds up columns: `out` are its sums, `dim` each.
template <typename Task>
void SumOverPieces(const Task &task, int64_t rows, void (*kernel)(const Task &, int64_t, int64_t, float *),
                   const std::vector<float *> &out) {
  const Pieces pieces(rows, task.dim);
  Sums sums(pieces, static_cast<int64_t>(out.size()) * task.dim);
  ParallelFor(pieces.count, [&](int64_t piece) {
    kernel(task, pieces.Begin(piece), pieces.End(piece), sums.Of(piece));
  });
  for (size_t i = 0; i < out.size(); i++) sums.AddUp(static_cast<int64_t>(i) * task.dim, task.dim, out[i]);
}

template <typename T>
void RunGelu(Call &call) {
  const int64_t rows = call.Rows(0), dim = call.Columns(0);
  call.Expect(call.Elements(1) == dim, "as many biases as columns");
  const GeluTask<T> task = {dim, call.Input<T>(0), call.Input<float>(1), nullptr, call.Output<T>(0, {rows, dim})};
  if (call.Ok()) ForEachPiece(task, rows, KernelsFor<T>().gelu);
}

template <typename T>
void RunGeluGrad(Call &call) {
  const int64_t rows = call.Rows(0), dim = call.Columns(0);
  call.Expect(call.Elements(1) == rows * dim && call.Elements(2) == dim, "dy and x alike, and a bias");
  const T *dy = call.Input<T>(0), *x = call.Input<T>(1);
  const float *bias = call.Input<float>(2);
  const GeluTask<T> task = {dim, x, bias, dy, call.Output<T>(0, {rows, dim})};
  float *dBias = call.Output<float>(1, {dim});
  if (call.Ok()) SumOverPieces(task, rows, KernelsFor<T>().geluGrad, {dBias});
}

template <typename T>
void RunNorm(Call &call) {
  const int64_t rows = call.Rows(0), dim = call.Columns(0), biases = call.Elements(1);
  call.Expect(biases == 0 || biases == dim, "as many biases as columns, or none");
  call.Expect(call.Elements(2) == rows * dim && call.Elements(3) == dim && call.Elements(4) == dim,
              "a residual like x, and a scale and a shift for each column");
  NormTask<T> task = {dim, call.attributes.epsilon, call.DroppingWith(5), call.Input<T>(0), call.Optional<float>(1)};
  task.residual = call.Input<float>(2), task.scale = call.Input<float>(3), task.shift = call.Input<float>(4);
  task.out = call.Output<float>(0, {rows, dim});
  task.normal = call.Output<float>(1, {rows, dim});
  task.inverse = call.Output<float>(2, {rows});
  if (call.Ok()) ForEachPiece(task, rows, KernelsFor<T>().norm);
}

template <typename T>
void RunNormGrad(Call &call) {
  const int64_t rows = call.Rows(0), dim = call.Columns(0);
  call.Expect(call.Elements(1) == rows * dim && call.Elements(2) == rows && call.Elements(3) == dim,
              "dy and the normalised values alike, a deviation for each row, a scale for each column");
  NormGradTask<T> task = {dim, call.DroppingWith(4), call.Input<float>(0), call.Input<float>(1),
                          call.Input<float>(2), call.Input<float>(3)};
  task.dResidual = call.Output<float>(0, {rows, dim});
  // without dropout both get the same
  const bool same = task.dropping.threshold == 0 && call.attributes.type == TF_FLOAT;
  task.dx = same ? nullptr : call.Output<T>(1, {rows, dim});
  const std::vector<float *> out = {call.Output<float>(2, {dim}), call.Output<float>(3, {dim}), call.Output<float>(4, {dim})};
  if (same) call.Repeat(1, 0);
  if (call.Ok()) SumOverPieces(task, rows, KernelsFor<T>().normGrad, out);
}

template <typename T>
void RunColumnSums(Call &call) {
  const SumTask<T> task = {call.Columns(0), call.Input<T>(0)};
  float *out = call.Output<float>(0, {task.dim});
  if (call.Ok()) SumOverPieces(task, call.Rows(0), KernelsFor<T>().columnSums, {out});
}

float *ScratchOf(int64_t size) {
  thread_local std::vector<float> scratch;
  if (static_cast<int64_t>(scratch.size()) < size + 16) scratch.resize(size + 16);
  // vectors of 64 bytes are read fastest from multiples of 64
  const uintptr_t address = reinterpret_cast<uintptr_t>(scratch.data());
  return reinterpret_cast<float *>((address + 63) / 64 * 64);
}

// What forward and backward have in common; queries, keys and values are the inputs from `first` on.
template <typename T>
AttentionTask<T> AttentionOf(Call &call, int first, int startsInput, int seedInput) {
  const int64_t tokens = call.Rows(first + 1), dim = call.Columns(first + 1), heads = call.attributes.heads;
  const int64_t queries = call.Rows(first), texts = call.Elements(startsInput) - 1;
  call.Expect(heads > 0 && dim % std::max<int64_t>(1, heads) == 0, "a dimension that the heads divide");
  call.Expect(call.Elements(first + 2) == tokens * dim && call.Columns(first) == dim, "queries, keys and values of one width");
  const int64_t perText = call.attributes.queriesPerText;
  call.Expect(queries == (perText > 0 ? perText * texts : tokens), "as many queries as tokens, or queries_per_text for each text");
  AttentionTask<T> task = {heads, dim / std::max<int64_t>(1, heads), tokens, queries, perText, call.attributes.scale,
                           call.Input<int32_t>(startsInput)};
  task.dropping = call.DroppingWith(seedInput);
  task.queries = call.Input<T>(first), task.keys = call.Input<T>(first + 1), task.values = call.Input<T>(first + 2);
  bool ascending = call.Ok() && texts >= 0 && task.starts[0] == 0 && task.starts[texts] == tokens;
  // a query needs a key
  const int64_t shortest = perText > 0 ? 1 : 0;
  for (int64_t text = 0; ascending && text < texts; text++)
    ascending = task.starts[text] + shortest <= task.starts[text + 1];
  call.Expect(ascending, "the texts' first tokens, ascending from 0 to the number of tokens");
  return task;
}

template <typename T>
void ForEachHead(const AttentionTask<T> &task, int64_t texts,
                 void (*kernel)(const AttentionTask<T> &, int64_t, int64_t, float *)) {
  ParallelFor(texts * task.heads, [&](int64_t at) {
    const int64_t text = at / task.heads, length = task.starts[text + 1] - task.starts[text];
    kernel(task, text, at % task.heads, ScratchOf(Workspace::Size(length, task.headDim)));
  });
}

template <typename T>
void RunAttention(Call &call) {
  AttentionTask<T> task = AttentionOf<T>(call, 0, 3, 4);
  task.context = call.Output<T>(0, {task.queryCount, task.heads * task.headDim});
  task.largest = call.Output<float>(1, {task.heads, task.queryCount});
  task.inverse = call.Output<float>(2, {task.heads, task.queryCount});
  if (call.Ok()) ForEachHead<T>(task, call.Elements(3) - 1, KernelsFor<T>().attention);
}

template <typename T>
void RunAttentionGrad(Call &call) {
  AttentionTask<T> task = AttentionOf<T>(call, 1, 6, 7);
  const int64_t dim = task.heads * task.headDim, queries = task.heads * task.queryCount;
  call.Expect(call.Elements(0) == task.queryCount * dim && call.Elements(4) == queries && call.Elements(5) == queries,
              "dy like the queries, and what the forward pass gave for each");
  // the kernel reads what the forward pass wrote
  task.dContext = call.Input<T>(0);
  task.largest = const_cast<float *>(call.Input<float>(4));
  task.inverse = const_cast<float *>(call.Input<float>(5));
  task.dQueries = call.Output<T>(0, {task.queryCount, dim});
  task.dKeys = call.Output<T>(1, {task.tokens, dim}), task.dValues = call.Output<T>(2, {task.tokens, dim});
  if (call.Ok()) ForEachHead<T>(task, call.Elements(6) - 1, KernelsFor<T>().attentionGrad);
}

void RunDropout(Call &call) {
  const int64_t rows = call.Rows(0), dim = call.Columns(0);
  const DropoutTask task = {dim, call.DroppingWith(1), call.Input<float>(0), call.Output<float>(0, call.Shape(0))};
  if (call.Ok()) ForEachPiece(task, rows, BestKernels().dropout);
}

void RunPassAfter(Call &call) { call.PassOn(0, 0); }

void RunAdamRows(Call &call) {
  const int64_t rows = call.Rows(0), dim = call.Columns(0), gradients = call.Rows(3);
  call.Expect(call.Elements(1) == rows * dim && call.Elements(2) == rows * dim && call.Elements(4) == rows,
              "values, means and squares of one size, and a gradient's number for each row");
  call.Expect(call.Elements(3) == 0 || call.Columns(3) == dim, "gradients as wide as the values");
  AdamRowsTask task = {dim, call.Input<int32_t>(4), call.Optional<float>(3), call.Scalar(5), call.Scalar(6),
                       call.Scalar(7), call.Scalar(8), call.Scalar(9)};
  for (int64_t row = 0; call.Ok() && row < rows; row++) call.Expect(task.of[row] < gradients, "numbers of gradients that there are");
  task.values = call.Input<float>(0), task.means = call.Input<float>(1), task.squares = call.Input<float>(2);
  task.newValues = call.Output<float>(0, {rows, dim});
  task.newMeans = call.Output<float>(1, {rows, dim});
  task.newSquares = call.Output<float>(2, {rows, dim});
  if (call.Ok()) ForEachPiece(task, rows, BestKernels().adamRows);
}

std::vector<Operation> All() {
  const std::vector<const char *> dropping = {"rate: float = 0", "site: int = 0"};
  const std::vector<const char *> norm = {"rate: float = 0", "site: int = 0", "epsilon: float = 1e-12"};
  const std::vector<const char *> heads = {"heads: int", "queries_per_text: int = 0", "scale: float = 1",
                                           "rate: float = 0", "site: int = 0"};
  return {
      {"BiasGelu", {"x: T", "bias: float"}, {"y: T"}, {}, Compute<RunGelu<float>>, Compute<RunGelu<BFloat16>>},
      {"BiasGeluGrad", {"dy: T", "x: T", "bias: float"}, {"dx: T", "d_bias: float"}, {},
       Compute<RunGeluGrad<float>>, Compute<RunGeluGrad<BFloat16>>},
      {"AddLayerNorm",
       {"x: T", "bias: float", "residual: float", "scale: float", "shift: float", "seed: int32"},
       {"y: float", "normal: float", "inverse: float"}, norm, Compute<RunNorm<float>>, Compute<RunNorm<BFloat16>>},
      {"AddLayerNormGrad", {"dy: float", "normal: float", "inverse: float", "scale: float", "seed: int32"},
       {"d_residual: float", "dx: T", "d_scale: float", "d_shift: float", "d_bias: float"}, dropping,
       Compute<RunNormGrad<float>>, Compute<RunNormGrad<BFloat16>>},
      {"ColumnSums", {"x: T"}, {"sums: float"}, {}, Compute<RunColumnSums<float>>, Compute<RunColumnSums<BFloat16>>},
      {"TextAttention", {"queries: T", "keys: T", "values: T", "starts: int32", "seed: int32"},
       {"context: T", "largest: float", "inverse: float"}, heads, Compute<RunAttention<float>>, Compute<RunAttention<BFloat16>>},
      {"TextAttentionGrad",
       {"dy: T", "queries: T", "keys: T", "values: T", "largest: float", "inverse: float", "starts: int32", "seed: int32"},
       {"d_queries: T", "d_keys: T", "d_values: T"}, heads, Compute<RunAttentionGrad<float>>,
       Compute<RunAttentionGrad<BFloat16>>},
      {"SeededDropout", {"x: T", "seed: int32"}, {"y: T"}, dropping, Compute<RunDropout>, nullptr},
      {"PassAfter", {"x: T", "earlier: T"}, {"y: T"}, {}, Compute<RunPassAfter>, nullptr},
      {"AdamRows",
       {"values: T", "means: T", "squares: T", "gradient: T", "of: int32", "rate: float", "beta1: float",
        "beta2: float", "epsilon: float", "scale: float"},
       {"new_values: T", "new_means: T", "new_squares: T"}, {}, Compute<RunAdamRows>, nullptr},
  };
}

}  // namespace

std::string RegisterOperations() {
  static const std::string failure = [] {
    for (const Operation &operation : All()) {
      const std::string failure = Register(operation);
      if (!failure.empty()) return std::string(operation.name) + ": " + failure;
    }
    return std::string();
  }();
  return failure;
}

}  // namespace finetune
