// SPDX-License-Identifier: Apache-2.0
//
// The block executor for x86-64 with AVX-512 (BW, DQ, VL, VBMI); see block.inc.
#define BATCH_BLOCK batch_block_avx512
#define BATCH_SLOPES batch_slopes_avx512
#include "batch/block.inc"
