// SPDX-License-Identifier: Apache-2.0
//
// A version of a policy written out whole, with its amendments made: what it and the older versions say, in their own
// words and with their comments.
#ifndef SOC_COMPILER_EXPAND_H
#define SOC_COMPILER_EXPAND_H

#include "compiler/layout.h"

// After sema_run without errors. The text is laid out. False: memory is out, or layout.h's error was reported.
bool expand(struct sema *s, struct out *o);

#endif
