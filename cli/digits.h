// SPDX-License-Identifier: Apache-2.0
//
// Digits in text, eight at a time in one word, without a branch for each.
#ifndef SOC_CLI_DIGITS_H
#define SOC_CLI_DIGITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Eight bytes of a text, the first one lowest on every machine.
static inline uint64_t text_word(const char *text) {
  uint64_t word;
  memcpy(&word, text, sizeof word);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

// The highest bit of each byte that is above its limit, whose complement to 127 `room` holds. Beyond the first such
// byte others may be marked, too.
static inline uint64_t bytes_above(uint64_t bytes, uint64_t room) {
  return ((bytes + room) | bytes) & UINT64_C(0x8080808080808080);
}

// Each even byte becomes ten times itself and the odd one behind it.
static inline uint64_t digit_pairs(uint64_t digits) {
  return digits * 10 + (digits >> 8);
}

// The digits that eight bytes of text begin with.
struct digits {
  uint64_t value;
  unsigned count; // 0 to 8
};
static inline struct digits digits_of(const char *text) {
  uint64_t bytes = text_word(text) ^ UINT64_C(0x3030303030303030);
  uint64_t others = bytes_above(bytes, UINT64_C(0x7676767676767676));
  unsigned count = others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
  if (count == 0) return (struct digits){0, 0};
  uint64_t pairs = digit_pairs(bytes << (64 - 8 * count)), mask = UINT64_C(0x000000ff000000ff);
  uint64_t value = (pairs & mask) * UINT64_C(0x000f424000000064) +
                   (pairs >> 16 & mask) * UINT64_C(0x0000271000000001);
  return (struct digits){value >> 32, count};
}

// The ten bytes of a date as YYYY-MM-DD. False: they are none; whether there is such a day is another question.
static inline bool date_digits(const char text[10], int32_t *year, int32_t *month, int32_t *day) {
  uint64_t front = text_word(text) ^ UINT64_C(0x2d30302d30303030);    // YYYY-MM-
  uint64_t back = text_word(text + 2) ^ UINT64_C(0x30302d30302d3030); // YY-MM-DD
  uint64_t wrong = bytes_above(front, UINT64_C(0x7f76767f76767676)) |
                   bytes_above(back, UINT64_C(0x76767f76767f7676));
  uint64_t pairs = digit_pairs(front);
  *year = (int32_t)((pairs & 0xff) * 100 + (pairs >> 16 & 0xff));
  *month = (int32_t)(pairs >> 40 & 0xff);
  *day = (int32_t)(digit_pairs(back) >> 48 & 0xff);
  return wrong == 0;
}

#endif
