// SPDX-License-Identifier: Apache-2.0
//
// soc decide: reads cases, chooses the version of the policy for each, decides, prints. Cases are taken in batches, which
// threads decide (deciding.c); this file gives them out and writes what comes back, in order.
#define _POSIX_C_SOURCE 200809L
#include "cli/commands.h"
#include "cli/deciding.h"
#include "cli/progress.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

enum { JOBS_MOST = 256 };

struct command_state {
  const char *input, *directory, *version;
  struct option_texts libraries;
  enum case_format format;
  size_t jobs;
  struct deciding how;
  struct vocabulary_index vocabulary;
  struct policies policies;
  struct case_reader *reader;
  struct case_stream *stream;
  struct job_queue queue;
  struct progress progress;
  uint64_t index;      // of the next case
  uint64_t bytes_read; // of the files before this one
  bool invalid;        // some case was
};

// False: trouble, or nobody reads the output any more.
static bool write_batch(struct command_state *c, const struct batch_job *job) {
  c->invalid = c->invalid || job->invalid;
  if (!output_write(&job->out) || job->trouble) return false;
  progress_tell(&c->progress, job->first + job->batch.count, job->bytes_read);
  return true;
}

// Fills the next batch and has it decided. False: no case is left.
static bool give_batch(struct command_state *c, struct batch_job *job) {
  if (!case_stream_fill(c->stream, &job->batch)) return false;
  job->first = c->index;
  job->bytes_read = c->bytes_read + case_stream_bytes(c->stream);
  c->index += job->batch.count;
  job_queue_give(&c->queue, job);
  return true;
}

static bool take_stream(struct command_state *c) {
  struct batch_job *job;
  bool more = true;
  while (more) {
    job = job_queue_empty(&c->queue);
    if (job)
      more = give_batch(c, job);
    else if (!write_batch(c, job_queue_fetch(&c->queue)))
      return false;
  }
  while ((job = job_queue_fetch(&c->queue))) {
    if (!write_batch(c, job)) return false;
  }
  return !c->stream->trouble;
}

static bool take_file(struct command_state *c, const char *path) {
  enum case_format format = c->format;
  if (format == CASES_AUTO && path_ends_with(path, ".csv")) format = CASES_CSV;
  if (!case_stream_open(c->stream, path, format, c->reader, &c->how.limits)) return false;
  return take_stream(c);
}

static bool take_files(struct command_state *c, char **paths, int count) {
  bool ok = true;
  progress_open(&c->progress, paths, count);
  for (int i = 0; ok && i < count; i++) {
    ok = take_file(c, paths[i]);
    c->bytes_read += case_stream_bytes(c->stream);
    // After trouble threads may still be at work on what the stream holds; close_all waits for them.
    if (ok) case_stream_close(c->stream);
  }
  progress_close(&c->progress);
  return ok;
}

static bool open_all(struct command_state *c, const char *policy) {
  if (!vocabulary_index_open(&c->vocabulary))
    return trouble("the vocabulary cannot be opened: out of memory"), false;
  c->reader = case_reader_new(&c->vocabulary, &c->how.limits);
  c->stream = calloc(1, sizeof *c->stream);
  if (!c->reader || !c->stream) return trouble_memory(), false;
  c->how.color = !c->how.json && isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
  c->how.vocabulary = &c->vocabulary;
  c->how.policies = &c->policies;
  return policies_open(&c->policies, policy, c->directory, c->version, &c->libraries,
                       &c->vocabulary) &&
         job_queue_open(&c->queue, &c->how, c->jobs);
}

static void close_all(struct command_state *c) {
  job_queue_close(&c->queue);
  policies_close(&c->policies);
  if (c->stream) case_stream_close(c->stream);
  case_reader_free(c->reader);
  free(c->stream);
  vocabulary_index_close(&c->vocabulary);
}

static bool check_options(struct command_state *c) {
  c->format = CASES_AUTO;
  if (c->input && !case_format_by_name(c->input, &c->format))
    return trouble("--input takes array, object, lines or csv, not \"%s\"", c->input), false;
  const struct case_limits *l = &c->how.limits;
  if (l->bytes > INT_MAX || l->depth > 100000 || l->items > SOC_MAX_ROWS) {
    trouble("the largest limits are --max-case-bytes %d, --max-depth 100000, --max-items %u",
            INT_MAX, SOC_MAX_ROWS);
    return false;
  }
  if (c->jobs > JOBS_MOST) return trouble("--jobs takes at most %d", JOBS_MOST), false;
  return true;
}

static int run(const struct command *self, int argc, char **argv) {
  struct command_state c = {
      .directory = "policies",
      .jobs = 1,
      .how.limits = {.bytes = CASE_BYTES, .depth = CASE_DEPTH, .items = CASE_ITEMS}};
  const struct option options[] = {
      {"--json", 0, OPTION_FLAG, &c.how.json, NULL, "one JSON object a case, on a line of its own"},
      {"--explain", 0, OPTION_FLAG, &c.how.explain, NULL,
       "add the rules as they were tried; with --json all they read"},
      {"--policies", 0, OPTION_TEXT, &c.directory, "DIR",
       "where policy ids are looked up (policies/)"},
      {"--version", 0, OPTION_TEXT, &c.version, "V", "decide under this version, e.g. 2024-12-05"},
      {"--input", 0, OPTION_TEXT, &c.input, "FORM",
       "array, object, lines or csv, if soc takes it for another"},
      {"--ignore-unknown-facts", 0, OPTION_FLAG, &c.how.limits.ignore_unknown, NULL,
       "let names outside the vocabulary pass"},
      {"--jobs", 0, OPTION_NUMBER, &c.jobs, "N", "decide in so many threads (1)"},
      {"--library", 0, OPTION_TEXTS, &c.libraries, "DIR",
       "where a .soc finds what it uses; may be repeated"},
      {"--max-case-bytes", 0, OPTION_NUMBER, &c.how.limits.bytes, "N", "size of a case (16777216)"},
      {"--max-depth", 0, OPTION_NUMBER, &c.how.limits.depth, "N", "nesting of a case (64)"},
      {"--max-items", 0, OPTION_NUMBER, &c.how.limits.items, "N", "items of a list (1000)"},
  };
  int status;
  int count = options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, INT_MAX,
                            &status);
  if (count < 0) return status;
  if (!check_options(&c)) return EXIT_TROUBLE;
  char *standard_input[] = {"-"};
  bool ok = open_all(&c, argv[0]);
  if (ok && count == 1) ok = take_files(&c, standard_input, 1);
  if (ok && count > 1) ok = take_files(&c, argv + 1, count - 1);
  close_all(&c);
  if (!ok) return EXIT_TROUBLE;
  return c.invalid ? EXIT_FINDINGS : EXIT_DONE;
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
