/* SPDX-License-Identifier: MIT */
/*
 * Gradle's lockfile and its verification metadata, which has the digests.
 */
#ifndef BU_ECOSYSTEM_GRADLE_H
#define BU_ECOSYSTEM_GRADLE_H

#include "ecosystem/lock.h"

/**
 * Give the components of the lockfile the files that gradle/verification-metadata.xml pins, if the
 * project has one: beside the lockfile, or in a folder above. Fails as that document is refused.
 */
BULLA_MUST_USE bulla_status bu_gradle_pin(bu_lock *lock, bulla_error *err);

#endif
