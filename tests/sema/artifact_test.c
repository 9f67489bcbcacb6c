// SPDX-License-Identifier: Apache-2.0
//
// The artifact's bytes: the same for the same source wherever it is compiled, and a behaviour digest that only
// behaviour changes.
#include "support.h"

struct built {
  uint8_t bytes[32768];
  size_t length;
  soc_policy_info info;
};

static bool use_lists(void *ctx, const char *name, const char *from, const char **text,
                      size_t *length, const char **place) {
  static const char lists[] =
      "soc 1\nlibrary \"lists\"\nset listed of codes \"t\" cite \"L1\" { J1745 }\n";
  (void)from;
  if (strcmp(name, "./lists") != 0) return false;
  *text = lists;
  *length = sizeof lists - 1;
  *place = ctx;
  return true;
}

static void build(struct built *b, const char *text, const char *place, const char *lists_place) {
  soc_compile_options options = {.use = use_lists, .use_ctx = (void *)(uintptr_t)lists_place};
  soc_compilation *c = soc_compile(text, strlen(text), place, &options);
  assert_non_null(c);
  const void *bytes = soc_compilation_artifact(c, &b->length);
  assert_non_null(bytes);
  assert_true(b->length <= sizeof b->bytes);
  memcpy(b->bytes, bytes, b->length);
  soc_compilation_free(c);
  soc_policy policy;
  assert_int_equal(soc_policy_load(&policy, b->bytes, b->length, NULL), SOC_OK);
  soc_policy_describe(&policy, &b->info);
}

#define BODY(sentence, days)                                               \
  "use \"./lists\"\n"                                                      \
  "criterion a \"" sentence "\" cite \"L1\" met when all of {\n"           \
  "  service.code in listed\n"                                             \
  "  service.date in first " days " days from therapy.course_start_date\n" \
  "}\n"                                                                    \
  "decision d medical {\n"                                                 \
  "  approve INITIAL_COURSE when a through therapy.course_start_date + 89 days\n" OTHERWISE "}\n"

static bool same_behaviour(const struct built *a, const struct built *b) {
  return memcmp(a->info.behaviour_digest, b->info.behaviour_digest, 32) == 0;
}

static void two_paths_give_the_same_bytes(void **state) {
  (void)state;
  static struct built a, b;
  build(&a, HEAD BODY("t", "90"), "/home/one/p.soc", "/home/one/lists.soc");
  build(&b, HEAD BODY("t", "90"), "other.soc", "C:\\lists.soc");
  assert_int_equal(a.length, b.length);
  assert_memory_equal(a.bytes, b.bytes, a.length);
}

#define POLICY \
  HEAD BODY("t", "90") "sample s { service.code J1745 }\ntest \"own\" { expect d pend }\n"

static bool use_policy(void *ctx, const char *name, const char *from, const char **text,
                       size_t *length, const char **place) {
  if (strcmp(name, "./p") != 0) return use_lists(ctx, name, from, text, length, place);
  *text = POLICY;
  *length = sizeof POLICY - 1;
  *place = "p.soc";
  return true;
}

// Tests beside a policy are run on the very artifact that the policy has without them, and give none themselves.
static void tests_beside_are_no_part_of_it(void **state) {
  (void)state;
  static const char tests[] = "soc 1\ntests for \"./p\"\nsample t like s { service.code J9999 }\n"
                              "test table \"x\" { given t\n | service.date | expect d |\n"
                              " | 2024-02-01 | refer |\n | | pend |\n}\n";
  static struct built alone;
  build(&alone, POLICY, "p.soc", "l.soc");
  soc_compile_options options = {.use = use_policy, .use_ctx = (void *)(uintptr_t) "l.soc"};
  soc_compilation *c = soc_compile(tests, sizeof tests - 1, "x.test.soc", &options);
  assert_int_equal(soc_compilation_error_count(c), 0);
  assert_int_equal(soc_compilation_kind(c), SOC_FILE_TESTS);
  size_t length = 1;
  assert_null(soc_compilation_artifact(c, &length));
  assert_int_equal(length, 0);
  assert_int_equal(c->artifact_length, alone.length);
  assert_memory_equal(c->artifact, alone.bytes, alone.length);
  soc_policy_info info;
  soc_policy_describe(soc_compilation_policy(c), &info);
  assert_string_equal(info.id.data, "tests/sema");
  assert_int_equal(soc_compilation_version_count(c), 1);
  soc_text version = soc_compilation_version(c, 0);
  assert_int_equal(version.length, 3);
  assert_memory_equal(version.data, "./p", 3);
  assert_int_equal(soc_compilation_test_count(c), 2);
  for (uint32_t i = 0; i < 2; i++) {
    soc_test_outcome outcome;
    assert_true(soc_compilation_run_test(c, i, &outcome));
    assert_true(outcome.passed);
    assert_int_equal(outcome.line, 6 + i);
    assert_string_equal(outcome.title, i == 0 ? "x, row 1" : "x, row 2");
  }
  soc_compilation_free(c);
}

// `version` is the first day of the version that is tested, 2024-01-01 here: in the first 90 days from 2023-10-04 and
// from itself, not from the day before or the day after. In a library it is any version's.
static void a_date_of_the_version(void **state) {
  (void)state;
  static const char tests[] =
      "soc 1\ntests for \"./p\"\ntest table \"x\" { given s\n with { service.date version; "
      "claim.lines { { number 1, date version } } }\n"
      " | therapy.course_start_date | expect d |\n | 2023-10-03 | refer |\n"
      " | 2023-10-04 | approve |\n | version | approve |\n | 2024-01-02 | refer |\n}\n";
  soc_compile_options options = {.use = use_policy, .use_ctx = (void *)(uintptr_t) "l.soc"};
  soc_compilation *c = soc_compile(tests, sizeof tests - 1, "x.test.soc", &options);
  assert_int_equal(soc_compilation_test_count(c), 4);
  for (uint32_t i = 0; i < 4; i++) {
    soc_test_outcome outcome;
    assert_true(soc_compilation_run_test(c, i, &outcome));
    assert_string_equal(outcome.difference, "");
  }
  soc_compilation_free(c);
  char code[8];
  assert_string_equal(first_code(LIBRARY "sample s { service.date version }\n", code), "");
  assert_string_equal(first_code(LIBRARY "sample s { service.code version }\n", code), "E0501");
}

static void wording_changes_bytes_but_not_behaviour(void **state) {
  (void)state;
  static struct built a, b, comment;
  build(&a, HEAD BODY("t", "90"), "p.soc", "l.soc");
  build(&b, HEAD BODY("another sentence", "90"), "p.soc", "l.soc");
  build(&comment, HEAD "# a comment\n\n" BODY("t", "90"), "p.soc", "l.soc");
  assert_true(same_behaviour(&a, &b));
  assert_true(same_behaviour(&a, &comment));
  assert_true(a.length != b.length);
  assert_memory_not_equal(a.bytes, comment.bytes, a.length); // the source's digest and the lines
}

static void a_number_changes_behaviour(void **state) {
  (void)state;
  static struct built a, b;
  build(&a, HEAD BODY("t", "90"), "p.soc", "l.soc");
  build(&b, HEAD BODY("t", "91"), "p.soc", "l.soc");
  assert_false(same_behaviour(&a, &b));
}

static void what_is_not_read_is_not_there(void **state) {
  (void)state;
  static struct built a, b;
  build(&a, HEAD BODY("t", "90"), "p.soc", "l.soc");
  build(&b,
        HEAD "set other of texts \"t\" cite \"L1\" { \"Actemra\" }\n"
             "criterion unused \"t\" cite \"L1\" met when any of { service.drug in other; "
             "clinical.cardiac_condition }\n" BODY("t", "90"),
        "p.soc", "l.soc");
  assert_true(same_behaviour(&a, &b));
}

static void sources_are_named_without_paths(void **state) {
  (void)state;
  static struct built a;
  build(&a, HEAD BODY("t", "90"), "/secret/p.soc", "/secret/lists.soc");
  static const char *const expected[] = {"tests/sema/2024-01-01.soc", "tests/sema/lists.soc",
                                         "vocabulary/case.soc"};
  soc_policy policy;
  assert_int_equal(soc_policy_load(&policy, a.bytes, a.length, NULL), SOC_OK);
  assert_int_equal(a.info.source_count, 3);
  for (uint32_t i = 0; i < 3; i++) {
    soc_source_info source;
    assert_int_equal(soc_policy_source(&policy, i, &source), SOC_OK);
    assert_string_equal(source.name.data, expected[i]);
  }
}

// One allocator that stops giving after a while, once and for good.
struct scarce {
  size_t left;
};

static void *take(void *ctx, void *p, size_t old_size, size_t new_size) {
  struct scarce *s = ctx;
  (void)old_size;
  if (new_size == 0) {
    test_free(p);
    return NULL;
  }
  if (s->left == 0) return NULL;
  s->left--;
  return p == NULL ? test_malloc(new_size) : test_realloc(p, new_size);
}

static void running_out_of_memory_is_no_crash(void **state) {
  (void)state;
  static const char text[] =
      HEAD BODY("t", "90") "test \"x\" { with { service.code J1745 }\n expect d pend }\n";
  bool done = false;
  for (size_t n = 0; n < 1000 && !done; n++) {
    struct scarce scarce = {n};
    soc_allocator allocator = {take, &scarce};
    soc_compile_options options = {
        .allocator = &allocator, .use = use_lists, .use_ctx = (void *)"lists.soc"};
    soc_compilation *c = soc_compile(text, sizeof text - 1, "p.soc", &options);
    if (c == NULL) continue;
    size_t length;
    bool made = soc_compilation_artifact(c, &length) != NULL;
    assert_true(made || soc_compilation_out_of_memory(c));
    soc_test_outcome outcome;
    if (made) done = soc_compilation_run_test(c, 0, &outcome);
    soc_compilation_free(c);
  }
  assert_true(done);
}

static void the_vocabulary_can_be_read(void **state) {
  (void)state;
  soc_vocabulary *v = soc_vocabulary_open(NULL);
  assert_non_null(v);
  bool key = false, reference = false, other = false;
  for (uint32_t i = 0; i < soc_vocabulary_count(v); i++) {
    soc_vocabulary_fact fact;
    assert_true(soc_vocabulary_fact_at(v, i, &fact));
    assert_int_equal(strlen(fact.name.data), fact.name.length); // ends with a NUL
    for (uint32_t j = 0; j < fact.value_count; j++)
      assert_true(soc_vocabulary_value(v, i, j).length > 0);
    assert_int_equal(soc_vocabulary_value(v, i, fact.value_count).length, 0);
    key = key || fact.key;
    reference = reference || fact.line_of != SOC_NO_INDEX;
    other = other || fact.left_out == SOC_LEFT_OUT_OTHER_FACT;
  }
  assert_true(key && reference && other);
  soc_vocabulary_fact none;
  assert_false(soc_vocabulary_fact_at(v, soc_vocabulary_count(v), &none));
  soc_vocabulary_close(v);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_paths_give_the_same_bytes),
      cmocka_unit_test(tests_beside_are_no_part_of_it),
      cmocka_unit_test(a_date_of_the_version),
      cmocka_unit_test(wording_changes_bytes_but_not_behaviour),
      cmocka_unit_test(a_number_changes_behaviour),
      cmocka_unit_test(what_is_not_read_is_not_there),
      cmocka_unit_test(sources_are_named_without_paths),
      cmocka_unit_test(running_out_of_memory_is_no_crash),
      cmocka_unit_test(the_vocabulary_can_be_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
