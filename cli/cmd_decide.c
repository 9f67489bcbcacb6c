// SPDX-License-Identifier: Apache-2.0
//
// soc decide: reads cases, chooses the version of the policy for each, decides, prints. One case at a time.
#define _POSIX_C_SOURCE 200809L
#include "cli/artifacts.h"
#include "cli/cases.h"
#include "cli/commands.h"
#include "cli/results.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct deciding {
  bool json, explain;
  const char *input, *directory, *version;
  struct option_texts libraries;
  struct case_limits limits;
  enum case_format format;
  struct vocabulary_index vocabulary;
  struct policies policies;
  struct claim claim; // the case at hand
  struct case_reader *reader;
  struct case_stream *stream;
  struct result_printer printer;
  uint64_t index; // of the next case
  bool invalid;   // some case was
};

// False: trouble, or nobody reads the output any more.
static bool take_case(struct deciding *d, struct case_data *data) {
  struct outcome o = {.data = data, .index = d->index++, .explain = d->explain};
  enum claim_status status = CLAIM_REFUSED;
  if (!data->error.code)
    status = claim_decide(&d->claim, &d->policies, data, d->explain ? SOC_DECIDE_EXPLAIN : 0);
  if (status == CLAIM_TROUBLE) return false;
  if (status == CLAIM_DONE)
    o.claim = &d->claim;
  else
    d->invalid = true;
  if (!result_print(&d->printer, &o)) return trouble_memory(), false;
  return output_write(&d->printer.out);
}

static bool take_file(struct deciding *d, const char *path) {
  enum case_format format = d->format;
  if (format == CASES_AUTO && path_ends_with(path, ".csv")) format = CASES_CSV;
  if (!case_stream_open(d->stream, path, format, d->reader, &d->limits)) return false;
  bool ok = true;
  struct case_data *data;
  while (ok && (data = case_stream_next(d->stream))) ok = take_case(d, data);
  ok = ok && !d->stream->trouble;
  case_stream_close(d->stream);
  return ok;
}

static bool open_all(struct deciding *d, const char *policy) {
  if (!vocabulary_index_open(&d->vocabulary))
    return trouble("the vocabulary cannot be opened: out of memory"), false;
  d->reader = case_reader_new(&d->vocabulary, &d->limits);
  d->stream = malloc(sizeof *d->stream);
  bool color = !d->json && isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
  if (!d->reader || !d->stream || !result_printer_open(&d->printer, d->json, color))
    return trouble_memory(), false;
  return policies_open(&d->policies, policy, d->directory, d->version, &d->libraries,
                       &d->vocabulary);
}

static void close_all(struct deciding *d) {
  claim_free(&d->claim);
  policies_close(&d->policies);
  result_printer_close(&d->printer);
  case_reader_free(d->reader);
  free(d->stream);
  vocabulary_index_close(&d->vocabulary);
}

static bool check_options(struct deciding *d) {
  d->format = CASES_AUTO;
  if (d->input && !case_format_by_name(d->input, &d->format))
    return trouble("--input takes array, object, lines or csv, not \"%s\"", d->input), false;
  if (d->limits.bytes > INT_MAX || d->limits.depth > 100000 || d->limits.items > SOC_MAX_ROWS) {
    trouble("the largest limits are --max-case-bytes %d, --max-depth 100000, --max-items %u",
            INT_MAX, SOC_MAX_ROWS);
    return false;
  }
  return true;
}

static int run(const struct command *self, int argc, char **argv) {
  struct deciding d = {.directory = "policies",
                       .limits = {.bytes = CASE_BYTES, .depth = CASE_DEPTH, .items = CASE_ITEMS}};
  const struct option options[] = {
      {"--json", 0, OPTION_FLAG, &d.json, NULL, "one JSON object a case, on a line of its own"},
      {"--explain", 0, OPTION_FLAG, &d.explain, NULL,
       "add the rules as they were tried; with --json all they read"},
      {"--policies", 0, OPTION_TEXT, &d.directory, "DIR",
       "where policy ids are looked up (policies/)"},
      {"--version", 0, OPTION_TEXT, &d.version, "V", "decide under this version, e.g. 2024-12-05"},
      {"--input", 0, OPTION_TEXT, &d.input, "FORM",
       "array, object, lines or csv, if soc takes it for another"},
      {"--ignore-unknown-facts", 0, OPTION_FLAG, &d.limits.ignore_unknown, NULL,
       "let names outside the vocabulary pass"},
      {"--library", 0, OPTION_TEXTS, &d.libraries, "DIR",
       "where a .soc finds what it uses; may be repeated"},
      {"--max-case-bytes", 0, OPTION_NUMBER, &d.limits.bytes, "N", "size of a case (16777216)"},
      {"--max-depth", 0, OPTION_NUMBER, &d.limits.depth, "N", "nesting of a case (64)"},
      {"--max-items", 0, OPTION_NUMBER, &d.limits.items, "N", "items of a list (1000)"},
  };
  int status;
  int count = options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, INT_MAX,
                            &status);
  if (count < 0) return status;
  if (!check_options(&d)) return EXIT_TROUBLE;
  bool ok = open_all(&d, argv[0]);
  if (ok && count == 1) ok = take_file(&d, "-");
  for (int i = 1; ok && i < count; i++) ok = take_file(&d, argv[i]);
  close_all(&d);
  if (!ok) return EXIT_TROUBLE;
  return d.invalid ? EXIT_FINDINGS : EXIT_DONE;
}

const struct command command_decide = {
    "decide",
    "decides cases under a policy",
    "POLICY [CASES...]",
    "Decides each case and prints the decision with its reason and citation. POLICY is a .soc or "
    ".socb file,\n"
    "or a policy id that is looked up below the policies directory, where the version in force on "
    "the case's\n"
    "date of service decides. CASES are files, - or none is standard input: a JSON object, an "
    "array, one object\n"
    "a line, or CSV (FILE.csv, or --input csv) with names of facts in the first line. A case that "
    "is not valid is\n"
    "reported in its place and the others are decided. Exit status: 0 all decided, 1 some not "
    "valid, 2 trouble.",
    "  soc decide --json premera/11.01.523 cases.jsonl\n"
    "  soc decide --explain policies/premera/11.01.523/2024-12-05.soc case.json",
    run};
