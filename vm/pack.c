// SPDX-License-Identifier: Apache-2.0
//
// Codes and texts as numbers; see vm/pack.h.
#include "vm/pack.h"

#include "soc/vm.h"

#define BASE 40u

// Digit 0 pads; 1-10 are '0'-'9', 11-36 are 'A'-'Z', 37-39 stay free.
static unsigned digit_of(char ch) {
  if (ch >= '0' && ch <= '9') {
    return (unsigned)(ch - '0') + 1;
  }
  if (ch >= 'A' && ch <= 'Z') {
    return (unsigned)(ch - 'A') + 11;
  }
  if (ch >= 'a' && ch <= 'z') {
    return (unsigned)(ch - 'a') + 11;
  }
  return 0;
}

bool soc_code_pack(const char *text, size_t length, uint64_t *packed) {
  if (length == 0 || length > SOC_CODE_MAX) {
    return false;
  }
  uint64_t value = 0;
  for (size_t i = 0; i < SOC_CODE_MAX; i++) {
    unsigned digit = i < length ? digit_of(text[i]) : 0;
    if (i < length && digit == 0) {
      return false;
    }
    value = value * BASE + digit;
  }
  *packed = value;
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
  fold_cursor f = {text, text + length, false};
  size_t n = 0;
  for (int ch = fold_next(&f); ch >= 0; ch = fold_next(&f)) {
    out[n++] = (char)ch;
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
