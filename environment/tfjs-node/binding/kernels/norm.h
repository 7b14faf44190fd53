// Bias, dropout, residual and layer normalisation (Ba et al. 2016) in one pass over a row. Included like vectors.h.

template <typename T>
TARGET void Norm(const NormTask<T> &task, int64_t begin, int64_t end) {
  const int64_t dim = task.dim;
  for (int64_t row = begin; row < end; row++) {
    const RowDropping dropping = DroppingOf(task.dropping, (uint32_t)row);
    float *normal = task.normal + row * dim, *out = task.out + row * dim;
    Floats total = All(0);
    for (int64_t at = 0; at < dim; at += WIDTH) {
      const int64_t count = dim - at;
      Floats x = Load(task.x + row * dim + at, count);
      if (task.bias) x += Load(task.bias + at, count);
      if (dropping.threshold) x *= Factors(dropping, at);
      x += Load(task.residual + row * dim + at, count);
      Store(normal + at, x, count);
      total += First(x, count, All(0));
    }
    const float mean = SumOf(total) / (float)dim;
    Floats squares = All(0);
    for (int64_t at = 0; at < dim; at += WIDTH) {
      const Floats centred = First(Load(normal + at, dim - at) - mean, dim - at, All(0));
      squares += centred * centred;
    }
    const float inverse = 1.0f / __builtin_sqrtf(SumOf(squares) / (float)dim + task.epsilon);
    task.inverse[row] = inverse;
    for (int64_t at = 0; at < dim; at += WIDTH) {
      const int64_t count = dim - at;
      const Floats x = (Load(normal + at, count) - mean) * inverse;
      Store(normal + at, x, count);
      Store(out + at, x * Load(task.scale + at, count) + Load(task.shift + at, count), count);
    }
  }
}

template <typename T>
TARGET void NormGrad(const NormGradTask<T> &task, int64_t begin, int64_t end, float *sums) {
  const int64_t dim = task.dim;
  float *dScale = sums, *dShift = sums + dim, *dBias = sums + 2 * dim;
  for (int64_t row = begin; row < end; row++) {
    const RowDropping dropping = DroppingOf(task.dropping, (uint32_t)row);
    const float *dy = task.dy + row * dim, *normal = task.normal + row * dim;
    Floats total = All(0), along = All(0);
    for (int64_t at = 0; at < dim; at += WIDTH) {
      const int64_t count = dim - at;
      const Floats change = Load(dy + at, count), x = Load(normal + at, count);
      const Floats dNormal = change * Load(task.scale + at, count);
      total += dNormal;  // 0 beyond the row's end
      along += dNormal * x;
      Store(dScale + at, Load(dScale + at, count) + change * x, count);
      Store(dShift + at, Load(dShift + at, count) + change, count);
    }
    const float mean = SumOf(total) / (float)dim, meanAlong = SumOf(along) / (float)dim;
    const float inverse = task.inverse[row];
    for (int64_t at = 0; at < dim; at += WIDTH) {
      const int64_t count = dim - at;
      const Floats dNormal = Load(dy + at, count) * Load(task.scale + at, count);
      Floats change = (dNormal - mean - Load(normal + at, count) * meanAlong) * inverse;
      Store(task.dResidual + row * dim + at, change, count);
      if (dropping.threshold) change *= Factors(dropping, at);
      if (task.dx) Store(task.dx + row * dim + at, change, count);
      Store(dBias + at, Load(dBias + at, count) + change, count);
    }
  }
}
