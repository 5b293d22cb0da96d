/* SPDX-License-Identifier: MIT */
/*
 * Haskell's cabal.project.freeze: exact constraints, without digests. Spec:
 * Cabal User Guide, "cabal freeze" and the grammar of `constraints`. A
 * constraint is a package (`any.` or another qualifier in front), then a
 * version, flags, or a word; only `==VERSION` names a package here.
 */
#include "ecosystem/origin.h"

/* One field with its continuation lines: a comma ends a constraint, also across lines. */
typedef struct freeze {
    bu_lock lock;
    bu_text text;
    bool in_constraints;
} freeze;

static void freeze_clear(freeze *f)
{
    bu_lock_clear(&f->lock);
}
BU_DEFINE_CLEAR(freeze)

static bulla_bytes cut_blank(bulla_bytes *rest)
{
    size_t end = 0;
    while (end < rest->len && rest->ptr[end] != ' ' && rest->ptr[end] != '\t')
        end++;
    bulla_bytes word = bu_bytes_first(*rest, end);
    *rest = bu_bytes_trim(bu_bytes_from(*rest, end));
    return word;
}

/* "any.name" and "setup.name", "other:setup.name": the qualifier says for whom, not what. */
static bulla_bytes unqualified(bulla_bytes name)
{
    size_t at = name.len;
    while (at > 0 && name.ptr[at - 1] != '.' && name.ptr[at - 1] != ':')
        at--;
    return bu_bytes_from(name, at);
}

static bulla_status take_version(freeze *f, bulla_bytes package, bulla_bytes version,
                                 bulla_error *err)
{
    const bu_lock_entry entry = {
        .name = unqualified(package),
        .version = version,
        .origin = BULLA_ORIGIN_REGISTRY,
        .line = f->text.number,
        .column = bu_text_column(&f->text, package.ptr),
    };
    if (!bu_is_word(entry.name, "-"))
        return bu_text_fail(&f->text, package.ptr, err, BULLA_E_BAD_NAME, "not a package name");
    if (!bu_is_word(version, "."))
        return bu_text_fail(&f->text, package.ptr, err, BULLA_E_UNPINNED, "not one exact version");
    return bu_lock_add(&f->lock, &entry, NULL, err);
}

/* "any.base ==4.18.2.1", "text +developer", "rts installed" */
static bulla_status take_constraint(freeze *f, bulla_bytes constraint, bulla_error *err)
{
    bulla_bytes rest = bu_bytes_trim(constraint);
    if (rest.len == 0)
        return BU_OK;
    size_t equals = 0;
    while (equals < rest.len && rest.ptr[equals] != '=' && rest.ptr[equals] != ' ' &&
           rest.ptr[equals] != '\t')
        equals++;
    bulla_bytes package = bu_bytes_first(rest, equals);
    bulla_bytes what = bu_bytes_trim(bu_bytes_from(rest, equals));
    if (bu_bytes_starts(what, "==")) {
        what = bu_bytes_trim(bu_bytes_from(what, 2));
        bulla_bytes version = cut_blank(&what);
        if (what.len > 0)
            return bu_text_fail(&f->text, what.ptr, err, BULLA_E_UNPINNED, "not one exact version");
        return take_version(f, package, version, err);
    }
    bool harmless = what.len == 0 || what.ptr[0] == '+' || what.ptr[0] == '-' ||
                    bu_bytes_is(what, "installed") || bu_bytes_is(what, "source") ||
                    bu_bytes_is(what, "test") || bu_bytes_is(what, "bench");
    return harmless
               ? BU_OK
               : bu_text_fail(&f->text, what.ptr, err, BULLA_E_UNPINNED, "not one exact version");
}

static bulla_status take_constraints(freeze *f, bulla_bytes rest, bulla_error *err)
{
    for (;;) {
        size_t comma = bu_bytes_find(rest, ',');
        BU_TRY(take_constraint(f, bu_bytes_first(rest, comma), err));
        if (comma >= rest.len)
            return BU_OK;
        rest = bu_bytes_from(rest, comma + 1);
    }
}

/* A line that begins with a blank goes on with the field above it. */
static bulla_status take_line(void *context, bulla_error *err)
{
    freeze *f = context;
    bulla_bytes line = f->text.line, plain = bu_bytes_trim(line);
    if (plain.len == 0 || bu_bytes_starts(plain, "--"))
        return BU_OK;
    if (line.ptr[0] != ' ' && line.ptr[0] != '\t') {
        size_t colon = bu_bytes_find(line, ':');
        if (colon == line.len)
            return bu_text_fail(&f->text, line.ptr, err, BULLA_E_BAD_SYNTAX,
                                "not a field: FIELD: VALUE");
        f->in_constraints = bu_bytes_is(bu_bytes_trim(bu_bytes_first(line, colon)), "constraints");
        plain = bu_bytes_from(line, colon + 1);
    }
    return f->in_constraints ? take_constraints(f, plain, err) : BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(freeze) f = { .text = bu_text_of(text) };
    BU_TRY(bu_lock_open(&f.lock, "hackage", name, options, graph, err));
    BU_TRY(bu_text_each(&f.text, take_line, &f, err));
    return BU_OK;
}

static const char *const filenames[] = { "cabal.project.freeze", NULL };

const bu_ecosystem bu_eco_cabal = {
    .id = "cabal",
    .filenames = filenames,
    .places = filenames,
    .title = "Haskell constraints of cabal (cabal.project.freeze)",
    .parse = parse,
};
