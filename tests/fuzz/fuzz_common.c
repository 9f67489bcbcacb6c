// SPDX-License-Identifier: Apache-2.0
//
// See fuzz.h.
#include "fuzz.h"

#include "guarded.h"

#include "tests/property/choice.h"
#include "tests/steps/steps.h"
#include "tests/vm/plainly.h"

#include <string.h>

enum { ROWS = 3, ITEMS = 4, FACTS_MOST = 65535, PLAN_MOST = 64 << 20 };

char *fuzz_text(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  FUZZ_ASSERT(text != NULL);
  if (size) memcpy(text, data, size);
  text[size] = 0;
  return text;
}

// ------------------------------------------------------------------ reading

static size_t checked_bytes; // keeps the reads below from being optimised away

static void read_text(soc_text t) {
  FUZZ_ASSERT(t.data != NULL && t.data[t.length] == 0);
  checked_bytes += strlen(t.data);
}

static void describe_facts(const soc_policy *policy, uint32_t count) {
  for (uint32_t i = 0; i <= count; i++) {
    soc_fact_info fact;
    soc_status status = soc_policy_fact(policy, i, &fact);
    FUZZ_ASSERT((status == SOC_OK) == (i < count));
    if (status != SOC_OK) break;
    read_text(fact.name);
    for (uint32_t v = 0; v <= fact.value_count; v++) read_text(soc_policy_fact_value(policy, i, v));
    (void)soc_policy_find_fact(policy, fact.name.data, fact.name.length);
  }
}

static void describe_words(const soc_policy *policy, const soc_policy_info *info) {
  soc_cell_info cell;
  soc_source_info source;
  soc_given_use use;
  for (uint32_t i = 0; i < info->cell_count; i++) {
    FUZZ_ASSERT(soc_policy_cell(policy, i, &cell) == SOC_OK);
    read_text(cell.name);
    read_text(cell.text);
    read_text(cell.cite);
  }
  for (uint32_t i = 0; i < info->source_count; i++) {
    FUZZ_ASSERT(soc_policy_source(policy, i, &source) == SOC_OK);
    read_text(source.name);
  }
  for (uint32_t i = 0; i < info->given_use_count; i++) {
    FUZZ_ASSERT(soc_policy_given_use(policy, i, &use) == SOC_OK);
    read_text(use.cite);
  }
}

void fuzz_describe(const soc_policy *policy) {
  soc_policy_info info;
  soc_policy_describe(policy, &info);
  read_text(info.id);
  read_text(info.version);
  read_text(info.title);
  read_text(info.payer);
  read_text(info.source_title);
  describe_facts(policy, info.fact_count);
  describe_words(policy, &info);
  for (uint32_t i = 0; i < info.decision_count; i++) {
    soc_decision_info decision;
    FUZZ_ASSERT(soc_policy_decision(policy, i, &decision) == SOC_OK);
    read_text(decision.name);
  }
}

// ------------------------------------------------------------------ filling in

static void fill_scalar(soc_case *c, struct choices *choices, uint32_t fact, uint32_t row,
                        const soc_fact_info *info) {
  char text[16];
  uint32_t length = 1 + choose(choices, 12);
  for (uint32_t i = 0; i < length; i++) text[i] = "0123456789ABCJaz"[choose(choices, 16)];
  int64_t number = info->minimum;
  soc_status status = SOC_OK;
  switch (info->type) {
  case SOC_BOOL: status = soc_case_set_bool(c, fact, row, choose(choices, 2)); break;
  case SOC_ENUM: status = soc_case_set_enum(c, fact, row, choose(choices, 65)); break;
  case SOC_DATE:
    status = soc_case_set_date(c, fact, row, 700000 + (int32_t)choose(choices, 60000));
    break;
  case SOC_NUMBER:
    if (choose(choices, 2)) number = (int64_t)choose(choices, 1000) * 1000000;
    if (choose_one_in(choices, 8)) number = info->maximum;
    status = soc_case_set_number(c, fact, row, number);
    break;
  case SOC_CODE: status = soc_case_set_code(c, fact, row, text, length); break;
  case SOC_TEXT: status = soc_case_set_text(c, fact, row, text, length); break;
  default: break;
  }
  (void)status; // refusing a value is fine
}

static uint32_t fill_list(soc_case *c, struct choices *choices, uint32_t fact,
                          const soc_fact_info *info) {
  uint32_t rows = info->type == SOC_RECORDS ? choose(choices, ROWS + 1) : 0;
  if (soc_case_set_list(c, fact, rows) != SOC_OK) return 0;
  if (info->type == SOC_RECORDS) return rows;
  for (uint32_t n = choose(choices, ITEMS + 2); n > 0; n--) {
    soc_status status;
    if (info->type == SOC_ENUM_LIST) {
      status = soc_case_add_enum(c, fact, choose(choices, 64));
    } else {
      char code[3] = {'C', (char)('0' + choose(choices, 10)), (char)('0' + choose(choices, 10))};
      status = soc_case_add_code(c, fact, code, sizeof code);
    }
    (void)status;
  }
  return 0;
}

static void fill_case(const soc_policy *policy, soc_case *c, struct choices *choices,
                      uint32_t facts) {
  static uint32_t rows[FACTS_MOST]; // of each record list, by manifest index
  soc_fact_info info;
  for (uint32_t i = 0; i < facts; i++) {
    rows[i] = 0;
    FUZZ_ASSERT(soc_policy_fact(policy, i, &info) == SOC_OK);
    if (info.type < SOC_CODE_LIST || choose_one_in(choices, 4)) continue;
    rows[i] = fill_list(c, choices, i, &info);
  }
  for (uint32_t i = 0; i < facts; i++) {
    FUZZ_ASSERT(soc_policy_fact(policy, i, &info) == SOC_OK);
    if (info.type >= SOC_CODE_LIST) continue;
    uint32_t count = info.list == SOC_NO_INDEX ? 1 : rows[info.list];
    for (uint32_t r = 0; r < count; r++) {
      uint32_t how = choose(choices, 6);
      if (how == 0) {
        soc_status status = soc_case_set_none(c, i, r);
        (void)status;
      } else if (how > 1) {
        fill_scalar(c, choices, i, r, &info);
      }
    }
  }
}

// ------------------------------------------------------------------ results

static bool read_node(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  uint64_t *calls = context;
  if (node != NULL) {
    read_text(node->name);
    read_text(node->text);
    read_text(node->cite);
  } else {
    FUZZ_ASSERT(fact != NULL);
  }
  return ++*calls < 10000;
}

static uint64_t read_lists(soc_case *c, uint32_t d, uint32_t row, const soc_result *r) {
  uint64_t said = 0;
  soc_reason reason;
  soc_fact_ref ref;
  for (uint32_t i = 0; i < r->reason_count; i++) {
    FUZZ_ASSERT(soc_case_reason(c, d, row, i, &reason) == SOC_OK);
    read_text(reason.code);
    read_text(reason.criterion);
    read_text(reason.text);
    read_text(reason.cite);
    said = said * 31 + (uintptr_t)reason.code.data + (uintptr_t)reason.criterion.data;
  }
  for (uint32_t i = 0; i < r->missing_count; i++) {
    FUZZ_ASSERT(soc_case_missing(c, d, row, i, &ref) == SOC_OK);
    said = said * 31 + ref.fact + ref.row;
  }
  for (uint32_t i = 0; i < r->assumed_count; i++) {
    FUZZ_ASSERT(soc_case_assumed(c, d, row, i, &ref) == SOC_OK);
    said = said * 31 + ref.fact + ref.row;
  }
  for (uint32_t i = 0; i < r->action_count; i++) read_text(soc_case_action(c, d, row, i));
  for (uint32_t i = 0; i < 64; i++) {
    if (r->redirect >> i & 1) read_text(soc_case_redirect(c, d, row, i));
  }
  return said;
}

static uint64_t sum_of(const soc_result *r) {
  uint64_t window = r->has_approval ? (uint64_t)r->from * 31 + (uint64_t)r->through : 0;
  return ((window * 31 + r->possible) * 31 + r->redirect) * 31 + r->action_count * 8u +
         (unsigned)r->determination;
}

static uint64_t read_results(const soc_policy *policy, soc_case *c, bool explained) {
  soc_policy_info info;
  uint64_t said = 0;
  soc_policy_describe(policy, &info);
  for (uint32_t d = 0; d < info.decision_count; d++) {
    soc_decision_info decision;
    FUZZ_ASSERT(soc_policy_decision(policy, d, &decision) == SOC_OK);
    for (uint32_t row = 0; row < soc_case_rows(c, d); row++) {
      soc_result r;
      FUZZ_ASSERT(soc_case_result(c, d, row, &r) == SOC_OK);
      FUZZ_ASSERT(r.determination < SOC_DETERMINATION_COUNT && r.possible != 0);
      read_text(r.reason);
      said = (said * 31 + sum_of(&r)) * 31 + read_lists(c, d, row, &r);
      uint64_t calls = 0;
      if (explained) FUZZ_ASSERT(soc_case_explain(c, d, row, read_node, &calls) == SOC_OK);
      FUZZ_ASSERT(calls <= decision.rule_count + 2 * steps_of_a_pass(policy, c));
    }
  }
  return said;
}

// ------------------------------------------------------------------ deciding

uint64_t fuzz_decide_case(const soc_policy *policy, soc_case *c, uint32_t flags) {
  steps_run = 0;
  FUZZ_ASSERT(soc_case_decide(c, flags) == SOC_OK);
  uint64_t said = read_results(policy, c, flags != 0);
  FUZZ_ASSERT(steps_run <= steps_most(policy, c));
  return said;
}

static struct guarded case_memory, plan_memory;

// Decided without facts first and then with those that `data` says. What both results said, as one number.
static uint64_t decide_once(const soc_policy *policy, const uint8_t *data, size_t size,
                            unsigned how) {
  const soc_case_limits limits = {.rows = ROWS, .items = ITEMS};
  soc_policy_info info;
  soc_policy_describe(policy, &info);
  size_t bytes = soc_case_bytes(policy, &limits);
  FUZZ_ASSERT(bytes != 0 && info.fact_count <= FACTS_MOST);
  void *memory = guarded_get(&case_memory, bytes, (how & FUZZ_FRONT) != 0);
  // What was never written is different each time, so that a result that depends on it differs, too.
  memset(memory, (how & FUZZ_DIRT) != 0 ? 0xff : 0, bytes);
  soc_case *c;
  soc_error error;
  FUZZ_ASSERT(soc_case_init(&c, policy, &limits, memory, bytes, &error) == SOC_OK);
  uint64_t said = 0;
  if (how & FUZZ_EMPTY) said = fuzz_decide_case(policy, c, 0);
  struct choices choices = {data, size, 0};
  fill_case(policy, c, &choices, info.fact_count);
  said = said * 31 + fuzz_decide_case(policy, c, how & FUZZ_EXPLAIN ? SOC_DECIDE_EXPLAIN : 0);
  guarded_check(&case_memory);
  return said;
}

void fuzz_decide(const soc_policy *policy, const uint8_t *data, size_t size, unsigned how) {
  uint64_t said = decide_once(policy, data, size, how);
  if (how & FUZZ_PLAINLY) {
    soc_policy plain = *policy;
    decide_plainly(&plain);
    FUZZ_ASSERT(decide_once(&plain, data, size, how ^ FUZZ_DIRT) == said);
  }
  size_t bytes = how & FUZZ_PLAN ? soc_policy_plan_bytes(policy) : 0;
  if (bytes == 0 || bytes > PLAN_MOST) return;
  soc_policy planned = *policy;
  soc_error error;
  void *memory = guarded_get(&plan_memory, bytes, (how & FUZZ_FRONT) != 0);
  if (soc_policy_plan(&planned, memory, bytes, &error) == SOC_OK) {
    FUZZ_ASSERT(decide_once(&planned, data, size, how ^ FUZZ_DIRT) == said);
  }
  guarded_check(&plan_memory);
}

// ------------------------------------------------------------------ counting

static uint64_t executed, reached;

static void print_count(void) {
  fprintf(stderr, "fuzz: %llu executions, %llu of them reached the executor\n",
          (unsigned long long)executed, (unsigned long long)reached);
}

void fuzz_count(bool executor) {
  if (executed == 0) FUZZ_ASSERT(atexit(print_count) == 0);
  executed++;
  reached += executor;
  if (executed % 1000000 == 0) print_count();
}

uint64_t fuzz_hash(const uint8_t *data, size_t size) {
  uint64_t hash = UINT64_C(0x9e3779b97f4a7c15) ^ size, word;
  for (; size >= sizeof word; data += sizeof word, size -= sizeof word) {
    memcpy(&word, data, sizeof word);
    hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 32;
  }
  for (; size > 0; data++, size--) hash = (hash ^ *data) * UINT64_C(0xff51afd7ed558ccd);
  return hash ^ hash >> 29;
}

// ------------------------------------------------------------------ what to change

static struct {
  uint8_t *data;
  size_t size, room;
} kept;

void fuzz_keep(const uint8_t *data, size_t size) {
  if (size > kept.room) {
    free(kept.data);
    kept.room = 2 * size;
    kept.data = malloc(kept.room);
    FUZZ_ASSERT(kept.data != NULL);
  }
  memcpy(kept.data, data, size);
  kept.size = size;
}

size_t fuzz_kept(uint8_t *data, size_t size, size_t max_size) {
  if (kept.size == 0 || kept.size > max_size) return size;
  memcpy(data, kept.data, kept.size);
  return kept.size;
}
