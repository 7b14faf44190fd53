// Scaled dot-product attention (Vaswani et al. 2017) of one head over one text, a block of queries at a time, so that the
// scores never leave the cache (Dao et al. 2022); the backward pass computes them again. Included like vectors.h.

// [length, headDim] out of rows of heads * headDim, each row padded with 0 and multiplied.
template <typename T>
INLINE void Pack(const T *from, int64_t stride, int64_t length, int64_t headDim, float factor, float *to) {
  for (int64_t row = 0; row < length; row++, from += stride, to += Padded(headDim))
    for (int64_t at = 0; at < headDim; at += WIDTH) StoreAll(to + at, Load(from + at, headDim - at) * factor);
}

// [headDim, length] of what Pack wrote, padded with 0.
INLINE void Transpose(const float *from, int64_t length, int64_t headDim, float *to) {
  const int64_t stride = Padded(headDim), padded = Padded(length);
  for (int64_t block = 0; block < padded; block += WIDTH)
    for (int64_t at = 0; at < headDim; at++) {
      float column[WIDTH] = {};
      for (int64_t i = 0; i < WIDTH && block + i < length; i++) column[i] = from[(block + i) * stride + at];
      StoreAll(to + at * padded + block, LoadAll(column));
    }
}

template <typename T>
INLINE void Unpack(const float *from, int64_t length, int64_t headDim, float factor, int64_t stride, T *to) {
  for (int64_t row = 0; row < length; row++, from += Padded(headDim), to += stride)
    for (int64_t at = 0; at < headDim; at += WIDTH) Store(to + at, LoadAll(from + at) * factor, headDim - at);
}

// A row of scores into its exponentials; the sum of all, before dropout.
INLINE float Exponentials(float *row, int64_t length, float largest, const RowDropping &dropping) {
  Floats total = All(0);
  for (int64_t at = 0; at < length; at += WIDTH) {
    Floats weights = First(Exp(LoadAll(row + at) - largest), length - at, All(0));
    total += weights;
    if (dropping.threshold) weights *= Factors(dropping, at);
    StoreAll(row + at, weights);
  }
  return SumOf(total);
}

INLINE float LargestOfRow(const float *row, int64_t length) {
  Floats largest = All(-3e38f);
  for (int64_t at = 0; at < length; at += WIDTH) {
    const Floats scores = First(LoadAll(row + at), length - at, largest);
    largest = scores < largest ? largest : scores;  // a NaN stays
  }
  return LargestOf(largest);
}

// One head of one text: where its tokens and its queries begin, and how many they are.
template <typename T>
struct Span {
  int64_t start, length, firstQuery, queries;
  Span(const AttentionTask<T> &task, int64_t text)
      : start(task.starts[text]), length(task.starts[text + 1] - start), firstQuery(start), queries(length) {
    if (task.queriesPerText) firstQuery = text * task.queriesPerText, queries = task.queriesPerText;
  }
};

// Each head of each token drops by a row of its own; queries that belong to no token are heads of their text's first one.
template <typename T>
INLINE uint32_t AttentionRow(const AttentionTask<T> &task, const Span<T> &span, int64_t head, int64_t query) {
  if (task.queriesPerText) return (uint32_t)((head * task.queriesPerText + query) * task.tokens + span.start);
  return (uint32_t)(head * task.tokens + span.start + query);
}

template <typename T>
TARGET void Attention(const AttentionTask<T> &task, int64_t text, int64_t head, float *scratch) {
  const Span<T> span(task, text);
  const int64_t start = span.start, length = span.length;
  const int64_t headDim = task.headDim, stride = task.heads * headDim, offset = start * stride + head * headDim;
  const int64_t padded = Padded(length), paddedDim = Padded(headDim);
  const Workspace w(scratch, length, headDim);
  Pack(task.keys + offset, stride, length, headDim, 1, w.keys);
  Transpose(w.keys, length, headDim, w.keysAcross);
  Pack(task.values + offset, stride, length, headDim, 1, w.values);
  for (int64_t first = 0; first < span.queries; first += QUERY_BLOCK) {
    const int64_t count = span.queries - first < QUERY_BLOCK ? span.queries - first : QUERY_BLOCK;
    const int64_t row = span.firstQuery + first, place = row * stride + head * headDim;
    const int64_t query = head * task.queryCount + row;
    Pack(task.queries + place, stride, count, headDim, task.scale, w.queries);
    Multiply({count, padded, headDim}, {w.queries, paddedDim, 1}, w.keysAcross, padded, w.scores, false);
    for (int64_t i = 0; i < count; i++) {
      float *row = w.scores + i * padded;
      const float largest = LargestOfRow(row, length);
      task.largest[query + i] = largest;
      const RowDropping dropping = DroppingOf(task.dropping, AttentionRow(task, span, head, first + i));
      task.inverse[query + i] = 1.0f / Exponentials(row, length, largest, dropping);
    }
    Multiply({count, paddedDim, length}, {w.scores, padded, 1}, w.values, paddedDim, w.dContext, false);
    for (int64_t i = 0; i < count; i++)
      Unpack(w.dContext + i * paddedDim, 1, headDim, task.inverse[query + i], stride,
             task.context + place + i * stride);
  }
}

// Scores and the gradient of the weights, in place: the weights after dropout, and the gradient of the scores,
// P (dP - sum(P dP)).
INLINE void ScoreGradient(float *scores, float *dWeights, int64_t length, float largest, float inverse,
                          const RowDropping &dropping) {
  Floats total = All(0);
  for (int64_t at = 0; at < length; at += WIDTH) {
    const Floats weights = First(Exp(LoadAll(scores + at) - largest) * inverse, length - at, All(0));
    Floats change = LoadAll(dWeights + at);
    if (dropping.threshold) change *= Factors(dropping, at);
    total += weights * change;
    StoreAll(scores + at, weights);
    StoreAll(dWeights + at, change);
  }
  const float along = SumOf(total);
  for (int64_t at = 0; at < length; at += WIDTH) {
    const Floats weights = LoadAll(scores + at);
    StoreAll(dWeights + at, weights * (LoadAll(dWeights + at) - along));
    if (dropping.threshold) StoreAll(scores + at, weights * Factors(dropping, at));
  }
}

template <typename T>
TARGET void AttentionGrad(const AttentionTask<T> &task, int64_t text, int64_t head, float *scratch) {
  const Span<T> span(task, text);
  const int64_t start = span.start, length = span.length;
  const int64_t headDim = task.headDim, stride = task.heads * headDim, offset = start * stride + head * headDim;
  const int64_t padded = Padded(length), paddedDim = Padded(headDim);
  const Workspace w(scratch, length, headDim);
  Pack(task.keys + offset, stride, length, headDim, 1, w.keys);
  Transpose(w.keys, length, headDim, w.keysAcross);
  Pack(task.values + offset, stride, length, headDim, 1, w.values);
  Transpose(w.values, length, headDim, w.valuesAcross);
  for (int64_t first = 0; first < span.queries; first += QUERY_BLOCK) {
    const int64_t count = span.queries - first < QUERY_BLOCK ? span.queries - first : QUERY_BLOCK;
    const int64_t row = span.firstQuery + first, place = row * stride + head * headDim;
    const int64_t query = head * task.queryCount + row;
    Pack(task.queries + place, stride, count, headDim, task.scale, w.queries);
    Pack(task.dContext + place, stride, count, headDim, 1, w.dContext);
    Multiply({count, padded, headDim}, {w.queries, paddedDim, 1}, w.keysAcross, padded, w.scores, false);
    Multiply({count, padded, headDim}, {w.dContext, paddedDim, 1}, w.valuesAcross, padded, w.dScores, false);
    for (int64_t i = 0; i < count; i++) {
      const RowDropping dropping = DroppingOf(task.dropping, AttentionRow(task, span, head, first + i));
      ScoreGradient(w.scores + i * padded, w.dScores + i * padded, length,
                    task.largest[query + i], task.inverse[query + i], dropping);
    }
    const bool adds = first > 0;
    Multiply({length, paddedDim, count}, {w.scores, 1, padded}, w.dContext, paddedDim, w.dValues, adds);
    Multiply({length, paddedDim, count}, {w.dScores, 1, padded}, w.queries, paddedDim, w.dKeys, adds);
    Multiply({count, paddedDim, length}, {w.dScores, padded, 1}, w.keys, paddedDim, w.dQueries, false);
    Unpack(w.dQueries, count, headDim, task.scale, stride, task.dQueries + place);
  }
  Unpack(w.dKeys, length, headDim, 1, stride, task.dKeys + offset);
  Unpack(w.dValues, length, headDim, 1, stride, task.dValues + offset);
}
