// SPDX-License-Identifier: Apache-2.0
//
// See digest.h. Nettle needs no setting up, takes no memory and cannot fail, so neither can these.
#include "compiler/digest.h"

#include "soc/compiler.h"

void digest_begin(struct digest *d) {
  sha256_init(&d->state);
}

void digest_add(struct digest *d, const void *bytes, size_t length) {
  sha256_update(&d->state, length, bytes);
}

void digest_end(struct digest *d, uint8_t out[DIGEST_BYTES]) {
  sha256_digest(&d->state, DIGEST_BYTES, out);
}

void soc_digest(const void *bytes, size_t length, uint8_t digest[32]) {
  struct digest d;
  digest_begin(&d);
  if (length > 0) digest_add(&d, bytes, length); // else `bytes` may be NULL
  digest_end(&d, digest);
}
