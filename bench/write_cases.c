// SPDX-License-Identifier: Apache-2.0
//
// write_cases POLICY COUNT: the random cases of cases.h as JSON Lines, about 700 bytes each, without spaces, as most
// programs write them.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm_side.h"

enum { BATCH = 1024 };

struct writer {
  const struct vm_side *vm;
  const struct bench_case *c;
  const char *object; // the group whose object is open; NULL: none
  size_t object_length;
  bool first; // in the open object
};

static void close_object(struct writer *w) {
  if (w->object) fputs("}", stdout);
  w->object = NULL;
}

// Begins "fact": with its group's object around it.
static void put_name(struct writer *w, const char *name) {
  const char *dot = strchr(name, '.');
  size_t length = (size_t)(dot - name);
  if (!w->object || w->object_length != length || memcmp(w->object, name, length) != 0) {
    close_object(w);
    printf(",\"%.*s\":{", (int)length, name);
    w->object = name;
    w->object_length = length;
    w->first = true;
  }
  printf("%s\"%s\":", w->first ? "" : ",", dot + 1);
  w->first = false;
}

// False: it is left out, or there is none.
static bool begin(struct writer *w, enum premera_fact fact) {
  bool given = w->c->facts.given >> fact & 1, none = w->c->facts.none >> fact & 1;
  if (given || none) put_name(w, vm_side_fact_name(fact));
  if (none) fputs("null", stdout);
  return given;
}

static void put_date(struct writer *w, enum premera_fact fact, int32_t days) {
  int32_t year, month, day;
  soc_date_split(days, &year, &month, &day);
  if (begin(w, fact)) printf("\"%04d-%02d-%02d\"", (int)year, (int)month, (int)day);
}

static void put_bool(struct writer *w, enum premera_fact fact, bool value) {
  if (begin(w, fact)) fputs(value ? "true" : "false", stdout);
}

static void put_text(struct writer *w, enum premera_fact fact, const char *text) {
  if (begin(w, fact)) printf("\"%s\"", text);
}

static void put_enum(struct writer *w, enum premera_fact fact, uint32_t value) {
  put_text(w, fact, soc_policy_fact_value(&w->vm->policy, w->vm->facts[fact], value).data);
}

static void put_number(struct writer *w, enum premera_fact fact, int64_t millionths) {
  if (!begin(w, fact)) return;
  int64_t whole = millionths / 1000000, fraction = millionths % 1000000;
  int digits = 6;
  printf("%" PRId64, whole);
  for (; fraction && fraction % 10 == 0; digits--) fraction /= 10;
  if (fraction) printf(".%0*" PRId64, digits, fraction);
}

static void put_codes(struct writer *w, enum premera_fact fact, uint32_t count, const char *texts,
                      size_t stride) {
  if (!begin(w, fact)) return;
  for (uint32_t i = 0; i < count; i++) printf("%s\"%s\"", i ? "," : "[", texts + i * stride);
  fputs(count ? "]" : "[]", stdout);
}

static void put_event(const struct writer *w, const struct premera_event *e) {
  static const char *const names[EVENT_FIELDS] = {"drug_relation", "kind", "severity"};
  const char *before = "{";
  for (uint32_t i = 0; i < EVENT_FIELDS; i++) {
    if (!(e->given >> i & 1)) continue;
    soc_text value = soc_policy_fact_value(&w->vm->policy, w->vm->event_fields[i], e->field[i]);
    printf("%s\"%s\":\"%s\"", before, names[i], value.data);
    before = ",";
  }
  fputs(before[0] == '{' ? "{}" : "}", stdout);
}

static void put_events(struct writer *w) {
  const struct premera_facts *f = &w->c->facts;
  if (!begin(w, FACT_EVENTS)) return;
  fputs("[", stdout);
  for (uint32_t i = 0; i < f->event_count; i++) {
    if (i) fputs(",", stdout);
    put_event(w, &f->events[i]);
  }
  fputs("]", stdout);
}

static void put_request(struct writer *w) {
  const struct premera_facts *f = &w->c->facts;
  put_date(w, FACT_BIRTH, f->birth);
  put_enum(w, FACT_LINE_OF_BUSINESS, f->line_of_business);
  put_enum(w, FACT_LANGUAGE, f->language);
  put_date(w, FACT_DATE, f->date);
  put_text(w, FACT_CODE, w->c->code);
  put_text(w, FACT_DRUG, w->c->drug);
  put_enum(w, FACT_ROUTE, f->route);
  put_text(w, FACT_PLACE, w->c->place);
  put_enum(w, FACT_SITE, f->site);
  put_codes(w, FACT_DIAGNOSES, f->diagnosis_count, w->c->diagnoses[0], sizeof w->c->diagnoses[0]);
}

static void put_clinical(struct writer *w) {
  const struct premera_facts *f = &w->c->facts;
  put_bool(w, FACT_CARDIAC, f->cardiac);
  put_bool(w, FACT_PULMONARY, f->pulmonary);
  put_number(w, FACT_FVC, f->fvc);
  put_bool(w, FACT_RENAL, f->renal);
  put_enum(w, FACT_VASCULAR, f->vascular);
  put_bool(w, FACT_COGNITIVE, f->cognitive);
  put_events(w);
}

static void put_therapy(struct writer *w) {
  const struct premera_facts *f = &w->c->facts;
  put_date(w, FACT_START, f->start);
  put_date(w, FACT_PREVIOUS, f->previous);
  put_number(w, FACT_INTERVAL, f->interval_days * INT64_C(1000000));
  put_enum(w, FACT_STATUS, f->status);
  put_codes(w, FACT_CONCURRENT, f->concurrent_count, w->c->concurrent[0],
            sizeof w->c->concurrent[0]);
  put_number(w, FACT_MILES, f->miles);
  put_bool(w, FACT_HOME, f->home);
  put_bool(w, FACT_HOSPITAL_ONLY, f->hospital_only);
  put_text(w, FACT_BILL, w->c->bill);
}

static void put_case(const struct vm_side *vm, const struct bench_case *c, uint32_t number) {
  struct writer w = {.vm = vm, .c = c};
  printf("{\"id\":\"pa-%07u\"", number);
  put_request(&w);
  put_clinical(&w);
  put_therapy(&w);
  close_object(&w);
  fputs("}\n", stdout);
}

int main(int argc, char **argv) {
  static struct vm_side vm;
  static struct bench_case cases[BATCH];
  unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
  if (count == 0 || count > 100000000) {
    (void)fprintf(stderr, "usage: bench_write_cases POLICY COUNT\n");
    return 2;
  }
  if (!vm_side_open(&vm, argv[1])) return 2;
  for (unsigned long at = 0; at < count; at += BATCH) {
    uint32_t size = count - at < BATCH ? (uint32_t)(count - at) : BATCH;
    cases_make(cases, size, CASES_SEED + at);
    for (uint32_t i = 0; i < size; i++) put_case(&vm, &cases[i], (uint32_t)at + i);
  }
  vm_side_close(&vm);
  return fflush(stdout) == 0 ? 0 : 2;
}
