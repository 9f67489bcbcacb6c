// SPDX-License-Identifier: Apache-2.0
//
// Decides a table of made-up requests at once with soc_batch: facts stand in columns, as a database or a data frame
// holds them, and answers come back as arrays. Then one request is taken out of the table and told in full, and a table
// with a wrong value is refused.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <soc/batch.h>
#include <soc/vocabulary.h>

#include "host.h"

// ---------------------------------------------------------------------------- the table

enum { REQUESTS = 5 };

static const int32_t dates[REQUESTS] = {20067, 20067, 20068, 20069, 20069}; // days since 1970
static const int32_t births[REQUESTS] = {3773, 3773, 7000, 16000, -4000};

// Texts are indices into the different ones that occur.
static const char code_bytes[] = "J1745"
                                 "Q5103"
                                 "J9999"
                                 "Q5123";
static const int32_t code_offsets[] = {0, 5, 10, 15, 20};
static const uint8_t codes[REQUESTS] = {0, 0, 1, 2, 3};

static const char business_bytes[] = "commercial"
                                     "marketplace";
static const int32_t business_offsets[] = {0, 10, 21};
static const uint8_t business[REQUESTS] = {0, 0, 1, 0, 0};

static const char site_bytes[] = "home"
                                 "hospital_outpatient";
static const int32_t site_offsets[] = {0, 4, 23};
static const uint8_t sites[REQUESTS] = {0, 1, 1, 1, 1};

static const int32_t miles[REQUESTS] = {0, 84, 0, 0, 0}; // tenths
static const uint8_t miles_given[] = {0x2}; // of the second request alone; a bit for each
static const uint8_t miles_none[] = {0x4};  // of the third it is known that there is none

// A list: the diagnoses of all requests one after the other. Those of request i stand from offset i up to the next.
static const char diagnosis_bytes[] = "C8330"
                                      "K5090"
                                      "M0579";
static const int32_t diagnosis_entries[] = {0, 5, 10, 15};
static const uint8_t diagnoses[] = {1, 1, 0, 2};
static const int32_t diagnosis_offsets[REQUESTS + 1] = {0, 1, 2, 2, 2, 4};
static const uint8_t diagnoses_given[] = {0x13}; // of requests 1, 2 and 5

// A fact that this policy does not read needs no column.
static void lay(const soc_policy *policy, soc_column *columns, const char *name,
                soc_column column) {
  uint32_t fact = soc_policy_find_fact(policy, name, strlen(name));
  if (fact != SOC_NO_INDEX) {
    columns[fact] = column;
  }
}

static void lay_days(const soc_policy *policy, soc_column *columns, const char *name,
                     const int32_t *days) {
  lay(policy, columns, name,
      (soc_column){.layout = SOC_LAYOUT_INT32,
                   .values = days,
                   .length = REQUESTS,
                   .day_zero = SOC_DAY_1970});
}

static void lay_words(const soc_policy *policy, soc_column *columns, const char *name,
                      const uint8_t *words, soc_dictionary dictionary) {
  lay(policy, columns, name,
      (soc_column){.layout = SOC_LAYOUT_INT8,
                   .values = words,
                   .length = REQUESTS,
                   .dictionary = dictionary});
}

// All other facts are left out of all requests: their columns stay zeroes.
static void lay_table(const soc_policy *policy, soc_column *columns) {
  lay_days(policy, columns, SOC_FACT_SERVICE_DATE, dates);
  lay_days(policy, columns, SOC_FACT_MEMBER_BIRTH_DATE, births);
  lay_words(policy, columns, SOC_FACT_SERVICE_CODE, codes,
            (soc_dictionary){code_bytes, code_offsets, 4});
  lay_words(policy, columns, SOC_FACT_MEMBER_LINE_OF_BUSINESS, business,
            (soc_dictionary){business_bytes, business_offsets, 2});
  lay_words(policy, columns, SOC_FACT_SERVICE_SITE_OF_CARE, sites,
            (soc_dictionary){site_bytes, site_offsets, 2});
  lay(policy, columns, SOC_FACT_ACCESS_INFUSION_CENTER_MILES,
      (soc_column){.layout = SOC_LAYOUT_INT32,
                   .values = miles,
                   .given = miles_given,
                   .none = miles_none,
                   .length = REQUESTS,
                   .unit = 100000}); // millionths of a mile
  lay(policy, columns, SOC_FACT_CLINICAL_DIAGNOSIS_CODES,
      (soc_column){.layout = SOC_LAYOUT_INT8,
                   .values = diagnoses,
                   .given = diagnoses_given,
                   .offsets = diagnosis_offsets,
                   .length = REQUESTS,
                   .item_count = sizeof diagnoses,
                   .dictionary = {diagnosis_bytes, diagnosis_entries, 3}});
}

// ---------------------------------------------------------------------------- answers

// The arrays that this host wants of the policy's first decision.
struct answers {
  uint8_t determination[REQUESTS];
  uint16_t code[REQUESTS];
  uint64_t *missing; // for each fact one word, since so few requests fit into it
};

// Facts stand in the order in which they are best asked.
static void print_first_missing(const soc_policy *policy, const struct answers *a, uint32_t index) {
  soc_fact_info fact;
  for (uint32_t f = 0; soc_policy_fact(policy, f, &fact) == SOC_OK; f++) {
    if (a->missing[f] >> index & 1) {
      printf(", ask %s first", fact.name.data);
      return;
    }
  }
}

static void print_answers(const soc_policy *policy, const soc_batch *batch,
                          const struct answers *a) {
  for (uint32_t i = 0; i < REQUESTS; i++) {
    printf("request %u: %s %s", i + 1,
           soc_determination_name((soc_determination)a->determination[i]),
           soc_batch_code(batch, 0, a->code[i]).data);
    print_first_missing(policy, a, i);
    printf("\n");
  }
}

static soc_status decide(const soc_batch *batch, const soc_batch_input *input,
                         const soc_batch_result *results, soc_batch_report *report,
                         soc_error *error) {
  *error = (soc_error){"memory", "no scratch memory", 0};
  *report = (soc_batch_report){.fact = SOC_NO_INDEX};
  size_t size = soc_batch_scratch_bytes(batch, input);
  void *scratch = malloc(size > 0 ? size : 1);
  soc_status status = scratch
                          ? soc_batch_decide(batch, input, results, scratch, size, report, error)
                          : SOC_ERR_MEMORY;
  free(scratch);
  return status;
}

// The report names the column and the element, if it is about one.
static void print_refusal(const soc_policy *policy, const soc_batch_report *report,
                          const soc_error *error) {
  soc_fact_info fact;
  printf("refused: %s: %s", error->code, error->message);
  if (soc_policy_fact(policy, report->fact, &fact) == SOC_OK) {
    printf(": %s, element %llu", fact.name.data, (unsigned long long)report->element);
  }
  printf("\n");
}

static bool decide_table(const soc_policy *policy, const soc_batch *batch,
                         const soc_batch_input *input, const soc_batch_result *results,
                         const struct answers *a) {
  soc_batch_report report;
  soc_error error;
  if (decide(batch, input, results, &report, &error) != SOC_OK) {
    print_refusal(policy, &report, &error);
    return false;
  }
  print_answers(policy, batch, a);
  printf("columnar: %s; %llu decided by columns, %llu one by one\n",
         soc_batch_is_columnar(batch) ? "yes" : "no", (unsigned long long)report.columnar,
         (unsigned long long)report.single);
  return true;
}

// One entry of the dictionary is no code: the whole table is refused, since a request uses it.
static bool decide_wrong_table(const soc_policy *policy, const soc_batch *batch,
                               const soc_batch_input *input, soc_column *columns,
                               const soc_batch_result *results) {
  static const char wrong_bytes[] = "J1745"
                                    "Q5103"
                                    "J9999 and more"
                                    "Q5123";
  static const int32_t wrong_offsets[] = {0, 5, 10, 24, 29};
  soc_batch_report report;
  soc_error error;
  lay_words(policy, columns, SOC_FACT_SERVICE_CODE, codes,
            (soc_dictionary){wrong_bytes, wrong_offsets, 4});
  bool refused = decide(batch, input, results, &report, &error) == SOC_ERR_VALUE;
  print_refusal(policy, &report, &error);
  return refused;
}

// What the arrays do not hold is asked of a case of its own.
static bool tell(const soc_policy *policy, const soc_batch *batch, const soc_batch_input *input,
                 uint32_t index) {
  const soc_case_limits limits = {.rows = 10, .items = 10};
  soc_case *c = host_case(policy, &limits);
  soc_reason reason;
  bool done = c && soc_batch_case(batch, input, index, c, NULL) == SOC_OK &&
              soc_case_decide(c, 0) == SOC_OK;
  for (uint32_t i = 0; done && soc_case_reason(c, 0, 0, i, &reason) == SOC_OK; i++) {
    printf("request %u in full: %s: %s (%s)\n", index + 1, reason.code.data, reason.text.data,
           reason.cite.data);
  }
  free(c);
  return done;
}

// The arrays hold one answer for each request; a decision about rows has one for each row.
static bool is_about_requests(const soc_batch *batch, const soc_batch_input *input) {
  if (soc_batch_results_count(batch, input, 0) == REQUESTS) {
    return true;
  }
  printf("the policy's first decision is not about the whole request\n");
  return false;
}

// ---------------------------------------------------------------------------- memory

static bool run(const soc_policy *policy) {
  soc_policy_info info;
  soc_policy_describe(policy, &info);
  size_t size = soc_batch_bytes(policy);
  soc_batch *batch = NULL;
  void *memory = malloc(size > 0 ? size : 1);
  soc_column *columns = calloc(info.fact_count, sizeof *columns);
  soc_batch_result *results = calloc(info.decision_count, sizeof *results);
  struct answers a = {.missing = calloc(info.fact_count, sizeof *a.missing)};
  bool done = memory && columns && results && a.missing &&
              soc_batch_init(&batch, policy, memory, size, NULL) == SOC_OK;
  if (done) {
    soc_batch_input input = {REQUESTS, columns};
    lay_table(policy, columns);
    results[0] =
        (soc_batch_result){.determination = a.determination, .code = a.code, .missing = a.missing};
    done = is_about_requests(batch, &input) && decide_table(policy, batch, &input, results, &a) &&
           tell(policy, batch, &input, 1) &&
           decide_wrong_table(policy, batch, &input, columns, results);
  }
  free(a.missing);
  free(results);
  free(columns);
  free(memory);
  return done;
}

int main(int argc, char **argv) {
  host_policy p;
  if (argc != 2) {
    fprintf(stderr, "usage: columns POLICY.socb\n");
    return 2;
  }
  if (!host_open(&p, argv[1])) {
    return 1;
  }
  bool done = run(&p.policy);
  host_close(&p);
  return done ? 0 : 1;
}
