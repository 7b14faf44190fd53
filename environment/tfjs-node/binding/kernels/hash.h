// What random numbers are made of.
#pragma once

namespace finetune {

// A hash of 32 bits (Wellons' lowbias32), of one number or of a vector of them.
template <typename Bits>
inline __attribute__((always_inline)) Bits Hash(Bits x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  return x ^ (x >> 16);
}

}  // namespace finetune
