// SPDX-License-Identifier: Apache-2.0
//
// Codes and texts as numbers; see vm/pack.h.
#include "vm/pack.h"

#include "soc/vm.h"

#define BASE 40u

// Digit 0 pads and is no character; 1-10 are '0'-'9', 11-36 are 'A'-'Z', 37-39 stay free.
#define LETTERS(first)                                                                          \
  [first] = 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, \
  32, 33, 34, 35, 36
static const uint8_t digits[256] = {['0'] = 1,    2,           3, 4, 5, 6, 7, 8, 9, 10,
                                    LETTERS('A'), LETTERS('a')};

bool soc_code_pack(const char *text, size_t length, uint64_t *packed) {
  if (length == 0 || length > SOC_CODE_MAX) {
    return false;
  }
  static const uint64_t padding[SOC_CODE_MAX] = {// powers of the base
                                                 UINT64_C(419430400000000000),
                                                 UINT64_C(10485760000000000),
                                                 UINT64_C(262144000000000),
                                                 UINT64_C(6553600000000),
                                                 UINT64_C(163840000000),
                                                 UINT64_C(4096000000),
                                                 UINT64_C(102400000),
                                                 UINT64_C(2560000),
                                                 UINT64_C(64000),
                                                 UINT64_C(1600),
                                                 UINT64_C(40),
                                                 UINT64_C(1)};
  uint64_t value = 0;
  for (size_t i = 0; i < length; i++) {
    uint8_t digit = digits[(unsigned char)text[i]];
    if (digit == 0) {
      return false;
    }
    value = value * BASE + digit;
  }
  *packed = value * padding[length - 1];
  return true;
}

size_t soc_code_unpack(uint64_t packed, char text[13]) {
  static const char letters[BASE + 1] = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ???";
  size_t length = SOC_CODE_MAX;
  for (size_t i = SOC_CODE_MAX; i-- > 0;) {
    text[i] = letters[packed % BASE];
    packed /= BASE;
  }
  while (length > 0 && text[length - 1] == ' ') {
    length--;
  }
  text[length] = '\0';
  return length;
}

bool soc_code_valid(uint64_t packed) {
  bool inside = false; // a character stands to the right, so padding may not
  for (int i = 0; i < SOC_CODE_MAX; i++) {
    uint64_t digit = packed % BASE;
    packed /= BASE;
    if (digit > 36 || (digit == 0 && inside)) {
      return false;
    }
    inside = inside || digit != 0;
  }
  return inside && packed == 0;
}

// Takes folded bytes one at a time from text.
typedef struct fold_cursor {
  const char *at, *end;
  bool started;
} fold_cursor;

static int fold_next(fold_cursor *f) {
  bool space = false;
  while (f->at < f->end && *f->at == ' ') {
    space = true;
    f->at++;
  }
  if (f->at == f->end) {
    return -1;
  }
  if (space && f->started) {
    f->at--; // one of the spaces stands for all; the next call finds none before the word
    f->started = false;
    return ' ';
  }
  f->started = true;
  unsigned char ch = (unsigned char)*f->at++;
  return ch >= 'A' && ch <= 'Z' ? ch + ('a' - 'A') : ch;
}

size_t soc_text_fold(const char *text, size_t length, char *out) {
  size_t n = 0;
  bool space = false;
  for (size_t i = 0; i < length; i++) {
    unsigned char ch = (unsigned char)text[i];
    if (ch == ' ') {
      space = n > 0;
      continue;
    }
    if (space) {
      out[n++] = ' ';
      space = false;
    }
    out[n++] = (char)(ch >= 'A' && ch <= 'Z' ? ch + ('a' - 'A') : ch);
  }
  return n;
}

int soc_text_compare(const char *text, size_t length, const char *folded, size_t folded_length) {
  fold_cursor f = {text, text + length, false};
  for (size_t i = 0; i < folded_length; i++) {
    int ch = fold_next(&f);
    int other = (unsigned char)folded[i];
    if (ch != other) {
      return ch < other ? -1 : 1;
    }
  }
  return fold_next(&f) >= 0 ? 1 : 0;
}
