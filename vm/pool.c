// SPDX-License-Identifier: Apache-2.0
//
// See pool.h.
#include "vm/pool.h"

void *vm_pool_take(vm_pool *pool, uint64_t count, uint64_t bytes) {
  uint64_t most = (VM_POOL_MOST - pool->used) / bytes;
  if (count > most) { // with 64 bits only an artifact of 100 GB asks for so much
    pool->used = VM_POOL_MOST;
    return NULL;
  }
  void *at = pool->memory ? pool->memory + pool->used : NULL;
  pool->used += (count * bytes + 7) / 8 * 8;
  return at;
}

size_t vm_pool_bytes(const vm_pool *pool) {
  return pool->used == VM_POOL_MOST ? 0 : (size_t)pool->used;
}
