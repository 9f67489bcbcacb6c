// SPDX-License-Identifier: Apache-2.0
//
// Columns of random cases, in layouts that chance chooses. Every array has exactly the bytes that it needs, so that
// the sanitizers see a read past its end.
#ifndef SOC_TESTS_COLUMNS_H
#define SOC_TESTS_COLUMNS_H

#include "soc/batch.h"
#include "subject.h"

struct columns {
  soc_batch_input input;
  soc_column *columns;
  void **blocks; // what has to be freed
  uint32_t block_count;
};

// Columns for all facts of the manifest.
void columns_make(struct columns *out, const struct subject *s, const struct oracle_case *cases,
                  uint32_t count, uint64_t *random);
void columns_free(struct columns *c);

#endif
