// Products of small matrices that lie in the cache. Included like vectors.h.

// Sizes of a product: [rows, inner] x [inner, columns]; columns a multiple of 16.
struct Sizes {
  int64_t rows, columns, inner;
};

// The left matrix, which may lie across: element (row, i) is at[row * rowStride + i * innerStride].
struct Left {
  const float *at;
  int64_t rowStride, innerStride;
};

// ROWS x COLUMNS * 16 results, kept in registers.
template <int ROWS, int COLUMNS>
INLINE void Tile(int64_t inner, Left left, const float *right, int64_t stride, float *out, bool adds) {
  Floats sums[ROWS][COLUMNS];
  for (int r = 0; r < ROWS; r++)
    for (int c = 0; c < COLUMNS; c++) sums[r][c] = adds ? LoadAll(out + r * stride + c * WIDTH) : All(0);
  for (int64_t i = 0; i < inner; i++) {
    Floats columns[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) columns[c] = LoadAll(right + i * stride + c * WIDTH);
    for (int r = 0; r < ROWS; r++) {
      const Floats value = All(left.at[r * left.rowStride + i * left.innerStride]);
      for (int c = 0; c < COLUMNS; c++) sums[r][c] += value * columns[c];
    }
  }
  for (int r = 0; r < ROWS; r++)
    for (int c = 0; c < COLUMNS; c++) StoreAll(out + r * stride + c * WIDTH, sums[r][c]);
}

template <int COLUMNS>
INLINE void Columns(int64_t rows, int64_t inner, Left left, const float *right, int64_t stride, float *out,
                    bool adds) {
  int64_t row = 0;
  for (; row + TILE_ROWS <= rows; row += TILE_ROWS)
    Tile<TILE_ROWS, COLUMNS>(inner, {left.at + row * left.rowStride, left.rowStride, left.innerStride}, right,
                             stride, out + row * stride, adds);
  for (; row < rows; row++)
    Tile<1, COLUMNS>(inner, {left.at + row * left.rowStride, left.rowStride, left.innerStride}, right, stride,
                     out + row * stride, adds);
}

// out = left x right, or out += left x right; right and out have rows of `stride`.
TARGET static void Multiply(Sizes sizes, Left left, const float *right, int64_t stride, float *out, bool adds) {
  int64_t column = 0;
  for (; column + TILE_COLUMNS * WIDTH <= sizes.columns; column += TILE_COLUMNS * WIDTH)
    Columns<TILE_COLUMNS>(sizes.rows, sizes.inner, left, right + column, stride, out + column, adds);
  for (; column < sizes.columns; column += WIDTH)
    Columns<1>(sizes.rows, sizes.inner, left, right + column, stride, out + column, adds);
}
