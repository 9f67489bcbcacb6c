// SPDX-License-Identifier: Apache-2.0
//
// What becomes of one case: its result under a policy, or its error, as a line of JSON or as text for people.
#ifndef SOC_CLI_RESULTS_H
#define SOC_CLI_RESULTS_H

#include "cli/claim.h"
#include "cli/explain.h"
#include "cli/phrases.h"

// A case that was decided in a block.
struct gathered {
  const struct artifact *artifact; // NULL: it has to be decided alone
  uint32_t index;                  // in the block
  bool has_id, spelled;            // its id stands as JSON spells it
  size_t id, id_length; // where it begins: among ids, in the batch's text if it is spelled
};

struct outcome {
  const struct claim *claim; // decided; NULL: the case has an error
  const struct case_data *data;
  uint64_t index; // of the case in the input
  bool explain;
  const struct gathered *gathered; // has keys by which its results are kept; NULL
};

// One result: of a decision over the case, or of one about a claim line.
struct place {
  const struct outcome *o;
  const struct artifact *a; // the version that decided it
  uint32_t decision, row;
  bool line; // about a claim line; row is then its place in the input
};
static inline soc_case *case_of(const struct place *at) {
  return at->a->binding.c;
}

// Results that a block decided are looked for a few cases before they are printed, as most lie far away in memory.
enum { EXPECTED = 32, HASHED = 4 }; // cases, and decisions of each
struct expected {
  size_t far,
      near; // the next case to be looked for, first where its results are entered, then where they are
  uint64_t hashes[EXPECTED][HASHED];
};

struct result_printer {
  struct buffer out, scratch;
  struct explain_tree tree;
  // JSON alone; else NULL: writes to `out`; what comes again, and writes to its text.
  struct json_writer *json;
  struct phrases *phrases;
  struct json_writer *wording;
  struct expected expected;
  bool color;
};
bool result_printer_open(struct result_printer *p, bool json, bool color); // false: out of memory
void result_printer_close(struct result_printer *p);
// Appends the outcome to p->out. False: out of memory.
bool result_print(struct result_printer *p, const struct outcome *o);
// Appends what was decided in a block, `index` being the case's in the input, its id in `texts`, if all its results
// came before. False: not all did, and nothing was appended. `i` is its place in the batch, whose cases come in order,
// each told to result_expect before.
bool result_print_gathered(struct result_printer *p, const struct gathered *g, size_t i,
                           const char *texts, uint64_t index);
// Case i of `count` is printed next; 0: a batch begins.
void result_expect(struct result_printer *p, const struct gathered *all, size_t i, size_t count);

// result_json.c, result_text.c
void result_json(struct result_printer *p, const struct outcome *o);
void result_text(struct result_printer *p, const struct outcome *o);
// explain_text.c: appends the rules of a decision, which p->tree holds, in short.
void explain_text(struct result_printer *p, const struct place *at);

// Layout of text for people (result_text.c). Words are broken so that lines end before a fixed width; later lines begin
// at `indent`, `column` is where the text starts.
void layout_pad(struct buffer *out, size_t columns);
void layout_wrap(struct buffer *out, const char *text, size_t length, size_t indent, size_t column);
const char *determination_text(soc_determination determination); // "not applicable"
// A fact by name, of a list with the row in words: "units of line 2", "severity of record 1 of
// clinical.adverse_events".
void fact_words_append(struct buffer *out, const struct place *at, const soc_fact_ref *ref);
// " of line 2": the claim line's own number; of other lists the record, counted from 1. `list`: the policy's fact.
void row_words_append(struct buffer *out, const struct place *at, uint32_t list, uint32_t row);

#endif
