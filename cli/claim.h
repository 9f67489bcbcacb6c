// SPDX-License-Identifier: Apache-2.0
//
// A case as it is decided: by the version of its date, and each claim line by the version in force on the line's own
// date, which looks at the whole claim too.
#ifndef SOC_CLI_CLAIM_H
#define SOC_CLI_CLAIM_H

#include "cli/artifacts.h"

struct claim_line {
  struct artifact *artifact;
  int64_t number; // its key, in millionths
  int32_t day;
  bool dated; // with a day of its own
};
struct claim {
  struct artifact *artifact; // of the case
  struct claim_line *lines;  // in the order of the input
  uint32_t line_count;
  uint32_t list;              // fact of the vocabulary that the lines are; SOC_NO_INDEX: none
  struct artifact **versions; // each once, that of the case first
  size_t version_count;
  size_t line_capacity, version_capacity;
};

enum claim_status { CLAIM_DONE, CLAIM_REFUSED, CLAIM_TROUBLE };
// Chooses the versions for a case without error and decides it under each; what the claim held is forgotten. REFUSED:
// a version cannot take one of the values, which is now the case's error. TROUBLE: a message was given.
enum claim_status claim_decide(struct claim *c, struct policies *p, struct case_data *data,
                               uint32_t flags);
void claim_free(struct claim *c);

uint32_t
line_decisions(const struct artifact *a); // how many decisions about each line a version makes

#endif
