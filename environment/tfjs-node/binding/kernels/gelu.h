// The exact GELU with the bias before it, x P(X <= x) (Hendrycks & Gimpel 2016). Included like vectors.h.

// The normal distribution function at x, and its density: erf by Abramowitz & Stegun 7.1.26, to 1.5e-7, which shares the
// density's exponential.
INLINE void Normal(Floats x, Floats *below, Floats *density) {
  const Floats size = x < 0.0f ? -x : x;
  const Floats bell = Exp(x * x * -0.5f);
  const Floats t = 1.0f / (1.0f + 0.3275911f * 0.70710678f * size);
  Floats sum = t * 1.061405429f - 1.453152027f;
  sum = sum * t + 1.421413741f;
  sum = sum * t - 0.284496736f;
  sum = sum * t + 0.254829592f;
  const Floats tail = 0.5f * sum * t * bell;
  *below = x < 0.0f ? tail : 1.0f - tail;
  *density = bell * 0.39894228f;
}

template <typename T>
TARGET void Gelu(const GeluTask<T> &task, int64_t begin, int64_t end) {
  const int64_t dim = task.dim;
  for (int64_t row = begin; row < end; row++) {
    const T *x = task.x + row * dim;
    T *out = task.out + row * dim;
    for (int64_t at = 0; at < dim; at += WIDTH) {
      const Floats sum = Load(x + at, dim - at) + Load(task.bias + at, dim - at);
      Floats below, density;
      Normal(sum, &below, &density);
      Store(out + at, sum * below, dim - at);
    }
  }
}

template <typename T>
TARGET void GeluGrad(const GeluTask<T> &task, int64_t begin, int64_t end, float *dBias) {
  const int64_t dim = task.dim;
  for (int64_t row = begin; row < end; row++) {
    const T *x = task.x + row * dim, *dy = task.dy + row * dim;
    T *dx = task.out + row * dim;
    for (int64_t at = 0; at < dim; at += WIDTH) {
      const int64_t count = dim - at;
      const Floats sum = Load(x + at, count) + Load(task.bias + at, count);
      Floats below, density;
      Normal(sum, &below, &density);
      const Floats change = Load(dy + at, count) * (below + sum * density);
      Store(dx + at, change, count);
      Store(dBias + at, Load(dBias + at, count) + change, count);
    }
  }
}
