// SPDX-License-Identifier: Apache-2.0
//
// look ARTIFACT: prints what soc_vm tells of a policy and of a case of which nothing is known but empty lists. Compiled
// with the headers of today and with those in soc/ here it must print the same, with the same library. What the
// library writes to has bytes behind it that must stay as they are.
#include <soc/vm.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 20, GUARD = 64, PATTERN = 0xc7 };

static void expect(bool good, const char *what) {
  if (!good) {
    printf("look: %s\n", what);
    exit(EXIT_FAILURE);
  }
}

static bool is_whole(const uint8_t *guard) {
  for (size_t i = 0; i < GUARD; i++) {
    if (guard[i] != PATTERN) {
      return false;
    }
  }
  return true;
}

// GET(type, call that fills `out`): a variable `got` of that type.
#define GET(type, call)                               \
  struct {                                            \
    type got;                                         \
    uint8_t guard[GUARD];                             \
  } place;                                            \
  memset(&place, 0, sizeof place.got);                \
  memset(place.guard, PATTERN, GUARD);                \
  {                                                   \
    type *out = &place.got;                           \
    expect((call) == SOC_OK, #call);                  \
  }                                                   \
  expect(is_whole(place.guard), "wrote past " #type); \
  type got = place.got

static void put(const char *name, soc_text text) {
  printf(" %s=%.*s", name, (int)text.length, text.data);
}

static void put_number(const char *name, int64_t number) {
  printf(" %s=%lld", name, (long long)number);
}

// ----------------------------------------------------------------------------------------- policy

static void put_digest(const uint8_t digest[32]) {
  for (size_t i = 0; i < 32; i++) {
    printf("%02x", digest[i]);
  }
}

static soc_status describe(const soc_policy *policy, soc_policy_info *out) {
  soc_policy_describe(policy, out);
  return SOC_OK;
}

static void look_at_info(const soc_policy *policy) {
  GET(soc_policy_info, describe(policy, out));
  put("id", got.id), put("version", got.version), put("title", got.title);
  put("payer", got.payer), put("source", got.source_title);
  put_number("day", got.version_day), put_number("format", got.format);
  put_number("language", got.language), put_number("basis", got.basis_fact);
  put_number("facts", got.fact_count), put_number("decisions", got.decision_count);
  put_number("cells", got.cell_count), put_number("rules", got.rule_count);
  put_number("sources", got.source_count), put_number("sets", got.set_count);
  put_number("uses", got.given_use_count), put_number("code", got.instruction_count);
  put_number("tables", got.table_count), put_number("stack", got.max_stack);
  put_number("bound", (int64_t)got.max_instructions);
  put_number("row", (int64_t)got.max_instructions_row);
  put_number("squared", (int64_t)got.max_instructions_row_squared);
  printf(" ");
  put_digest(got.behaviour_digest);
  printf("\n");
}

static void look_at_fact(const soc_policy *policy, uint32_t fact) {
  GET(soc_fact_info, soc_policy_fact(policy, fact, out));
  put("fact", got.name), put_number("type", got.type), put_number("unit", got.unit);
  put_number("left_out", got.left_out), put_number("flags", got.flags);
  put_number("list", got.list), put_number("other", got.other);
  put_number("minimum", got.minimum), put_number("maximum", got.maximum);
  put_number("assumed", got.assumed), put_number("shortest", got.min_length);
  put_number("longest", got.max_length);
  expect(soc_policy_find_fact(policy, got.name.data, got.name.length) == fact, "fact by name");
  for (uint32_t v = 0; v < got.value_count; v++) {
    put("value", soc_policy_fact_value(policy, fact, v));
  }
  printf("\n");
}

static void look_at_cell(const soc_policy *policy, uint32_t cell) {
  GET(soc_cell_info, soc_policy_cell(policy, cell, out));
  put("cell", got.name), put("text", got.text), put("cite", got.cite);
  put_number("source", got.source), put_number("line", got.line);
  put_number("parent", got.parent), put_number("derived", got.derived);
  put_number("quantity", got.quantity), put_number("list", got.list);
  put("first", soc_policy_cell_value(policy, cell, 0));
  printf("\n");
}

static void look_at_source(const soc_policy *policy, uint32_t source) {
  GET(soc_source_info, soc_policy_source(policy, source, out));
  put("source", got.name), printf(" ");
  put_digest(got.digest), printf("\n");
}

static void look_at_table(const soc_policy *policy, uint32_t table) {
  GET(soc_table_info, soc_policy_table(policy, table, out));
  put("table", got.name), put("set", got.set), put("rows", got.rows);
  put_number("count", got.row_count), printf(" ");
  put_digest(got.digest), printf("\n");
}

static void look_at_use(const soc_policy *policy, uint32_t use) {
  GET(soc_given_use, soc_policy_given_use(policy, use, out));
  put_number("use", got.fact), put_number("left_out", got.left_out);
  put("cite", got.cite), put_number("line", got.line), printf("\n");
}

static void look_at_policy(const soc_policy *policy) {
  soc_policy_info info;
  soc_policy_describe(policy, &info);
  look_at_info(policy);
  for (uint32_t i = 0; i < info.fact_count; i++) {
    look_at_fact(policy, i);
  }
  for (uint32_t i = 0; i < info.cell_count; i++) {
    look_at_cell(policy, i);
  }
  for (uint32_t i = 0; i < info.source_count; i++) {
    look_at_source(policy, i);
  }
  for (uint32_t i = 0; i < info.table_count; i++) {
    look_at_table(policy, i);
  }
  for (uint32_t i = 0; i < info.given_use_count; i++) {
    look_at_use(policy, i);
  }
}

// ------------------------------------------------------------------------------------------- case

static void look_at_value(const soc_policy *policy, soc_case *c, uint32_t fact) {
  soc_fact_info info;
  expect(soc_policy_fact(policy, fact, &info) == SOC_OK, "fact");
  if (info.list != SOC_NO_INDEX) {
    return;
  }
  if (info.type == SOC_CODE_LIST) {
    uint64_t code = 0;
    expect(soc_case_set_list(c, fact, 0) == SOC_OK, "list");
    soc_status status = soc_case_add_code(c, fact, "J1745", 5);
    put_number("added", status);
    put_number("read", soc_case_list_code(c, fact, 0, &code)), put_number("code", (int64_t)code);
  } else if (info.type == SOC_RECORDS || info.type == SOC_ENUM_LIST) {
    expect(soc_case_set_list(c, fact, 0) == SOC_OK, "list");
  }
  GET(soc_value, soc_case_get(c, fact, 0, out));
  put("value of", info.name), put_number("state", got.state);
  put_number("assumed", got.assumed),
      put_number("number", got.state == SOC_LEFT_OUT ? 0 : got.number);
  printf("\n");
}

static bool put_node(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  const int *most = context;
  if (node) {
    put_number("depth", node->depth), put("node", node->name);
    put("text", node->text), put("cite", node->cite), put_number("state", node->state);
    put_number("rule", node->is_rule), put_number("deciding", node->deciding);
    put_number("reached", node->reached), put_number("derived", node->derived);
    put_number("candidates", (int64_t)node->candidates), put_number("repeated", node->repeated);
    put_number("cell", node->cell), put_number("line", node->line);
    put_number("determination", node->determination), put_number("row", node->row);
    put_number("quantity", node->quantity), put_number("low", node->low);
    put_number("high", node->high);
  } else {
    put_number("reads", fact->fact), put_number("row", fact->row);
  }
  printf("\n");
  return *most == MOST;
}

static void look_at_result(soc_case *c, uint32_t decision) {
  GET(soc_result, soc_case_result(c, decision, 0, out));
  printf("result %s:", soc_determination_name(got.determination));
  put_number("pends", got.determination == SOC_PEND);
  put("reason", got.reason), put_number("possible", got.possible);
  put_number("reasons", got.reason_count), put_number("missing", got.missing_count);
  put_number("assumed", got.assumed_count), put_number("actions", got.action_count);
  put_number("redirect", (int64_t)got.redirect), put_number("approval", got.has_approval);
  put_number("through", got.has_through), put_number("once", got.one_time);
  put_number("from", got.has_from), put_number("units", got.has_units_allowed);
  uint64_t key[16];
  put_number("key", soc_case_result_key(c, decision, 0, key, 16)), printf("\n");
  int most = MOST;
  expect(soc_case_explain(c, decision, 0, put_node, &most) == SOC_OK, "explain");
}

static void look_at_case(const soc_policy *policy) {
  const soc_case_limits limits = {.rows = 3, .items = 4, .row_items = 5, .text_bytes = 600};
  soc_policy_info info;
  soc_policy_describe(policy, &info);
  size_t size = soc_case_bytes(policy, &limits);
  void *memory = malloc(size);
  GET(soc_case *, soc_case_init(out, policy, &limits, memory, size, NULL));
  for (uint32_t i = 0; i < info.fact_count; i++) {
    look_at_value(policy, got, i);
  }
  expect(soc_case_decide(got, SOC_DECIDE_EXPLAIN) == SOC_OK, "decide");
  for (uint32_t i = 0; i < info.decision_count; i++) {
    if (soc_case_rows(got, i) > 0) {
      look_at_result(got, i);
    }
  }
  for (uint32_t i = 0; i < info.cell_count; i++) {
    soc_truth state = SOC_UNKNOWN_TRUTH;
    soc_status status = soc_case_criterion(got, i, 0, &state);
    printf("%u: %d %d\n", i, (int)status, (int)state);
  }
  free(memory);
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  uint8_t *bytes = malloc(MOST);
  expect(file && bytes, "usage: look ARTIFACT");
  size_t length = fread(bytes, 1, MOST, file);
  fclose(file);
  GET(soc_policy, soc_policy_load(out, bytes, length, NULL));
  look_at_policy(&got);
  look_at_case(&got);
  soc_policy cut;
  soc_error error;
  expect(soc_policy_load(&cut, bytes, length / 2, &error) == SOC_ERR_ARTIFACT, "half a policy");
  printf("%s at %llu: %s\n", error.code, (unsigned long long)error.offset, error.message);
  free(bytes);
  return EXIT_SUCCESS;
}
