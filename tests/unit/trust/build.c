/* SPDX-License-Identifier: MIT */
/*
 * Trust stores for tests.
 */
#include "build.h"

#include <stdarg.h>

#include "base/encode.h"
#include "bulla/trust.h"
#include "digest/hasher.h"
#include "trust/metadata.h"

void *test_keep(void *memory)
{
    static void **kept;
    static size_t count;
    void **grown = realloc(kept, (count + 1) * sizeof *kept);
    ck_assert_ptr_nonnull(grown);
    kept = grown;
    kept[count++] = memory;
    return memory;
}

bulla_secret_key *test_key(bulla_key_kind kind)
{
    bulla_error err = { 0 };
    bulla_secret_key *key = NULL;
    bulla_status status = bu_secret_key_new(kind, &key, &err);
    unit_ok(status, err);
    return test_keep(key);
}

const char *test_pem(const bulla_secret_key *key)
{
    bu_buf pem = { 0 };
    bu_key_write_pem(bu_secret_key_public(key), &pem);
    ck_assert(!pem.broken);
    return test_keep(pem.ptr);
}

char *test_text(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    ck_assert_int_ge(vasprintf(&text, format, args), 0);
    va_end(args);
    return test_keep(text);
}

static const char *digest_hex(bulla_bytes bytes, char out[BULLA_DIGEST_HEX_MAX])
{
    bulla_error err = { 0 };
    bulla_digest digest;
    bulla_status status = bu_digest_of(BULLA_ALG_SHA256, bytes, &digest, &err);
    unit_ok(status, err);
    return bulla_digest_hex(&digest, out);
}

/* The canonical form of a key object, and the JSON form; they differ in line ends of PEM. */
static char *key_object(const char *keytype, const char *public, const char *scheme,
                        const char *more)
{
    return test_text("{\"keytype\":\"%s\",\"keyval\":{\"public\":\"%s\"},\"scheme\":\"%s\"%s}",
                     keytype, public, scheme, more);
}

static char *escape_lines(const char *text)
{
    char *escaped = test_keep(calloc(1, 2 * strlen(text) + 1));
    for (char *at = escaped; *text != '\0'; text++) {
        if (*text == '\n') {
            *at++ = '\\';
            *at++ = 'n';
        } else {
            *at++ = *text;
        }
    }
    return escaped;
}

test_row test_row_of(const bulla_secret_key *key, const char *keytype, const char *more)
{
    const bu_key *public = bu_secret_key_public(key);
    bool is_ed25519 = bu_key_kind(public) == BULLA_KEY_ED25519;
    const char *scheme = is_ed25519 ? "ed25519" : "ecdsa-sha2-nistp256";
    const char *text = test_pem(key);
    bu_buf hex = { 0 };
    if (is_ed25519) {
        bu_hex_encode(bu_bytes_from(bu_key_spki(public), 12), &hex);
        text = test_keep(hex.ptr);
    }
    char id[BULLA_DIGEST_HEX_MAX];
    char *canonical = key_object(keytype, text, scheme, more);
    test_row row;
    memcpy(row.id, digest_hex(bu_bytes_of(canonical), id), sizeof row.id);
    row.json =
        test_text("\"%s\":%s", row.id, key_object(keytype, escape_lines(text), scheme, more));
    return row;
}

static const char *or_else(const char *given, const char *otherwise)
{
    return given == NULL ? otherwise : given;
}

char *test_root_text(const test_root *root)
{
    char *keys = test_text("%s", ""), *ids = test_text("%s", "");
    for (size_t i = 0; i < root->count; i++) {
        keys = test_text("%s%s%s", keys, i == 0 ? "" : ",", root->rows[i].json);
        ids = test_text("%s%s\"%s\"", ids, i == 0 ? "" : ",", root->rows[i].id);
    }
    char *role = test_text("{\"keyids\":[%s],\"threshold\":%s}", or_else(root->ids, ids),
                           or_else(root->threshold, "1"));
    char *roles = test_text("{\"root\":%s,\"targets\":%s,\"snapshot\":%s,\"timestamp\":%s}", role,
                            role, role, role);
    return test_text("{\"_type\":\"%s\",\"spec_version\":\"%s\",\"version\":%d,\"expires\":\"%s\","
                     "\"consistent_snapshot\":false,\"keys\":{%s},\"roles\":%s}",
                     or_else(root->type, "root"), or_else(root->spec, "1.0.34"),
                     root->version == 0 ? 1 : root->version, or_else(root->expires, TEST_LATE),
                     keys, or_else(root->roles, roles));
}

char *test_targets_text(const char *folder, int version, const char *expires,
                        const char *const *files, const char *more)
{
    char *targets = test_text("%s", "");
    for (size_t i = 0; files[i] != NULL; i++) {
        char hex[BULLA_DIGEST_HEX_MAX];
        const char *text = test_read(folder, files[i]);
        targets = test_text("%s%s\"%s\":{\"length\":%zu,\"hashes\":{\"sha256\":\"%s\"}}", targets,
                            i == 0 ? "" : ",", files[i], strlen(text),
                            digest_hex(bu_bytes_of(text), hex));
    }
    return test_text("{\"_type\":\"targets\",\"spec_version\":\"1.0.34\",\"version\":%d,"
                     "\"expires\":\"%s\",\"targets\":{%s}%s}",
                     version, or_else(expires, TEST_LATE), targets, more);
}

void test_write(const char *folder, const char *name, const char *text)
{
    char *path = test_text("%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    ck_assert_msg(file != NULL, "cannot write %s", path);
    ck_assert_uint_eq(fwrite(text, 1, strlen(text), file), strlen(text));
    ck_assert_int_eq(fclose(file), 0);
}

char *test_read(const char *folder, const char *name)
{
    bulla_bytes bytes = unit_slurp(test_text("%s/%s", folder, name));
    char *text = test_text("%.*s", (int)bytes.len, (const char *)bytes.ptr);
    free((void *)(uintptr_t)bytes.ptr);
    return text;
}

void test_write_signed(const char *folder, const char *name, const char *body,
                       bulla_secret_key *const *keys, size_t count)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_json) json = NULL;
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_status status = bu_json_parse(bu_bytes_of(body), name, &json, &err);
    unit_ok(status, err);
    status = bu_metadata_seal(json, keys, count, &text, &err);
    unit_ok(status, err);
    test_write(folder, name, (const char *)text.ptr);
}

void test_store_pin(const test_store *store, int version)
{
    const char *const files[] = { "trust.toml", NULL };
    test_write_signed(store->folder, "targets.json",
                      test_targets_text(store->folder, version, NULL, files, ""), &store->key, 1);
}

test_store test_store_new(const char *trust_toml)
{
    test_store store = { .folder = test_keep(unit_temporary_folder()),
                         .key = test_key(BULLA_KEY_ED25519) };
    store.row = test_row_of(store.key, "ed25519", "");
    char *root = test_root_text(&(test_root){ .rows = &store.row, .count = 1 });
    test_write_signed(store.folder, "1.root.json", root, &store.key, 1);
    test_write_signed(store.folder, "root.json", root, &store.key, 1);
    test_write(store.folder, "trust.toml", trust_toml);
    test_store_pin(&store, 1);
    return store;
}

bulla_status test_load(const char *folder, const char *state, bulla_error *err)
{
    bulla_trust *trust = NULL;
    bulla_trust_options options = { .folder = folder, .state = state, .now = TEST_NOW };
    bulla_status status = bulla_trust_load(&options, &trust, err);
    bulla_trust_free(trust);
    return status;
}
