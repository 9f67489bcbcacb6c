// SPDX-License-Identifier: Apache-2.0
//
// Policies, cases and results of VM tests; see support.h.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vm/plainly.h"

fixture fixture_open_limits(builder *b, soc_case_limits limits) {
  fixture f = {.im = build_finish(b)};
  soc_error error = {0};
  if (soc_policy_load(&f.policy, f.im.bytes, f.im.length, &error) != SOC_OK) {
    fail_msg("%s at %llu", error.code, (unsigned long long)error.offset);
  }
#ifdef TEST_PLAINLY
  decide_plainly(&f.policy);
#endif
#ifdef TEST_PLANNED
  size_t plan = soc_policy_plan_bytes(&f.policy);
  f.plan = plan > 0 ? malloc(plan) : NULL;
  if (f.plan) {
    memset(f.plan, 0xa5, plan);
    assert_int_equal(soc_policy_plan(&f.policy, f.plan, plan, &error), SOC_OK);
  }
#endif
  size_t size = soc_case_bytes(&f.policy, &limits);
  f.memory = malloc(size);
  memset(f.memory, 0xa5, size); // nothing may rely on zeroes
  assert_int_equal(soc_case_init(&f.c, &f.policy, &limits, f.memory, size, &error), SOC_OK);
  return f;
}

fixture fixture_open(builder *b) {
  return fixture_open_limits(b, (soc_case_limits){.rows = 8, .items = 8});
}

void fixture_close(fixture *f) {
  free(f->memory);
  free(f->plan);
  free(f->im.bytes);
}

uint32_t fact_index(const fixture *f, const char *name) {
  uint32_t index = soc_policy_find_fact(&f->policy, name, strlen(name));
  if (index == SOC_NO_INDEX) {
    fail_msg("no fact %s", name);
  }
  return index;
}

// ------------------------------------------------------------------------------------------- cases

static uint32_t enum_value(const fixture *f, uint32_t fact, const char *text) {
  for (uint32_t i = 0; i < 64; i++) {
    if (strcmp(soc_policy_fact_value(&f->policy, fact, i).data, text) == 0) {
      return i;
    }
  }
  fail_msg("no value %s", text);
  return 0;
}

static int32_t day_of(const char *text) {
  int32_t days = 0;
  assert_true(soc_date_make(atoi(text), atoi(text + 5), atoi(text + 8), &days));
  return days;
}

static soc_status give_item(fixture *f, uint32_t fact, uint32_t row, const soc_fact_info *info,
                            const char *item) {
  bool in_row = info->list != SOC_NO_INDEX;
  if (info->type == SOC_ENUM_LIST) {
    uint32_t value = enum_value(f, fact, item);
    return in_row ? soc_case_add_row_enum(f->c, fact, row, value)
                  : soc_case_add_enum(f->c, fact, value);
  }
  return in_row ? soc_case_add_row_code(f->c, fact, row, item, strlen(item))
                : soc_case_add_code(f->c, fact, item, strlen(item));
}

static soc_status give_items(fixture *f, uint32_t fact, uint32_t row, const soc_fact_info *info,
                             char *text) {
  soc_status status = info->list != SOC_NO_INDEX ? soc_case_set_row_list(f->c, fact, row)
                                                 : soc_case_set_list(f->c, fact, 0);
  for (char *item = strtok(text, ","); item && status == SOC_OK; item = strtok(NULL, ",")) {
    status = strcmp(item, "empty") == 0 ? SOC_OK : give_item(f, fact, row, info, item);
  }
  return status;
}

static soc_status give_text(fixture *f, uint32_t fact, uint32_t row, char *text) {
  for (char *p = text; *p; p++) {
    *p = *p == '_' ? ' ' : *p;
  }
  return soc_case_set_text(f->c, fact, row, text, strlen(text));
}

static soc_status give_value(fixture *f, uint32_t fact, uint32_t row, const soc_fact_info *info,
                             char *text) {
  if (strcmp(text, "none") == 0) {
    return soc_case_set_none(f->c, fact, row);
  }
  switch (info->type) {
  case SOC_BOOL: return soc_case_set_bool(f->c, fact, row, strcmp(text, "true") == 0);
  case SOC_ENUM: return soc_case_set_enum(f->c, fact, row, enum_value(f, fact, text));
  case SOC_CODE: return soc_case_set_code(f->c, fact, row, text, strlen(text));
  case SOC_TEXT: return give_text(f, fact, row, text);
  case SOC_DATE: return soc_case_set_date(f->c, fact, row, day_of(text));
  case SOC_NUMBER:
    return soc_case_set_number(f->c, fact, row,
                               (int64_t)(atof(text) * 1e6 + (text[0] == '-' ? -0.5 : 0.5)));
  case SOC_RECORDS: return soc_case_set_list(f->c, fact, (uint32_t)atoi(text));
  case SOC_LINE: return soc_case_set_line(f->c, fact, row, (uint32_t)atoi(text));
  default: return give_items(f, fact, row, info, text);
  }
}

// "events[3].bad" becomes "events[].bad" and 3.
static uint32_t take_row(char *name) {
  char *bracket = strchr(name, '[');
  if (!bracket) {
    return 0;
  }
  uint32_t row = (uint32_t)atoi(bracket + 1);
  memmove(bracket + 1, strchr(bracket, ']'), strlen(strchr(bracket, ']')) + 1);
  return row;
}

void give(fixture *f, const char *facts) {
  soc_case_clear(f->c);
  char word[256];
  while (*facts) {
    size_t n = strcspn(facts, " ");
    assert_true(n < sizeof word);
    memcpy(word, facts, n);
    word[n] = '\0';
    facts += n + (facts[n] == ' ');
    char *value = strchr(word, '=');
    assert_non_null(value);
    *value++ = '\0';
    uint32_t row = take_row(word), fact = fact_index(f, word);
    soc_fact_info info;
    assert_int_equal(soc_policy_fact(&f->policy, fact, &info), SOC_OK);
    soc_status status = give_value(f, fact, row, &info, value);
    if (status != SOC_OK) {
      fail_msg("%s: status %d", word, (int)status);
    }
  }
}

void decide(fixture *f, const char *facts) {
  give(f, facts);
  assert_int_equal(soc_case_decide(f->c, 0), SOC_OK);
}

void decide_explained(fixture *f, const char *facts) {
  give(f, facts);
  assert_int_equal(soc_case_decide(f->c, SOC_DECIDE_EXPLAIN), SOC_OK);
}

// ----------------------------------------------------------------------------------------- results

static soc_result result_of(const fixture *f, uint32_t decision) {
  soc_result result;
  assert_int_equal(soc_case_result(f->c, decision, f->row, &result), SOC_OK);
  return result;
}

static void append(char *out, const char *separator, const char *text) {
  if (*out) {
    strcat(out, separator);
  }
  strcat(out, text);
}

static const char *refs_of(const fixture *f, uint32_t decision, uint32_t count, char *out,
                           soc_status (*get)(const soc_case *, uint32_t, uint32_t, uint32_t,
                                             soc_fact_ref *)) {
  *out = '\0';
  for (uint32_t i = 0; i < count; i++) {
    soc_fact_ref ref;
    soc_fact_info info;
    char name[128];
    assert_int_equal(get(f->c, decision, f->row, i, &ref), SOC_OK);
    assert_int_equal(soc_policy_fact(&f->policy, ref.fact, &info), SOC_OK);
    const char *bracket = strchr(info.name.data, ']');
    if (ref.row == SOC_NO_INDEX) {
      assert_null(bracket);
      snprintf(name, sizeof name, "%s", info.name.data);
    } else {
      assert_non_null(bracket);
      snprintf(name, sizeof name, "%.*s%u%s", (int)(bracket - info.name.data), info.name.data,
               ref.row, bracket);
    }
    append(out, " ", name);
  }
  soc_fact_ref past;
  assert_int_equal(get(f->c, decision, f->row, count, &past), SOC_ERR_ARGUMENT);
  return out;
}

const char *determination_of(const fixture *f, uint32_t decision) {
  return soc_determination_name(result_of(f, decision).determination);
}

const char *reason_of(const fixture *f, uint32_t decision) {
  return result_of(f, decision).reason.data;
}

const char *reasons_of(const fixture *f, uint32_t decision) {
  static char out[4096];
  *out = '\0';
  soc_reason reason;
  uint32_t count = result_of(f, decision).reason_count;
  for (uint32_t i = 0; i < count; i++) {
    char one[256];
    assert_int_equal(soc_case_reason(f->c, decision, f->row, i, &reason), SOC_OK);
    snprintf(one, sizeof one, "%s(%s)", reason.code.data, reason.criterion.data);
    append(out, " ", one);
  }
  assert_int_equal(soc_case_reason(f->c, decision, f->row, count, &reason), SOC_ERR_ARGUMENT);
  return out;
}

const char *possible_of(const fixture *f, uint32_t decision) {
  static char out[256];
  *out = '\0';
  uint32_t possible = result_of(f, decision).possible;
  for (int d = 0; d < SOC_DETERMINATION_COUNT; d++) {
    if (possible >> d & 1) {
      append(out, "|", soc_determination_name((soc_determination)d));
    }
  }
  return out;
}

const char *missing_of(const fixture *f, uint32_t decision) {
  static char out[4096];
  return refs_of(f, decision, result_of(f, decision).missing_count, out, soc_case_missing);
}

const char *assumed_of(const fixture *f, uint32_t decision) {
  static char out[4096];
  return refs_of(f, decision, result_of(f, decision).assumed_count, out, soc_case_assumed);
}

const char *actions_of(const fixture *f, uint32_t decision) {
  static char out[1024];
  *out = '\0';
  uint32_t count = result_of(f, decision).action_count;
  for (uint32_t i = 0; i < count; i++) {
    append(out, " ", soc_case_action(f->c, decision, f->row, i).data);
  }
  assert_int_equal(soc_case_action(f->c, decision, f->row, count).length, 0);
  return out;
}

const char *redirect_of(const fixture *f, uint32_t decision) {
  static char out[1024];
  *out = '\0';
  uint64_t redirect = result_of(f, decision).redirect;
  for (uint32_t v = 0; v < 64; v++) {
    if (redirect >> v & 1) {
      append(out, "|", soc_case_redirect(f->c, decision, f->row, v).data);
    }
  }
  return out;
}

static void print_day(char *out, int32_t days) {
  int32_t y, m, d;
  soc_date_split(days, &y, &m, &d);
  sprintf(out + strlen(out), "%04d-%02d-%02d", y, m, d);
}

const char *window_of(const fixture *f, uint32_t decision) {
  static char out[64];
  soc_result r = result_of(f, decision);
  *out = '\0';
  if (!r.has_approval) {
    return "none";
  }
  if (r.has_from) {
    print_day(out, r.from);
  }
  strcat(out, "..");
  if (r.has_through) {
    print_day(out, r.through);
  }
  strcat(out, r.one_time ? " once" : "");
  return out;
}

const char *units_of(const fixture *f, uint32_t decision) {
  static char out[64];
  soc_result r = result_of(f, decision);
  if (!r.has_units_allowed) {
    return "";
  }
  snprintf(out, sizeof out, "%g", (double)r.units_allowed / 1e6);
  return out;
}

const char *line_of(const fixture *f, uint32_t decision) {
  static char out[1024];
  snprintf(out, sizeof out, "%s %s", determination_of(f, decision), reason_of(f, decision));
  return out;
}
