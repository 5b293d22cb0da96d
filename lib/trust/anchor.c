/* SPDX-License-Identifier: MIT */
/*
 * Lists of anchors, and reading them from files in whatever form they come.
 */
#include "trust/anchor.h"

#include "base/bytes.h"
#include "signature/pem.h"
#include "trust/sigstore_root.h"

static const bu_anchor_form *const forms[] = {
#define BU_FORM(id) &bu_form_##id,
#include "trust/anchor_forms.def"
#undef BU_FORM
};

#define FORM_COUNT (sizeof forms / sizeof forms[0])

bulla_status bu_anchors_start(bu_anchors *anchors, bulla_error *err)
{
    *anchors = (bu_anchors){ .arena = bu_arena_new() };
    return anchors->arena == NULL ? bu_no_memory(err) : BU_OK;
}

void bu_anchors_clear(bu_anchors *anchors)
{
    for (size_t i = 0; i < anchors->count; i++)
        bu_key_free(anchors->items[i].own_key);
    free(anchors->items);
    bu_sigstore_root_free(anchors->own_sigstore);
    bu_arena_free(anchors->arena);
    *anchors = (bu_anchors){ 0 };
}

bu_anchor *bu_anchors_add(bu_anchors *anchors)
{
    if (anchors->count == anchors->cap) {
        size_t cap = anchors->cap == 0 ? 8 : 2 * anchors->cap;
        bu_anchor *items = reallocarray(anchors->items, cap, sizeof *items);
        if (items == NULL)
            return NULL;
        anchors->items = items;
        anchors->cap = cap;
    }
    bu_anchor *anchor = &anchors->items[anchors->count++];
    *anchor = (bu_anchor){ .from = INT64_MIN, .until = INT64_MAX, .trusted = SIZE_MAX, .who = "" };
    return anchor;
}

bulla_status bu_anchors_add_key(bu_anchors *anchors, const char *form, bu_key *key, bu_anchor **out,
                                bulla_error *err)
{
    bu_anchor *anchor = bu_anchors_add(anchors);
    if (anchor == NULL) {
        bu_key_free(key);
        return bu_no_memory(err);
    }
    anchor->form = form;
    anchor->key = anchor->own_key = key;
    anchor->who = bu_key_id(key);
    if (out != NULL)
        *out = anchor;
    return BU_OK;
}

/* A private key is the slip that is made most often; it is not needed, so it is not read. */
static bulla_status no_form(bulla_bytes text, bulla_error *err)
{
    bool is_private =
        bu_bytes_ends(bu_pem_label(text), "PRIVATE KEY") || bu_bytes_starts(text, "{");
    bulla_status status =
        bu_fail(err, BULLA_E_BAD_KEY, "%s",
                is_private ? "is a private key: the public one is wanted"
                           : "no public key, certificate or keyring of a known form");
    (void)bu_next(err, status, "give the signer's public key: bulla key new writes it as FILE.pub");
    return bu_as(err, status, BULLA_EXIT_CONFIG);
}

static const bu_anchor_form *form_of(bulla_bytes text)
{
    for (size_t i = 0; i < FORM_COUNT; i++)
        if (forms[i]->is(text))
            return forms[i];
    return NULL;
}

bool bu_anchors_know(bulla_bytes text)
{
    return form_of(text) != NULL;
}

bulla_status bu_anchors_read(bulla_bytes text, const char *file, bu_anchors *anchors,
                             bulla_error *err)
{
    const bu_anchor_form *form = form_of(text);
    return bu_in_file(err, form == NULL ? no_form(text, err) : form->read(text, file, anchors, err),
                      file);
}
