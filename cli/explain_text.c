// SPDX-License-Identifier: Apache-2.0
//
// The rules of a decision as people read them, in the order in which they are tried. A rule that is not met is a line
// with what it read; one that is met or open is taken apart, each criterion once in a case. Rules that an earlier
// decision of the case has shown, and those after the end, are counted. Whole trees are for JSON.
#include "cli/results.h"

#include <stdlib.h>
#include <string.h>

enum { INDENT = 4, MARK = 9, STEP = 2, INDENT_MAX = 40 };
enum { VALUES_MAX = 12 };  // of a rule that is not met
enum { NODES_ABOVE = 64 }; // deeper nodes say everything again, and are not looked up elsewhere

static const char *mark_of(const soc_explain_node *node) {
  if (node->quantity) return node->low == node->high ? "is" : "may be";
  switch (node->state) {
  case SOC_MET: return node->derived ? "is" : "met";
  case SOC_NOT_MET: return "not met";
  case SOC_UNKNOWN_TRUTH: break;
  }
  return node->derived ? "may be" : "unknown";
}

static struct explain_cell *cell_of(struct explain_tree *t, const soc_explain_node *node) {
  return node->cell == SOC_NO_INDEX ? NULL : &t->cells[node->cell];
}

// Is it the same wherever the case shows it? What is worked out for each row of a list is not.
static bool of_case(const struct place *at, const soc_explain_node *node) {
  return node->cell != SOC_NO_INDEX && explain_list(at->a, node) == SOC_NO_INDEX;
}

// Behind the last part of the entry.
static size_t end_of(const struct explain_tree *t, size_t entry) {
  uint32_t depth = t->entries[entry++].node.depth;
  while (entry < t->count && t->entries[entry].node.depth > depth) entry++;
  return entry;
}

// Notes where each cell is taken apart: a criterion where it is told first, a rule's own condition at the rule.
static bool index_cells(struct explain_tree *t, const struct artifact *a) {
  if (t->cells_of != a) explain_forget(t);
  t->cells_of = a;
  t->serial++;
  size_t count = t->cell_count;
  for (size_t i = 0; i < t->count; i++) {
    uint32_t cell = t->entries[i].node.cell;
    if (cell != SOC_NO_INDEX && cell >= count) count = (size_t)cell + 1;
  }
  if (count > t->cell_count) {
    void *cells = realloc(t->cells, count * sizeof *t->cells);
    if (!cells) return t->failed = true, false;
    t->cells = cells;
    memset(t->cells + t->cell_count, 0, (count - t->cell_count) * sizeof *t->cells);
    t->cell_count = count;
  }
  for (size_t i = 0; i < t->count; i++) {
    const soc_explain_node *node = &t->entries[i].node;
    struct explain_cell *cell = cell_of(t, node);
    if (!cell || node->repeated || (node->is_rule && cell->tree == t->serial)) continue;
    cell->tree = t->serial;
    cell->entry = i;
  }
  return true;
}

// Where the entry is taken apart in this tree.
static size_t taken_apart(struct explain_tree *t, const struct place *at, size_t entry) {
  const soc_explain_node *node = &t->entries[entry].node;
  if (!node->repeated || !of_case(at, node)) return entry;
  const struct explain_cell *cell = cell_of(t, node);
  return cell->tree == t->serial ? cell->entry : entry;
}

// ---------------------------------------------------------------------------------------- pieces

static void candidates_append(struct buffer *out, const struct artifact *a,
                              const soc_explain_node *node) {
  const char *separator = " = ";
  for (uint32_t i = 0; i < 64; i++) {
    if (!(node->candidates >> i & 1)) continue;
    buffer_text(out, separator);
    text_append(out, soc_policy_cell_value(&a->policy, node->cell, i));
    separator = " or ";
  }
}

static void quantity_append(struct buffer *out, const soc_explain_node *node) {
  buffer_text(out, " = ");
  if (node->low == INT64_MIN) {
    buffer_text(out, node->high == INT64_MIN ? "none" : "unknown");
    return;
  }
  decimal_append(out, node->low);
  if (node->low == node->high) return;
  buffer_text(out, " to ");
  decimal_append(out, node->high);
}

// Is the sentence only the last part of the name over again ("by_code": "by code")?
static bool repeats_name(soc_text text, soc_text name) {
  if (text.length > name.length) return false;
  const char *tail = name.data + (name.length - text.length);
  for (size_t i = 0; i < text.length; i++) {
    if ((tail[i] == '_' ? ' ' : tail[i]) != text.data[i]) return false;
  }
  return true;
}

// Which row of its list a criterion is about, unless it is the line that is being decided.
static void row_append(struct buffer *out, const struct place *at, const soc_explain_node *node) {
  const struct claim *claim = at->o->claim;
  uint32_t list = explain_list(at->a, node);
  if (list == SOC_NO_INDEX) return;
  bool of_claim = at->a->binding.vocabulary[list] == claim->list;
  if (of_claim && at->line && node->row == at->row) return;
  row_words_append(out, at, list, node->row);
}

// The row and the value that follow a name.
static void value_append(struct buffer *out, const struct place *at, const soc_explain_node *node) {
  row_append(out, at, node);
  if (node->derived) candidates_append(out, at->a, node);
  if (node->quantity) quantity_append(out, node);
}

// What the node above says is not said again.
static void words_append(struct buffer *out, const soc_explain_node *node,
                         const soc_explain_node *above) {
  if (node->text.length && !repeats_name(node->text, node->name) &&
      !(above && text_same(node->text, above->text)))
    buffer_format(out, ": %s", node->text.data);
  if (node->cite.length && !(above && text_same(node->cite, above->cite)))
    buffer_format(out, " [%s]", node->cite.data);
}

static void fact_append(struct buffer *out, const struct place *at, const soc_fact_ref *ref) {
  struct fact_reading reading = {at->a, at->o->data};
  fact_words_append(out, at, ref);
  buffer_text(out, " = ");
  fact_value_text(&reading, ref, out);
  if (fact_is_assumed(&reading, ref)) buffer_text(out, " (assumed)");
}

// A mark and what p->scratch holds.
static void put_marked(struct result_printer *p, const char *mark, size_t indent) {
  layout_pad(&p->out, indent);
  buffer_format(&p->out, "%-*s", MARK, mark);
  layout_wrap(&p->out, buffer_get(&p->scratch), p->scratch.length, indent + MARK + STEP,
              indent + MARK);
}

static void put_facts(struct result_printer *p, const struct place *at,
                      const struct explain_entry *e, size_t indent) {
  if (e->fact_count == 0) return;
  buffer_clear(&p->scratch);
  for (size_t i = 0; i < e->fact_count; i++) {
    if (i) buffer_text(&p->scratch, "; ");
    fact_append(&p->scratch, at, &p->tree.facts[e->first_fact + i]);
  }
  layout_pad(&p->out, indent);
  layout_wrap(&p->out, buffer_get(&p->scratch), p->scratch.length, indent + STEP, indent);
}

// ---------------------------------------------------------------------------------------- rules that are not met

// What a rule read, on its line.
struct values {
  struct result_printer *p;
  const struct place *at;
  soc_fact_ref facts[VALUES_MAX];
  const soc_explain_node *nodes[VALUES_MAX];
  size_t fact_count, node_count, left_out;
  bool any;
};

static struct buffer *next_value(struct values *v) {
  if (v->fact_count + v->node_count >= VALUES_MAX) return v->left_out++, NULL;
  buffer_text(&v->p->scratch, v->any ? "; " : ": ");
  v->any = true;
  return &v->p->scratch;
}

static void value_of_fact(struct values *v, const soc_fact_ref *ref) {
  for (size_t i = 0; i < v->fact_count; i++) {
    if (v->facts[i].fact == ref->fact && v->facts[i].row == ref->row) return;
  }
  struct buffer *out = next_value(v);
  if (!out) return;
  fact_append(out, v->at, ref);
  v->facts[v->fact_count++] = *ref;
}

static void values_of_facts(struct values *v, const struct explain_entry *e) {
  for (size_t i = 0; i < e->fact_count; i++) value_of_fact(v, &v->p->tree.facts[e->first_fact + i]);
}

static bool has_value(const soc_explain_node *node) {
  return node->derived || node->quantity;
}

// A derived value, or a criterion that stands above.
static void value_of_node(struct values *v, const soc_explain_node *node) {
  for (size_t i = 0; i < v->node_count; i++) {
    if (v->nodes[i]->cell == node->cell && v->nodes[i]->row == node->row) return;
  }
  struct buffer *out = next_value(v);
  if (!out) return;
  bool named = has_value(node) || !node->text.length || repeats_name(node->text, node->name);
  if (!named) buffer_char(out, '"');
  text_append(out, named ? node->name : node->text);
  if (!named) buffer_char(out, '"');
  value_append(out, v->at, node);
  if (!has_value(node)) buffer_format(out, " is %s", mark_of(node));
  v->nodes[v->node_count++] = node;
}

// Of criteria shown above those that are met go without saying, unless nothing else is said.
static void values_append(struct values *v, size_t rule) {
  struct explain_tree *t = &v->p->tree;
  size_t end = end_of(t, rule);
  values_of_facts(v, &t->entries[rule]);
  for (size_t i = rule + 1; i < end;) {
    const struct explain_entry *e = &t->entries[i];
    if (has_value(&e->node))
      value_of_node(v, &e->node);
    else if (!e->node.repeated || text_same(e->node.text, t->entries[rule].node.text))
      values_of_facts(v, &t->entries[taken_apart(t, v->at, i)]);
    else if (e->node.state != SOC_MET)
      value_of_node(v, &e->node);
    i = has_value(&e->node) ? end_of(t, i) : i + 1;
  }
  for (size_t i = rule + 1; i < end && !v->any; i++) value_of_node(v, &t->entries[i].node);
  if (v->left_out) buffer_format(&v->p->scratch, "; and %zu more", v->left_out);
}

static void put_line(struct result_printer *p, const struct place *at, size_t rule) {
  const soc_explain_node *node = &p->tree.entries[rule].node;
  struct values values = {.p = p, .at = at};
  buffer_clear(&p->scratch);
  text_append(&p->scratch, node->text.length ? node->text : node->name);
  if (node->cite.length) buffer_format(&p->scratch, " [%s]", node->cite.data);
  values_append(&values, rule);
  if (node->repeated) buffer_text(&p->scratch, " (see above)");
  put_marked(p, mark_of(node), INDENT);
}

// ---------------------------------------------------------------------------------------- rules that are met or open

static void put_part(struct result_printer *p, const struct place *at,
                     const struct explain_entry *e, size_t depth, const soc_explain_node *above,
                     bool full) {
  size_t indent = INDENT + depth * STEP;
  if (indent > INDENT_MAX) indent = INDENT_MAX;
  buffer_clear(&p->scratch);
  text_append(&p->scratch, e->node.name);
  value_append(&p->scratch, at, &e->node);
  if (full)
    words_append(&p->scratch, &e->node, above);
  else
    buffer_text(&p->scratch, " (see above)");
  put_marked(p, mark_of(&e->node), indent);
  if (full) put_facts(p, at, e, indent + MARK + STEP);
}

struct level {
  size_t next, end; // entries to print
  size_t deeper;    // than they stand in the tree
};

// The parts of a rule. A criterion that was told only on a line of its own so far is taken apart here.
static void put_parts(struct result_printer *p, const struct place *at, size_t rule) {
  struct explain_tree *t = &p->tree;
  struct level levels[NODES_ABOVE];
  const soc_explain_node *path[NODES_ABOVE] = {&t->entries[rule].node};
  size_t first = taken_apart(t, at, rule), count = 1;
  levels[0] = (struct level){first + 1, end_of(t, first), 0};
  while (count > 0) {
    struct level *l = &levels[count - 1];
    if (l->next >= l->end) {
      count--;
      continue;
    }
    size_t entry = l->next, from = taken_apart(t, at, entry);
    size_t depth = t->entries[entry].node.depth + l->deeper;
    struct explain_cell *cell = cell_of(t, &t->entries[entry].node);
    bool full = cell && of_case(at, &t->entries[entry].node)
                    ? !cell->full && (from != entry || !t->entries[entry].node.repeated) &&
                          (from == entry || count < NODES_ABOVE)
                    : !t->entries[entry].node.repeated;
    put_part(p, at, &t->entries[from], depth, depth <= NODES_ABOVE ? path[depth - 1] : NULL, full);
    if (depth < NODES_ABOVE) path[depth] = &t->entries[from].node;
    l->next = full ? entry + 1 : end_of(t, entry);
    if (full && from != entry)
      levels[count++] =
          (struct level){from + 1, end_of(t, from), depth - t->entries[from].node.depth};
    if (cell) cell->full = cell->full || full;
  }
}

static void put_rule(struct result_printer *p, const struct place *at, size_t rule, bool shown) {
  const struct explain_entry *e = &p->tree.entries[rule];
  buffer_clear(&p->scratch);
  text_append(&p->scratch, e->node.name);
  buffer_format(&p->scratch, " (%s)", determination_text(e->node.determination));
  words_append(&p->scratch, &e->node, NULL);
  if (e->node.deciding) buffer_text(&p->scratch, " <- decides");
  if (shown) buffer_text(&p->scratch, " (see above)");
  put_marked(p, mark_of(&e->node), INDENT);
  if (shown || e->node.cell == SOC_NO_INDEX) return;
  put_facts(p, at, &p->tree.entries[taken_apart(&p->tree, at, rule)], INDENT + MARK + STEP);
  put_parts(p, at, rule);
}

// ---------------------------------------------------------------------------------------- rules

// What remains when nothing before is met: said to be met only where it decides.
static void put_otherwise(struct result_printer *p, const struct place *at, size_t rule,
                          bool any_met) {
  const soc_explain_node *node = &p->tree.entries[rule].node;
  if (node->deciding) {
    put_rule(p, at, rule, false);
    return;
  }
  buffer_clear(&p->scratch);
  text_append(&p->scratch, node->text.length ? node->text : node->name);
  if (node->cite.length) buffer_format(&p->scratch, " [%s]", node->cite.data);
  buffer_text(&p->scratch, any_met ? ": not needed" : ": decides if nothing above is met");
  put_marked(p, any_met ? "-" : "unknown", INDENT);
}

// The cell of a rule that an earlier tree of the case has shown, too; else NULL.
static const struct explain_cell *shown_before(struct explain_tree *t, const struct place *at,
                                               const soc_explain_node *node) {
  const struct explain_cell *cell = cell_of(t, node);
  if (!cell || !cell->rule_in || cell->rule_in == t->serial || !of_case(at, node)) return NULL;
  return text_same(cell->rule, node->name) ? cell : NULL;
}

// Counts the rules from `rule` on that are not met and were shown in one earlier tree; gives the first behind.
static size_t put_shared(struct result_printer *p, const struct place *at, size_t rule) {
  struct explain_tree *t = &p->tree;
  const struct explain_cell *first = shown_before(t, at, &t->entries[rule].node);
  size_t count = 0, next = rule;
  for (; next < t->count; next = end_of(t, next)) {
    const soc_explain_node *node = &t->entries[next].node;
    const struct explain_cell *cell = shown_before(t, at, node);
    if (!node->reached || node->state != SOC_NOT_MET || !cell || cell->rule_in != first->rule_in)
      break;
    count++;
  }
  buffer_clear(&p->scratch);
  buffer_format(&p->scratch, "%zu rule%s shown under ", count, count == 1 ? "" : "s");
  if (!decides_rows(at->a, first->decision)) {
    text_append(&p->scratch, at->a->decisions[first->decision].name);
  } else {
    buffer_text(&p->scratch, "line ");
    decimal_append(&p->scratch, at->o->claim->lines[first->row].number);
  }
  put_marked(p, "not met", INDENT);
  return next;
}

static void put_not_reached(struct result_printer *p, size_t rule) {
  const struct explain_tree *t = &p->tree;
  size_t count = 0;
  for (; rule < t->count; rule = end_of(t, rule)) count++;
  buffer_clear(&p->scratch);
  buffer_format(&p->scratch, "%zu rule%s after this: not reached", count, count == 1 ? "" : "s");
  put_marked(p, "-", INDENT);
}

void explain_text(struct result_printer *p, const struct place *at) {
  struct explain_tree *t = &p->tree;
  bool any_met = false;
  if (!index_cells(t, at->a)) return;
  buffer_text(&p->out, "    rules in the order in which they are tried\n");
  for (size_t i = 0, next; i < t->count; i = next) {
    const soc_explain_node *node = &t->entries[i].node;
    struct explain_cell *cell = cell_of(t, node);
    bool before = shown_before(t, at, node) != NULL;
    next = end_of(t, i);
    if (!node->reached) {
      put_not_reached(p, i);
      return;
    }
    if (!cell)
      put_otherwise(p, at, i, any_met);
    else if (node->state != SOC_NOT_MET)
      put_rule(p, at, i, before);
    else if (before)
      next = put_shared(p, at, i);
    else
      put_line(p, at, i);
    if (cell && !cell->rule_in) {
      cell->rule_in = t->serial;
      cell->rule = node->name;
      cell->decision = at->decision;
      cell->row = at->row;
    }
    any_met = any_met || (cell && node->state == SOC_MET);
  }
}
