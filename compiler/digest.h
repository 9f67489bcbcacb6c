// SPDX-License-Identifier: Apache-2.0
//
// SHA-256, by GNU Nettle: the only place that names the library. All at once it is soc_digest of soc/compiler.h.
#ifndef SOC_COMPILER_DIGEST_H
#define SOC_COMPILER_DIGEST_H

#include <nettle/sha2.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BYTES = SHA256_DIGEST_SIZE };

struct digest { // of bytes that come piece by piece
  struct sha256_ctx state;
};
void digest_begin(struct digest *d);
void digest_add(struct digest *d, const void *bytes, size_t length);
void digest_end(struct digest *d, uint8_t out[DIGEST_BYTES]);

#endif
