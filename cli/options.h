// SPDX-License-Identifier: Apache-2.0
//
// Options of a command from a table, and the help that is printed from the same table.
#ifndef SOC_CLI_OPTIONS_H
#define SOC_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum option_kind {
  OPTION_FLAG,  // bool
  OPTION_TEXT,  // const char *
  OPTION_TEXTS, // struct option_texts: may be repeated
  OPTION_NUMBER // size_t, 1 upward
};

enum { OPTION_TEXTS_MAX = 32 };
struct option_texts {
  const char *items[OPTION_TEXTS_MAX];
  size_t count;
};

struct option {
  const char *name; // "--json"
  char letter;      // 0: none
  enum option_kind kind;
  void *value;
  const char *argument; // "DIR"; NULL for a flag
  const char *help;
};

struct command {
  const char *name;
  const char *summary;   // one line of `soc --help`
  const char *arguments; // "POLICY [CASES...]"
  const char *about;     // paragraphs of `soc COMMAND --help`
  const char *example;
  int (*run)(const struct command *self, int argc, char **argv); // without program and command name
};

// Options may stand between the arguments; "--" ends them. Moves the arguments to the front of argv and gives their
// number. -1: stop with *status, help was printed or a message given. Two arguments bound the number of arguments.
int options_parse(const struct command *command, const struct option *options, size_t option_count,
                  int argc, char **argv, int least, int most, int *status);

#endif
