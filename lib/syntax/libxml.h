/* SPDX-License-Identifier: MIT */
/*
 * The door to libxml2: the few functions that are used, opened at first use.
 * Only its SAX interface without namespaces; it opens no file and no address.
 */
#ifndef BU_SYNTAX_LIBXML_H
#define BU_SYNTAX_LIBXML_H

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "base/error.h"

/* Every function by its real prototype, without its "xml" prefix. */
#define BU_LIBXML_FUNCTIONS(ROW)                                                                   \
    ROW(InitParser)                                                                                \
    ROW(CreateIOParserCtxt)                                                                        \
    ROW(CtxtUseOptions)                                                                            \
    ROW(ParseDocument)                                                                             \
    ROW(StopParser)                                                                                \
    ROW(FreeParserCtxt)                                                                            \
    ROW(DictSetLimit)                                                                              \
    ROW(DictGetUsage)

typedef struct bu_libxml {
#define ROW(name) __typeof__(xml##name) *name;
    BU_LIBXML_FUNCTIONS(ROW)
#undef ROW
} bu_libxml;

/** The functions, for the life of the process. Fails with unreadable when it is not installed. */
BULLA_MUST_USE bulla_status bu_libxml_open(const bu_libxml **out, bulla_error *err);

#endif
