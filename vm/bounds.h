// SPDX-License-Identifier: Apache-2.0
//
// The bounds that the verifier proves and the image stores (vm/image.h, POLICY). The emitter may leave them zero,
// ask for them here and fill them in; the loader works them out again and refuses an image that states others.
#ifndef SOC_VM_BOUNDS_H
#define SOC_VM_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

#include "soc/vm.h"

typedef struct soc_policy_bounds soc_bounds; // soc/vm.h; POLICY 16 to 51

// Writes them into the image's POLICY record.
static inline void soc_bounds_store(uint8_t *record, const soc_bounds *b) {
  const uint64_t values[] = {b->max_stack | (uint64_t)b->gather_entries << 32, b->instructions,
                             b->instructions_row, b->instructions_row_squared,
                             b->gather_entries_row};
  for (uint32_t i = 0; i < sizeof values; i++) {
    record[16 + i] = (uint8_t)(values[i / 8] >> i % 8 * 8);
  }
}

// Checks an image as soc_policy_load does, except for the stored bounds, and works these out.
SOC_MUST_CHECK soc_status soc_image_bounds(const void *bytes, size_t length, soc_bounds *bounds,
                                           soc_error *error);

#endif
