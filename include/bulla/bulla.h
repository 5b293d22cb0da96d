/* SPDX-License-Identifier: MIT */
/*
 * libbulla: verify, sign and attest what goes into software.
 *
 * The library never prints, exits, forks, or reads the environment, the clock
 * or a global. It is safe to call from many threads on different handles.
 */
#ifndef BULLA_H
#define BULLA_H

#include "api.h"
#include "bytes.h"
#include "component.h"
#include "config.h"
#include "diff.h"
#include "digest.h"
#include "error.h"
#include "fact.h"
#include "file.h"
#include "gate.h"
#include "init.h"
#include "inspect.h"
#include "key.h"
#include "lock.h"
#include "policy.h"
#include "purl.h"
#include "review.h"
#include "sbom.h"
#include "sign.h"
#include "trust.h"
#include "tuf.h"
#include "verify.h"
#include "version.h"
#include "waiver.h"
#include "weakness.h"

BULLA_BEGIN

/** Version of the library, e.g. "0.1.0". */
BULLA_API const char *bulla_version(void);

BULLA_END

#endif
