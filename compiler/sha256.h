// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 of sources and artifacts: libsodium's, whose C takes a third of the time of compiling a large policy, with long
// runs of blocks handed to the processor where it has instructions for them. Beginning, padding and end are libsodium's.
#ifndef SOC_COMPILER_SHA256_H
#define SOC_COMPILER_SHA256_H

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>

// As crypto_hash_sha256_update, between crypto_hash_sha256_init and crypto_hash_sha256_final.
void sha256_update(crypto_hash_sha256_state *state, const void *bytes, size_t length);
void sha256(uint8_t digest[crypto_hash_sha256_BYTES], const void *bytes, size_t length);

#endif
