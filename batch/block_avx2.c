// SPDX-License-Identifier: Apache-2.0
//
// The block executor for x86-64 with AVX2; see block.inc.
#define BATCH_BLOCK batch_block_avx2
#define BATCH_SLOPES batch_slopes_avx2
#include "batch/block.inc"
