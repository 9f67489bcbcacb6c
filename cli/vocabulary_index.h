// SPDX-License-Identifier: Apache-2.0
//
// The shared vocabulary as the tree of names that a case is written in: "clinical.adverse_events[].kind" is the field
// `kind` of the rows of `adverse_events` in the object `clinical`. Built once; read-only afterwards.
#ifndef SOC_CLI_VOCABULARY_INDEX_H
#define SOC_CLI_VOCABULARY_INDEX_H

#include "cli/name_table.h"
#include "cli/text.h"
#include "soc/compiler.h"

struct vocabulary_node {
  soc_text name;        // one segment: "adverse_events"
  uint32_t parent;      // SOC_NO_INDEX: the root
  uint32_t fact;        // SOC_NO_INDEX: an object that only groups facts
  uint32_t first_child; // into `order`; the children are sorted by name
  uint32_t child_count;
};

struct vocabulary_index {
  soc_vocabulary *vocabulary;
  soc_vocabulary_fact *facts;
  uint32_t fact_count;
  struct vocabulary_node *nodes; // nodes[0] is the case itself
  uint32_t node_count;
  uint32_t *order;
  uint32_t *node_of_fact;
  // The same for the direct reader: by node its children, the case's id among them as node_count; by fact the values of
  // its enumeration.
  struct name_table *child_names, *value_names;
};

bool vocabulary_index_open(struct vocabulary_index *v); // false: out of memory
void vocabulary_index_close(struct vocabulary_index *v);

// Child of `node` by name; SOC_NO_INDEX: there is none.
uint32_t vocabulary_child(const struct vocabulary_index *v, uint32_t node, const char *name,
                          size_t length);
// Fact by full name; SOC_NO_INDEX.
uint32_t vocabulary_find(const struct vocabulary_index *v, const char *name, size_t length);
// Value of an enumeration fact by name; SOC_NO_INDEX.
uint32_t vocabulary_find_value(const struct vocabulary_index *v, uint32_t fact, const char *name,
                               size_t length);

// Appends the JSON pointer of a fact: row for a field of a list, item for a member of a list (SOC_NO_INDEX: none).
void vocabulary_pointer(const struct vocabulary_index *v, uint32_t fact, uint32_t row,
                        uint32_t item, struct buffer *out);
// Appends one step of a JSON pointer, escaped.
void pointer_step(struct buffer *out, const char *name, size_t length);
void pointer_number(struct buffer *out, uint32_t number);
// Appends "fact name with the row in place of []".
void fact_name_append(struct buffer *out, soc_text name, uint32_t row);

// "days", "miles", "%", ...; "" without unit.
const char *unit_word(soc_unit unit);
const char *type_word(soc_type type,
                      uint32_t flags); // "date", "whole number", "list of codes", ...

#endif
