/* SPDX-License-Identifier: MIT */
/*
 * A look at a JSON object before it is parsed: formats are told by their keys.
 */
#ifndef BU_TRUST_JSON_LOOK_H
#define BU_TRUST_JSON_LOOK_H

#include "bulla/bytes.h"

/**
 * Whether the text looks like an object that has this key itself, not deeper. Says nothing of the
 * rest: it may be no JSON at all. Takes time linear in its length.
 */
bool bu_json_looks_to_have(bulla_bytes text, const char *key);

#endif
