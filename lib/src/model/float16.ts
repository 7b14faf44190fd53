/**
 * Widens IEEE 754 half precision to float32, exactly: every half, also a subnormal one, is a float32 number. The bits of NaN stay.
 *
 * @param bits - halves as they lie in a file
 * @param into - as many values
 */
export function widenFloat16(bits: Uint16Array, into: Float32Array): void {
  const wide = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (const [index, half] of bits.entries()) {
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    // subnormal: the fraction counts steps of 2^-24
    if (exponent === 0) into[index] = (sign ? -1 : 1) * fraction * 2 ** -24;
    // the exponent's bias is 127 in place of 15; all ones stay all ones (infinities and NaN)
    else wide[index] = sign | ((exponent === 0x1f ? 0xff : exponent + 112) << 23) | (fraction << 13);
  }
}

/**
 * Widens bfloat16 to float32, exactly: it is a float32's upper half.
 *
 * @param bits - values as they lie in a file
 * @param into - as many values
 */
export function widenBfloat16(bits: Uint16Array, into: Float32Array): void {
  const wide = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (const [index, upper] of bits.entries()) wide[index] = upper << 16;
}
