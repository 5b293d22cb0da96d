/* SPDX-License-Identifier: MIT */
/*
 * Opening librnp, which brings a C++ cryptography library with it, when the
 * first OpenPGP signature is judged.
 */
#include "signature/rnp.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>

#include "base/lazy.h"

/* All written once, under `opened_once`, and only read from then on. */
bu_rnp_functions bu_rnp;
static bulla_status opened;
static bulla_error opened_error;
static int nowhere = -1;
static pthread_once_t opened_once = PTHREAD_ONCE_INIT;

static void open_library(void)
{
    static const bu_lazy_symbol symbols[] = {
#define FUNCTION(name) { #name, offsetof(bu_rnp_functions, name) },
        RNP_FUNCTIONS(FUNCTION)
#undef FUNCTION
    };
    nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    opened = bu_lazy_open("librnp.so.0", symbols, sizeof symbols / sizeof symbols[0], &bu_rnp,
                          &opened_error);
}

bulla_status bu_rnp_open(bulla_error *err)
{
    (void)pthread_once(&opened_once, open_library);
    if (!bulla_ok(opened) && err != NULL)
        *err = opened_error;
    return opened;
}

/* The stream is locked, so no other thread can see it point elsewhere. */
bu_rnp_hush bu_rnp_hush_begin(void)
{
    flockfile(stderr);
    (void)fflush(stderr);
    bu_rnp_hush hush = { .stderr_fd = stderr->_fileno };
    stderr->_fileno = nowhere;
    return hush;
}

void bu_rnp_hush_end(bu_rnp_hush *hush)
{
    (void)fflush(stderr);
    stderr->_fileno = hush->stderr_fd;
    funlockfile(stderr);
}
