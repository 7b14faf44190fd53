// Sums of columns, dropout, and Adam on rows of a table. Included like vectors.h.

template <typename T>
TARGET void ColumnSums(const SumTask<T> &task, int64_t begin, int64_t end, float *sums) {
  const int64_t dim = task.dim;
  for (int64_t row = begin; row < end; row++)
    for (int64_t at = 0; at < dim; at += WIDTH)
      Store(sums + at, Load(sums + at, dim - at) + Load(task.x + row * dim + at, dim - at), dim - at);
}

TARGET static void Dropout(const DropoutTask &task, int64_t begin, int64_t end) {
  const int64_t dim = task.dim;
  for (int64_t row = begin; row < end; row++) {
    const RowDropping dropping = DroppingOf(task.dropping, (uint32_t)row);
    for (int64_t at = 0; at < dim; at += WIDTH) {
      const int64_t place = row * dim + at;
      Store(task.out + place, Load(task.x + place, dim - at) * Factors(dropping, at), dim - at);
    }
  }
}

// As TensorFlow's ResourceApplyAdam does it.
TARGET static void AdamRows(const AdamRowsTask &task, int64_t begin, int64_t end) {
  const int64_t dim = task.dim;
  for (int64_t row = begin; row < end; row++) {
    const float *gradient = task.of[row] < 0 ? nullptr : task.gradient + task.of[row] * dim;
    for (int64_t at = 0; at < dim; at += WIDTH) {
      const int64_t count = dim - at, place = row * dim + at;
      const Floats g = gradient ? Load(gradient + at, count) * task.scale : All(0);
      Floats mean = Load(task.means + place, count), square = Load(task.squares + place, count);
      mean += (g - mean) * (1.0f - task.beta1);
      square += (g * g - square) * (1.0f - task.beta2);
      const Floats value = Load(task.values + place, count) - mean * task.rate / (Root(square) + task.epsilon);
      Store(task.newMeans + place, mean, count);
      Store(task.newSquares + place, square, count);
      Store(task.newValues + place, value, count);
    }
  }
}
