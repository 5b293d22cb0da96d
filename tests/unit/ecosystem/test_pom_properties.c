/* SPDX-License-Identifier: MIT */
/* pom.properties: what Maven writes is read; what Java would read as another text is refused. */
#include "suite.h"

#include "ecosystem/pom_properties.h"

static const struct {
    const char *text, *group, *artifact, *version;
} good[] = {
    { "version=1.0\ngroupId=org.a\nartifactId=b\n", "org.a", "b", "1.0" },
    { "#Generated\r\n#Mon\r\n\r\nartifactId=b\r\ngroupId=org.a\r\nversion=1.0", "org.a", "b",
      "1.0" },
    { "! text\ngroupId=g\nartifactId=a\nversion=1=2\nother=x y\n", "g", "a", "1=2" },
};

START_TEST(properties_are_read)
{
    bulla_error err = { 0 };
    bu_pom_properties p;
    unit_ok(bu_pom_properties_read(bu_bytes_of(good[_i].text), &p, &err), err);
    ck_assert(bu_bytes_is(p.group, good[_i].group));
    ck_assert(bu_bytes_is(p.artifact, good[_i].artifact));
    ck_assert(bu_bytes_is(p.version, good[_i].version));
}
END_TEST

static const struct {
    const char *text;
    bulla_code want;
    uint32_t line;
} bad[] = {
    { "groupId=g\nartifactId=a\n", BULLA_E_MISSING_FIELD, 0 },
    { "groupId=\nartifactId=a\nversion=1\n", BULLA_E_MISSING_FIELD, 0 },
    { "groupId=g\nartifactId=a\nversion=1\nversion=2\n", BULLA_E_DUPLICATE_KEY, 4 },
    { "groupId=g\nartifactId=a\nversion=\nversion=2\n", BULLA_E_DUPLICATE_KEY, 4 },
    { "groupId=g\nartifactId=a\n ver\\u0073ion=1\nversion=2\n", BULLA_E_BAD_SYNTAX, 3 },
    { "version:1\n", BULLA_E_BAD_SYNTAX, 1 },
    { "version 1\n", BULLA_E_BAD_SYNTAX, 1 },
    { "version\t=1\n", BULLA_E_BAD_SYNTAX, 1 },
    { "version= 1\n", BULLA_E_BAD_SYNTAX, 1 },
    { "version:x=1\n", BULLA_E_BAD_SYNTAX, 1 },
    { "version=1\\\n2\n", BULLA_E_BAD_SYNTAX, 1 },
    { "version=\xE9\n", BULLA_E_BAD_ENCODING, 1 },
};

START_TEST(what_could_be_read_otherwise_is_refused)
{
    bulla_error err = { 0 };
    bu_pom_properties p;
    unit_fails(bu_pom_properties_read(bu_bytes_of(bad[_i].text), &p, &err), bad[_i].want, err);
    ck_assert_uint_eq(err.line, bad[_i].line);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, properties_are_read, 0, sizeof good / sizeof good[0]);
    tcase_add_loop_test(tc, what_could_be_read_otherwise_is_refused, 0, sizeof bad / sizeof bad[0]);
}

int main(void)
{
    return unit_run("ecosystem/pom_properties", add);
}
