// SPDX-License-Identifier: Apache-2.0
//
// Memory that a caller gives in one piece, handed out part by part. The functions that say how much they need and those
// that use it run the same code: without memory a pool only measures.
#ifndef SOC_VM_POOL_H
#define SOC_VM_POOL_H

#include <stddef.h>
#include <stdint.h>

// `used` counts in 64 bits wherever it runs: an artifact, or an input, may ask for more than a size_t can say. What
// passes that stays at VM_POOL_MOST, which no memory has.
typedef struct vm_pool {
  unsigned char *memory; // NULL: only measure
  uint64_t used;
} vm_pool;
#define VM_POOL_MOST ((uint64_t)SIZE_MAX - 63)

// `count` elements of `bytes` (not 0) each, aligned for 8 bytes if the memory is; NULL if it only measures.
void *vm_pool_take(vm_pool *pool, uint64_t count, uint64_t bytes);
// What was taken; 0: more than memory can have.
size_t vm_pool_bytes(const vm_pool *pool);

#endif
