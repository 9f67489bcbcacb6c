// SPDX-License-Identifier: Apache-2.0
//
// The one owner of a compilation's memory: blocks from the caller's allocator, handed out front to
// back and released together. After the first failure the arena stays out of memory: every later
// request gives NULL at once, so a stage may go on with what it has and ask `out_of_memory` at its
// end.
#ifndef SOC_COMPILER_ARENA_H
#define SOC_COMPILER_ARENA_H

#include "compiler/ast.h"
#include "soc/compiler.h"

#include <string.h>

struct arena_block;

struct arena {
  soc_allocator allocator;
  struct arena_block *blocks; // newest first
  char *at, *end;             // free bytes of the newest block
  size_t next_block;          // bytes; doubles up to a bound
  size_t used;                // bytes taken from the allocator
  bool out_of_memory;         // sticky
};

extern const soc_allocator arena_malloc_family; // what serves where the caller names none

void arena_init(struct arena *a, const soc_allocator *allocator); // NULL: the malloc family
void arena_free(struct arena *a); // everything at once; the arena may be used again

enum { ARENA_ALIGNMENT = 8 }; // for all that a compiler keeps: pointers and 64-bit numbers
void *arena_alloc_slow(struct arena *a, size_t size); // where the newest block is full

// Zeroed bytes, aligned for pointers and 64-bit numbers. NULL: out of memory. `size` 0 gives a valid pointer to
// nothing. In the header because most sizes are constants.
static inline void *arena_alloc(struct arena *a, size_t size) {
  size_t rounded = (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
  if (size > (size_t)(a->end - a->at) || rounded > (size_t)(a->end - a->at) || a->at == NULL)
    return arena_alloc_slow(a, size);
  void *p = a->at;
  a->at += rounded;
  return memset(p, 0, rounded);
}
void *arena_array(struct arena *a, size_t count, size_t size); // count * size, checked for overflow
// Moves an array to a larger place: `count` items are kept, `capacity` fit. The old place is not
// reused, so capacities should double. NULL: out of memory, the old array stays.
void *arena_grow(struct arena *a, const void *items, size_t count, size_t capacity, size_t size);

// Copies; the result has a NUL after it that `length` does not count. data is NULL when memory is
// out.
struct str arena_copy(struct arena *a, const char *data, size_t length);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), (count), sizeof(type)))

#endif
