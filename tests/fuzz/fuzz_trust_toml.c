/* SPDX-License-Identifier: MIT */
/*
 * Target: bu_trust_toml_read() and bu_trust_toml_write(). What is refused says
 * where; in what is accepted no key stands twice, no threshold is out of reach,
 * and what is written from it is read as the same.
 */
#include "store.h"

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
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) same = { 0 };
    bulla_error err = { 0 };
    bu_trust_toml_write(trust, &text);
    FUZZ_CHECK(!text.broken);
    BU_AUTO(bulla_trust) again = fuzz_store(bu_buf_bytes(&text), &err);
    FUZZ_CHECK(again != NULL);
    bu_trust_toml_write(again, &same);
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&text), bu_buf_bytes(&same)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 };
    BU_AUTO(bulla_trust) trust = fuzz_store(text, &err);
    if (trust != NULL) {
        check_store(trust);
        check_round_trip(trust);
    } else {
        fuzz_check_refusal((bulla_status){ err.code }, &err, size);
        FUZZ_CHECK(err.line > 0 || err.code == BULLA_E_RESOURCE_LIMIT || err.code == BULLA_E_EMPTY);
    }
    fuzz_free(text);
    return 0;
}
