// SPDX-License-Identifier: Apache-2.0
//
// See arena.h. Blocks double up to MAX_BLOCK, so that memory stays within a factor of what is asked
// for and the number of calls to the caller's allocator stays small.
#ifdef __linux__
#define _DEFAULT_SOURCE // madvise
#include <sys/mman.h>
#endif

#include "compiler/arena.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16 * 1024, MAX_BLOCK = 8 * 1024 * 1024 };
enum { PAGE = 4096, LARGE = 4 * 1024 * 1024 };

struct arena_block {
  struct arena_block *older;
  size_t size; // with this head
};
enum { HEAD = sizeof(struct arena_block) };
_Static_assert(HEAD % ARENA_ALIGNMENT == 0, "what follows the head of a block is aligned");

// The pages of a large block are asked for at once: one by one, as each is first touched, they take a fifth of the time
// of compiling a large policy.
static void *large_block(size_t size) {
  void *p = aligned_alloc(PAGE, (size + PAGE - 1) / PAGE * PAGE);
#ifdef MADV_POPULATE_WRITE
  if (p != NULL)
    (void)madvise(p, size, MADV_POPULATE_WRITE); // where it is not known, nothing is lost
#endif
  return p;
}

static void *resize_malloc(void *ctx, void *p, size_t old_size, size_t new_size) {
  (void)ctx;
  (void)old_size;
  if (new_size == 0) {
    free(p);
    return NULL;
  }
  if (p == NULL && new_size >= LARGE && new_size < SIZE_MAX / 2) return large_block(new_size);
  return realloc(p, new_size);
}

const soc_allocator arena_malloc_family = {resize_malloc, NULL};

void arena_init(struct arena *a, const soc_allocator *allocator) {
  *a = (struct arena){.next_block = FIRST_BLOCK};
  a->allocator = allocator != NULL ? *allocator : arena_malloc_family;
}

void arena_free(struct arena *a) {
  soc_allocator allocator = a->allocator;
  for (struct arena_block *b = a->blocks, *older; b != NULL; b = older) {
    older = b->older;
    allocator.resize(allocator.ctx, b, b->size, 0);
  }
  arena_init(a, &allocator);
}

static void *fail(struct arena *a) {
  a->out_of_memory = true;
  a->at = a->end = NULL; // every later request comes here
  return NULL;
}

static char *new_block(struct arena *a, size_t content) {
  struct arena_block *b = a->allocator.resize(a->allocator.ctx, NULL, 0, HEAD + content);
  if (b == NULL) return fail(a);
  a->used += HEAD + content;
  b->size = HEAD + content;
  b->older = a->blocks;
  a->blocks = b;
  return (char *)b + HEAD;
}

void *arena_alloc_slow(struct arena *a, size_t size) {
  if (a->out_of_memory || size > SIZE_MAX / 2) return fail(a);
  size = (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
  if (size >= a->next_block / 4) { // a block of its own; the rest of the newest one stays in use
    char *own = new_block(a, size);
    return own != NULL ? memset(own, 0, size) : NULL;
  }
  char *p = new_block(a, a->next_block);
  if (p == NULL) return NULL;
  a->at = p + size;
  a->end = p + a->next_block;
  if (a->next_block < MAX_BLOCK) a->next_block *= 2;
  return memset(p, 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / 2 / size) return fail(a);
  return arena_alloc(a, count * size);
}

void *arena_grow(struct arena *a, const void *items, size_t count, size_t capacity, size_t size) {
  void *p = arena_array(a, capacity, size);
  if (p != NULL && count > 0) memcpy(p, items, count * size);
  return p;
}

struct str arena_copy(struct arena *a, const char *data, size_t length) {
  struct str copy = {NULL, 0};
  char *p = length < UINT32_MAX ? arena_alloc(a, length + 1) : fail(a);
  if (p == NULL) return copy;
  if (length > 0) memcpy(p, data, length);
  copy.data = p;
  copy.length = (uint32_t)length;
  return copy;
}
