// SPDX-License-Identifier: Apache-2.0
//
// Cases of one version gathered as columns and decided together by soc_batch. What is told about them is a key for each
// decision, by which results that came before are known; a case that a block does not take, or that has no key, is
// decided alone.
#ifndef SOC_CLI_BLOCK_H
#define SOC_CLI_BLOCK_H

#include "cli/case_reader.h"
#include "soc/batch.h"

enum { BLOCK_CASES = 2048 };

struct binding;
struct block;
// For one thread. The binding and its policy outlive the block. NULL: out of memory.
struct block *block_new(const struct binding *binding);
void block_free(struct block *b);
// False: the policy has no form for columns, and no case is taken.
bool block_is_columnar(const struct block *b);

// Forgets all cases.
void block_clear(struct block *b);
// Takes a case without error. False: the block cannot hold it, or is full.
bool block_add(struct block *b, struct case_data *data);
uint32_t
block_count(const struct block *b); // the last case that was taken has the number before that
// Decides. False: the block cannot be decided, and all its cases have to be decided alone.
bool block_decide(struct block *b);

#endif
