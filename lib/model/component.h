/* SPDX-License-Identifier: MIT */
/*
 * What follows from what a component states.
 */
#ifndef BU_MODEL_COMPONENT_H
#define BU_MODEL_COMPONENT_H

#include "base/buf.h"
#include "bulla/component.h"

/**
 * Append "https://host:port" of a URL, in lower case and without who logs in there; nothing when it
 * is none.
 */
void bu_url_host(const char *url, bu_buf *out);

#endif
