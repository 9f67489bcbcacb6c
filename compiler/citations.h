// SPDX-License-Identifier: Apache-2.0
//
// What soc_compilation_citations leaves open: which of the citations reach nothing that is decided. For soc trace.
#ifndef SOC_COMPILER_CITATIONS_H
#define SOC_COMPILER_CITATIONS_H

#include "soc/compiler.h"

// Calls `each` for the citation of every declaration that no decision reads, in no order of places; of a set, a constant
// or a derived value if nothing names it at all. `text.data` is where the citation stands in its source, as
// soc_compilation_citations gives it. Nothing after errors. False: `each` ended it.
bool citations_unread(soc_compilation *c, bool (*each)(void *ctx, const soc_citation *), void *ctx);

#endif
