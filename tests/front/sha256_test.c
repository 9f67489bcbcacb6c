// SPDX-License-Identifier: Apache-2.0
//
// The digest against libsodium's own, of all lengths around the ends of blocks and around the length from which on the
// processor's instructions are used, begun at any place, in one piece and in two.
#include "compiler/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 40000, LONG = 16 * 1024, DIGEST = crypto_hash_sha256_BYTES };
static uint8_t bytes[ROOM];

static void fill(void) {
  uint32_t state = 1;
  for (size_t i = 0; i < ROOM; i++) {
    state = state * 1664525 + 1013904223;
    bytes[i] = (uint8_t)(state >> 24);
  }
}

static void check(size_t start, size_t length) {
  uint8_t ours[DIGEST], theirs[DIGEST];
  sha256(ours, bytes + start, length);
  crypto_hash_sha256(theirs, bytes + start, length);
  assert_memory_equal(ours, theirs, DIGEST);
}

static void check_pieces(size_t first, size_t second) {
  uint8_t ours[DIGEST], theirs[DIGEST];
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  sha256_update(&state, bytes, first);
  sha256_update(&state, bytes + first, second);
  crypto_hash_sha256_final(&state, ours);
  crypto_hash_sha256(theirs, bytes, first + second);
  assert_memory_equal(ours, theirs, DIGEST);
}

static void test_any_length(void **state) {
  (void)state;
  fill();
  for (size_t length = 0; length < 300; length++) check(length % 7, length);
  for (size_t length = LONG - 130; length < LONG + 130; length++) check(length % 16, length);
  check(0, ROOM);
}

static void test_two_pieces(void **state) {
  (void)state;
  fill();
  for (size_t first = 0; first < 200; first++) check_pieces(first, LONG + 3 * first);
  for (size_t first = LONG; first < LONG + 70; first++) check_pieces(first, LONG + 1);
}

static void test_the_standards_example(void **state) { // FIPS 180-2, B.3: a million times "a"
  (void)state;
  static const uint8_t expected[DIGEST] = {0xcd, 0xc7, 0x6e, 0x5c, 0x99, 0x14, 0xfb, 0x92,
                                           0x81, 0xa1, 0xc7, 0xe2, 0x84, 0xd7, 0x3e, 0x67,
                                           0xf1, 0x80, 0x9a, 0x48, 0xa4, 0x97, 0x20, 0x0e,
                                           0x04, 0x6d, 0x39, 0xcc, 0xc7, 0x11, 0x2c, 0xd0};
  uint8_t digest[DIGEST];
  crypto_hash_sha256_state hash;
  crypto_hash_sha256_init(&hash);
  memset(bytes, 'a', ROOM);
  for (int i = 0; i < 1000000 / ROOM; i++) sha256_update(&hash, bytes, ROOM);
  crypto_hash_sha256_final(&hash, digest);
  assert_memory_equal(digest, expected, DIGEST);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_length),
                                     cmocka_unit_test(test_two_pieces),
                                     cmocka_unit_test(test_the_standards_example)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
