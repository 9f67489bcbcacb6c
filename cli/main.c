// SPDX-License-Identifier: Apache-2.0
//
// soc: compiles, checks, decides, tests and inspects coverage policies. This file only finds the command.
#define _POSIX_C_SOURCE 200809L
#include "cli/commands.h"
#include "cli/files.h"
#include "soc/vm.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const struct command *const commands[] = {
    &command_compile, &command_check,  &command_decide, &command_test,  &command_fmt, &command_dis,
    &command_info,    &command_schema, &command_verify, &command_trace, NULL};

static void print_help(void) {
  printf("soc %s: coverage policies as programs that can be read, compiled and explained\n\n"
         "Usage: soc COMMAND [options] ...\n\n",
         soc_vm_version());
  for (const struct command *const *c = commands; *c; c++)
    printf("  %-9s %s\n", (*c)->name, (*c)->summary);
  printf("\n  soc COMMAND --help   explains a command, with an example\n"
         "  soc --version        the version of this program\n"
         "\nExample:\n"
         "  soc decide premera/11.01.523 case.json\n"
         "\nExit status: 0 done, 1 findings (errors in a source, cases that are not valid, tests "
         "that fail),\n"
         "2 trouble (wrong usage, a file that cannot be read, an artifact that cannot be run).\n");
}

static int unknown_command(const char *name) {
  struct near near = near_to(name, strlen(name));
  for (const struct command *const *c = commands; *c; c++)
    near_offer(&near, (*c)->name, strlen((*c)->name));
  if (near.best) return trouble("there is no command %s; did you mean %s?", name, near.best);
  return trouble("there is no command %s; soc --help lists them", name);
}

static int run(int argc, char **argv) {
  if (argc < 2) {
    fputs("usage: soc COMMAND [options] ...\n(soc --help explains)\n", stderr);
    return EXIT_TROUBLE;
  }
  const char *name = argv[1];
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) return print_help(), EXIT_DONE;
  if (strcmp(name, "--version") == 0) return printf("soc %s\n", soc_vm_version()), EXIT_DONE;
  for (const struct command *const *c = commands; *c; c++) {
    if (strcmp((*c)->name, name) == 0) return (*c)->run(*c, argc - 2, argv + 2);
  }
  return unknown_command(name);
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN); // a reader that goes away is a failed write, which output_flush tells
  int status = run(argc, argv);
  return output_flush() ? status : EXIT_TROUBLE;
}
