// SPDX-License-Identifier: Apache-2.0
//
// ways_test [COUNT [SEED]]: random artifacts, each with random cases, decided by nothing but bytecode, with what makes
// long lists quick, and by plan or lanes. All must say the same, and run no more instructions than
// soc_policy_max_instructions says. What sources seldom bring together comes together here: assumptions of the case and
// of lines behind criteria, criteria of another list, derived enumerations, quantities, facts that stand in for others,
// `if given`, codes for being open, grounds, actions, windows. In half of the artifacts one criterion is nearly all of
// the code. COUNT is 6,000 unless given.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "tests/property/choice.h"
#include "tests/steps/steps.h"
#include "tests/vm/plainly.h"

enum { CASES = 12, LINES = 3, TEXT = 8192, DEPTH = 2 };
enum { PLAINLY, QUICKLY, PLANNED, WAYS };
static const char *const way_names[WAYS] = {"bytecode", "quick", "plan"};

typedef struct text {
  char at[TEXT];
  size_t length;
} text;

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
add(text *t, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(t->at + t->length, sizeof t->at - t->length, format, arguments);
  va_end(arguments);
  t->length += n > 0 ? (size_t)n : 0;
  if (t->length >= sizeof t->at) {
    fputs("ways: a text is too long\n", stderr);
    exit(2);
  }
}

// What code reads of: the case, a line, an event.
typedef enum place { CASE, LINE, EVENT } place;

// What has been built so far: criteria, derived enumerations and quantities of the case (C0, M0, S0), criteria and
// derived enumerations of lines (R0, K0), criteria of events (E0).
typedef struct generator {
  uint64_t random;
  builder *b;
  bool by_row;   // decisions are for each line
  bool if_given; // so that less known can be more met
  uint32_t criteria, masks, quantities, row_criteria, row_masks, event_criteria;
} generator;

static uint32_t below(generator *g, uint32_t n) {
  return (uint32_t)(random_next(&g->random) >> 33) % n;
}

static const char *either(generator *g, const char *a, const char *b) {
  return below(g, 2) ? a : b;
}

// ------------------------------------------------------------------------------------------ criteria

static const char *perhaps_if_given(generator *g) {
  return g->if_given && below(g, 2) ? "?" : "";
}

static void add_case_test(generator *g, text *t) {
  uint32_t which = below(g, 10);
  if (which == 0 && g->criteria > 0) {
    add(t, "cell C%u", below(g, 2) ? 0 : below(g, g->criteria));
  } else if (which == 1 && g->masks > 0) {
    add(t, "cell.in_mask M%u %s", below(g, g->masks), either(g, "office", "office|center"));
  } else if (which == 2) {
    add(t, "fact.true y%u", below(g, 2));
  } else if (which == 3) {
    add(t, "fact.cmp%s %s n0 %u", perhaps_if_given(g), either(g, "ge", "lt"), 1 + below(g, 3));
  } else if (which == 4) {
    add(t, "load.fact d%u; load.fact d%u; cmp %s", below(g, 2), below(g, 2), either(g, "lt", "ge"));
  } else if (which == 5) {
    add(t, "fact.in_mask site %s", either(g, "office", "office|center"));
  } else if (which == 6 && g->quantities > 0) {
    add(t, "cell.value S%u; load.const 4; cmp %s", below(g, g->quantities), either(g, "ge", "lt"));
  } else if (which == 7) {
    add(t, "fact.true o0");
  } else {
    add(t, "fact.true%s x%u", perhaps_if_given(g), below(g, 4));
  }
}

static void add_event_test(generator *g, text *t) {
  uint32_t which = below(g, 5);
  if (which == 0 && g->event_criteria > 0) {
    add(t, "row E%u", below(g, g->event_criteria));
  } else if (which <= 1) {
    add(t, "load.fact events[].a; load.fact events[].b; cmp %s", either(g, "gt", "lt"));
  } else if (which == 2) {
    add(t, "fact.true%s events[].p", perhaps_if_given(g));
  } else if (which == 3) {
    add(t, "fact.true events[].q");
  } else {
    add_case_test(g, t);
  }
}

static void add_row_test(generator *g, text *t, bool in_loop) {
  const char *outer = in_loop && below(g, 3) == 0 ? "^" : "";
  uint32_t which = below(g, 12);
  if (which == 0 && g->row_criteria > 0) {
    add(t, "row%s R%u", outer, below(g, g->row_criteria));
  } else if (which == 1 && g->row_masks > 0) {
    add(t, "row.in_mask%s K%u %s", outer, below(g, g->row_masks), either(g, "drug", "drug|fee"));
  } else if (which == 2) {
    add(t, "fact.true%s lines[].%s", outer, either(g, "q", "op"));
  } else if (which == 3) {
    add(t, "fact.cmp%s %s lines[].num %u", outer, either(g, "ge", "lt"), 1 + below(g, 3));
  } else if (which == 4 && in_loop) {
    add(t, "load.fact lines[].num; load.fact^ lines[].num; cmp %s", either(g, "gt", "eq"));
  } else if (which == 5 && in_loop) {
    add(t, "load.fact lines[].number; load.fact^ lines[].number; cmp %s", either(g, "lt", "ne"));
  } else if (which == 6) {
    add(t, "fact.in_mask%s lines[].cat drug|other", outer);
  } else if (which == 7) {
    add(t, "fact.left_out%s lines[].p", outer);
  } else if (which == 8) {
    add(t, "fact.cmp%s lt lines[].day 2024-06-03", outer);
  } else if (which < 11) {
    add(t, "fact.true%s%s lines[].p", perhaps_if_given(g), outer);
  } else {
    add_case_test(g, t);
  }
}

static void add_test(generator *g, text *t, place at, bool in_loop) {
  switch (at) {
  case CASE: add_case_test(g, t); break;
  case LINE: add_row_test(g, t, in_loop); break;
  case EVENT: add_event_test(g, t);
  }
}

static void add_condition(generator *g, text *t, place at, bool in_loop, uint32_t depth);

static void add_loop(generator *g, text *t, place at, uint32_t depth) {
  static const char *const loops[] = {
      "events", "events", "lines", "lines", "related lines[].rel", "chain lines[].rel"};
  uint32_t first = at == LINE && g->event_criteria == 0 ? 2 : 0;
  uint32_t which = first + below(g, at == LINE ? 6 - first : 2);
  add(t, "each %s %s; ", either(g, "any", "all"), loops[which]);
  add_condition(g, t, which < 2 ? EVENT : LINE, true, depth - 1);
  add(t, "; each.end");
}

static void add_condition(generator *g, text *t, place at, bool in_loop, uint32_t depth) {
  static const char *const blocks[] = {"any", "any", "all", "all", "count 2"};
  if (depth == 0 || below(g, 3) == 0) {
    add_test(g, t, at, in_loop);
    add(t, "%s", below(g, 4) ? "" : "; not");
  } else if (!in_loop && (at == LINE || g->event_criteria > 0) && below(g, 3) == 0) {
    add_loop(g, t, at, depth);
  } else {
    add(t, "begin %s; ", blocks[below(g, 5)]);
    for (uint32_t members = 2 + below(g, 2); members > 0; members--) {
      add_condition(g, t, at, in_loop, depth - 1);
      add(t, "; join; ");
    }
    add(t, "end");
  }
}

static void build_condition(generator *g, const char *letter, uint32_t number, place at) {
  char name[16];
  text code = {.length = 0};
  (void)snprintf(name, sizeof name, "%s%u", letter, number);
  add_condition(g, &code, at, at == EVENT, DEPTH);
  build_cell(g->b, name, code.at);
}

// One of the values, or what is left, by a condition.
static void build_derived(generator *g, const char *letter, uint32_t number) {
  bool row = letter[0] == 'K';
  char name[16];
  text code = {.length = 0};
  (void)snprintf(name, sizeof name, "%s%u", letter, number);
  add_condition(g, &code, row ? LINE : CASE, false, 1);
  add(&code, "; mask.const %s; %s; select",
      row ? either(g, "drug", "drug|fee") : either(g, "office", "office|center"),
      row ? either(g, "mask.fact lines[].cat", "mask.const other")
          : either(g, "mask.fact site", "mask.const home"));
  build_mask(g->b, name, row ? "cat" : "site", row ? "lines[].cat" : "site", code.at);
}

static void build_conditions(generator *g, const char *letter, uint32_t *built, uint32_t n,
                             place at) {
  for (; n > 0; n--, ++*built) {
    build_condition(g, letter, *built, at);
  }
}

static void build_several_derived(generator *g, const char *letter, uint32_t *built) {
  for (uint32_t n = below(g, 3); n > 0; n--, ++*built) {
    build_derived(g, letter, *built);
  }
}

// C0: no plan makes a table of its loop, and of which the answer often is unknown.
static void build_long(generator *g) {
  text code = {.length = 0};
  build_quantity(g->b, "Q", false,
                 "each sum lines; fact.true lines[].q; load.fact lines[].num; each.end");
  add(&code, "each %s lines; begin all", either(g, "any", "all"));
  for (int i = 0; i < 12; i++) {
    add(&code, "; load.fact lines[].extra; %s; num.add; load.const %u; cmp ge; join",
        below(g, 3) ? "load.fact n1" : "cell.value Q", 1 + below(g, 9));
  }
  add(&code, "; end; each.end");
  build_cell(g->b, "C0", code.at);
  g->criteria = 1;
}

// --------------------------------------------------------------------------------------- whole artifacts

static void build_facts(generator *g) {
  builder *b = g->b;
  build_enum(b, "site", "office center home");
  build_enum(b, "cat", "drug fee other");
  for (char name[] = "x0"; name[1] < '4'; name[1]++) {
    build_fact(b, name, either(g, "bool assume true", "bool assume false"));
  }
  build_fact(b, "y0", "bool");
  build_fact(b, "y1", "bool null");
  build_fact(b, "n0", "number in 0 9 assume 2");
  build_fact(b, "n1", "number in 0 9");
  build_fact(b, "d0", "date assume 2024-06-01");
  build_fact(b, "d1", "date");
  build_fact(b, "when", "date");
  build_fact(b, "site", either(g, "enum site", "enum site derive center"));
  build_fact(b, "lines", "records");
  build_fact(b, "lines[].number", "number whole in 1 99");
  build_fact(b, "lines[].p", either(g, "bool assume true", "bool assume false"));
  build_fact(b, "lines[].q", "bool");
  build_fact(b, "lines[].num", "number in 0 9 assume 2");
  build_fact(b, "lines[].extra", "number in 0 9");
  build_fact(b, "lines[].cat", either(g, "enum cat", "enum cat derive other"));
  build_fact(b, "lines[].rel", "line null none");
  build_fact(b, "lines[].end", "date assume 2024-06-05");
  build_fact(b, "lines[].day", "date from d0");
  build_fact(b, "lines[].op", either(g, "bool", "bool from lines[].p"));
  build_fact(b, "o0", "bool from x0");
  build_fact(b, "events", either(g, "records", "records empty"));
  build_fact(b, "events[].a", "number in 0 9");
  build_fact(b, "events[].b", either(g, "number in 0 9 assume 3", "number in 0 9"));
  build_fact(b, "events[].p", either(g, "bool assume true", "bool assume false"));
  build_fact(b, "events[].q", "bool");
  build_basis(b, "when");
}

// What everything else may read.
static void build_lowest(generator *g) {
  char name[16];
  for (uint32_t n = below(g, 3); n > 0; n--) {
    (void)snprintf(name, sizeof name, "S%u", g->quantities);
    build_quantity(
        g->b, name, false,
        either(g, "load.fact n0; load.fact n1; num.add", "load.fact n1; load.fact n1; num.add"));
    g->quantities++;
  }
  build_list(g->b, "events");
  build_conditions(g, "E", &g->event_criteria, below(g, 4), EVENT);
  build_list(g->b, NULL);
}

static void build_criteria(generator *g) {
  if (below(g, 2)) {
    build_lowest(g);
  }
  if (below(g, 2)) {
    build_long(g);
  }
  build_several_derived(g, "M", &g->masks);
  build_conditions(g, "C", &g->criteria, 1 + below(g, 3), CASE);
  if (!g->by_row) {
    return;
  }
  build_list(g->b, "lines");
  build_several_derived(g, "K", &g->row_masks);
  build_conditions(g, "R", &g->row_criteria, 1 + below(g, 5), LINE);
}

typedef char cell_name[24];

// A criterion's name, behind `before`.
static const char *name_criterion(generator *g, const char *before, cell_name name) {
  bool row = g->by_row && below(g, 2);
  (void)snprintf(name, sizeof(cell_name), "%s%s%u", before, row ? "R" : "C",
                 below(g, row ? g->row_criteria : g->criteria));
  return name;
}

static void choose_window(generator *g, rule *r) {
  static const char *const ends[] = {NULL, "load.fact d0", "load.const 2024-06-03",
                                     "load.fact lines[].end"};
  static const char *const begins[] = {NULL, NULL, "load.fact d0", "load.fact d1"};
  if (r->determination == SOC_APPROVE) {
    r->from = begins[below(g, 4)];
    r->through = ends[below(g, g->by_row ? 4 : 3)];
  }
  r->stands = g->by_row && below(g, 5) == 0 ? "load.fact lines[].num" : NULL;
}

static void build_one_rule(generator *g, bool last) {
  static const soc_determination determinations[] = {SOC_APPROVE, SOC_APPROVE, SOC_DENY, SOC_PEND,
                                                     SOC_ELIGIBLE};
  static const char *const codes[] = {"A", "B", "C", NULL};
  cell_name when, open_when, ground, action;
  rule r = {.determination = determinations[below(g, 5)], .code = codes[below(g, 4)]};
  r.stop = below(g, 4) == 0;
  if (!last) {
    r.when = name_criterion(g, "", when);
    r.open_code = below(g, 3) ? NULL : either(g, "O1", "O2");
    r.open_when = r.open_code && below(g, 2) ? name_criterion(g, "", open_when) : NULL;
  }
  r.grounds = below(g, 3) ? NULL : name_criterion(g, either(g, "G1/", "G2/"), ground);
  r.actions = below(g, 3) ? NULL : name_criterion(g, either(g, "a1/", "a2/"), action);
  choose_window(g, &r);
  build_rule(g->b, r);
}

static image generate(generator *g) {
  static const char *const flags[] = {"administrative", "administrative every",
                                      "administrative longest", "administrative every longest"};
  g->b = build_new();
  g->by_row = below(g, 2);
  g->if_given = below(g, 8) == 0;
  build_facts(g);
  build_criteria(g);
  for (uint32_t decisions = 1 + below(g, 2); decisions > 0; decisions--) {
    build_decision(g->b, decisions > 1 ? "first" : "last", flags[below(g, 4)]);
    for (uint32_t rules = 2 + below(g, 5); rules > 0; rules--) {
      build_one_rule(g, rules == 1);
    }
  }
  return build_finish(g->b);
}

// --------------------------------------------------------------------------------------------- cases

// One time in `rarity` the fact is stated, as one of the two.
static void state(generator *g, text *t, uint32_t rarity, const char *a, const char *b) {
  if (below(g, rarity) == 0) {
    add(t, "%s ", either(g, a, b));
  }
}

static void state_line(generator *g, text *t, uint32_t row) {
  add(t, "lines[%u].number=%u ", row, 1 + below(g, 3));
  if (below(g, 3) == 0) {
    add(t, "lines[%u].p=%s ", row, either(g, "true", "false"));
  }
  if (below(g, 2)) {
    add(t, "lines[%u].%s=%s ", row, either(g, "q", "op"), either(g, "true", "false"));
  }
  if (below(g, 3) == 0) {
    add(t, "lines[%u].num=%u lines[%u].extra=%u ", row, below(g, 4), row, below(g, 9));
  }
  if (below(g, 3) == 0) {
    add(t, "lines[%u].cat=%s ", row, either(g, "drug", "fee"));
  }
  if (row > 0 && below(g, 3) == 0) {
    add(t, "lines[%u].rel=%u ", row, below(g, row));
  }
  if (below(g, 4) == 0) {
    add(t, "lines[%u].day=2024-06-0%u ", row, 2 + below(g, 2));
  }
  if (below(g, 3) == 0) {
    add(t, "lines[%u].end=2024-06-0%u ", row, 1 + below(g, 8));
  }
}

static void state_events(generator *g, text *t) {
  uint32_t events = below(g, LINES + 1);
  add(t, "events=%u ", events);
  for (uint32_t row = 0; row < events; row++) {
    if (below(g, 2)) {
      add(t, "events[%u].a=%u ", row, below(g, 9));
    }
    if (below(g, 2)) {
      add(t, "events[%u].b=%u events[%u].q=%s ", row, below(g, 9), row, either(g, "true", "false"));
    }
    if (below(g, 3) == 0) {
      add(t, "events[%u].p=%s ", row, either(g, "true", "false"));
    }
  }
}

static void draw_case(generator *g, text *t) {
  t->length = 0;
  state(g, t, 3, "x0=true", "x0=false");
  state(g, t, 3, "x1=true", "x1=false");
  state(g, t, 3, "x2=true", "x2=false");
  state(g, t, 3, "x3=true", "x3=false");
  state(g, t, 2, "y0=true", "y0=false");
  state(g, t, 2, either(g, "y1=true", "y1=none"), "y1=false");
  state(g, t, 3, "n0=1", "n0=3");
  state(g, t, 2, "n1=1", "n1=8");
  state(g, t, 3, "d0=2024-06-02", "d0=2024-05-01");
  state(g, t, 2, "d1=2024-06-01", "d1=2024-05-01");
  state(g, t, 2, "when=2024-05-01", "when=2024-05-02");
  state(g, t, 3, "site=office", "site=home");
  state(g, t, 4, "o0=true", "o0=false");
  if (below(g, 4)) {
    state_events(g, t);
  }
  uint32_t lines = below(g, LINES + 1);
  add(t, "lines=%u ", lines);
  for (uint32_t row = 0; row < lines; row++) {
    state_line(g, t, row);
  }
  t->at[--t->length] = '\0'; // the last blank
}

// ------------------------------------------------------------------------------------------ comparing

static void tell(fixture *f, text *out) {
  soc_policy_info info;
  soc_policy_describe(&f->policy, &info);
  out->length = 0;
  for (uint32_t d = 0; d < info.decision_count; d++) {
    for (f->row = 0; f->row < soc_case_rows(f->c, d); f->row++) {
      add(out, "  %u, row %u: %s", d, f->row, determination_of(f, d));
      add(out, " %s", reasons_of(f, d));
      add(out, ", possible %s", possible_of(f, d));
      add(out, ", missing %s", missing_of(f, d));
      add(out, ", assumed %s", assumed_of(f, d));
      add(out, ", actions %s", actions_of(f, d));
      add(out, ", window %s, units %s\n", window_of(f, d), units_of(f, d));
    }
  }
  f->row = 0;
}

static bool decides_alike(fixture ways[WAYS], const text *facts, uint32_t flags) {
  static text said[WAYS];
  bool alike = true;
  for (int way = 0; way < WAYS; way++) {
    fixture *f = &ways[way];
    give(f, facts->at);
    steps_run = 0;
    alike = soc_case_decide(f->c, flags) == SOC_OK && alike;
    tell(f, &said[way]);
    alike = alike && strcmp(said[way].at, said[0].at) == 0;
    if (steps_run > steps_most(&f->policy, f->c)) {
      printf("%s: %llu instructions, the bound is %llu\n", way_names[way],
             (unsigned long long)steps_run, (unsigned long long)steps_most(&f->policy, f->c));
      alike = false;
    }
  }
  for (int way = 0; way < WAYS && !alike; way++) {
    printf("%s\n%s", way_names[way], said[way].at);
  }
  return alike;
}

static uint64_t count = 6000, first = 1, planned; // of artifacts; the first seed; that have a plan

static fixture open_way(image im, int way) {
  const soc_case_limits limits = {.rows = LINES, .items = 1};
  fixture f = {.im = im};
  assert_int_equal(soc_policy_load(&f.policy, im.bytes, im.length, NULL), SOC_OK);
  if (way == PLAINLY) {
    decide_plainly(&f.policy);
  }
  size_t plan = way == PLANNED ? soc_policy_plan_bytes(&f.policy) : 0;
  f.plan = malloc(plan > 0 ? plan : 1);
  planned += plan > 0 && soc_policy_plan(&f.policy, f.plan, plan, NULL) == SOC_OK;
  size_t size = soc_case_bytes(&f.policy, &limits);
  f.memory = malloc(size);
  memset(f.memory, way == PLAINLY ? 0 : 0xa5, size); // nothing may rely on zeroes
  assert_int_equal(soc_case_init(&f.c, &f.policy, &limits, f.memory, size, NULL), SOC_OK);
  return f;
}

static bool decides_all_alike(uint64_t seed) {
  static text facts;
  generator g = {.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
  fixture ways[WAYS];
  image im = generate(&g);
  bool alike = true;
  for (int way = 0; way < WAYS; way++) {
    ways[way] = open_way(im, way);
  }
  for (int n = 0; n < CASES && alike; n++) {
    draw_case(&g, &facts);
    alike = decides_alike(ways, &facts, below(&g, 3) ? 0 : SOC_DECIDE_EXPLAIN);
  }
  if (!alike) {
    printf("seed %llu, case %s\n", (unsigned long long)seed, facts.at);
  }
  for (int way = 0; way < WAYS; way++) {
    free(ways[way].memory);
    free(ways[way].plan);
  }
  free(im.bytes);
  return alike;
}

static void all_ways_say_the_same(void **state) {
  (void)state;
  uint64_t differ = 0;
  for (uint64_t seed = first; seed < first + count; seed++) {
    differ += !decides_all_alike(seed);
  }
  assert_int_equal(differ, 0);
  assert_in_range(planned, count / 2, count);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(all_ways_say_the_same)};
  count = argc > 1 ? strtoull(argv[1], NULL, 10) : count;
  first = argc > 2 ? strtoull(argv[2], NULL, 10) : first;
  return cmocka_run_group_tests_name("ways", tests, NULL, NULL);
}
