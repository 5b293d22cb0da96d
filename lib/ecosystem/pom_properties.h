/* SPDX-License-Identifier: MIT */
/*
 * What a jar says of itself: META-INF/maven/GROUP/ARTIFACT/pom.properties.
 * Reading only. Spec: java.util.Properties.load, of which Maven writes a part.
 */
#ifndef BU_ECOSYSTEM_POM_PROPERTIES_H
#define BU_ECOSYSTEM_POM_PROPERTIES_H

#include "base/bytes.h"
#include "base/error.h"

typedef struct bu_pom_properties {
    bulla_bytes group, artifact, version; /* views into the text */
} bu_pom_properties;

/**
 * Lines `key=value` and comments. Fails as bu_text_next() and with bad-syntax (escapes and other
 * separators, which Java reads as something else), duplicate-key, missing-field; with the line.
 */
BULLA_MUST_USE bulla_status bu_pom_properties_read(bulla_bytes text, bu_pom_properties *out,
                                                   bulla_error *err);

#endif
