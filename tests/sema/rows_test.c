// SPDX-License-Identifier: Apache-2.0
//
// Members that stand in a table: how a table is read, which rows a version takes, and that no other row has a part in
// the artifact.
#include "support.h"

#include <stdlib.h>

// ------------------------------------------------------------------ files

struct file {
  const char *name, *text;
};
static struct file files[8];
static size_t file_count;

static void put_file(const char *name, const char *text) {
  for (size_t i = 0; i < file_count; i++)
    if (strcmp(files[i].name, name) == 0) {
      files[i].text = text;
      return;
    }
  assert_true(file_count < sizeof files / sizeof *files);
  files[file_count++] = (struct file){name, text};
}

static int no_files(void **state) {
  (void)state;
  file_count = 0;
  return 0;
}

static bool use(void *ctx, const char *name, const char *from, const char **text, size_t *length,
                const char **place) {
  (void)ctx;
  (void)from;
  for (size_t i = 0; i < file_count; i++) {
    if (strcmp(files[i].name, name) != 0) continue;
    *text = files[i].text;
    *length = strlen(files[i].text);
    *place = files[i].name;
    return true;
  }
  return false;
}

static const soc_compile_options options = {.use = use};

static soc_compilation *compile(const char *text) {
  soc_compilation *c = soc_compile(text, strlen(text), "policies/test.soc", &options);
  assert_non_null(c);
  return c;
}

// Without a finding, but that a row ends and stays all the same (days_without_effect is about these).
static soc_compilation *compile_good(const char *text) {
  soc_compilation *c = compile(text);
  uint32_t others = 0;
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    char shown[1024];
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    if (strcmp(d->code, "W0505") == 0) continue;
    soc_diagnostic_render(d, shown, sizeof shown);
    print_message("%s", shown);
    others++;
  }
  assert_int_equal(others, 0);
  return c;
}

// What is told, as "W0505 ./t.csv:4" one behind the other.
static void tells(const char *text, const char *next_version, const char *wanted) {
  char found[512] = "";
  const soc_compile_options dated = {.use = use, .next_version = next_version};
  soc_compilation *c = soc_compile(text, strlen(text), "policies/test.soc", &dated);
  assert_non_null(c);
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    size_t used = strlen(found);
    snprintf(found + used, sizeof found - used, "%s%s %s:%u", used > 0 ? " " : "", d->code,
             d->place, (unsigned)d->line);
  }
  assert_string_equal(found, wanted);
  soc_compilation_free(c);
}

// ------------------------------------------------------------------ sources

#define POLICY_OF(day, more) \
  "soc 1\npolicy \"tests/tables\" { title \"T\"; version " day "; basis service.date " more " }\n"
#define DECISION           \
  "decision d medical {\n" \
  "  approve PREFERRED_SITE when service.code in s \"listed\" cite \"L1\"\n" OTHERWISE "}\n"
#define HEAD_OF(day) POLICY_OF(day, "") "use \"vocabulary/case\"\n"
#define SET_OF(rows) "set s of codes \"t\" cite \"L1\" {\n" rows "\n}\n"
#define DATED                                                                            \
  "rows of \"./t.csv\" column \"code\" first day in column \"from\" last day in column " \
  "\"through\""

// The codes that a version takes, in order of the artifact.
static void holds(const char *source, const char *wanted) {
  char found[256] = "";
  soc_compilation *c = compile_good(source);
  const struct set_decl *set = set_named(c, "s");
  for (uint32_t i = 0; i < set->count; i++) {
    char code[13];
    (void)soc_code_unpack(set->ranges[i].lo, code);
    size_t used = strlen(found);
    snprintf(found + used, sizeof found - used, "%s%s", used > 0 ? " " : "", code);
  }
  assert_string_equal(found, wanted);
  soc_compilation_free(c);
}

static bool is_in(const char *source, const char *code, const char *day) {
  soc_compilation *c = compile_good(source);
  bool in = set_holds(set_named(c, "s"), code, day);
  soc_compilation_free(c);
  return in;
}

// ------------------------------------------------------------------ artifacts

struct bytes {
  uint8_t *data;
  size_t length;
};

static struct bytes artifact_of(const char *source) {
  soc_compilation *c = compile_good(source);
  struct bytes b = {NULL, 0};
  const void *image = soc_compilation_artifact(c, &b.length);
  assert_non_null(image);
  b.data = malloc(b.length);
  assert_non_null(b.data);
  memcpy(b.data, image, b.length);
  soc_compilation_free(c);
  return b;
}

static bool same_bytes(struct bytes a, struct bytes b) {
  return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

// Does the artifact of `source` stay the same when the table is `other` instead of `table`?
static bool unchanged(const char *source, const char *table, const char *other) {
  put_file("./t.csv", table);
  struct bytes before = artifact_of(source);
  put_file("./t.csv", other);
  struct bytes after = artifact_of(source);
  bool same = same_bytes(before, after);
  free(before.data);
  free(after.data);
  return same;
}

static soc_table_info table_of(const struct bytes *image, uint32_t index, uint32_t *count) {
  soc_policy policy;
  soc_policy_info info;
  soc_table_info table = {0};
  assert_int_equal(soc_policy_load(&policy, image->data, image->length, NULL), SOC_OK);
  soc_policy_describe(&policy, &info);
  *count = info.table_count;
  soc_status status = soc_policy_table(&policy, index, &table);
  assert_int_equal(status, index < info.table_count ? SOC_OK : SOC_ERR_ARGUMENT);
  return table;
}

// ------------------------------------------------------------------ how a table is read

#define ROWS(name) HEAD_OF("2025-01-01") SET_OF("rows of \"" name "\" column \"code\"") DECISION

#define BOM "\xEF\xBB\xBF"

static void csv(void **state) {
  (void)state;
  static const char *const same[] = {
      "code,note\nJ0001,a\nJ0003,b\n",
      BOM "code,note\r\nJ0001,a\r\nJ0003,b",
      "\n\nnote,code\n\na,J0001\n\nb,J0003\n\n",
      "\"code\",\"a \"\"note\"\"\"\n\"J0001\",\"x,\ny\"\nJ0003,\n",
      "code , note\n J0001 ,\"\"\n\"J0003 \",\"\"\"\"\n",
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    put_file("./t.csv", same[i]);
    holds(ROWS("./t.csv"), "J0001 J0003");
  }
}

static void one_range(const char *name, const char *text, const char *lo, const char *hi) {
  put_file(name, text);
  soc_compilation *c =
      compile_good(strcmp(name, "./t.csv") == 0 ? ROWS("./t.csv") : ROWS("./t.tsv"));
  const struct set_decl *set = set_named(c, "s");
  char code[13];
  assert_int_equal(set->count, 1);
  (void)soc_code_unpack(set->ranges[0].lo, code);
  assert_string_equal(code, lo);
  (void)soc_code_unpack(set->ranges[0].hi, code);
  assert_string_equal(code, hi);
  soc_compilation_free(c);
}

static void members(void **state) {
  (void)state;
  one_range("./t.csv", "code\n96360\n", "96360", "96360");
  one_range("./t.csv", "code\nJ17*\n", "J17", "J17ZZZZZZZZZ");
  one_range("./t.tsv", "a\tcode\n\"x\" of y\t 00250 \n", "00250", "00250");
  put_file("./t.csv", "code\n96360 .. 96362\nJ1745\n");
  assert_true(is_in(ROWS("./t.csv"), "96361", "2025-01-01"));
  assert_false(is_in(ROWS("./t.csv"), "96363", "2025-01-01"));
}

static void texts(void **state) {
  (void)state;
  put_file("./t.csv", "brand\n\"Actemra, \"\"IV\"\"\"\nRemicade\n");
  soc_compilation *c = compile_good(
      HEAD_OF("2025-01-01") "set s of texts \"t\" cite \"L1\" { rows of \"./t.csv\" column "
                            "\"brand\" \"Avsola\" }\n"
                            "decision d medical {\n  approve PREFERRED_SITE when service.drug in s "
                            "\"x\" cite \"L1\"\n" OTHERWISE "}\n"
                            "test \"t\" { with { service.date 2025-01-01; service.drug \"ACTEMRA, "
                            "\\\"iv\\\"\" }; expect d approve }\n"
                            "test \"u\" { with { service.date 2025-01-01; service.drug \"avsola\" "
                            "}; expect d approve }\n");
  for (uint32_t i = 0; i < 2; i++) {
    soc_test_outcome outcome;
    assert_true(soc_compilation_run_test(c, i, &outcome));
    assert_true(outcome.passed);
  }
  soc_compilation_free(c);
}

static void conditions(void **state) {
  (void)state;
  put_file("./t.csv", "list,lob,code\na,x,J0001\na,y,J0003\nb,x,J0005\n");
  holds(HEAD_OF("2025-01-01")
            SET_OF("rows of \"./t.csv\" column \"code\" where column \"list\" = \"a\"") DECISION,
        "J0001 J0003");
  holds(HEAD_OF("2025-01-01") SET_OF("rows of \"./t.csv\" column \"code\"\n where column \"list\" "
                                     "= \"a\"\n where column \"lob\" = \"y\"") DECISION,
        "J0003");
}

// ------------------------------------------------------------------ which rows a version takes

static const char HISTORY[] = "code,from,through\n"
                              "J0001,,\n"
                              "J0003,2024-01-01,2024-12-31\n"
                              "J0005,2025-01-01,2025-03-31\n"
                              "J0005,2025-06-01,\n"
                              "J0007,2025-07-01,9999-12-31\n";

static void the_first_day_decides(void **state) {
  (void)state;
  put_file("./t.csv", HISTORY);
  holds(HEAD_OF("2024-12-31") SET_OF(DATED) DECISION, "J0001 J0003");
  holds(HEAD_OF("2025-01-01") SET_OF(DATED) DECISION, "J0001 J0005");
  holds(HEAD_OF("2025-03-31") SET_OF(DATED) DECISION, "J0001 J0005");
  holds(HEAD_OF("2025-04-01") SET_OF(DATED) DECISION, "J0001");
  holds(HEAD_OF("2025-07-01") SET_OF(DATED) DECISION, "J0001 J0005 J0007");
  static const char undated[] = HEAD_OF("2025-01-01") SET_OF(DATED) DECISION;
  assert_true(is_in(undated, "J0005", "2025-04-01")); // no dates of its own
}

static void through(void **state) {
  (void)state;
  put_file("./t.csv", HISTORY);
  static const char source[] = HEAD_OF("2025-01-01") SET_OF(DATED " through 2025-07-01") DECISION;
  holds(source, "J0001 J0005 J0005 J0007");
  assert_true(is_in(source, "J0005", "2025-03-31"));
  assert_false(is_in(source, "J0005", "2025-04-01"));
  assert_false(is_in(source, "J0005", "2025-05-31"));
  assert_true(is_in(source, "J0005", "2025-06-01"));
  assert_false(is_in(source, "J0007", "2025-06-30"));
  assert_true(is_in(source, "J0007", "2025-07-01"));
  assert_true(is_in(source, "J0007", "9999-12-31"));
}

static void later_rows_change_nothing(void **state) {
  (void)state;
  static const char first[] = HEAD_OF("2025-01-01") SET_OF(DATED) DECISION;
  static const char longer[] = HEAD_OF("2025-01-01") SET_OF(DATED " through 2025-03-31") DECISION;
  static const char base[] = "code,from,through\nJ0001,2024-01-01,\nJ0003,,\n";
  static const struct {
    const char *table;
    bool first, longer; // the artifact stays the same
  } changes[] = {
      {"code,from,through\nJ0001,2024-01-01,\nJ0003,,\nJ0005,2025-04-01,\n", true, true},
      {"code,from,through\nJ0001,2024-01-01,\nJ0003,,\nnot a code,2025-04-01,\n", true, true},
      {"code,from,through\nJ0001,2024-01-01,2025-03-31\nJ0003,,2025-06-30\n", true, true},
      {"code,from,through\nJ0000,,2024-12-31\nJ0003,,\nJ0001,2023-01-01,\n", true, true},
      {"note,through,code,from\nx,,J0001,2024-01-01\ny,,J0003,\n", true, true},
      {"code,from,through\nJ0001,2024-01-01,\nJ0003,,\nJ0005,2025-03-31,\n", true, false},
      {"code,from,through\nJ0001,2024-01-01,2025-03-30\nJ0003,,\n", true, false},
      {"code,from,through\nJ0001,2025-01-02,\nJ0003,,\n", false, false},
      {"code,from,through\nJ0001,2024-01-01,\nJ0005,,\n", false, false},
      {"code,from,through\nJ0001,2024-01-01,\n", false, false},
      {"code,from,through\nJ0001,2024-01-01,\nJ0003,,\nJ0005,2025-01-01,\n", false, false},
  };
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    if (unchanged(first, base, changes[i].table) != changes[i].first)
      fail_msg("the artifact with the rows of one day, and table %zu", i);
    if (unchanged(longer, base, changes[i].table) != changes[i].longer)
      fail_msg("the artifact with the rows of a period, and table %zu", i);
  }
}

// What a row cites is part of what was taken, and decides nothing.
static void citations(void **state) {
  (void)state;
  static const char source[] = HEAD_OF("2025-01-01")
      SET_OF("rows of \"./t.csv\" column \"code\" cite in column \"cite\"") DECISION;
  assert_false(unchanged(source, "code,cite\nJ0001,p. 1\n", "code,cite\nJ0001,p. 2\n"));
  uint32_t count;
  put_file("./t.csv", "code,cite\nJ0001,p. 1\n");
  struct bytes a = artifact_of(source);
  put_file("./t.csv", "code,cite\nJ0001,p. 2\n");
  struct bytes b = artifact_of(source);
  assert_memory_equal(a.data + 32, b.data + 32, 32);
  soc_table_info x = table_of(&a, 0, &count), y = table_of(&b, 0, &count);
  assert_memory_not_equal(x.digest, y.digest, 32);
  free(a.data);
  free(b.data);
}

static void the_artifact_says_it(void **state) {
  (void)state;
  uint32_t count;
  uint8_t digest[32];
  static const char source[] = HEAD_OF("2025-01-01") SET_OF(
      "rows of \"./t.csv\" column \"code\" last day in column \"end\" cite in column \"p\"\n"
      "where column \"list\" = \"a\" through 2025-12-31 first day in column \"start\"") DECISION;
  static const char lines[] = "0001A..0003A\t\t\tp. 1\n"
                              "J0001\t2025-02-01\t2025-03-31\tp. 2\n"
                              "J0001\t2025-05-01\t\t\n";
  put_file("./t.csv",
           "list,code,start,end,p\na,J0001,2025-05-01,,\na,J0001,2025-02-01,2025-03-31,p. 2\n"
           "b,J0005,,,\na,0001A .. 0003A,,,p. 1\n");
  struct bytes image = artifact_of(source);
  soc_table_info t = table_of(&image, 0, &count);
  assert_int_equal(count, 1);
  assert_string_equal(t.name.data, "tests/tables/t.csv");
  assert_string_equal(t.set.data, "s");
  assert_string_equal(t.rows.data,
                      "column \"code\" first day in column \"start\" last day in column \"end\" "
                      "cite in column \"p\" where column \"list\" = \"a\" through 2025-12-31");
  assert_int_equal(t.row_count, 3);
  soc_digest(lines, sizeof lines - 1, digest);
  assert_memory_equal(t.digest, digest, 32);
  (void)table_of(&image, 1, &count);
  free(image.data);
}

// Sets that nothing reads have no part in it; those that a set includes have.
static void only_sets_that_are_read(void **state) {
  (void)state;
  uint32_t count;
  put_file("./t.csv", "list,code\na,J0001\nb,J0003\nc,J0005\n");
  put_file("./lists", "soc 1\nlibrary \"lists\"\n"
                      "set s of codes \"t\" cite \"L\" { inner }\n"
                      "set inner of codes \"t\" cite \"L\" { rows of \"./t.csv\" column \"code\" "
                      "where column \"list\" = \"a\" }\n"
                      "set unread of codes \"t\" cite \"L\" { rows of \"./t.csv\" column \"code\" "
                      "where column \"list\" = \"b\" }\n"
                      "set unread_texts of texts \"t\" cite \"L\" { rows of \"./t.csv\" column "
                      "\"code\" where column \"list\" = \"b\" }\n");
  struct bytes image = artifact_of(HEAD_OF("2025-01-01") "use \"./lists\"\n" DECISION);
  soc_table_info t = table_of(&image, 0, &count);
  assert_int_equal(count, 1);
  assert_string_equal(t.set.data, "inner");
  put_file("./t.csv", "list,code\na,J0001\nb,J0007\n");
  struct bytes again = artifact_of(HEAD_OF("2025-01-01") "use \"./lists\"\n" DECISION);
  assert_true(same_bytes(image, again));
  free(image.data);
  free(again.data);
}

// ------------------------------------------------------------------ versions

static const char OLDER[] = HEAD_OF("2025-01-01") SET_OF("J0009\n" DATED) DECISION;
#define NEWER(day, older, changes) POLICY_OF(day, "; amends \"./" older "\"") changes

static void an_amending_version_takes_its_own(void **state) {
  (void)state;
  put_file("./t.csv", HISTORY);
  put_file("./1", OLDER);
  holds(OLDER, "J0001 J0005 J0009");
  holds(NEWER("2025-04-01", "1", ""), "J0001 J0009");
  holds(NEWER("2025-07-01", "1", ""), "J0001 J0005 J0007 J0009");
  holds(
      NEWER("2025-07-01", "1",
            "replace set s of codes \"t\" cite \"L1\" { J0002 rows of \"./t.csv\" column \"code\" "
            "where column \"through\" = \"2025-03-31\" }\n"),
      "J0002 J0005");
}

static void days_without_effect(void **state) {
  (void)state;
  put_file("./t.csv", HISTORY);
  static const char first[] = HEAD_OF("2025-01-01") SET_OF(DATED) DECISION;
  static const char longer[] = HEAD_OF("2025-01-01") SET_OF(DATED " through 2025-03-31") DECISION;
  tells(first, NULL, "W0505 ./t.csv:4");
  tells(first, "2025-04-02", "W0505 ./t.csv:4");
  tells(first, "2025-04-01", ""); // the next version takes it out
  tells(longer, NULL, "");        // who asks for a period knows what lies behind it
  put_file("./1", longer);
  tells(NEWER("2025-03-30", "1", ""), NULL, "");
  tells(NEWER("2025-04-01", "1", ""), NULL, "W0506 policies/test.soc:2");
  put_file("./1", OLDER);
  tells(NEWER("2025-03-31", "1", "change set s cite \"c\" { remove J0005 }\n"), NULL, "");
}

static void through_is_changed(void **state) {
  (void)state;
  put_file("./t.csv", HISTORY);
  put_file("./1", HEAD_OF("2024-12-01") SET_OF("J0009\n" DATED " through 2024-12-31") DECISION);
  static const char second[] =
      NEWER("2025-01-01", "1", "change set s cite \"c\" { rows through 2025-06-01 }\n");
  tells(second, NULL, "");
  holds(second, "J0001 J0005 J0005 J0009");
  assert_false(is_in(second, "J0005", "2025-04-01"));
  holds(
      NEWER(
          "2025-01-01", "1",
          "change set s cite \"c\" {\n  add J0011\n  rows through 2025-07-01\n  remove J0001\n}\n"),
      "J0005 J0005 J0007 J0009 J0011");
  put_file("./2", second);
  holds(NEWER("2025-05-01", "2", ""), "J0001 J0005 J0009"); // a newer version goes on with it
  tells(NEWER("2025-07-01", "2", ""), NULL, "W0506 policies/test.soc:2");
  tells(NEWER("2025-01-01", "1", "change set s cite \"c\" { rows through 2024-12-31 }\n"), NULL,
        "E0533 policies/test.soc:3");
  put_file("./3", HEAD_OF("2024-12-01") SET_OF("J0009") DECISION);
  tells(NEWER("2025-01-01", "3", "change set s cite \"c\" { rows through 2025-12-31 }\n"), NULL,
        "E0624 policies/test.soc:3");
}

static void changes(void **state) {
  (void)state;
  static const char second[] =
      NEWER("2025-04-01", "1",
            "change set s cite \"c\" {\n  add rows of \"./more.tsv\" column \"c\"\n"
            "  remove J0001\n  remove J0009 from 2025-06-01\n  add J0020\n}\n");
  put_file("./t.csv", HISTORY);
  put_file("./more.tsv", "c\nJ0011\nJ0013\n");
  put_file("./1", OLDER);
  put_file("./2", second);
  holds(second, "J0009 J0011 J0013 J0020");
  // What was removed stays out; the rows of each version are its own.
  holds(NEWER("2025-07-01", "2", ""), "J0005 J0007 J0011 J0013 J0020");
  holds(NEWER("2025-07-01", "2", "change set s cite \"c\" { add J0001; remove J0011 }\n"),
        "J0001 J0005 J0007 J0013 J0020");
  assert_true(
      is_in(NEWER("2025-04-01", "1", "change set s cite \"c\" { remove J0001 from 2025-05-01 }\n"),
            "J0001", "2025-04-30"));
  assert_false(
      is_in(NEWER("2025-04-01", "1", "change set s cite \"c\" { remove J0001 from 2025-05-01 }\n"),
            "J0001", "2025-05-01"));
}

static void what_is_there_is_not_added(void **state) {
  (void)state;
  put_file("./t.csv", HISTORY);
  put_file("./more.tsv", "c\nJ0013\nJ0009\n");
  put_file("./1", OLDER);
  soc_compilation *c = compile(NEWER(
      "2025-04-01", "1", "change set s cite \"c\" { add rows of \"./more.tsv\" column \"c\" }\n"));
  assert_int_equal(soc_compilation_diagnostic_count(c), 1);
  const soc_diagnostic *d = soc_compilation_diagnostic(c, 0);
  assert_string_equal(d->code, "E0619");
  assert_string_equal(d->place, "./more.tsv");
  assert_int_equal(d->line, 3);
  soc_compilation_free(c);
}

// Written out whole a version needs no table, and decides the same.
static void written_out(void **state) {
  (void)state;
  put_file("./t.csv", HISTORY);
  put_file("./1", OLDER);
  static const char *const sources[] = {
      OLDER,
      HEAD_OF("2025-01-01") SET_OF(DATED " through 2025-07-01") DECISION,
      NEWER("2025-07-01", "1", "change set s cite \"c\" { remove J0009 from 2025-08-01 }\n"),
  };
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    put_file("./t.csv", HISTORY);
    struct bytes before = artifact_of(sources[i]);
    soc_compilation *c = soc_expand(sources[i], strlen(sources[i]), "policies/test.soc", &options);
    assert_non_null(c);
    size_t length;
    const char *text = soc_compilation_text(c, &length);
    assert_non_null(text);
    char *whole = calloc(length + 1, 1);
    assert_non_null(whole);
    memcpy(whole, text, length);
    assert_null(strstr(whole, "\n  rows of"));
    files[0].text = "broken"; // it is not read any more
    struct bytes after = artifact_of(whole);
    assert_memory_equal(before.data + 32, after.data + 32, 32);
    soc_compilation_free(c);
    free(whole);
    free(before.data);
    free(after.data);
  }
}

// ------------------------------------------------------------------ citations of rows

static bool count_rows(void *ctx, const soc_citation *citation) {
  if (strcmp(citation->place, "./t.csv") == 0) *(uint32_t *)ctx += citation->line;
  return true;
}

static void citations_are_told(void **state) {
  (void)state;
  uint32_t lines = 0;
  put_file("./t.csv",
           "code,from,through,cite\nJ0001,,,p. 1\nJ0003,2026-01-01,,p. 2\nJ0005,,,p. 3\n");
  soc_compilation *c =
      compile_good(HEAD_OF("2025-01-01") SET_OF(DATED " cite in column \"cite\"") DECISION);
  assert_true(soc_compilation_citations(c, count_rows, &lines));
  assert_int_equal(lines, 2 + 4); // of the rows that were taken
  soc_compilation_free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(csv, no_files),
      cmocka_unit_test_setup(members, no_files),
      cmocka_unit_test_setup(texts, no_files),
      cmocka_unit_test_setup(conditions, no_files),
      cmocka_unit_test_setup(the_first_day_decides, no_files),
      cmocka_unit_test_setup(through, no_files),
      cmocka_unit_test_setup(later_rows_change_nothing, no_files),
      cmocka_unit_test_setup(citations, no_files),
      cmocka_unit_test_setup(the_artifact_says_it, no_files),
      cmocka_unit_test_setup(only_sets_that_are_read, no_files),
      cmocka_unit_test_setup(an_amending_version_takes_its_own, no_files),
      cmocka_unit_test_setup(days_without_effect, no_files),
      cmocka_unit_test_setup(through_is_changed, no_files),
      cmocka_unit_test_setup(changes, no_files),
      cmocka_unit_test_setup(what_is_there_is_not_added, no_files),
      cmocka_unit_test_setup(written_out, no_files),
      cmocka_unit_test_setup(citations_are_told, no_files),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
