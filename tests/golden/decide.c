// SPDX-License-Identifier: Apache-2.0
//
// Decides the cases of a file by an artifact and prints all of each result: decide ARTIFACT CASES [THOUSANDTHS]. It
// needs the VM and the C library alone, so that it runs wherever these can be compiled for. A case is a line:
//
//   flag=true drug=J1745 when=2024-12-10 amount=2.5 site=home codes=A1,B2 name=Some_text other=null
//   lines=2 lines[0].code=96365 lines[1].related=0
//
// Lists come before their fields; `_` in a text is a space; a reference to another row is its index. A fact that the
// artifact does not list is passed over, as an engine does. Each case is decided with a plan, if the VM can have one,
// and without; a difference is an error. Bytes behind those that a case asks for must stay as they are. Compiled with
// COUNT_WORK and linked with soc_counted (tests/steps) it also counts the instructions of each case, from deciding it to
// the last result, which must be no more than soc_policy_info says and, of the costliest case, no less than so many
// thousandths of that.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soc/vm.h"

enum { TEXT_MOST = 1 << 20, OUT_MOST = 1 << 16, ROWS = 64, ITEMS = 16 };

struct output {
  char text[OUT_MOST];
  size_t length;
};

static _Noreturn void stop(const char *what, const char *where) {
  fprintf(stderr, "golden: %s: %s\n", what, where);
  exit(EXIT_FAILURE);
}

static void check(soc_status status, const char *where) {
  if (status != SOC_OK) {
    stop("was refused", where);
  }
}

static char *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  char *bytes = calloc(1, TEXT_MOST);
  if (!file || !bytes) {
    stop("cannot be read", path);
  }
  *length = fread(bytes, 1, TEXT_MOST - 1, file);
  fclose(file);
  return bytes;
}

// ------------------------------------------------------------------------------------------- facts

static int64_t millionths_of(const char *text) {
  char *end;
  int64_t value = strtoll(text, &end, 10) * 1000000, unit = text[0] == '-' ? -100000 : 100000;
  if (*end == '.') {
    for (end++; *end >= '0' && *end <= '9'; end++, unit /= 10) {
      value += (*end - '0') * unit;
    }
  }
  return value;
}

static int32_t days_of(const char *text) {
  int32_t days = 0;
  if (!soc_date_make((int32_t)atoi(text), (int32_t)atoi(text + 5), (int32_t)atoi(text + 8),
                     &days)) {
    stop("no date", text);
  }
  return days;
}

static uint32_t value_index(const soc_policy *policy, uint32_t fact, uint32_t count,
                            const char *name) {
  uint32_t v = 0;
  while (v < count && strcmp(soc_policy_fact_value(policy, fact, v).data, name) != 0) {
    v++;
  }
  return v;
}

typedef struct target {
  const soc_policy *policy;
  soc_case *c;
  uint32_t fact, row;
  soc_fact_info info;
} target;

static soc_status add_item(const target *t, const char *item) {
  bool row = t->info.list != SOC_NO_INDEX, code = t->info.type == SOC_CODE_LIST;
  uint32_t value = value_index(t->policy, t->fact, t->info.value_count, item);
  return code  ? row ? soc_case_add_row_code(t->c, t->fact, t->row, item, strlen(item))
                     : soc_case_add_code(t->c, t->fact, item, strlen(item))
          : row ? soc_case_add_row_enum(t->c, t->fact, t->row, value)
               : soc_case_add_enum(t->c, t->fact, value);
}

static soc_status set_list(const target *t, char *items) {
  soc_status status = t->info.list != SOC_NO_INDEX ? soc_case_set_row_list(t->c, t->fact, t->row)
                                                   : soc_case_set_list(t->c, t->fact, 0);
  for (char *item = strtok(items, ","); item && status == SOC_OK; item = strtok(NULL, ",")) {
    status = add_item(t, item);
  }
  return status;
}

static soc_status set_text(const target *t, char *text) {
  for (char *p = text; *p; p++) {
    *p = *p == '_' ? ' ' : *p;
  }
  return soc_case_set_text(t->c, t->fact, t->row, text, strlen(text));
}

static soc_status set_scalar(const target *t, const char *text) {
  switch (t->info.type) {
  case SOC_BOOL: return soc_case_set_bool(t->c, t->fact, t->row, strcmp(text, "true") == 0);
  case SOC_ENUM:
    return soc_case_set_enum(t->c, t->fact, t->row,
                             value_index(t->policy, t->fact, t->info.value_count, text));
  case SOC_CODE: return soc_case_set_code(t->c, t->fact, t->row, text, strlen(text));
  case SOC_DATE: return soc_case_set_date(t->c, t->fact, t->row, days_of(text));
  case SOC_NUMBER: return soc_case_set_number(t->c, t->fact, t->row, millionths_of(text));
  case SOC_LINE: return soc_case_set_line(t->c, t->fact, t->row, (uint32_t)atoi(text));
  default: return soc_case_set_list(t->c, t->fact, (uint32_t)atoi(text)); // records
  }
}

// "claim.lines[12].code" is the fact "claim.lines[].code" in row 12.
static void find_target(target *t, const char *name) {
  char plain[256];
  const char *open = strchr(name, '[');
  t->row = open ? (uint32_t)atoi(open + 1) : 0;
  snprintf(plain, sizeof plain, "%.*s%s", (int)(open ? open + 1 - name : (long)strlen(name)), name,
           open ? strchr(open, ']') : "");
  t->fact = soc_policy_find_fact(t->policy, plain, strlen(plain));
}

static soc_status set_fact(target *t, char *word) {
  char *value = strchr(word, '=');
  if (!value) {
    stop("a fact without a value", word);
  }
  *value++ = '\0';
  find_target(t, word);
  if (t->fact == SOC_NO_INDEX) {
    return SOC_OK;
  }
  check(soc_policy_fact(t->policy, t->fact, &t->info), word);
  if (strcmp(value, "null") == 0) {
    return soc_case_set_none(t->c, t->fact, t->row);
  }
  if (t->info.type == SOC_TEXT) {
    return set_text(t, value);
  }
  return t->info.type == SOC_CODE_LIST || t->info.type == SOC_ENUM_LIST ? set_list(t, value)
                                                                        : set_scalar(t, value);
}

// Up to the first fact that is refused, whose number is put after the status.
static soc_status set_facts(target *t, const char *line, size_t length, int *number) {
  char word[1024];
  soc_status status = SOC_OK;
  for (size_t i = 0; i < length && status == SOC_OK;) {
    size_t n = strcspn(line + i, " \n");
    if (n >= sizeof word) {
      stop("too long", line + i);
    }
    memcpy(word, line + i, n);
    word[n] = '\0';
    if (n > 0) {
      status = set_fact(t, word);
      ++*number;
    }
    i += n + 1;
  }
  return status;
}

// ----------------------------------------------------------------------------------------- results

static void put(struct output *out, const char *text) {
  size_t n = strlen(text);
  if (n >= OUT_MOST - out->length) {
    stop("too much to print", text);
  }
  memcpy(out->text + out->length, text, n + 1);
  out->length += n;
}

static void put_number(struct output *out, const char *before, int64_t value) {
  char text[64];
  snprintf(text, sizeof text, "%s%lld", before, (long long)value);
  put(out, text);
}

static void put_ref(struct output *out, const soc_policy *policy, soc_fact_ref ref) {
  soc_fact_info fact;
  check(soc_policy_fact(policy, ref.fact, &fact), "a fact");
  put(out, " ");
  put(out, fact.name.data);
  if (ref.row != SOC_NO_INDEX) {
    put_number(out, "@", ref.row);
  }
}

static void put_lists(struct output *out, const soc_policy *policy, const soc_case *c, uint32_t d,
                      uint32_t row, const soc_result *r) {
  soc_reason reason;
  soc_fact_ref ref;
  for (uint32_t i = 0; i < r->reason_count; i++) {
    check(soc_case_reason(c, d, row, i, &reason), "a reason");
    put(out, i == 0 ? "; reasons " : ", ");
    put(out, reason.code.data);
    put(out, " ");
    put(out, reason.criterion.data);
  }
  for (uint32_t i = 0; i < r->missing_count; i++) {
    check(soc_case_missing(c, d, row, i, &ref), "a missing fact");
    put(out, i == 0 ? "; missing" : "");
    put_ref(out, policy, ref);
  }
  for (uint32_t i = 0; i < r->assumed_count; i++) {
    check(soc_case_assumed(c, d, row, i, &ref), "an assumed fact");
    put(out, i == 0 ? "; assumed" : "");
    put_ref(out, policy, ref);
  }
  for (uint32_t i = 0; i < r->action_count; i++) {
    put(out, i == 0 ? "; actions " : " ");
    put(out, soc_case_action(c, d, row, i).data);
  }
  for (uint32_t i = 0; i < 64; i++) {
    if (r->redirect >> i & 1) {
      put(out, "; redirect ");
      put(out, soc_case_redirect(c, d, row, i).data);
    }
  }
}

static void put_result(struct output *out, const soc_policy *policy, const soc_case *c, uint32_t d,
                       uint32_t row) {
  soc_result r;
  soc_decision_info decision;
  check(soc_case_result(c, d, row, &r), "a result");
  check(soc_policy_decision(policy, d, &decision), "a decision");
  put(out, "  ");
  put(out, decision.name.data);
  put_number(out, "@", row);
  put_number(out, ": ", r.determination);
  put(out, " ");
  put(out, r.reason.data);
  put_number(out, " possible ", r.possible);
  if (r.has_approval) {
    put_number(out, " from ", r.has_from ? r.from : -1);
    put_number(out, " through ", r.has_through ? r.through : -1);
    put(out, r.one_time ? " once" : "");
  }
  if (r.has_units_allowed) {
    put_number(out, " units ", r.units_allowed);
  }
  put_lists(out, policy, c, d, row, &r);
  put(out, "\n");
}

#ifdef COUNT_WORK
#include "tests/steps/steps.h"

static uint64_t calls; // of the one who explains

static bool count_call(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  (void)context;
  (void)node;
  (void)fact;
  calls++;
  return true;
}

static uint64_t most_calls(const soc_policy *policy, const soc_case *c, uint32_t d) {
  soc_decision_info info;
  check(soc_policy_decision(policy, d, &info), "a decision");
  return 2 * steps_of_a_pass(policy, c) + info.rule_count;
}

static void exceeded(const char *what, uint64_t found, uint64_t most) {
  fprintf(stderr, "golden: %llu %s, at most %llu\n", (unsigned long long)found, what,
          (unsigned long long)most);
  exit(EXIT_FAILURE);
}

static void explain_all(const soc_policy *policy, soc_case *c, uint32_t d) {
  for (uint32_t row = 0; row < soc_case_rows(c, d); row++) {
    calls = 0;
    check(soc_case_explain(c, d, row, count_call, NULL), "explaining");
    if (calls > most_calls(policy, c, d)) {
      exceeded("calls to explain", calls, most_calls(policy, c, d));
    }
  }
}

// The largest part of its bound that a case came to, in thousandths.
static uint64_t largest_part;

// All that a host does with a case: every instruction counts, those of what is missing and assumed, too.
static void check_work(const soc_policy *policy, soc_case *c, uint32_t flags) {
  soc_policy_info info;
  soc_result result;
  soc_policy_describe(policy, &info);
  steps_run = 0;
  check(soc_case_decide(c, flags), "deciding");
  for (uint32_t d = 0; d < info.decision_count; d++) {
    for (uint32_t row = 0; row < soc_case_rows(c, d); row++) {
      check(soc_case_result(c, d, row, &result), "a result");
    }
    if (flags != 0) {
      explain_all(policy, c, d);
    }
  }
  uint64_t most = steps_most(policy, c);
  if (steps_run > most) {
    exceeded("instructions", steps_run, most);
  }
  uint64_t part = most == 0 ? 0 : steps_run * 1000 / most;
  largest_part = part > largest_part ? part : largest_part;
}

// A bound that no case comes near says nothing.
static void check_parts(const char *least) {
  if (largest_part < (uint64_t)atoi(least)) {
    exceeded("thousandths of the bound are to be reached", (uint64_t)atoi(least), largest_part);
  }
}
#else
static void check_work(const soc_policy *policy, soc_case *c, uint32_t flags) {
  (void)policy;
  (void)c;
  (void)flags;
}

static void check_parts(const char *least) {
  stop("does not count", least);
}
#endif

enum { GUARD = 64, PATTERN = 0xc7 };

static void *guarded(size_t size) {
  uint8_t *memory = malloc(size + GUARD);
  if (!memory) {
    stop("no memory", "for a case");
  }
  memset(memory + size, PATTERN, GUARD);
  return memory;
}

static void free_guarded(uint8_t *memory, size_t size) {
  for (size_t i = 0; i < GUARD; i++) {
    if (memory[size + i] != PATTERN) {
      stop("bytes behind the case were written", "soc_case_bytes");
    }
  }
  free(memory);
}

static void decide(struct output *out, const soc_policy *policy, const char *line, size_t length) {
  const soc_case_limits limits = {.rows = ROWS, .items = ITEMS, .row_items = ROWS};
  size_t size = soc_case_bytes(policy, &limits);
  void *memory = guarded(size);
  soc_policy_info info;
  target t = {.policy = policy};
  check(soc_case_init(&t.c, policy, &limits, memory, size, NULL), "a case");
  out->length = 0;
  out->text[0] = '\0';
  int number = 0;
  soc_status status = set_facts(&t, line, length, &number);
  if (status != SOC_OK) {
    put_number(out, "  refused with ", status);
    put_number(out, " at fact ", number);
    put(out, "\n");
    free_guarded(memory, size);
    return;
  }
  check_work(policy, t.c, 0);
  check_work(policy, t.c, SOC_DECIDE_EXPLAIN);
  check(soc_case_decide(t.c, 0), "deciding");
  soc_policy_describe(policy, &info);
  for (uint32_t d = 0; d < info.decision_count; d++) {
    for (uint32_t row = 0; row < soc_case_rows(t.c, d); row++) {
      put_result(out, policy, t.c, d, row);
    }
  }
  free_guarded(memory, size);
}

// The policy with a plan, if it can have one.
static void *make_plan(soc_policy *planned) {
#ifdef SOC_VM_WITHOUT_PLAN
  (void)planned;
  return NULL;
#else
  size_t size = soc_policy_plan_bytes(planned);
  void *memory = malloc(size ? size : 1);
  if (memory && size > 0 && soc_policy_plan(planned, memory, size, NULL) != SOC_OK) {
    fputs("golden: decided without a plan\n", stderr);
  }
  return memory;
#endif
}

int main(int argc, char **argv) {
  static struct output plain, with_plan;
  size_t length, text_length;
  soc_policy policy, planned;
  soc_error error = {"", "", 0};
  if (argc != 3 && argc != 4) {
    stop("give an artifact and a file of cases, and what part of the bound a case is to reach",
         argv[0]);
  }
  char *image = read_file(argv[1], &length), *cases = read_file(argv[2], &text_length);
  if (soc_policy_load(&policy, image, length, &error) != SOC_OK) {
    stop(error.code, argv[1]);
  }
  planned = policy;
  void *plan = make_plan(&planned);
  int number = 0;
  for (char *line = cases; *line; line += strcspn(line, "\n") + 1) {
    decide(&plain, &policy, line, strcspn(line, "\n"));
    decide(&with_plan, &planned, line, strcspn(line, "\n"));
    if (strcmp(plain.text, with_plan.text) != 0) {
      stop("the plan decides otherwise", with_plan.text);
    }
    printf("case %d\n%s", ++number, plain.text);
  }
  if (argc == 4) {
    check_parts(argv[3]);
  }
  free(plan);
  free(cases);
  free(image);
  return EXIT_SUCCESS;
}
