// SPDX-License-Identifier: Apache-2.0
//
// The commands of the program, in the order in which the help lists them. main.c calls them; each is in a file of its
// own, cmd_NAME.c.
#ifndef SOC_CLI_COMMANDS_H
#define SOC_CLI_COMMANDS_H

#include "cli/options.h"

extern const struct command command_compile, command_check, command_decide, command_test,
    command_fmt, command_dis, command_info, command_schema, command_verify, command_trace;

#endif
