/* SPDX-License-Identifier: MIT */
/*
 * Name patterns of policies and roles: `*` is any run of characters, `?` is
 * one, everything else is itself. Anchored at both ends; no recursion, no
 * character classes, no escapes; time is at most pattern times name.
 */
#ifndef BU_BASE_GLOB_H
#define BU_BASE_GLOB_H

#include "base/bytes.h"

/** True when the whole of `name` matches. `*` does not cross '/', `**` does. */
bool bu_glob_match(bulla_bytes pattern, bulla_bytes name);

/** The same, where letters of ASCII match in either case. */
bool bu_glob_match_any_case(bulla_bytes pattern, bulla_bytes name);

/**
 * True when some name matches both patterns. Of patterns longer than BU_GLOB_MEET_BYTES it is not
 * decided: then true, the answer that takes no warning away.
 */
#define BU_GLOB_MEET_BYTES 1024u
bool bu_glob_meet(bulla_bytes a, bulla_bytes b);

#endif
