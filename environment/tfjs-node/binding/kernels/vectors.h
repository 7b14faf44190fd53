// Sixteen floats at a time, in the compilers' own vector types. Included once for each instruction set, inside its
// namespace, with TARGET naming the set: no #pragma once, and nothing of the standard library.

#define INLINE static inline __attribute__((always_inline)) TARGET

INLINE Floats All(float value) {
  const float v = value;
  // element by element the compiler would not see that one instruction does it
  return Floats{v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v};
}

INLINE Floats LoadAll(const float *from) {
  Floats values;
  __builtin_memcpy(&values, from, sizeof values);
  return values;
}

INLINE Floats LoadAll(const BFloat16 *from) {
  Halves halves;
  __builtin_memcpy(&halves, from, sizeof halves);
  const Words words = __builtin_convertvector(halves, Words) << 16;
  return (Floats)words;
}

INLINE void StoreAll(float *to, Floats values) { __builtin_memcpy(to, &values, sizeof values); }

// Rounds to the nearest, to even in between.
INLINE void StoreAll(BFloat16 *to, Floats values) {
  const Words words = (Words)values;
  const Halves halves = __builtin_convertvector((words + 0x7fff + ((words >> 16) & 1)) >> 16, Halves);
  __builtin_memcpy(to, &halves, sizeof halves);
}

// The next `count` values, at most 16; 0 beyond them.
template <typename T>
INLINE Floats Load(const T *from, int64_t count) {
  if (count >= WIDTH) return LoadAll(from);
  T values[WIDTH] = {};
  for (int64_t i = 0; i < count; i++) values[i] = from[i];
  return LoadAll(values);
}

template <typename T>
INLINE void Store(T *to, Floats values, int64_t count) {
  if (count >= WIDTH) return StoreAll(to, values);
  T all[WIDTH];
  StoreAll(all, values);
  for (int64_t i = 0; i < count; i++) to[i] = all[i];
}

INLINE Words Numbers() { return Words{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}; }

// The values at the first `count` places, `other` at the rest.
INLINE Floats First(Floats values, int64_t count, Floats other) {
  if (count >= WIDTH) return values;
  return Numbers() < (uint32_t)count ? values : other;
}

INLINE float SumOf(Floats values) {
  float part[WIDTH];
  __builtin_memcpy(part, &values, sizeof part);
  for (int half = WIDTH / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) part[i] += part[i + half];
  return part[0];
}

INLINE float LargestOf(Floats values) {
  float part[WIDTH];
  __builtin_memcpy(part, &values, sizeof part);
  for (int half = WIDTH / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) part[i] = part[i] < part[i + half] ? part[i + half] : part[i];
  return part[0];
}

INLINE Floats Root(Floats values) {
  float part[WIDTH];
  __builtin_memcpy(part, &values, sizeof part);
  for (int i = 0; i < WIDTH; i++) part[i] = __builtin_sqrtf(part[i]);
  return LoadAll(part);
}

// e^x, to 2 units in the last place (Cephes' expf); a NaN stays one. Below -87 it is 1e-38.
INLINE Floats Exp(Floats x) {
  x = x < -87.0f ? All(-87.0f) : x;
  x = x > 88.0f ? All(88.0f) : x;
  // adding and taking 1.5 * 2^23 rounds
  const Floats whole = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
  const Floats rest = x - whole * 0.693359375f + whole * 2.12194440e-4f;
  Floats sum = rest * 1.9875691500e-4f + 1.3981999507e-3f;
  sum = sum * rest + 8.3334519073e-3f;
  sum = sum * rest + 4.1665795894e-2f;
  sum = sum * rest + 1.6666665459e-1f;
  sum = sum * rest + 5.0000001201e-1f;
  sum = sum * rest * rest + rest + 1.0f;
  const Ints power = (__builtin_convertvector(whole, Ints) + 127) << 23;
  return sum * (Floats)power;
}

// The factors of a row's values from `column` on: 0 for what is dropped.
struct RowDropping {
  uint32_t first, second, threshold;
  float factor;
};

INLINE RowDropping DroppingOf(const Dropping &dropping, uint32_t row) {
  const uint32_t first = Hash(dropping.key ^ Hash(row + 0x9e3779b9u));
  return {first, Hash(first + 1u), dropping.threshold, dropping.factor};
}

INLINE Floats Factors(const RowDropping &row, int64_t column) {
  const Words counter = (Numbers() + (uint32_t)column) ^ row.first;
  const Words random = Hash(counter * 0x9e3779b1u + row.second);
  return random < row.threshold ? All(0.0f) : All(row.factor);
}
