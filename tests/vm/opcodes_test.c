// SPDX-License-Identifier: Apache-2.0
//
// Every instruction, as tables: code, case, the state it must give, and what is missing while it is unknown. Each row
// is a policy of its own that approves when the code is met and refers otherwise, so the determination is the state.
#include "support.h"

#include <stdio.h>
#include <string.h>

static builder *facts(void) {
  builder *b = build_new();
  build_enum(b, "site", "office center home hospital");
  build_texts(b, "remicade,stelara sc");
  build_fact(b, "flag", "bool null");
  build_fact(b, "site", "enum site null");
  build_fact(b, "code", "code 1 12 null");
  build_fact(b, "brand", "text null");
  build_fact(b, "when", "date null");
  build_fact(b, "then", "date null");
  build_fact(b, "amount", "number null");
  build_fact(b, "other", "number null");
  build_fact(b, "codes", "codes 1 12");
  build_fact(b, "sites", "enums site");
  build_fact(b, "events", "records");
  build_fact(b, "events[].bad", "bool null");
  build_fact(b, "events[].size", "number null");
  build_fact(b, "events[].day", "date from when");
  build_fact(b, "events[].own", "date");
  build_fact(b, "events[].again", "date from events[].own");
  build_fact(b, "closed", "number none");
  build_fact(b, "nothing", "codes 1 12 empty");
  build_fact(b, "nosites", "enums site empty");
  build_fact(b, "norecords", "records empty");
  build_fact(b, "norecords[].x", "bool");
  build_fact(b, "language", "enum site assume home");
  build_fact(b, "copy", "date from when");
  build_fact(b, "needed", "bool required");
  build_set(b, "drugs", "J1000..J1999 J2000 J3000@2024-01-01..2024-07-01 J3000@2024-08-01..");
  build_set(b, "plain", "A1 B2..B9");
  build_set(b, "nobody", "");
  build_text_set(b, "brands", "1");
  build_map(b, "pos", "site", "11=office|center 12=home 21..23=hospital",
            "office|center|home|hospital");
  build_map(b, "short", "site", "12=home", "office");
  build_cell(b, "c.flag", "fact.true flag");
  build_mask(b, "m.site", "site", "site", "mask.fact site");
  build_mask(b, "m.pos", "site", "site", "mask.map code pos");
  build_mask(b, "m.pick", "site", "site",
             "fact.true flag; mask.const home; mask.const office|center; select");
  build_mask(b, "m.short", "site", "site", "mask.map code short");
  build_mask(b, "m.assumed", "site", "language", "mask.const office|center");
  return b;
}

typedef struct row {
  const char *code, *facts, *state, *missing; // state: met, not, ?
} row;

static const char *state_of(const fixture *f) {
  const char *d = determination_of(f, 0);
  return strcmp(d, "approve") == 0 ? "met" : strcmp(d, "refer") == 0 ? "not" : "?";
}

static void run_row(const row *r) {
  builder *b = facts();
  build_cell(b, "tested", r->code);
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "YES", .when = "tested"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  decide(&f, r->facts);
  if (strcmp(state_of(&f), r->state) != 0 ||
      strcmp(missing_of(&f, 0), r->missing ? r->missing : "") != 0) {
    fail_msg("%s\n  with %s\n  gives %s missing '%s'", r->code, r->facts, state_of(&f),
             missing_of(&f, 0));
  }
  fixture_close(&f);
}

#define RUN(rows)                                              \
  for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++) { \
    run_row(&(rows)[i]);                                       \
  }

static void booleans(void **state) {
  (void)state;
  static const row rows[] = {
      {"fact.true flag", "flag=true", "met", NULL},
      {"fact.true flag", "flag=false", "not", NULL},
      {"fact.true flag", "flag=none", "not", NULL},
      {"fact.true flag", "", "?", "flag"},
      {"fact.true? flag", "", "not", NULL},
      {"fact.true? flag", "flag=true", "met", NULL},
      {"fact.true needed", "", "?", "needed"},
      {"fact.true flag; not", "flag=true", "not", NULL},
      {"fact.true flag; not", "flag=false", "met", NULL},
      {"fact.true flag; not", "flag=none", "met", NULL},
      {"fact.true flag; not", "", "?", "flag"},
      {"cell c.flag", "flag=true", "met", NULL},
      {"cell c.flag", "flag=false", "not", NULL},
      {"cell c.flag", "", "?", "flag"},
      {"cell c.flag; not", "", "?", "flag"},
      {"fact.cmp eq flag true", "flag=true", "met", NULL},
      {"fact.cmp ne flag true", "flag=true", "not", NULL},
      {"fact.cmp eq flag false", "", "?", "flag"},
  };
  RUN(rows)
}

static void comparisons(void **state) {
  (void)state;
  static const row rows[] = {
      {"fact.cmp eq amount 2.5", "amount=2.5", "met", NULL},
      {"fact.cmp eq amount 2.5", "amount=2.4", "not", NULL},
      {"fact.cmp ne amount 2.5", "amount=2.5", "not", NULL},
      {"fact.cmp ne amount 2.5", "amount=2.6", "met", NULL},
      {"fact.cmp lt amount 2.5", "amount=2.499999", "met", NULL},
      {"fact.cmp lt amount 2.5", "amount=2.5", "not", NULL},
      {"fact.cmp le amount 2.5", "amount=2.5", "met", NULL},
      {"fact.cmp le amount 2.5", "amount=2.500001", "not", NULL},
      {"fact.cmp gt amount 2.5", "amount=2.5", "not", NULL},
      {"fact.cmp gt amount 2.5", "amount=3", "met", NULL},
      {"fact.cmp ge amount -1", "amount=-1", "met", NULL},
      {"fact.cmp ge amount -1", "amount=-1.1", "not", NULL},
      {"fact.cmp ne amount 2.5", "amount=none", "not", NULL},
      {"fact.cmp eq amount 2.5", "", "?", "amount"},
      {"fact.cmp? ne amount 2.5", "", "not", NULL},
      {"fact.cmp? ne amount 2.5", "amount=1", "met", NULL},
      {"fact.cmp lt closed 1", "", "not", NULL},
      {"fact.cmp lt closed 1", "closed=0", "met", NULL},
      {"fact.cmp lt when 2024-03-01", "when=2024-02-29", "met", NULL},
      {"fact.cmp lt when 2024-03-01", "when=2024-03-01", "not", NULL},
      {"fact.cmp lt copy 2024-03-01", "when=2024-02-29", "met", NULL},
      {"fact.cmp lt copy 2024-03-01", "when=2024-02-29 copy=2025-01-01", "not", NULL},
      {"fact.cmp lt copy 2024-03-01", "", "?", "when"},
      {"fact.cmp ge copy 2024-03-01", "when=none", "not", NULL},
      {"fact.cmp? lt copy 2024-03-01", "", "not", NULL},
      {"fact.cmp? lt copy 2024-03-01", "when=2024-02-29", "met", NULL},
      {"fact.cmp eq site home", "site=home", "met", NULL},
      {"fact.cmp ne site home", "site=office", "met", NULL},
      {"fact.cmp eq language home", "", "met", NULL},
      {"fact.cmp eq language home", "language=office", "not", NULL},
      {"fact.cmp? eq language home", "", "met", NULL},
      {"fact.cmp eq code J1745", "code=j1745", "met", NULL},
      {"fact.cmp eq code J1745", "code=J174", "not", NULL},
      {"fact.cmp ne code J1745", "code=J1746", "met", NULL},
      {"fact.cmp eq brand 0", "brand=__REMICADE_", "met", NULL},
      {"fact.cmp eq brand 1", "brand=Stelara__SC", "met", NULL},
      {"fact.cmp eq brand 1", "brand=StelaraSC", "not", NULL},
      {"fact.cmp ne brand 1", "brand=Entyvio", "met", NULL},
      {"fact.cmp ne brand 1", "brand=none", "not", NULL},
  };
  RUN(rows)
}

static void states(void **state) {
  (void)state;
  static const row rows[] = {
      {"fact.none amount", "amount=none", "met", NULL},
      {"fact.none amount", "amount=1", "not", NULL},
      {"fact.none amount", "", "?", "amount"},
      {"fact.none closed", "", "met", NULL},
      {"fact.none copy", "when=none", "met", NULL},
      {"fact.none copy", "", "?", "when"},
      {"fact.none language", "", "not", NULL},
      {"fact.left_out amount", "", "met", NULL},
      {"fact.left_out amount", "amount=none", "not", NULL},
      {"fact.left_out amount", "amount=1", "not", NULL},
      {"fact.left_out closed", "", "met", NULL},
      {"fact.left_out language", "", "met", NULL},
      {"fact.left_out copy", "when=2024-01-01", "met", NULL},
      {"fact.left_out codes", "", "met", NULL},
      {"fact.left_out codes", "codes=empty", "not", NULL},
      {"fact.left_out events", "events=0", "not", NULL},
      {"list.empty codes", "codes=empty", "met", NULL},
      {"list.empty codes", "codes=A1", "not", NULL},
      {"list.empty codes", "", "?", "codes"},
      {"list.empty? codes", "", "not", NULL},
      {"list.empty nothing", "", "met", NULL},
      {"list.empty nothing", "nothing=A1", "not", NULL},
      {"list.empty sites", "sites=empty", "met", NULL},
      {"list.empty sites", "sites=home", "not", NULL},
      {"list.empty nosites", "", "met", NULL},
      {"list.empty events", "events=0", "met", NULL},
      {"list.empty events", "events=1", "not", NULL},
      {"list.empty events", "", "?", "events"},
  };
  RUN(rows)
}

static void membership(void **state) {
  (void)state;
  static const row rows[] = {
      {"fact.in_mask site office|home", "site=home", "met", NULL},
      {"fact.in_mask site office|home", "site=hospital", "not", NULL},
      {"fact.in_mask site office|home", "site=none", "not", NULL},
      {"fact.in_mask site office|home", "", "?", "site"},
      {"fact.in_mask? site office|home", "", "not", NULL},
      {"fact.in_set code plain", "code=A1", "met", NULL},
      {"fact.in_set code plain", "code=B2", "met", NULL},
      {"fact.in_set code plain", "code=B5", "met", NULL},
      {"fact.in_set code plain", "code=B9", "met", NULL},
      {"fact.in_set code plain", "code=B1", "not", NULL},
      {"fact.in_set code plain", "code=C", "not", NULL},
      {"fact.in_set code plain", "code=0", "not", NULL},
      {"fact.in_set code plain", "code=none", "not", NULL},
      {"fact.in_set code plain", "", "?", "code"},
      {"fact.in_set? code plain", "", "not", NULL},
      {"fact.in_set code nobody", "code=A1", "not", NULL},
      {"fact.in_set code nobody", "", "?", "code"},
      {"fact.in_set code drugs@when", "code=J1500", "met", NULL},
      {"fact.in_set code drugs@when", "code=J9999", "not", NULL},
      {"fact.in_set code drugs@when", "code=J3000 when=2023-12-31", "not", NULL},
      {"fact.in_set code drugs@when", "code=J3000 when=2024-01-01", "met", NULL},
      {"fact.in_set code drugs@when", "code=J3000 when=2024-06-30", "met", NULL},
      {"fact.in_set code drugs@when", "code=J3000 when=2024-07-01", "not", NULL},
      {"fact.in_set code drugs@when", "code=J3000 when=2024-08-01", "met", NULL},
      {"fact.in_set code drugs@when", "code=J3000 when=none", "not", NULL},
      {"fact.in_set code drugs@when", "code=J3000", "?", "when"},
      {"fact.in_set code drugs@when", "when=2024-01-01", "?", "code"},
      {"fact.in_set code drugs@when", "", "?", "code when"},
      {"fact.in_set code plain@when", "", "?", "code"},
      {"fact.in_set code drugs@copy", "code=J3000", "?", "when"},
      {"fact.in_set? code drugs@when", "code=J3000", "?", "when"},
      {"fact.in_set brand brands", "brand=stelara_sc", "met", NULL},
      {"fact.in_set brand brands", "brand=remicade", "not", NULL},
      {"fact.in_set brand brands", "brand=unheard_of", "not", NULL},
  };
  RUN(rows)
}

static void lists(void **state) {
  (void)state;
  static const row rows[] = {
      {"list.in_set any codes plain", "codes=X1,B3", "met", NULL},
      {"list.in_set any codes plain", "codes=X1,X2", "not", NULL},
      {"list.in_set any codes plain", "codes=empty", "not", NULL},
      {"list.in_set any codes plain", "", "?", "codes"},
      {"list.in_set? any codes plain", "", "not", NULL},
      {"list.in_set only codes plain", "codes=A1,B3", "met", NULL},
      {"list.in_set only codes plain", "codes=A1,X3", "not", NULL},
      {"list.in_set only codes plain", "codes=empty", "met", NULL},
      {"list.in_set only codes plain", "", "?", "codes"},
      {"list.in_set any codes drugs@when", "codes=J3000,X1", "?", "when"},
      {"list.in_set any codes drugs@when", "codes=J3000,J1500", "met", NULL},
      {"list.in_set only codes drugs@when", "codes=J3000,J1500", "?", "when"},
      {"list.in_set only codes drugs@when", "codes=J3000,X1", "not", NULL},
      {"list.in_set any codes drugs@when", "", "?", "when codes"},
      {"list.in_set any nothing plain", "", "not", NULL},
      {"list.in_mask any sites office|home", "sites=home,hospital", "met", NULL},
      {"list.in_mask any sites office|home", "sites=hospital", "not", NULL},
      {"list.in_mask any sites office|home", "sites=empty", "not", NULL},
      {"list.in_mask any sites office|home", "", "?", "sites"},
      {"list.in_mask only sites office|home", "sites=home,office", "met", NULL},
      {"list.in_mask only sites office|home", "sites=home,hospital", "not", NULL},
      {"list.in_mask only sites office|home", "sites=empty", "met", NULL},
      {"list.has codes B2", "codes=A1,B2", "met", NULL},
      {"list.has codes B2", "codes=A1", "not", NULL},
      {"list.has codes B2", "codes=empty", "not", NULL},
      {"list.has codes B2", "", "?", "codes"},
      {"list.has? codes B2", "", "not", NULL},
      {"list.has sites home", "sites=home", "met", NULL},
      {"list.has sites home", "sites=office", "not", NULL},
  };
  RUN(rows)
}

static void candidates(void **state) {
  (void)state;
  static const row rows[] = {
      {"cell.in_mask m.site home", "site=home", "met", NULL},
      {"cell.in_mask m.site home", "site=office", "not", NULL},
      {"cell.in_mask m.site home", "site=none", "not", NULL},
      {"cell.in_mask m.site home", "", "?", "site"},
      {"cell.in_mask m.site office|center|home|hospital", "", "met", NULL},
      {"cell.in_mask m.pos office|center", "code=11", "met", NULL},
      {"cell.in_mask m.pos office", "code=11", "?", "site"},
      {"cell.in_mask m.pos home", "code=11", "not", NULL},
      {"cell.in_mask m.pos hospital", "code=22", "met", NULL},
      {"cell.in_mask m.pos hospital", "code=23", "met", NULL},
      {"cell.in_mask m.pos hospital", "code=99", "?", "site"},
      {"cell.in_mask m.pos hospital", "code=none", "?", "site"},
      {"cell.in_mask m.pos hospital", "", "?", "site"},
      {"cell.in_mask m.pos hospital", "site=home", "?",
       ""}, // the fact asked for is given: nothing to ask
      {"cell.in_mask m.short home", "code=12", "met", NULL},
      {"cell.in_mask m.short home", "code=13", "not", NULL},
      {"cell.in_mask m.short home; not", "code=none", "met", NULL},
      {"cell.in_mask m.pick home", "flag=true", "met", NULL},
      {"cell.in_mask m.pick home", "flag=false", "not", NULL},
      {"cell.in_mask m.pick office|center", "flag=false", "met", NULL},
      {"cell.in_mask m.pick home", "", "?", "site"},
      {"cell.in_mask m.pick hospital", "", "not", NULL},
      {"cell.in_mask m.pick office|center|home", "", "met", NULL},
      {"cell.in_mask m.assumed office", "", "?", ""}, // an assumed fact is not missing
  };
  RUN(rows)
}

static void dates(void **state) {
  (void)state;
  static const row rows[] = {
      {"load.fact when; load.const 30; add.days; load.const 2024-01-31; cmp eq", "when=2024-01-01",
       "met", NULL},
      {"load.fact when; load.const 1.9; add.days; load.const 2024-01-02; cmp eq", "when=2024-01-01",
       "met", NULL},
      {"load.fact when; load.const -0.5; add.days; load.const 2023-12-31; cmp eq",
       "when=2024-01-01", "met", NULL},
      {"load.fact when; load.const 1; sub.days; load.const 2023-12-31; cmp eq", "when=2024-01-01",
       "met", NULL},
      {"load.fact when; load.const 9999999; add.days; load.const 9999-12-31; cmp eq",
       "when=2024-01-01", "met", NULL},
      {"load.fact when; load.const 9999999; sub.days; load.const 0001-01-01; cmp eq",
       "when=2024-01-01", "met", NULL},
      {"load.fact when; load.const 1; add.months; load.const 2024-02-29; cmp eq", "when=2024-01-31",
       "met", NULL},
      {"load.fact when; load.const 6; add.months; load.const 2024-08-31; cmp eq", "when=2024-02-29",
       "not", NULL},
      {"load.fact when; load.const 1; sub.months; load.const 2023-02-28; cmp eq", "when=2023-03-31",
       "met", NULL},
      {"load.fact when; load.const 200000; add.months; load.const 9999-12-31; cmp eq",
       "when=2023-03-31", "met", NULL},
      {"load.fact when; load.const 200000; sub.months; load.const 0001-01-01; cmp eq",
       "when=2023-03-31", "met", NULL},
      {"load.fact when; load.fact then; days.from; load.const 366; cmp eq",
       "when=2025-01-01 then=2024-01-01", "met", NULL},
      {"load.fact when; load.fact then; days.from; load.const -1; cmp eq",
       "when=2024-01-01 then=2024-01-02", "met", NULL},
      {"load.fact when; load.fact then; days.from; between 0 89", "when=2025-02-28 then=2024-12-01",
       "met", NULL},
      {"load.fact when; load.fact then; days.from; between 0 89", "when=2025-03-01 then=2024-12-01",
       "not", NULL},
      {"load.fact when; load.fact then; days.from; between 0 89", "when=2024-11-30 then=2024-12-01",
       "not", NULL},
      {"load.fact when; load.fact then; days.from; between 0 89", "when=2024-11-30", "?", "then"},
      {"load.fact when; load.fact then; days.from; between 0 89", "", "?", "when then"},
      {"load.fact when; load.fact then; days.from; between 0 89", "when=none", "not", NULL},
      {"load.fact when; load.fact then; days.from; between 0 89", "then=none", "not", NULL},
      {"load.fact? when; load.fact then; days.from; between 0 89", "", "not", NULL},
      {"load.fact when; load.fact then; years.from; load.const 13; cmp lt",
       "when=2024-02-28 then=2011-02-28", "not", NULL},
      {"load.fact when; load.fact then; years.from; load.const 13; cmp lt",
       "when=2024-02-27 then=2011-02-28", "met", NULL},
      {"load.fact when; load.fact then; years.from; load.const 13; cmp ge",
       "when=2025-02-28 then=2012-02-29", "not", NULL},
      {"load.fact when; load.fact then; years.from; load.const 13; cmp ge",
       "when=2025-03-01 then=2012-02-29", "met", NULL},
      {"load.fact when; load.fact then; years.from; load.const 12; cmp ge",
       "when=2024-02-29 then=2012-02-29", "met", NULL},
      {"load.fact when; load.fact then; years.from; load.const 0; cmp lt",
       "when=2024-01-01 then=2024-06-01", "met", NULL},
      {"load.fact when; load.fact then; earliest; load.const 2024-01-01; cmp eq",
       "when=2024-01-01 then=2024-01-02", "met", NULL},
      {"load.fact when; load.fact then; latest; load.const 2024-01-02; cmp eq",
       "when=2024-01-01 then=2024-01-02", "met", NULL},
      {"load.fact when; load.fact then; earliest; load.const 2024-01-02; cmp eq",
       "when=none then=2024-01-02", "met", NULL},
      {"load.fact when; load.fact then; latest; load.const 2024-01-01; cmp eq",
       "when=2024-01-01 then=none", "met", NULL},
      {"load.fact when; load.fact then; latest; load.const 2024-01-01; cmp eq",
       "when=none then=none", "not", NULL},
      {"load.fact when; load.fact then; latest; load.const 2024-01-01; cmp eq", "when=2024-01-01",
       "?", "then"},
      {"load.fact when; load.fact then; latest; load.const 2024-01-01; cmp eq", "then=none", "?",
       "when"},
      {"load.fact when; load.fact? then; latest; load.const 2024-01-01; cmp eq", "when=2024-01-01",
       "met", NULL},
      {"load.fact copy; load.const 2024-01-01; cmp eq", "", "?", "when"},
  };
  RUN(rows)
}

static void numbers(void **state) {
  (void)state;
  static const row rows[] = {
      {"load.fact amount; load.fact other; num.add; load.const 3; cmp eq", "amount=1 other=2",
       "met", NULL},
      {"load.fact amount; load.fact other; num.sub; load.const -1; cmp eq", "amount=1 other=2",
       "met", NULL},
      {"load.fact amount; load.fact other; cmp eq", "amount=2 other=2", "met", NULL},
      {"load.fact amount; load.fact other; cmp eq", "amount=1 other=2", "not", NULL},
      {"load.fact amount; load.fact other; cmp ne", "amount=1 other=2", "met", NULL},
      {"load.fact amount; load.fact other; cmp ne", "amount=2 other=2", "not", NULL},
      {"load.fact amount; load.fact other; cmp lt", "amount=1 other=2", "met", NULL},
      {"load.fact amount; load.fact other; cmp lt", "amount=2 other=2", "not", NULL},
      {"load.fact amount; load.fact other; cmp le", "amount=2 other=2", "met", NULL},
      {"load.fact amount; load.fact other; cmp le", "amount=3 other=2", "not", NULL},
      {"load.fact amount; load.fact other; cmp gt", "amount=3 other=2", "met", NULL},
      {"load.fact amount; load.fact other; cmp gt", "amount=2 other=2", "not", NULL},
      {"load.fact amount; load.fact other; cmp ge", "amount=2 other=2", "met", NULL},
      {"load.fact amount; load.fact other; cmp ge", "amount=1 other=2", "not", NULL},
      {"load.fact amount; load.fact other; cmp ne", "amount=none other=2", "not", NULL},
      {"load.fact amount; load.fact other; cmp ne", "amount=1 other=none", "not", NULL},
      {"load.fact amount; load.fact other; cmp ne", "other=none", "not", NULL},
      {"load.fact amount; load.fact other; cmp eq", "amount=1", "?", "other"},
      {"load.fact amount; load.fact other; cmp lt", "amount=1", "?", "other"},
      {"load.fact amount; load.fact other; cmp ge", "", "?", "amount other"},
      {"load.fact amount; load.fact other; num.add; load.fact closed; cmp ge", "", "not", NULL},
      {"load.fact amount; between 1 2", "amount=1", "met", NULL},
      {"load.fact amount; between 1 2", "amount=2", "met", NULL},
      {"load.fact amount; between 1 2", "amount=2.1", "not", NULL},
      {"load.fact amount; between 1 2", "amount=none", "not", NULL},
      {"load.fact amount; between 1 2", "", "?", "amount"},
      {"load.fact amount; between 2 2", "amount=2", "met", NULL},
      {"load.const 999999999999; load.const 999999999999; num.add; load.const 1000000000000; cmp "
       "eq",
       "", "met", NULL},
      {"load.const -999999999999; load.const 999999999999; num.sub; load.const -1000000000000; cmp "
       "eq",
       "", "met", NULL},
  };
  RUN(rows)
}

static void blocks(void **state) {
  (void)state;
#define THREE "fact.true flag; join; fact.cmp eq amount 1; join; fact.in_mask site home; join; end"
  static const row rows[] = {
      {"begin all; end", "", "met", NULL},
      {"begin any; end", "", "not", NULL},
      {"begin all; " THREE, "flag=true amount=1 site=home", "met", NULL},
      {"begin all; " THREE, "flag=true amount=2", "not", NULL},
      {"begin all; " THREE, "flag=true", "?", "site amount"},
      {"begin all; " THREE, "amount=1", "?", "flag site"},
      {"begin any; " THREE, "amount=1", "met", NULL},
      {"begin any; " THREE, "flag=false amount=2 site=office", "not", NULL},
      {"begin any; " THREE, "flag=false", "?", "site amount"},
      {"begin count 2; " THREE, "flag=true amount=1", "met", NULL},
      {"begin count 2; " THREE, "flag=true site=home", "met", NULL},
      {"begin count 2; " THREE, "flag=false amount=2", "not", NULL},
      {"begin count 2; " THREE, "flag=true", "?", "site amount"},
      {"begin count 2; " THREE, "flag=true amount=2", "?", "site"},
      {"begin count 2; " THREE, "", "?", "flag site amount"},
      {"begin count 4; " THREE, "", "not", NULL},
      {"begin count 0; " THREE, "", "met", NULL},
      {"begin any; begin all; fact.true flag; join; fact.cmp eq amount 1; join; end; join; "
       "fact.in_mask site home; join; end",
       "flag=false", "?", "site"},
      {"begin any; begin all; fact.true flag; join; fact.cmp eq amount 1; join; end; join; "
       "fact.in_mask site home; join; end",
       "flag=true site=office", "?", "amount"},
      {"begin all; begin any; fact.true flag; join; fact.cmp eq amount 1; join; end; not; join; "
       "fact.in_mask site home; join; end",
       "amount=2 site=home", "?", "flag"},
      {"begin all; begin any; fact.true flag; join; fact.cmp eq amount 1; join; end; not; join; "
       "fact.in_mask site home; join; end",
       "amount=1 site=home", "not", NULL},
      {"begin all; cell c.flag; join; cell c.flag; not; join; end", "", "?", "flag"},
  };
  RUN(rows)
}

static void loops(void **state) {
  (void)state;
#define BAD "fact.true events[].bad; each.end"
#define BIG "fact.cmp gt events[].size 5; each.end"
  static const row rows[] = {
      {"each any events; " BAD, "", "?", "events"},
      {"each all events; " BAD, "", "?", "events"},
      {"each any events; " BAD, "events=0", "not", NULL},
      {"each all events; " BAD, "events=0", "met", NULL},
      {"each any events; " BAD, "events=2 events[0].bad=false events[1].bad=true", "met", NULL},
      {"each any events; " BAD, "events=2 events[1].bad=true", "met", NULL},
      {"each any events; " BAD, "events=2 events[1].bad=false", "?", "events[0].bad"},
      {"each any events; " BAD, "events=2 events[0].bad=none events[1].bad=false", "not", NULL},
      {"each all events; " BAD, "events=2 events[0].bad=true events[1].bad=true", "met", NULL},
      {"each all events; " BAD, "events=3 events[0].bad=true events[2].bad=false", "not", NULL},
      {"each all events; " BAD, "events=3 events[0].bad=true", "?", "events[1].bad events[2].bad"},
      {"each any norecords; fact.true norecords[].x; each.end", "", "not", NULL},
      {"each count events; " BAD "; load.const 2; cmp ge",
       "events=3 events[0].bad=true events[1].bad=true", "met", NULL},
      {"each count events; " BAD "; load.const 2; cmp ge", "events=3 events[0].bad=true", "?",
       "events[1].bad events[2].bad"},
      {"each count events; " BAD "; load.const 2; cmp ge", "events=2 events[0].bad=false", "not",
       NULL},
      {"each count events; " BAD "; load.const 0; cmp eq", "events=0", "met", NULL},
      {"each count events; " BAD "; load.const 0; cmp ge", "", "?", "events"},
      {"each count events; " BAD "; load.const 1; cmp eq", "events=2 events[0].bad=true", "?",
       "events[1].bad"},
      {"each count events; " BAD "; load.const 3; cmp eq", "events=2 events[0].bad=true", "not",
       NULL},
      {"each count events; " BAD "; load.const 3; cmp ne", "events=2 events[0].bad=true", "met",
       NULL},
      {"each count events; " BAD "; load.const 2; cmp gt", "events=2", "not", NULL},
      {"each count events; " BAD "; load.const 2; cmp le", "events=2", "met", NULL},
      {"each count events; " BAD "; load.const 2; cmp lt", "events=2", "?",
       "events[0].bad events[1].bad"},
      {"each count events; " BAD "; between 0 2", "events=2", "met", NULL},
      {"each count events; " BAD "; between 1 2", "events=2", "?", "events[0].bad events[1].bad"},
      {"each count events; " BAD "; between 3 4", "events=2", "not", NULL},
      {"each count events; " BAD "; each count events; " BIG "; num.add; load.const 5; cmp lt",
       "events=2", "met", NULL},
      {"each count events; " BAD "; each count events; " BIG "; num.sub; load.const -2; cmp ge",
       "events=2", "met", NULL},
      {"each count events; " BAD "; each count events; " BIG "; latest; load.const 2; cmp le",
       "events=2", "met", NULL},
      {"each any events; begin all; fact.true events[].bad; join; fact.cmp gt events[].size 5; "
       "join; end; each.end",
       "events=2 events[0].bad=true events[1].size=6", "?", "events[0].size events[1].bad"},
      {"each any events; begin all; fact.true events[].bad; join; fact.cmp gt events[].size 5; "
       "join; end; each.end",
       "events=2 events[0].bad=true events[0].size=1", "?", "events[1].bad events[1].size"},
      {"each any events; begin all; fact.true events[].bad; join; cell c.flag; join; end; each.end",
       "events=2 events[0].bad=true events[1].bad=false", "?", "flag"},
      {"each all events; fact.cmp lt events[].day 2024-06-01; each.end", "events=2 when=2024-01-01",
       "met", NULL},
      {"each all events; fact.cmp lt events[].day 2024-06-01; each.end",
       "events=2 when=2024-01-01 events[1].day=2024-07-01", "not", NULL},
      {"each all events; fact.cmp lt events[].day 2024-06-01; each.end", "events=2", "?", "when"},
      {"each all events; fact.cmp lt events[].again 2024-06-01; each.end",
       "events=1 events[0].own=2024-01-01", "met", NULL},
      {"each all events; fact.cmp lt events[].again 2024-06-01; each.end", "events=1", "?",
       "events[0].again"},
      {"each any events; fact.in_set code drugs@events[].day; each.end", "events=1 code=J3000", "?",
       "when"},
      {"each any events; load.fact events[].size; load.fact amount; cmp gt; each.end",
       "events=2 events[0].size=1 amount=1", "?", "events[1].size"},
      {"each any events; load.fact events[].size; load.fact amount; cmp gt; each.end", "events=1",
       "?", "amount events[0].size"},
      {"begin any; each any events; " BAD "; join; each any events; " BIG "; join; end",
       "events=1 events[0].size=6", "met", NULL},
      {"begin any; each any events; " BAD "; join; each any events; " BIG "; join; end", "events=1",
       "?", "events[0].bad events[0].size"},
      {"begin any; each any events; " BAD "; join; fact.true flag; join; end", "", "?",
       "flag events"},
  };
  RUN(rows)
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(booleans),   cmocka_unit_test(comparisons), cmocka_unit_test(states),
      cmocka_unit_test(membership), cmocka_unit_test(lists),       cmocka_unit_test(candidates),
      cmocka_unit_test(dates),      cmocka_unit_test(numbers),     cmocka_unit_test(blocks),
      cmocka_unit_test(loops),
  };
  return cmocka_run_group_tests_name("opcodes", tests, NULL, NULL);
}
