// SPDX-License-Identifier: Apache-2.0
//
// See syntax.h. The list of what could stand at a place is made readable: kinds that always come
// together have one name ("a condition", "a unit such as `days`"), a name is called by what it
// would name, and the list has an end.
#include "compiler/syntax.h"

#include "compiler/types.h"
#include "grammar.h"

#include <string.h>

enum { KINDS = 256, LIST_SIZE = 400, LIST_ITEMS = 7 };

struct expectation_list {
  char text[LIST_SIZE];
  uint32_t length, items, total;
  bool kinds[KINDS];
};

// ------------------------------------------------------------------ kinds that come together

struct group {
  const char *name;
  uint8_t kinds
      [28]; // ends with 0; all of the first `needed` must be expected, the others are merely covered
  uint8_t needed;
};

static const struct group groups[] = {
    {"a declaration (`criterion`, `set`, `rules`, `decision`, `test` and so on)",
     {TK_CRITERION, TK_FACT,     TK_TEST,    TK_USE,    TK_ENUMERATION, TK_LIST, TK_REASON,
      TK_DERIVE,    TK_CONSTANT, TK_SET,     TK_RULES,  TK_DECISION,    TK_ASK,  TK_SAMPLE,
      TK_EACH,      TK_QUANTITY, TK_REPLACE, TK_REMOVE, TK_CHANGE,      TK_NOT},
     3},
    {"what kind of file it is: `policy`, `library`, `vocabulary` or `tests for`",
     {TK_POLICY, TK_LIBRARY, TK_VOCABULARY, TK_TESTS},
     4},
    {"a fact, `expect` and a decision, or a text in quotes",
     {TK_NAME, TK_EXPECT, TK_STRING, TK_NL},
     3},
    {"a value, an outcome or `|`",
     {TK_NAME, TK_NUMBER, TK_UNKNOWN, TK_EMPTY, TK_NONE, TK_DATE, TK_STRING, TK_CODE, TK_LBRACE,
      TK_BAR, TK_APPROVE, TK_REFER, TK_PEND, TK_ELIGIBLE, TK_DENY, TK_RESUBMIT, TK_NOT, TK_NL},
     17},
    {"a type such as `date`, `boolean`, `decimal` or `one of { ... }`",
     {TK_BOOLEAN, TK_INTEGER, TK_TEXT_TYPE, TK_DATE_TYPE, TK_DECIMAL, TK_LINE, TK_CODE_TYPE, TK_ONE,
      TK_LIST, TK_NAME},
     2},
    {"`code`, `one of { ... }` or the name of an enumeration", {TK_CODE_TYPE, TK_ONE, TK_NAME}, 3},
    {"a rule such as `approve` or `refer`, `include` or `within`",
     {TK_APPROVE, TK_INCLUDE, TK_WITHIN, TK_REFER, TK_PEND, TK_ELIGIBLE, TK_DENY, TK_RESUBMIT,
      TK_NOT, TK_LONGEST, TK_REPORT},
     3},
    {"a determination such as `approve`, `refer` or `not applicable`",
     {TK_APPROVE, TK_REFER, TK_PEND, TK_ELIGIBLE, TK_DENY, TK_RESUBMIT, TK_NOT},
     2},
    {"`applicable`, `separate` or `addressed`", {TK_APPLICABLE, TK_SEPARATE, TK_ADDRESSED}, 3},
    {"a condition",
     {TK_ALL,    TK_ANY,       TK_NAME,   TK_NONE,      TK_AT,     TK_NOT,  TK_SOME,
      TK_EVERY,  TK_NO,        TK_NUMBER, TK_DATE,      TK_STRING, TK_CODE, TK_EARLIEST,
      TK_LATEST, TK_COMPLETED, TK_DAYS,   TK_NUMBER_OF, TK_SUM,    TK_THE,  TK_THIS},
     3},
    {"a value",
     {TK_NAME, TK_NUMBER, TK_EARLIEST, TK_DATE, TK_STRING, TK_CODE, TK_LATEST, TK_COMPLETED,
      TK_DAYS, TK_NUMBER_OF, TK_SUM, TK_THIS},
     3},
    {"a value, `none`, `empty`, `unknown` or a list in braces",
     {TK_NAME, TK_NUMBER, TK_UNKNOWN, TK_EMPTY, TK_NONE, TK_DATE, TK_STRING, TK_CODE, TK_LBRACE},
     5},
    {"a code, text, name or number",
     {TK_NAME, TK_NUMBER, TK_PREFIX, TK_DATE, TK_STRING, TK_CODE},
     3},
    {"a value", {TK_NAME, TK_NUMBER, TK_DATE, TK_STRING, TK_CODE}, 3},
    {"a code", {TK_NUMBER, TK_CODE, TK_PREFIX}, 2},
    {"a comparison such as `=`, `before`, `in` or `is none`",
     {TK_EQ, TK_IN, TK_BEFORE, TK_LT, TK_LE, TK_GT, TK_GE, TK_DIFFERS, TK_AFTER, TK_ON, TK_WITHIN,
      TK_INCLUDES, TK_IS, TK_PLUS, TK_MINUS, TK_SLASH},
     3},
    {"a further part of the rule (a sentence, `cite`, `through`, `and stop`, `action` and so on)",
     {TK_REDIRECT, TK_BECAUSE, TK_WHILE, TK_STRING, TK_CITE, TK_AND, TK_ONE, TK_FROM, TK_THROUGH,
      TK_ACTION, TK_STANDS},
     3},
    {"a further part of the expectation (`missing`, `also`, `through` and so on)",
     {TK_MISSING, TK_ALSO, TK_POSSIBLE, TK_THROUGH, TK_REDIRECT, TK_ACTION, TK_ASSUMED, TK_UNITS},
     3},
    {"a unit such as `days` or `miles`",
     {TK_DAYS, TK_MILES, TK_MONTHS, TK_YEARS, TK_PERCENT, TK_HOURS, TK_ML, TK_UNITS, TK_BASE},
     3},
    {"`+` or `-`", {TK_PLUS, TK_MINUS, TK_SLASH}, 2},
};

// ------------------------------------------------------------------ what a name would name

struct context {
  uint8_t after, expected;
  const char *name;
};

static const struct context contexts[] = {
    {TK_CRITERION, TK_NAME, "a name for the criterion"},
    {TK_CRITERION, TK_STRING, "a sentence in quotes"},
    {TK_FACT, TK_NAME, "a name for the fact"},
    {TK_LIST, TK_NAME, "a name for the list"},
    {TK_SET, TK_NAME, "a name for the set"},
    {TK_RULES, TK_NAME, "a name for the rules"},
    {TK_DECISION, TK_NAME, "a name for the decision"},
    {TK_SAMPLE, TK_NAME, "a name for the sample"},
    {TK_CONSTANT, TK_NAME, "a name for the constant"},
    {TK_ENUMERATION, TK_NAME, "a name for the enumeration"},
    {TK_DERIVE, TK_NAME, "a name for the derived value"},
    {TK_INCLUDE, TK_NAME, "the name of a `rules`"},
    {TK_EXPECT, TK_NAME, "the name of a decision"},
    {TK_GIVEN, TK_NAME, "the name of a sample"},
    {TK_LIKE, TK_NAME, "the name of a sample"},
    {TK_ASKS, TK_NAME, "the name of a fact"},
    {TK_BASIS, TK_NAME, "the name of a date fact"},
    {TK_ACTION, TK_NAME, "the name of an action"},
    {TK_AS, TK_NAME, "a name for the rule"},
    {TK_REASON, TK_CODE, "a reason code in capitals"},
    {TK_BECAUSE, TK_CODE, "a reason code in capitals"},
    {TK_OPEN, TK_CODE, "a reason code in capitals"},
    {TK_NAME, TK_IF, "`if given`"},
    {TK_CITE, TK_STRING, "a place in the document, in quotes"},
    {TK_TEST, TK_STRING, "a title in quotes"},
    {TK_USE, TK_STRING, "the name of a file in quotes"},
    {TK_POLICY, TK_STRING, "the policy's identifier in quotes"},
};

static const char *plain_name(uint32_t kind) {
  switch (kind) {
  case 0: return "the end of the file";
  case TK_NL: return "the end of the line";
  case TK_NAME: return "a name";
  case TK_STRING: return "a text in quotes";
  case TK_NUMBER: return "a number";
  case TK_DATE: return "a date such as 2024-12-05";
  case TK_CODE: return "a code in capitals";
  case TK_PREFIX: return "the beginning of a code such as 011*";
  default: return NULL;
  }
}

static const char *name_of(uint32_t kind, uint32_t after) {
  for (size_t i = 0; i < sizeof contexts / sizeof contexts[0]; i++)
    if (contexts[i].after == after && contexts[i].expected == kind) return contexts[i].name;
  return plain_name(kind);
}

// ------------------------------------------------------------------ the list

static void append(struct expectation_list *list, const char *text) {
  size_t length = strlen(text);
  if (list->length + length >= LIST_SIZE) return;
  memcpy(list->text + list->length, text, length + 1);
  list->length += (uint32_t)length;
}

static void add(struct expectation_list *list, const char *name, bool word) {
  list->items++;
  if (list->items > LIST_ITEMS) return;
  if (list->items > 1)
    append(list, list->items == list->total || list->items == LIST_ITEMS ? " or " : ", ");
  append(list, word ? "`" : "");
  append(list, name);
  append(list, word ? "`" : "");
}

static bool take_group(struct expectation_list *list, const struct group *group) {
  for (uint32_t i = 0; i < group->needed; i++)
    if (!list->kinds[group->kinds[i]]) return false;
  for (uint32_t i = 0; group->kinds[i] != 0; i++) list->kinds[group->kinds[i]] = false;
  return true;
}

static void add_kind(struct expectation_list *list, uint32_t kind, uint32_t after) {
  if (!list->kinds[kind]) return;
  const char *name = name_of(kind, after);
  if (name != NULL)
    add(list, name, false);
  else if (kind_text(kind) != NULL)
    add(list, kind_text(kind), true);
}

// Words in the order of the alphabet, signs, general kinds, and the end of the line last.
static void write_list(struct expectation_list *list, uint32_t after) {
  for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
    if (take_group(list, &groups[i])) add(list, groups[i].name, false);
  for (uint32_t kind = TK_A; kind < TK_KINDS; kind++) add_kind(list, kind, after);
  for (uint32_t kind = TK_LBRACE; kind < TK_A; kind++) add_kind(list, kind, after);
  for (uint32_t kind = TK_NAME; kind < TK_LBRACE; kind++) add_kind(list, kind, after);
  add_kind(list, TK_NL, after);
  if (list->items == 0) add_kind(list, 0, after);
}

static void expected_kinds(const struct parse *cx, bool kinds[KINDS]) {
  memset(kinds, 0, KINDS * sizeof kinds[0]);
  for (uint32_t kind = 0; kind < TK_KINDS; kind++)
    kinds[kind] =
        kind != TK_SYNC && kind != TK_RESUME && kind != TK_BAD && parser_expects(cx->parser, kind);
}

// Written twice: once to count, once to put "or" before the last.
static void list_expected(const struct parse *cx, struct expectation_list *list) {
  bool kinds[KINDS];
  expected_kinds(cx, kinds);
  *list = (struct expectation_list){.length = 0};
  memcpy(list->kinds, kinds, sizeof kinds);
  write_list(list, cx->previous.kind);
  uint32_t total = list->items;
  *list = (struct expectation_list){.total = total};
  memcpy(list->kinds, kinds, sizeof kinds);
  write_list(list, cx->previous.kind);
}

// ------------------------------------------------------------------ near words

static struct suggestion near_word(const struct parse *cx, struct str wanted, bool expected_only) {
  struct suggestion s = suggest_for(wanted);
  if (wanted.length == 2) s.distance = 2; // `al` for `all`
  for (uint32_t kind = TK_KINDS - 1; kind > 0; kind--) {
    const char *text = kind_text(kind);
    if (text != NULL && text[0] >= 'a' && text[0] <= 'z' && text[1] != '\0' &&
        (!expected_only || parser_expects(cx->parser, kind)))
      suggest_offer(&s, str_of(text));
  }
  return s;
}

static struct str text_of(const struct parse *cx, uint32_t start, uint32_t end) {
  struct str text = {cx->text + start, end - start};
  return text;
}

// `al of { ...`: the word before was taken as a name, and only this one shows that it was not meant
// as one.
static void suggest_for_previous(const struct parse *cx, struct diag *d) {
  if (cx->previous.kind != TK_NAME || cx->previous.end - cx->previous.start > 12) return;
  struct str previous = text_of(cx, cx->previous.start, cx->previous.end);
  struct suggestion s = near_word(cx, previous, false);
  if (s.best.length > 0 && s.distance == 1)
    diag_help(&cx->front->diags, d, "did you mean `%w` where `%w` stands?", s.best, previous);
}

static bool is_word(uint32_t kind) {
  const char *text = kind_text(kind);
  return text != NULL && text[0] >= 'a' && text[0] <= 'z';
}

// Between the bars of a table.
static const char *help_in_cell(const struct parse *cx, uint32_t kind) {
  uint32_t before = cx->previous.kind;
  if (kind == TK_MINUS || kind == TK_SLASH || (kind == TK_OUT && before == TK_LEFT))
    return "leave the cell empty if it says nothing; a fact that nobody knows is `unknown`";
  if (before == TK_EXPECT)
    return "the top row says `expect` and the decision, the cell what it decides";
  if (kind == TK_NAME || is_word(kind)) return "a name of several words stands in quotes";
  return NULL;
}

// How people put what the language has another word for.
struct wording {
  const char *said, *next, *meant; // `next`: the word behind it, if that matters
};

static const struct wording comparisons[] = {
    {"less", NULL, "<"},         {"fewer", NULL, "<"},     {"under", NULL, "<"},
    {"below", NULL, "<"},        {"younger", NULL, "<"},   {"more", NULL, ">"},
    {"greater", NULL, ">"},      {"over", NULL, ">"},      {"above", NULL, ">"},
    {"older", NULL, ">"},        {"exceeds", NULL, ">"},   {"at", "most", "<="},
    {"at", "least", ">="},       {"equal", NULL, "="},     {"equals", NULL, "="},
    {"earlier", NULL, "before"}, {"later", NULL, "after"},
};

static const struct wording numbers[] = {
    {"one", NULL, "1"},  {"two", NULL, "2"},  {"three", NULL, "3"}, {"four", NULL, "4"},
    {"five", NULL, "5"}, {"six", NULL, "6"},  {"seven", NULL, "7"}, {"eight", NULL, "8"},
    {"nine", NULL, "9"}, {"ten", NULL, "10"},
};

static struct str next_word(struct parse *cx) {
  struct token next = tokens_peek(&cx->tokens, 0);
  return text_of(cx, next.start, next.end);
}

static const char *meant_by(struct parse *cx, const struct wording *list, size_t count,
                            struct str said) {
  for (size_t i = 0; i < count; i++)
    if (str_is(said, list[i].said) && (list[i].next == NULL || str_is(next_word(cx), list[i].next)))
      return list[i].meant;
  return NULL;
}

static bool is_comparing(uint32_t kind) {
  return kind == TK_EQ || kind == TK_LT || kind == TK_LE || kind == TK_GT || kind == TK_GE ||
         kind == TK_IN || kind == TK_BEFORE || kind == TK_AFTER || kind == TK_ON ||
         kind == TK_WITHIN || kind == TK_DIFFERS || kind == TK_INCLUDES;
}

static bool begins_value(uint32_t kind) {
  return kind == TK_NAME || kind == TK_CODE || kind == TK_NUMBER || kind == TK_DATE ||
         kind == TK_STRING || is_word(kind);
}

// `age less than 12 years`, `age is 12 years`
static bool help_comparing(struct parse *cx, struct diag *d, uint32_t kind, struct str said) {
  uint32_t before = cx->previous.kind;
  bool is = (before == TK_IS || before == TK_NOT) && parser_expects(cx->parser, TK_EMPTY);
  if (!is && !parser_expects(cx->parser, TK_LT)) return false;
  const char *meant = meant_by(cx, comparisons, sizeof comparisons / sizeof *comparisons, said);
  if (is && before == TK_NOT && (meant != NULL || is_comparing(kind)))
    diag_help(&cx->front->diags, d, "write `not` before the whole comparison, without `is`");
  else if (meant != NULL)
    diag_help(&cx->front->diags, d, is ? "write `%s` without `is`" : "write `%s`", meant);
  else if (is && is_comparing(kind))
    diag_help(&cx->front->diags, d, "leave out `is`");
  else if (is && begins_value(kind))
    diag_help(&cx->front->diags, d, "write `%s`: only none, empty and left out are asked with `%s`",
              before == TK_IS ? "=" : "differs from", before == TK_IS ? "is" : "is not");
  else
    return false;
  return true;
}

static bool is_determination(uint32_t kind) {
  return kind == TK_APPROVE || kind == TK_REFER || kind == TK_PEND || kind == TK_APPLICABLE ||
         kind == TK_ELIGIBLE || kind == TK_DENY || kind == TK_SEPARATE || kind == TK_RESUBMIT ||
         kind == TK_ADDRESSED;
}

// `approve preferred_site`
static bool help_capitals(const struct parse *cx, struct diag *d, uint32_t kind, struct str said) {
  uint32_t before = cx->previous.kind;
  bool code =
      is_determination(before) || before == TK_BECAUSE || before == TK_OPEN || before == TK_REASON;
  if (!code || kind != TK_NAME || !parser_expects(cx->parser, TK_CODE)) return false;
  diag_help(&cx->front->diags, d, "reason codes are written in capitals: `%w`",
            str_capitals(&cx->front->arena, said));
  return true;
}

// One value where its kind of value is asked for: a number in figures, a set of one member.
static bool help_value(struct parse *cx, struct diag *d, uint32_t kind, struct str said) {
  uint32_t before = cx->previous.kind;
  const char *number = meant_by(cx, numbers, sizeof numbers / sizeof *numbers, said);
  bool member = kind == TK_CODE || kind == TK_NUMBER || kind == TK_PREFIX || kind == TK_STRING;
  if (number != NULL && parser_expects(cx->parser, TK_NUMBER))
    diag_help(&cx->front->diags, d, "write `%s`", number);
  else if (member && (before == TK_INCLUDES || before == TK_IN))
    diag_help(&cx->front->diags, d, "a list stands in braces, if only of one: write `{ %w }`",
              said);
  else
    return false;
  return true;
}

// Mistakes that have a better answer than a list.
static void help_for(struct parse *cx, struct diag *d, uint32_t kind, struct str said) {
  uint32_t before = cx->previous.kind;
  if (help_comparing(cx, d, kind, said) || help_capitals(cx, d, kind, said) ||
      help_value(cx, d, kind, said))
    return;
  if (parser_expects(cx->parser, TK_BAR) && help_in_cell(cx, kind) != NULL)
    diag_help(&cx->front->diags, d, "%s", help_in_cell(cx, kind));
  else if (kind == TK_BAR && parser_expects(cx->parser, TK_EXPECT))
    diag_help(&cx->front->diags, d, "a table begins with `test table`");
  else if (kind == TK_AND || kind == TK_OR || kind == TK_BAR || before == TK_AND)
    diag_help(&cx->front->diags, d, "join conditions with `all of { ... }` or `any of { ... }`");
  else if (kind == TK_COMMA && parser_expects(cx->parser, TK_NL))
    diag_help(&cx->front->diags, d, "separate with `;` or a new line");
  else if (kind == TK_IF && parser_expects(cx->parser, TK_OTHERWISE))
    diag_help(&cx->front->diags, d, "write `when given`");
  else if (kind == TK_LPAREN)
    diag_help(&cx->front->diags, d,
              "conditions are grouped by `all of { ... }`, `any of { ... }` and `not`");
  else if (kind == TK_CITE && parser_expects(cx->parser, TK_STRING))
    diag_help(&cx->front->diags, d, "say in quotes what it means, before `cite`");
  else if ((kind == TK_NL || before == TK_STRING) && parser_expects(cx->parser, TK_CITE) &&
           !parser_expects(cx->parser, TK_NL))
    diag_help(&cx->front->diags, d,
              "say where the payer's document has it: `cite` and the place in quotes");
  else if (before == TK_NL && kind == TK_NAME)
    return;
  else
    suggest_for_previous(cx, d);
}

// ------------------------------------------------------------------ reporting

static void report_token(struct parse *cx, uint32_t kind, struct span span, const char *expected) {
  struct diag_sink *diags = &cx->front->diags;
  struct str text = text_of(cx, span.start, span.end);
  struct suggestion s = {.best = {NULL, 0}};
  if (text.length > 0 && text.data[0] >= 'a' && text.data[0] <= 'z') s = near_word(cx, text, true);
  bool plausible =
      kind == TK_NAME ||
      (s.distance == 1 && text.length > 3); // `records` for `record`, not `of` for `on`
  if (s.best.length > 0 && plausible)
    diag_suggest(diags, diag_report(diags, DIAG_UNKNOWN_WORD, span, text), &s);
  else
    help_for(cx, diag_report(diags, DIAG_UNEXPECTED, span, text, expected), kind, text);
}

void syntax_report(struct parse *cx, uint32_t kind, struct span span) {
  struct diag_sink *diags = &cx->front->diags;
  struct expectation_list list;
  if (report_open_text(cx->front, cx->file, kind != TK_NL ? span.start : cx->previous.start))
    return;
  list_expected(cx, &list);
  bool semicolon = kind == TK_NL && span.end > span.start;
  struct token next = tokens_peek(&cx->tokens, 0);
  if (kind == 0) {
    span.start = span.end = cx->previous.end; // behind the last token, not on an empty last line
    diag_report(diags, DIAG_UNEXPECTED_END, span, list.text);
  } else if (kind == TK_NL && !semicolon && next.kind == TK_RBRACE && !next.line_start) {
    report_token(cx, next.kind, (struct span){cx->file, next.start, next.end}, list.text);
  } else if (kind == TK_NL && !semicolon) {
    struct span line_end = {cx->file, cx->previous.start, cx->previous.end};
    help_for(cx, diag_report(diags, DIAG_LINE_ENDS, line_end, list.text), kind,
             text_of(cx, span.start, span.start));
  } else {
    report_token(cx, kind, span, list.text);
  }
}
