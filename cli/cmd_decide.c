// SPDX-License-Identifier: Apache-2.0
//
// soc decide: reads cases, chooses the version of the policy for each, decides, prints. Cases are taken in batches,
// which threads decide (deciding.c); this file has them cut from the input and written, in order.
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
  char **paths; // still to be read
  int path_count;
  struct case_stream *stream;
  bool open; // the stream is
  struct progress progress;
  uint64_t index;      // of the next case
  uint64_t bytes_read; // of the files before this one
  bool invalid;        // some case was
  bool trouble;        // of taking batches: a message was given
  bool failed;         // of putting them: so it was, or nobody reads the output any more
};

static bool open_next(struct command_state *c) {
  if (c->path_count == 0) return false;
  const char *path = *c->paths++;
  enum case_format format = c->format;
  c->path_count--;
  if (format == CASES_AUTO && path_ends_with(path, ".csv")) format = CASES_CSV;
  c->open = case_stream_open(c->stream, path, format, c->reader, &c->how.limits);
  c->trouble = !c->open;
  return c->open;
}

static void close_stream(struct command_state *c) {
  c->bytes_read += case_stream_bytes(c->stream);
  case_stream_close(c->stream);
  c->open = false;
}

// Fills the next batch, from the next file if this one has none left. A file is closed when its batches are put: they
// may look at what the stream holds.
static bool take_batch(void *context, struct job_queue *q, struct batch_job *job) {
  struct command_state *c = context;
  while (c->open || open_next(c)) {
    if (case_stream_fill(c->stream, &job->batch)) {
      job->first = c->index;
      job->bytes_read = c->bytes_read + case_stream_bytes(c->stream);
      c->index += job->batch.count;
      return true;
    }
    c->trouble = c->stream->trouble;
    if (c->trouble || !job_queue_settle(q)) return false;
    close_stream(c);
  }
  return false;
}

static bool write_part(void *context, const struct buffer *out) {
  struct command_state *c = context;
  c->failed = c->failed || !output_write(out);
  return !c->failed;
}

static bool put_batch(void *context, const struct batch_job *job) {
  struct command_state *c = context;
  c->invalid = c->invalid || job->invalid;
  c->failed = !write_part(c, &job->out) || job->trouble;
  if (c->failed) return false;
  progress_tell(&c->progress, job->first + job->batch.count, job->bytes_read);
  return true;
}

static bool take_files(struct command_state *c, char **paths, int count) {
  const struct batch_flow flow = {take_batch, write_part, put_batch, c};
  c->paths = paths;
  c->path_count = count;
  progress_open(&c->progress, paths, count);
  bool ok = decide_batches(&c->how, c->jobs, &flow);
  progress_close(&c->progress);
  if (ok && !c->trouble && !c->failed && c->index == 0) trouble("there are no cases to decide");
  if (c->open) close_stream(c);
  return ok && !c->trouble && !c->failed;
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
                       &c->vocabulary);
}

static void close_all(struct command_state *c) {
  policies_close(&c->policies);
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
