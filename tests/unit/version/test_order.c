/* SPDX-License-Identifier: MIT */
/*
 * The order of each ecosystem: what its own tools say of versions that are
 * easily got wrong. A row lists versions from old to new, equal ones joined by
 * "=": every two of a row are compared, both ways.
 */
#include "suite.h"

#include "base/cleanup.h"
#include "version/scheme.h"

#define DIGITS "99999999999999999999999999999999999999999999"

static const struct {
    const char *scheme, *sorted;
} rows[] = {
    /* semver.org section 11, and a long number that no integer holds */
    { "semver", "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 "
                "1.0.0-rc.1 1.0.0=1.0.0+b=v1.0.0=1.0 1.0.1 2.0.0 " DIGITS ".0.0" },
    { "semver", "1.0.0-1 1.0.0-2 1.0.0-10 1.0.0--1 1.0.0-1a 1.0.0-A 1.0.0-a" },
    { "npm", "1.2.3-r100 1.2.3-r2 1.2.3 1.2.10" },
    { "cargo", "0.0.9 0.1.0-rc.1 0.1.0=0.1.0+b1 0.10.0" },
    { "golang", "v0.0.0-20190101000000-abcdefabcdef v0.0.0-20200101000000-abcdefabcdef "
                "v1.0.0-pre v1.0.0-pre.0.20200101000000-abcdefabcdef v1.0.0 "
                "v1.0.1-0.20200101000000-abcdefabcdef v1.0.1 v2.0.0+incompatible=v2.0.0" },
    { "hex", "1.0.0-dev 1.0.0=1.0.0+x 1.0.1" },
    { "nuget",
      "1.0.0-ALPHA=1.0.0-alpha 1.0.0-alpha.1 1.0.0-Beta 1.0=1.0.0=1.0.0.0=1.0.0+x 1.0.0.1" },
    { "pub", "1.0.0-pre 1.0.0-pre+1 1.0.0 1.0.0+1 1.0.0+2 1.0.0+10 1.0.0+a" },
    /* PEP 440, "Summary of permitted suffixes and relative ordering" */
    { "pypi", "1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 "
              "1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 "
              "1.0+5 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1 1!0.1" },
    { "pypi", "1.0-foo-bar foo 0.9alpha=0.9-a0=0.9A 0.9c1=0.9.rc-1=0.9PRE1 v1=1.0.0=01.0=0!1 "
              "1-1=1.0.post1=1.0r1=1.0-REV.1 1.0.post2" },
    { "pypi", "1.0 1.0+a=1.0+A 1.0+a.b=1.0+a-b=1.0+a_b 1.0+1 1.0+1.a 1.0+2 1.0+10" },
    /* Debian policy 5.6.12 */
    { "deb", "1.0~~ 1.0~~a 1.0~ 1.0=0:1.0=1.0-0=01.0 1.0-1~bpo1 1.0-1 1.0-1+b1 1.0-1.1 1.0a 1.0+x "
             "1.0.0 1.1 1.9 1.10 1.10-9 1.10-10 1:0.1 2:0" },
    { "Ubuntu", "2.7.6-8 2.7.6-8ubuntu0.2 2.7.6-8ubuntu0.10" },
    { "opam", "1.0~beta1 1.0 1.0a 1.0+x 1.0.1" },
    /* rpm.org, "Dependencies": tilde and caret */
    { "rpm",
      "1.0~rc1 1.0~rc2 1.0=0:1.0 1.0-1 1.0-2 1.0^git1 1.0^git2 1.0a 1.0.1=1_0_1 1.10 1:0.1" },
    { "rpm", "a 1a=1.a 1.1" },
    { "Red Hat:enterprise_linux:9", "1.0-1.el9 1.0-1.el9_1 1.0-2.el9 " DIGITS "-1" },
    /* vercmp(8) of pacman */
    { "alpm", "1.0a 1.0alpha 1.0b 1.0beta 1.0p 1.0pre 1.0rc 1.0 1.0.a 1.0.1" },
    { "alpm", "1 1.0 1.1 1.1.1 1.2 2.0 3.0.0" },
    { "alpm", "1.0-1 1.0-2 1.0-10 1:0.1-1" },
    { "alpm", "1.0=1.0-1" },
    { "alpm", "2.0a 2.0=2_0 2.0.a=2_0.a 2.0__a" },
    { "alpm", "1.5-1 1.5.b 1.5.1" },
    /* POM reference, "Version Order Specification", and Maven's ComparableVersionTest */
    { "maven",
      "1-alpha2snapshot 1-alpha2 1-alpha-123 1-beta-2 1-beta123 1-m2 1-m11 1-rc 1-cr2=1-rc2 "
      "1-rc123 1-SNAPSHOT 1=1.0=1.0.0=1-ga=1.FINAL=1-release=1-0=1- 1-sp 1-sp2 1-sp123 "
      "1-abc 1-def 1-pom-1 1-1-snapshot 1-1 1-2 1-123" },
    { "maven", "2.0 2-1 2.0.a 2.0.0.a 2.0.2 2.0.123 2.1.0 2.1-a 2.1b 2.1-c 2.1-1 2.1.0.1 2.2 2.123 "
               "11.a2 11.a11 11.b2 11.b11 11.m2 11.m11 11 11.a 11b 11c 11m" },
    { "maven", "1=1-- 1--1 1-1=1.-1" },
    { "maven", "1.x 1.0-x=1x=1-x=1.0.0x 1.1x 6.1.0rc3 6.1.0 6.1H.5-beta " DIGITS },
    { "gem", "0.9 1.0.a.1=1.a.1=1.0.0.a1 1.0.a.2 1.0.a10 1.0.b1 1.0-1=1.0.pre.1 1.0.rc 1=1.0=1.0.0 "
             "1.0.0.1 1.1.a 1.1 1.10 " DIGITS },
    /* apk-tools version.c: a text that is no version comes first */
    { "apk", ".1 a 1..2 1_alpha 1_alpha1 1_alpha2 1_beta 1_pre1 1_rc1 1 1-r0 1-r1 1-r10 1~0a 1~0b "
             "1_cvs1 1_svn1 1_git1 1_git20200101 1_hg1 1_p 1_p1 1_p2 1a 1b 1.0 1.00 1.01 1.09 1.1 "
             "1.2 1.10 2 10" },
    { "Alpine:v3.19", "1.2.3_alpha_pre 1.2.3_alpha 1.2.3 1.2.3.4" },
    /* PMS, algorithms 3.1 to 3.7 */
    { "gentoo", "1_alpha 1_alpha1 1_beta 1_pre 1_rc 1=1-r0 1-r1 1_p=1_p0 1_p1 1_p1-r1 1_p2 1b 1.0 "
                "1.0.0 1.01=1.010 1.02 1.1 1.2 1.10 10" },
    { "ebuild", "12.2b 12.2.5" },
    /* PHP's version_compare, with the case and the "v" that Composer ignores */
    { "composer", "1.0-dev 1.0-alpha=1.0a=v1.0.A 1.0-beta 1.0-beta2=1.0.BETA.2 1.0-RC1=1.0rc1 1.0 "
                  "1.0.0 1.0.1 1.0-p1=1.0pl1=1.0-patch1 1.1" },
    { "composer", "1.foo 1-dev 1" },
    { "conan", "1.0-alpha 1.0-alpha.1 1.0-beta 1=1.0=1.0.0 1.0+b1=1+b1 1.0+b2 1.0.1-pre 1.0.1 1.1 "
               "1.1.a 1.2 1.10 2- 2-a 2" },
    { "conan", "1.0.2 1.0.2s 1.1.1d 1.1.1h a.b.c b.c" },
    { "openssl",
      "0.9.8 0.9.8a 0.9.8z 0.9.8za 0.9.8zh 1.0.0-beta1 1.0.0-beta5 1.0.0 1.0.0t 1.0.2 "
      "1.0.2a 1.0.2zb 1.1.0 1.1.1-pre9 1.1.1 1.1.1w 3.0.0-alpha1 3.0.0=3.0 3.0.13 3.2.0" },
    { "nginx", "0.7.52 0.8.39 1.4.1 1.5.0 1.21.0" },
    { "cran", "0.01=0.1 0.1-0=0.01.0 0.1-4=0.1.4 0.1.18 0.2 1 1.0 1.0.0" },
    { "hackage", "0.11.3.0 1 1.0 1.0.0 1.1 1.10" },
    { "intdot", "1=1.0=01=1-x=1.a 1.2=1.2-rc=1.02.0 1.10 2 " DIGITS ".1" },
    { "cpan", "1.0 1.001=v1.1=1.1.0 1.002003=v1.2.3 1.01 1.1=1.10=1.100=v1.100 1.15 1.2 1.2_1=1.21 "
              "v1.300 2" },
    { "generic", "1.0alpha1=1.0a1=1.0.a.1 1.0beta1 1.0rc1 1.0=1=1.0.0 1.0patch1=1.0.pl1 1.0.1 1.0a "
                 "1.0b 1.1" },
    { "alpine", "1.9-r9 1.9-r10 1.10" },
    { "apache", "1.9.0-M1 1.9.0 1.10.0" },
    { "bitnami", "1.9.0-1 1.9.0-2 1.9.0 1.10.0" },
    { "github", "v1.9.0-rc.1 v1.9.0 v1.10.0" },
    { "julia", "1.9.0-beta1 1.9.0 1.10.0" },
    { "mattermost", "5.9.0-rc1 5.9.0 5.10.0" },
    { "mozilla", "9.0 99.0.1 100.0" },
    { "swift", "5.9.0-beta 5.9.0 5.10.0" },
    { "lexicographic", "1 10 2 A B a \xC3\xA9 \xF0\x9F\x98\x80" },
};

/* Take the next word; `*is_equal`: "=" joined it to the one before. */
static bulla_bytes next_word(bulla_bytes *rest, bool *is_equal)
{
    size_t end = 0;
    while (end < rest->len && rest->ptr[end] != ' ' && rest->ptr[end] != '=')
        end++;
    bulla_bytes word = bu_take_bytes(rest, end);
    *is_equal = bu_take_byte(rest, '=');
    (void)bu_take_byte(rest, ' ');
    return word;
}

#define WORDS_MAX 64

/* Equal ones get the same rank. */
static size_t split(const char *sorted, bulla_bytes words[WORDS_MAX], size_t ranks[WORDS_MAX])
{
    bulla_bytes rest = bu_bytes_of(sorted);
    size_t count = 0, rank = 0;
    while (rest.len > 0) {
        bool joined;
        ck_assert_uint_lt(count, WORDS_MAX);
        words[count] = next_word(&rest, &joined);
        ranks[count++] = rank;
        rank += !joined;
    }
    return count;
}

static void check_pair(const bu_scheme *scheme, bulla_bytes a, bulla_bytes b, int want)
{
    static const char *const signs[] = { "<", "=", ">" };
    ck_assert_msg(bu_version_compare(scheme, a, b) == want, "%s: %.*s %s %.*s, not %s", scheme->id,
                  (int)a.len, (const char *)a.ptr, signs[bu_version_compare(scheme, a, b) + 1],
                  (int)b.len, (const char *)b.ptr, signs[want + 1]);
}

START_TEST(versions_are_in_the_order_of_their_ecosystem)
{
    bulla_bytes words[WORDS_MAX];
    size_t ranks[WORDS_MAX], count = split(rows[_i].sorted, words, ranks);
    const bu_scheme *scheme;
    bulla_error err = { 0 };
    unit_ok(bu_scheme_find(bu_bytes_of(rows[_i].scheme), &scheme, &err), err);
    for (size_t i = 0; i < count; i++)
        unit_ok(bu_version_check(scheme, words[i], &err), err);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            check_pair(scheme, words[i], words[j], (ranks[i] > ranks[j]) - (ranks[i] < ranks[j]));
}
END_TEST

/* Versions of what each order takes one at a time: a pass for each piece would not end. */
START_TEST(long_versions_are_compared_in_one_pass)
{
    static const char *const pieces[] = { "1.", "0.", "0-", "1a",   "a-",  "-0.0", "_alpha1",
                                          "~^", "1_", "1!", "0.0-", "a1b", ".dev", "+local" };
    enum { LENGTH = 1 << 16 };
    BU_FREE char *text = malloc(LENGTH + 1);
    ck_assert_ptr_nonnull(text);
    for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
        text[0] = '1';
        for (size_t i = 1, n = strlen(pieces[p]); i < LENGTH; i++)
            text[i] = pieces[p][(i - 1) % n];
        bulla_bytes a = { (const uint8_t *)text, LENGTH }, b = { a.ptr, LENGTH - 1 };
        const bu_scheme *scheme;
        for (size_t i = 0; (scheme = bu_scheme_at(i)) != NULL; i++) {
            if (bu_bytes_is(bu_bytes_of(scheme->id), "datetime"))
                continue;
            ck_assert_int_eq(bu_version_compare(scheme, a, a), 0);
            int order = bu_version_compare(scheme, a, b);
            ck_assert_int_eq(bu_version_compare(scheme, b, a), -order);
        }
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, versions_are_in_the_order_of_their_ecosystem, 0,
                        sizeof rows / sizeof rows[0]);
    tcase_add_test(tc, long_versions_are_compared_in_one_pass);
}

int main(void)
{
    return unit_run("order", add);
}
