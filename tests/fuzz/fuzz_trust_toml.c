/* SPDX-License-Identifier: MIT */
/*
 * Target: bu_trust_toml_read() and bu_trust_toml_write(). What is refused says
 * where; in what is accepted no key stands twice, no threshold is out of reach,
 * and what is written from it is read as the same.
 */
#include "fuzz.h"

#include "trust/trust_toml.h"

/* A store that pins one file, "alice.pem"; NULL: no memory. */
static bulla_trust *new_store(void)
{
    static const char pem[] = "-----BEGIN PUBLIC KEY-----\n"
                              "MCowBQYDK2VwAyEAq0AqlaHFqd8jUa32BOyAXC224E/wkCmWqAQqeDZaXKg=\n"
                              "-----END PUBLIC KEY-----\n";
    bulla_trust *trust = NULL;
    if (bulla_ok(bu_store_new(&trust, NULL)) &&
        bulla_ok(bu_pins_put(&trust->pins, BULLA_LIT("alice.pem"), bu_bytes_of(pem), NULL)))
        return trust;
    bulla_trust_free(trust);
    return NULL;
}

static size_t people_behind(const bulla_trust *trust, const bu_role *role)
{
    size_t people = 0;
    for (size_t i = 0; i < trust->people_count; i++) {
        bool is_behind = false;
        for (size_t k = 0; k < role->grant_count; k++)
            is_behind = is_behind || trust->people[role->grants[k].person].counts_as == i;
        people += is_behind;
    }
    return people;
}

static void check_store(const bulla_trust *trust)
{
    for (size_t i = 0; i < trust->people_count; i++)
        FUZZ_CHECK(trust->people[trust->people[i].counts_as].controller == NULL);
    for (size_t i = 0; i < trust->key_count; i++)
        for (size_t k = 0; k < i; k++)
            FUZZ_CHECK(strcmp(trust->keys[i].keyid, trust->keys[k].keyid) != 0);
    for (size_t i = 0; i < trust->role_count; i++) {
        const bu_role *role = &trust->roles[i];
        FUZZ_CHECK(role->threshold >= 1 && role->threshold <= people_behind(trust, role));
        FUZZ_CHECK(role->match[0] != NULL);
    }
}

static void check_round_trip(const bulla_trust *trust)
{
    BU_AUTO(bulla_trust) again = new_store();
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) same = { 0 };
    bulla_error err = { 0 };
    bu_trust_toml_write(trust, &text);
    FUZZ_CHECK(again != NULL && !text.broken);
    FUZZ_CHECK(bulla_ok(bu_trust_toml_read(bu_buf_bytes(&text), again, &err)));
    bu_trust_toml_write(again, &same);
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&text), bu_buf_bytes(&same)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_trust *trust = new_store();
    bulla_error err = { 0 };
    FUZZ_CHECK(trust != NULL);
    bulla_status status = bu_trust_toml_read(text, trust, &err);
    if (bulla_ok(status)) {
        check_store(trust);
        check_round_trip(trust);
    } else {
        fuzz_check_refusal(status, &err, size);
        FUZZ_CHECK(err.line > 0 || status.code == BULLA_E_RESOURCE_LIMIT ||
                   status.code == BULLA_E_EMPTY);
    }
    bulla_trust_free(trust);
    fuzz_free(text);
    return 0;
}
