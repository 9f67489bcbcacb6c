// SPDX-License-Identifier: Apache-2.0
//
// See guarded.h.
#define _DEFAULT_SOURCE // for MAP_ANONYMOUS
#include "guarded.h"

#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, ALIGNMENT = 16, PATTERN = 0xc7 };

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 // as gcc says it
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { WITH_ASAN = 1 };
#else
enum { WITH_ASAN = 0 };
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

static size_t rounded(size_t size, size_t to) {
  return (size + to - 1) / to * to;
}

static void make_room(struct guarded *g, size_t size) {
  if (g->base != NULL) {
    ASAN_UNPOISON_MEMORY_REGION(g->base, g->room);
    FUZZ_ASSERT(munmap(g->base - PAGE, g->room + 2 * PAGE) == 0);
  }
  g->room = rounded(size * 2 + 1, PAGE);
  uint8_t *all =
      mmap(NULL, g->room + 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  FUZZ_ASSERT(all != MAP_FAILED);
  FUZZ_ASSERT(mprotect(all, PAGE, PROT_NONE) == 0);
  FUZZ_ASSERT(mprotect(all + PAGE + g->room, PAGE, PROT_NONE) == 0);
  g->base = all + PAGE;
  g->start = g->base;
  g->size = 0;
  ASAN_POISON_MEMORY_REGION(g->base, g->room);
}

// Bytes behind what was given out, up to the next multiple of the alignment.
static size_t rest_of(const struct guarded *g) {
  return rounded(g->size, ALIGNMENT) - g->size;
}

void *guarded_get(struct guarded *g, size_t size, bool front) {
  if (g->base == NULL || size > g->room) make_room(g, size);
  ASAN_POISON_MEMORY_REGION(g->start, rounded(g->size, 8));
  g->start = front ? g->base : g->base + g->room - rounded(size, ALIGNMENT);
  g->size = size;
  ASAN_UNPOISON_MEMORY_REGION(g->start, size);
  if (!WITH_ASAN) memset(g->start + size, PATTERN, rest_of(g));
  return g->start;
}

void guarded_check(const struct guarded *g) {
  for (size_t i = 0; !WITH_ASAN && i < rest_of(g); i++)
    FUZZ_ASSERT(g->start[g->size + i] == PATTERN);
}
