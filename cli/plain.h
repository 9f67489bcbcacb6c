// SPDX-License-Identifier: Apache-2.0
//
// How far a text needs no attention, neither when JSON is read nor when it is written.
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

// Whether a text begins with `size` bytes, at most 32; of both 32 can be read.
static inline bool begins_with(const char *text, const char *bytes, size_t size) {
#if defined(__SSE2__)
  const __m128i *a = (const __m128i *)(const void *)text, *b = (const __m128i *)(const void *)bytes;
  __m128i low = _mm_cmpeq_epi8(_mm_loadu_si128(a), _mm_loadu_si128(b));
  __m128i high = _mm_cmpeq_epi8(_mm_loadu_si128(a + 1), _mm_loadu_si128(b + 1));
  uint64_t same =
      (uint64_t)(unsigned)_mm_movemask_epi8(high) << 16 | (unsigned)_mm_movemask_epi8(low);
  return (~same & ((UINT64_C(1) << size) - 1)) == 0;
#else
  return memcmp(text, bytes, size) == 0;
#endif
}

#endif
