// SPDX-License-Identifier: Apache-2.0
//
// Writes a lowered program into an artifact.
#ifndef SOC_COMPILER_EMIT_IMAGE_H
#define SOC_COMPILER_EMIT_IMAGE_H

#include "compiler/lower.h"

// The artifact's bytes in the arena. NULL: memory is out, or something was reported.
const uint8_t *emit_image(struct lowered *l, size_t *length);

#endif
