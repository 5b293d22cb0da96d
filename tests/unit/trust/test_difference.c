/* SPDX-License-Identifier: MIT */
/*
 * What is told of a change to those who sign it. A change of which nothing is told is signed by
 * people who do not know of it.
 */
#include "build.h"
#include "trust/difference.h"
#include "trust/trust_toml.h"

#define SCHEMA "schema = \"bulla.trust/1\"\n"
#define KEY    SCHEMA "[[person]]\nid = \"alice\"\n[[person.key]]\n"
#define PGP    "openpgp = \"4D64FEC119C2029067D6E791F8D2585B8783D481\"\n"
#define LOST   PGP "file = \"a\"\nrevoked = { at = 2026-01-01T00:00:00Z, reason = "

/* A store that pins "a" and "b", two roots of Sigstore that are the same but for their name. */
static bulla_trust *store_of(const char *text)
{
    static const char root[] =
        "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\","
        "\"tlogs\":[],\"certificateAuthorities\":[],\"ctlogs\":[],\"timestampAuthorities\":[]}";
    bulla_error err = { 0 };
    bulla_trust *trust = NULL;
    if (text == NULL)
        return NULL;
    bulla_status status = bu_store_new(&trust, &err);
    unit_ok(status, err);
    for (const char *name = "ab"; *name != '\0'; name++) {
        status = bu_pins_put(&trust->pins, (bulla_bytes){ (const uint8_t *)name, 1 },
                             bu_bytes_of(root), &err);
        unit_ok(status, err);
    }
    status = bu_trust_toml_read(bu_bytes_of(text), trust, &err);
    unit_ok(status, err);
    return trust;
}

static const struct {
    const char *old, *next;
    const char *line; /* NULL: there is nothing to tell */
} cases[] = {
    { SCHEMA, SCHEMA, NULL },
    /* whose word on identities counts */
    { SCHEMA "sigstore = \"a\"\n", SCHEMA "sigstore = \"b\"\n",
      "  WEAKENS  the store: sigstore a -> b\n" },
    { SCHEMA, SCHEMA "sigstore = \"b\"\n", "  changes  the store: sigstore none -> b\n" },
    /* where the next state of the store comes from */
    { SCHEMA "url = \"https://a.example/\"\n", SCHEMA "url = \"https://b.example/\"\n",
      "  changes  the store: url https://a.example/ -> https://b.example/\n" },
    { NULL, SCHEMA "url = \"https://b.example/\"\n",
      "  changes  the store: url none -> https://b.example/\n" },
    /* which certificate holds a key: another one may have more subkeys */
    { KEY PGP "file = \"a\"\n", KEY PGP "file = \"b\"\n",
      "  WEAKENS  key 4d64fec119c2029067d6e791f8d2585b8783d481: file a -> b\n" },
    { KEY LOST "\"lost\" }\n", KEY LOST "\"stolen\" }\n",
      "  changes  key 4d64fec119c2029067d6e791f8d2585b8783d481: reason lost -> stolen\n" },
};

START_TEST(whatever_changes_is_told)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bulla_trust) old = store_of(cases[_i].old);
    BU_AUTO(bulla_trust) next = store_of(cases[_i].next);
    bu_difference_write((bu_state){ old, NULL }, (bu_state){ next, NULL }, &text);
    bu_buf_add_byte(&text, '\0');
    ck_assert(!text.broken);
    if (cases[_i].line == NULL)
        ck_assert_str_eq((const char *)text.ptr, "");
    else
        ck_assert_msg(strstr((const char *)text.ptr, cases[_i].line) != NULL, "%s", text.ptr);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, whatever_changes_is_told, 0, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("trust: difference", add);
}
