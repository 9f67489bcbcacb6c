// SPDX-License-Identifier: Apache-2.0
//
// How far a text needs no attention, neither when JSON is read nor when it is written, and texts compared or measured
// many bytes at a time.
#ifndef SOC_CLI_PLAIN_H
#define SOC_CLI_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { PLAIN_PADDING = 16 }; // bytes that must be readable from a byte that is not plain

// How many bytes stand in front of the first that is a quotation mark, a backslash, a control character or not ASCII.
// There must be one.
static inline size_t plain_length(const char *text) {
  const char *at = text;
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
  for (;; at += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    // Signed, so that bytes from 0x80 up are below the space, too.
    ends = _mm_or_si128(ends, _mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')));
    unsigned mask = (unsigned)_mm_movemask_epi8(ends);
    if (mask) return (size_t)(at - text) + (size_t)__builtin_ctz(mask);
  }
#else
  while ((unsigned char)*at >= ' ' && (unsigned char)*at < 0x80 && *at != '"' && *at != '\\') at++;
  return (size_t)(at - text);
#endif
}

// A bit for each quotation mark among 16 bytes, the first one lowest.
static inline unsigned quotation_marks(const char *text) {
#if defined(__SSE2__)
  __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
  return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
#else
  unsigned marks = 0;
  for (unsigned i = 0; i < 16; i++) marks |= (unsigned)(text[i] == '"') << i;
  return marks;
#endif
}

// A bit for each of 32 bytes that two texts have in common, the first one lowest; the other one is aligned to 16.
static inline uint32_t common_bytes(const char *text, const char *other) {
#if defined(__SSE2__)
  const __m128i *a = (const __m128i *)(const void *)text;
  const __m128i *b = (const __m128i *)(const void *)other;
  __m128i low = _mm_cmpeq_epi8(_mm_loadu_si128(a), _mm_load_si128(b));
  __m128i high = _mm_cmpeq_epi8(_mm_loadu_si128(a + 1), _mm_load_si128(b + 1));
  return (uint32_t)_mm_movemask_epi8(high) << 16 | (uint32_t)_mm_movemask_epi8(low);
#else
  uint32_t same = 0;
  for (unsigned i = 0; i < 32; i++) same |= (uint32_t)(text[i] == other[i]) << i;
  return same;
#endif
}

// How many capital letters and digits a text begins with; above 16 is not counted. 16 bytes can be read.
static inline size_t code_length(const char *text) {
#if defined(__SSE2__)
  __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
  __m128i digit = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  __m128i letter = _mm_sub_epi8(bytes, _mm_set1_epi8('A'));
  // Unsigned: what is not above the last one is its own minimum with it.
  __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
  __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter);
  unsigned code = (unsigned)_mm_movemask_epi8(_mm_or_si128(is_digit, is_letter));
  return (size_t)__builtin_ctz(~code);
#else
  size_t length = 0;
  while (length < 16 &&
         ((unsigned)(text[length] - '0') < 10 || (unsigned)(text[length] - 'A') < 26))
    length++;
  return length;
#endif
}

#endif
