// SPDX-License-Identifier: Apache-2.0
//
// Reads the options of a command by its table and prints its help from the same table; see options.h.
#include "cli/options.h"

#include "cli/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_help(const struct command *c, const struct option *options, size_t count) {
  printf("Usage: soc %s [options] %s\n\n%s\n", c->name, c->arguments, c->about);
  printf("\nOptions:\n");
  for (size_t i = 0; i < count; i++) {
    const struct option *o = &options[i];
    char left[64];
    snprintf(left, sizeof left, "%c%c%s%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
             o->letter ? ", " : "  ", o->name, o->argument ? " " : "",
             o->argument ? o->argument : "");
    printf("  %-30s %s\n", left, o->help);
  }
  printf("  %-30s %s\n", "    --help", "this text");
  printf("\nExample:\n%s\n", c->example);
}

static int usage(const struct command *c) {
  fprintf(stderr, "usage: soc %s [options] %s\n(soc %s --help explains)\n", c->name, c->arguments,
          c->name);
  return EXIT_TROUBLE;
}

static const struct option *find_long(const struct option *options, size_t count, const char *name,
                                      size_t length) {
  for (size_t i = 0; i < count; i++) {
    if (strlen(options[i].name) == length && memcmp(options[i].name, name, length) == 0)
      return &options[i];
  }
  return NULL;
}

static const struct option *find_letter(const struct option *options, size_t count, char letter) {
  for (size_t i = 0; i < count; i++) {
    if (letter && options[i].letter == letter) return &options[i];
  }
  return NULL;
}

static void unknown(const struct command *c, const struct option *options, size_t count,
                    const char *given, size_t length) {
  struct near near = near_to(given, length);
  for (size_t i = 0; i < count; i++) near_offer(&near, options[i].name, strlen(options[i].name));
  near_offer(&near, "--help", 6);
  trouble("%s has no option %.*s%s%.*s%s", c->name, (int)length, given,
          near.best ? "; did you mean " : "", (int)near.best_length, near.best ? near.best : "",
          near.best ? "?" : "");
}

static bool store(const struct option *o, const char *value) {
  if (o->kind == OPTION_TEXT) {
    *(const char **)o->value = value;
  } else if (o->kind == OPTION_TEXTS) {
    struct option_texts *texts = o->value;
    if (texts->count == OPTION_TEXTS_MAX)
      return trouble("%s can be given at most %d times", o->name, OPTION_TEXTS_MAX), false;
    texts->items[texts->count++] = value;
  } else {
    size_t number = 0;
    const char *p = value;
    for (; *p >= '0' && *p <= '9' && number < 100000000000; p++)
      number = number * 10 + (size_t)(*p - '0');
    if (*p || p == value || number == 0)
      return trouble("%s takes a whole number from 1 to 99999999999, not \"%s\"", o->name, value),
             false;
    *(size_t *)o->value = number;
  }
  return true;
}

struct parsing {
  const struct command *command;
  const struct option *options;
  size_t count;
  int argc, at;
  char **argv;
};

// One argument that begins with a dash. False: trouble, a message was given.
static bool take_option(struct parsing *p) {
  const char *given = p->argv[p->at++];
  bool is_long = given[1] == '-';
  const char *equals = is_long ? strchr(given, '=') : NULL;
  size_t length = equals ? (size_t)(equals - given) : strlen(given);
  const struct option *o = is_long ? find_long(p->options, p->count, given, length)
                                   : find_letter(p->options, p->count, given[1]);
  if (!o) return unknown(p->command, p->options, p->count, given, length), usage(p->command), false;
  const char *value = equals ? equals + 1 : !is_long && given[2] ? given + 2 : NULL;
  if (o->kind == OPTION_FLAG) {
    if (value) return trouble("%s takes no value", o->name), false;
    *(bool *)o->value = true;
    return true;
  }
  if (!value && p->at < p->argc) value = p->argv[p->at++];
  if (!value) return trouble("%s needs a value: %s %s", o->name, o->name, o->argument), false;
  return store(o, value);
}

int options_parse(const struct command *command, const struct option *options, size_t option_count,
                  int argc, char **argv, int least, int most, int *status) {
  struct parsing p = {command, options, option_count, argc, 0, argv};
  int kept = 0;
  bool only_arguments = false;
  *status = EXIT_TROUBLE;
  while (p.at < argc) {
    const char *given = argv[p.at];
    if (only_arguments || given[0] != '-' || given[1] == '\0') {
      argv[kept++] = argv[p.at++];
    } else if (strcmp(given, "--") == 0) {
      only_arguments = true;
      p.at++;
    } else if (strcmp(given, "--help") == 0 || strcmp(given, "-h") == 0) {
      print_help(command, options, option_count);
      *status = EXIT_DONE;
      return -1;
    } else if (!take_option(&p)) {
      return -1;
    }
  }
  if (kept >= least && kept <= most) return kept;
  if (kept < least)
    trouble("%s needs %s", command->name, command->arguments);
  else
    trouble("%s: too many arguments, \"%s\" and on", command->name, argv[most]);
  usage(command);
  return -1;
}
