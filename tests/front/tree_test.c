// SPDX-License-Identifier: Apache-2.0
//
// Trees: what the parser makes of conditions, rules and declarations; the real sources; every
// allocation failing once.
#include "compiler/parse.h"
#include "compiler/stdlib.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct front front;

static struct source_file *parse_text(const char *text) {
  uint32_t file;
  struct source_file *tree = NULL;
  front_init(&front, NULL, NULL);
  assert_true(front_add_source(&front, text, strlen(text), "test.soc", &file));
  if (!parse_file(&front, file, &tree))
    for (uint32_t i = 0; i < front.diags.count; i++)
      print_error("%s\n", front.diags.items[i].message);
  assert_int_equal(front.diags.errors, 0);
  assert_non_null(tree);
  return tree;
}

static char *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail_msg("%s cannot be read", path);
  static char buffer[1 << 20];
  *length = fread(buffer, 1, sizeof buffer, file);
  fclose(file);
  return buffer;
}

// ------------------------------------------------------------------ a condition as a line

static char line[4096];

static void out(const char *text) {
  size_t used = strlen(line);
  snprintf(line + used, sizeof line - used, "%s", text);
}

static void out_str(struct str text) {
  size_t used = strlen(line);
  snprintf(line + used, sizeof line - used, "%.*s", (int)text.length, text.data);
}

static void out_literals(const struct literal *l) {
  for (const char *between = ""; l != NULL; l = l->next, between = " ") {
    out(between);
    out_str(l->word.text);
    if (l->kind == LIT_RANGE) {
      out("..");
      out_str(rest_of(l)->high->text);
    }
    if (l->kind == LIT_PREFIX) out("*");
    if (l->unit != UNIT_MISSING) {
      char unit[8];
      snprintf(unit, sizeof unit, ":u%d", (int)l->unit);
      out(unit);
    }
  }
}

static void out_expr(const struct expr *e);

static void out_all(const char *head, const struct expr *first) {
  out(head);
  for (const struct expr *e = first; e != NULL; e = e->next) {
    out(" ");
    if (e->label.text.length > 0) {
      out_str(e->label.text);
      out(":");
    }
    out_expr(e);
  }
  out(")");
}

static void out_two(const char *head, const struct expr *a, const struct expr *b) {
  out(head);
  out_expr(a);
  out(" ");
  out_expr(b);
  out(")");
}

static void out_set(const char *head, const struct expr *operand, const struct literal *set,
                    const struct word *as_of) {
  out(head);
  out_expr(operand);
  out(" [");
  out_literals(set);
  out("]");
  if (as_of != NULL) {
    out(" ");
    out_str(as_of->text);
  }
  out(")");
}

static void out_block(const struct expr *e) {
  static const char *const names[] = {"(all", "(any", "(none", "(at-least"};
  char head[32];
  snprintf(head, sizeof head, e->as.block.kind == BLOCK_AT_LEAST ? "%s-%u" : "%s",
           names[e->as.block.kind], e->as.block.need);
  out_all(head, e->as.block.first);
}

static void out_state(const struct expr *e) {
  static const char *const names[] = {"none ", "empty ", "left-out "};
  out(e->as.state.negated ? "(is-not-" : "(is-");
  out(names[e->as.state.state]);
  out_expr(e->as.state.operand);
  out(")");
}

static void out_lines(const struct expr *e) {
  static const char *const which[] = {"lines", "other", "earlier"};
  if (e->as.rows->over == OVER_LINES) out(which[e->as.rows->which]);
  if (e->as.rows->over == OVER_RELATED) out("related");
  if (e->as.rows->over == OVER_CHAIN) out("chain");
  if (e->as.rows->by.text.length > 0) out("-");
  out_str(e->as.rows->by.text);
  out(e->as.rows->same_date ? "-same-date" : "");
}

static void out_rows(const struct expr *e) {
  static const char *const names[] = {"(some ", "(every ", "(no ", "(number ", "(sum "};
  out(names[e->as.rows->kind]);
  if (e->as.rows->over == OVER_LIST)
    out_str(e->as.rows->list.text);
  else
    out_lines(e);
  out(" ");
  if (e->as.rows->value != NULL) out_str(e->as.rows->value->as.name.name.text);
  out(e->as.rows->value != NULL ? " " : "");
  out_expr(e->as.rows->body);
  out(")");
}

static void out_window(const struct expr *e) {
  out(e->kind == EXPR_FIRST ? "(first " : "(within ");
  out_expr(e->as.window.date);
  out(" ");
  out_expr(e->as.window.length);
  out(" ");
  out_expr(e->as.window.start);
  out(")");
}

static void out_expr(const struct expr *e) {
  static const char *const relations[] = {"(= ", "(<> ", "(< ", "(<= ", "(> ", "(>= "};
  static const char *const dates[] = {"(= ", "(<> ", "(before ", "(by ", "(after ", "(from "};
  static const char *const modes[] = {"(includes-any ", "(includes-all ", "(includes-only ",
                                      "(includes-none "};
  switch (e->kind) {
  case EXPR_BLOCK: out_block(e); break;
  case EXPR_NOT:
    out("(not ");
    out_expr(e->as.not_.operand);
    out(")");
    break;
  case EXPR_NAME:
    out(e->as.name.own ? "this:" : "");
    out_str(e->as.name.name.text);
    out(e->as.name.if_given ? "?" : "");
    break;
  case EXPR_LITERAL: out_literals(e->as.literal); break;
  case EXPR_COMPARE:
    out_two((e->as.compare.date_words ? dates : relations)[e->as.compare.rel], e->as.compare.left,
            e->as.compare.right);
    break;
  case EXPR_IN: out_set("(in ", e->as.in.operand, e->as.in.set, e->as.in.as_of); break;
  case EXPR_STATE: out_state(e); break;
  case EXPR_INCLUDES:
    out_set(modes[e->as.includes.mode], e->as.includes.list, e->as.includes.set,
            e->as.includes.as_of);
    break;
  case EXPR_FIRST:
  case EXPR_WITHIN: out_window(e); break;
  case EXPR_ROWS: out_rows(e); break;
  case EXPR_ARITH:
    out_two(e->as.arith.minus ? "(- " : "(+ ", e->as.arith.left, e->as.arith.right);
    break;
  case EXPR_QUOTIENT: out_two("(/ ", e->as.quotient.left, e->as.quotient.right); break;
  case EXPR_PICK: out_all(e->as.pick.latest ? "(latest" : "(earliest", e->as.pick.first); break;
  case EXPR_AGE: out_two("(age ", e->as.span_of.from, e->as.span_of.to); break;
  case EXPR_DAYS: out_two("(days ", e->as.span_of.from, e->as.span_of.to); break;
  }
}

static void check(const char *condition, const char *expected) {
  char text[1024];
  snprintf(text, sizeof text, "soc 1\nlibrary \"x\"\ncriterion c \"s\" cite \"c\" met when %s",
           condition);
  const struct decl_criterion *c = (const struct decl_criterion *)parse_text(text)->decls;
  assert_int_equal(c->d.tag, DECL_CRITERION);
  line[0] = '\0';
  out_expr(c->when);
  assert_string_equal(line, expected);
  struct str covered = sources_text(&front.sources, c->when->span);
  assert_int_equal(covered.length, strlen(condition)); // the span is all of it
  assert_memory_equal(covered.data, condition, covered.length);
  front_free(&front);
}

static void test_conditions(void **state) {
  (void)state;
  check("a", "a");
  check("a if given", "a?");
  check("not not a", "(not (not a))");
  check("all of { a; b }", "(all a b)");
  check("any of {\n x: a\n\n y: all of { b }\n}", "(any x:a y:(all b))");
  check("at least 2 of { a; b; c }", "(at-least-2 a b c)");
  check("none of { a }", "(none a)");
  check("not a = b", "(not (= a b))");
  check("a differs from b if given", "(<> a b?)");
  check("a on or before b", "(by a b)");
  check("a on or after b", "(from a b)");
  check("a after 2024-12-05", "(after a 2024-12-05)");
  check("a <= 50 %", "(<= a 50:u5)");
  check("a = b + 6 months - c - 1 day", "(= a (- (- (+ b 6:u2) c) 1:u1))");
  check("d in first 90 days from e + 1 day", "(first d 90:u1 (+ e 1:u1))");
  check("d in first first_course from e", "(first d first_course e)");
  check("d within 2 months of e", "(within d 2:u2 e)");
  check("a is none", "(is-none a)");
  check("a is not left out", "(is-not-left-out a)");
  check("a in s as of d", "(in a [s] d)");
  check("a in { J1, 011*, C1..C2\n \"x\" }", "(in a [J1 011* C1..C2 x])");
  check("a includes s", "(includes-any a [s])");
  check("a includes only { b, c } as of d", "(includes-only a [b c] d)");
  check("some record of l has all of { a; b }", "(some l (all a b))");
  check("no record of l has not a", "(no l (not a))");
  check("number of records of l with { a = b } >= 2", "(>= (number l (= a b)) 2)");
  check("number of records of l with any of { a; b } >= 2", "(>= (number l (any a b)) 2)");
  check("earliest of { a, b + 1 day } = latest of {\n a\n b\n}",
        "(= (earliest a (+ b 1:u1)) (latest a b))");
  check("completed years from a + 1 day to b + 1 year >= 13 years",
        "(>= (+ (age (+ a 1:u1) b) 1:u3) 13:u3)");
  check("days from a to b > 30 days", "(> (days a b) 30:u1)");
  check("unit = 3 base units per unit", "(= unit 3:u9)");
}

static void test_lines(void **state) {
  (void)state;
  check("some line has a", "(some lines a)");
  check("every other line has a = b", "(every other (= a b))");
  check("no earlier line on the same date has any of { a; b }", "(no earlier-same-date (any a b))");
  check("some line with a has b", "(some lines (all a b))");
  check("every other line on the same date with a = b has c",
        "(every other-same-date (any (not (= a b)) c))");
  check("no line with not a has b", "(no lines (all (not a) b))");
  check("the related line has a", "(some related a)");
  check("the related line by b has not a", "(some related-b (not a))");
  check("some line up the chain of r has a", "(some chain-r a)");
  check("number of other lines with { a } >= 2", "(>= (number other a) 2)");
  check("sum of units of earlier lines on the same date with any of { a; b } + units > 24 units",
        "(> (+ (sum earlier-same-date units (any a b)) units) 24:u10)");
  check("a = this line's a", "(= a this:a)");
  check("this line's a if given differs from a", "(<> this:a? a)");
  check("units differs from a / b rounded up to a whole unit", "(<> units (/ a b))");
  check("number = sum", "(= number sum)"); // names, as nothing follows that makes them more
  check("this = the", "(= this the)");
}

static void check_quantity(const char *value, const char *expected) {
  char text[1024];
  snprintf(text, sizeof text,
           "soc 1\nlibrary \"x\"\neach line of a.b {\n quantity q = %s \"s\" cite \"c\"\n}", value);
  const struct decl_quantity *q = (const struct decl_quantity *)parse_text(text)->decls;
  assert_int_equal(q->d.tag, DECL_QUANTITY);
  assert_true(str_is(q->d.rows->text, "a.b") && str_is(q->d.text->text, "s"));
  line[0] = '\0';
  out_expr(q->value);
  assert_string_equal(line, expected);
  front_free(&front);
}

static void test_quantities(void **state) {
  (void)state;
  check_quantity("number of earlier lines with a = b", "(number earlier (= a b))");
  check_quantity("sum of u of lines on the same date with a", "(sum lines-same-date u a)");
  check_quantity("number of lines with any of { a; b } + 1", "(+ (number lines (any a b)) 1)");
  check_quantity("a + 1", "(+ a 1)");
}

static void test_each_line(void **state) {
  (void)state;
  const struct decl *d = parse_text("soc 1\nlibrary \"x\"\n"
                                    "each line of l {\n"
                                    " criterion a \"s\" cite \"c\" met when b\n"
                                    " replace criterion c \"s\" cite \"c\" met when b\n"
                                    " rules r { eligible as x when a }\n"
                                    "}\n"
                                    "criterion d \"s\" cite \"c\" met when b\n")
                             ->decls;
  assert_true(str_is(d->rows->text, "l"));
  assert_int_equal(d->next->tag, DECL_REPLACE);
  assert_true(str_is(((const struct decl_replace *)d->next)->with->rows->text, "l"));
  assert_int_equal(d->next->next->tag, DECL_RULES);
  assert_true(str_is(((const struct decl_rules *)d->next->next)->rules->label.text, "x"));
  assert_null(d->next->next->next->rows);
  assert_null(d->next->next->next->next);
  front_free(&front);
}

// ------------------------------------------------------------------ declarations

static void test_everything(void **state) {
  (void)state;
  size_t length;
  char *text = read_file("tests/front/data/everything.soc", &length);
  text[length] = '\0';
  const struct source_file *file = parse_text(text);
  uint32_t counts[DECL_TABLE + 1] = {0};
  for (const struct decl *d = file->decls; d != NULL; d = d->next) counts[d->tag]++;
  static const uint32_t expected[DECL_TABLE + 1] = {
      [DECL_USE] = 1,       [DECL_ENUMERATION] = 2, [DECL_FACT] = 15,        [DECL_LIST] = 2,
      [DECL_REASON] = 1,    [DECL_DERIVE_SITE] = 1, [DECL_DERIVE_VALUE] = 1, [DECL_CONSTANT] = 5,
      [DECL_SET] = 5,       [DECL_CRITERION] = 1,   [DECL_RULES] = 1,        [DECL_DECISION] = 2,
      [DECL_ASK_ORDER] = 1, [DECL_SAMPLE] = 3,      [DECL_TEST] = 5,         [DECL_TABLE] = 3};
  assert_memory_equal(counts, expected, sizeof counts);
  assert_true(str_is(file->head.id.text, "a/b"));
  assert_true(str_is(file->head.revised->text, "2024-08-13"));
  front_free(&front);
}

static const struct table_row *table_of(const char *text) {
  char source[512];
  snprintf(source, sizeof source, "soc 1\nlibrary \"x\"\ntest table \"t\" cite \"c\" {\n%s\n}",
           text);
  const struct decl_table *table = (const struct decl_table *)parse_text(source)->decls;
  assert_int_equal(table->d.tag, DECL_TABLE);
  assert_true(str_is(table->d.name.text, "t"));
  assert_true(str_is(table->d.cite->text, "c"));
  return table->rows;
}

static void test_tables(void **state) {
  (void)state;
  const struct table_row *row =
      table_of("given s\n| \"n\" | f.g | expect d | expect line 7 of e |\n"
               "| \"one\" | unknown | pend missing { f } | |\n|x|");
  static const enum cell_kind top[] = {COLUMN_NAMES, COLUMN_FACT, COLUMN_EXPECT, COLUMN_EXPECT};
  static const enum cell_kind first[] = {CELL_VALUE, CELL_VALUE, CELL_OUTCOME, CELL_EMPTY};
  const struct table_cell *cell = row->cells;
  for (int i = 0; i < 4; i++, cell = cell->next) assert_int_equal(cell->kind, top[i]);
  assert_null(cell);
  assert_true(str_is(row->cells->next->as.head->name.text, "f.g"));
  assert_true(str_is(row->last->as.head->name.text, "e"));
  assert_true(str_is(row->last->as.head->line->text, "7"));
  row = row->next;
  cell = row->cells;
  for (int i = 0; i < 4; i++, cell = cell->next) assert_int_equal(cell->kind, first[i]);
  cell = row->cells->next;
  assert_int_equal(cell->given, GIVEN_UNKNOWN);
  assert_true(str_is(sources_text(&front.sources, cell->span), "unknown"));
  assert_true(str_is(sources_text(&front.sources, cell->next->span), "pend missing { f }"));
  assert_true(str_is(sources_text(&front.sources, row->last->span), "| |"));
  assert_true(str_is(sources_text(&front.sources, row->next->span), "|x|"));
  assert_null(row->next->next);
  front_free(&front);
}

static void test_heads_of_tests(void **state) {
  (void)state;
  const struct source_file *file =
      parse_text("soc 1\ntests for \"./a\",\n \"./b\"\nsample s { }\n");
  assert_int_equal(file->kind, FILE_TESTS);
  assert_int_equal(file->version_count, 2);
  assert_true(str_is(file->versions->next->word.text, "./b"));
  assert_int_equal(file->decls->tag, DECL_SAMPLE);
  front_free(&front);
}

static const struct rule *rule_of(const char *text) {
  char source[512];
  snprintf(source, sizeof source, "soc 1\nlibrary \"x\"\nrules r {\n%s\n}", text);
  return ((const struct decl_rules *)parse_text(source)->decls)->rules;
}

static void test_rules(void **state) {
  (void)state;
  const struct rule *r = rule_of(
      "not applicable A as b unless c\n \"s\" cite \"x\"\n action d if e action f and stop");
  assert_int_equal(r->determination, SAY_NOT_APPLICABLE);
  assert_true(str_is(r->code.text, "A") && str_is(r->label.text, "b"));
  assert_true(r->unless && r->stop && !r->one_time);
  assert_true(str_is(r->text->text, "s") && str_is(r->cite->text, "x"));
  assert_true(str_is(r->actions->name.text, "d") && r->actions->when != NULL);
  assert_true(str_is(r->actions->next->name.text, "f") && r->actions->next->when == NULL);
  front_free(&front);
  r = rule_of("within a {\n refer B because C because D when e\n}\ninclude f");
  assert_int_equal(r->kind, RULE_WITHIN);
  assert_true(str_is(r->body->grounds->next->code.text, "D"));
  assert_null(r->body->next);
  assert_int_equal(r->next->kind, RULE_INCLUDE);
  front_free(&front);
  r = rule_of("pend A while open B if c from d through e redirect { x, y } one time");
  assert_true(str_is(r->open_code.text, "B") && r->open_when != NULL && r->when == NULL);
  assert_true(r->from != NULL && r->through != NULL && r->one_time);
  assert_true(str_is(r->redirect->next->word.text, "y"));
  front_free(&front);
  r = rule_of("deny A when b stands 1 - c at least 0\nresubmit A as x stands d");
  line[0] = '\0';
  out_expr(r->stands);
  assert_string_equal(line, "(latest (- 1 c) 0)");
  assert_true(str_is(r->next->stands->as.name.name.text, "d"));
  front_free(&front);
}

static void test_texts_are_unescaped(void **state) {
  (void)state;
  const struct source_file *file = parse_text("soc 1\nlibrary \"a \\\"b\\\" \\\\\"");
  assert_true(str_is(file->name.text, "a \"b\" \\"));
  front_free(&front);
}

static void test_standard_library(void **state) {
  (void)state;
  const struct stdlib_file *file = stdlib_find(str_of("vocabulary/case"));
  assert_non_null(file);
  assert_int_equal(strlen(file->text), *file->length);
  assert_null(stdlib_find(str_of("vocabulary")));
  assert_int_equal(parse_text(file->text)->kind, FILE_VOCABULARY);
  front_free(&front);
}

static void test_premera(void **state) {
  (void)state;
  size_t length;
  char *text = read_file("policies/premera/11.01.523/2023-03-01.soc", &length);
  text[length] = '\0';
  assert_int_equal(parse_text(text)->kind, FILE_POLICY);
  front_free(&front);
}

// ------------------------------------------------------------------ limits

static void test_a_million_alternatives(void **state) {
  (void)state;
  enum { COUNT = 1000000 };
  static const char head[] =
      "soc 1\nlibrary \"x\"\ncriterion c \"s\" cite \"c\" met when any of {\n";
  char *text = malloc(sizeof head + COUNT * 2 + 2);
  assert_non_null(text);
  size_t length = sizeof head - 1;
  memcpy(text, head, length);
  for (size_t i = 0; i < COUNT; i++, length += 2) memcpy(text + length, "a\n", 2);
  memcpy(text + length, "}", 2);
  const struct decl_criterion *c = (const struct decl_criterion *)parse_text(text)->decls;
  assert_int_equal(c->when->as.block.count, COUNT);
  assert_true(front.arena.used < 600U * COUNT);
  front_free(&front);
  free(text);
}

static void check_repeated(const char *start, const char *text, uint32_t nesting,
                           enum diag_code code) {
  char *source = malloc(4000000);
  uint32_t file, length;
  struct source_file *tree;
  assert_non_null(source);
  length = (uint32_t)snprintf(
      source, 100, "soc 1\nlibrary \"x\"\ncriterion c \"s\" cite \"c\" met when %s", start);
  while (length < 3900000) length += (uint32_t)snprintf(source + length, 100, "%s", text);
  front_init(&front, NULL, &(soc_compile_limits){.nesting = nesting});
  assert_true(front_add_source(&front, source, length, "test.soc", &file));
  assert_false(parse_file(&front, file, &tree));
  assert_int_equal(front.diags.errors, 1);
  assert_int_equal(front.diags.items[0].code, code);
  front_free(&front);
  free(source);
}

static void test_endless_nesting(void **state) {
  (void)state;
  static const char *const conditions[] = {"not ", "all of { ",
                                           "all of {\n x: ", "some record of l has "};
  static const char *const operands[] = {"earliest of { ", "completed years from ", "a + ",
                                         "days from a to days from ",
                                         "number of records of l with { b = "};
  for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
    check_repeated("", conditions[i], 0, DIAG_TOO_DEEP);
    check_repeated("", conditions[i], UINT32_MAX,
                   DIAG_TOO_DEEP); // what may be asked for has a bound
  }
  for (size_t i = 0; i < sizeof operands / sizeof operands[0]; i++) {
    check_repeated("a = ", operands[i], 0, DIAG_TOO_DEEP);
    check_repeated("a = ", operands[i], UINT32_MAX, DIAG_TOO_DEEP);
  }
  check_repeated("", "( ", 0, DIAG_UNEXPECTED);
  check_repeated("", "a: ", 0, DIAG_UNEXPECTED);
}

// ------------------------------------------------------------------ memory

struct counter {
  size_t live, calls, fail_from, fail_to;
};

static void *counted(void *ctx, void *p, size_t old_size, size_t new_size) {
  struct counter *counter = ctx;
  if (new_size > 0) {
    counter->calls++;
    if (counter->calls >= counter->fail_from && counter->calls <= counter->fail_to) return NULL;
  }
  counter->live = counter->live - old_size + new_size;
  if (new_size == 0) {
    free(p);
    return NULL;
  }
  return realloc(p, new_size);
}

// Parses with every node in a block of its own, so that each of them can be the one that fails.
static bool parse_counted(struct counter *counter, const char *text, size_t length) {
  uint32_t file;
  struct source_file *tree = NULL;
  front_init(&front, &(soc_allocator){counted, counter}, NULL);
  front.arena.next_block = 1;
  bool good =
      front_add_source(&front, text, length, "test.soc", &file) && parse_file(&front, file, &tree);
  assert_int_equal(front.arena.out_of_memory, counter->calls >= counter->fail_from);
  diag_finish(&front.diags);
  for (uint32_t i = 0; i < front.diags.count; i++) {
    soc_diagnostic d;
    diag_view(&front.diags, i, &d);
  }
  front_free(&front);
  assert_int_equal(counter->live, 0);
  return good;
}

static void fail_each(const char *path, size_t step) {
  size_t length;
  const char *text = read_file(path, &length);
  struct counter all = {.fail_from = SIZE_MAX};
  bool good = parse_counted(&all, text, length);
  for (size_t n = 1; n <= all.calls; n += step) {
    struct counter once = {.fail_from = n, .fail_to = n},
                   always = {.fail_from = n, .fail_to = SIZE_MAX};
    assert_false(parse_counted(&once, text, length));
    assert_false(parse_counted(&always, text, length));
  }
  assert_true(good || strstr(path, "errors") != NULL);
}

static void test_each_allocation_fails(void **state) {
  (void)state;
  fail_each("tests/front/data/everything.soc", 1);
  fail_each("tests/language/errors/syntax.soc", 1);
  fail_each("policies/premera/11.01.523/2023-03-01.soc", 97);
  fail_each("tests/language/errors/versions.soc", 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_conditions),
      cmocka_unit_test(test_lines),
      cmocka_unit_test(test_quantities),
      cmocka_unit_test(test_each_line),
      cmocka_unit_test(test_everything),
      cmocka_unit_test(test_tables),
      cmocka_unit_test(test_heads_of_tests),
      cmocka_unit_test(test_rules),
      cmocka_unit_test(test_texts_are_unescaped),
      cmocka_unit_test(test_standard_library),
      cmocka_unit_test(test_premera),
      cmocka_unit_test(test_a_million_alternatives),
      cmocka_unit_test(test_endless_nesting),
      cmocka_unit_test(test_each_allocation_fails),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
