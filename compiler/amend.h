// SPDX-License-Identifier: Apache-2.0
//
// Versions that amend older ones: what the files say about each other (sema_uses.c reads them) becomes one policy.
#ifndef SOC_COMPILER_AMEND_H
#define SOC_COMPILER_AMEND_H

#include "compiler/sema.h"

// After sema_load, before anything else: puts into the main file what it amends, with its changes made. Errors are
// reported; changes where nothing is amended are errors, too.
void sema_amend(struct sema *s);

// After errors: says of those in an older version's text which version they are errors of.
void sema_amend_notes(struct sema *s);

#endif
