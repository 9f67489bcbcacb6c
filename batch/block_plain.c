// SPDX-License-Identifier: Apache-2.0
//
// The block executor for any processor; see block.inc.
#define BATCH_BLOCK batch_block_plain
#define BATCH_SLOPES batch_slopes_plain
#include "batch/block.inc"
