/* SPDX-License-Identifier: MIT */
/*
 * Ranges as each ecosystem writes them, and what its documentation says they
 * mean; what cannot be said in vers is refused, not approximated.
 */
#include "alloc_fail.h"
#include "suite.h"

#include "bulla/version.h"

static const struct {
    const char *scheme, *native, *vers;
} read[] = {
    /* node-semver, and the registered definition of the type */
    { "npm", "", "vers:npm/*" },
    { "npm", " * ", "vers:npm/*" },
    { "npm", "1.2.3", "vers:npm/1.2.3" },
    { "npm", "= v1.2.3", "vers:npm/1.2.3" },
    { "npm", "2.1", "vers:npm/2.1.0" },
    { "npm", ">=1.2.3 <2", "vers:npm/>=1.2.3|<2.0.0" },
    { "npm", "<1.0.0 || >=2.0.0", "vers:npm/<1.0.0|>=2.0.0" },
    { "npm", "^1.2.3", "vers:npm/>=1.2.3|<2.0.0" },
    { "npm", "^1.2.3-beta.1", "vers:npm/>=1.2.3-beta.1|<2.0.0" },
    { "npm", "^0.2.3", "vers:npm/>=0.2.3|<0.3.0" },
    { "npm", "^0.0.3", "vers:npm/>=0.0.3|<0.0.4" },
    { "npm", "^0.0", "vers:npm/>=0.0.0|<0.1.0" },
    { "npm", "^0.x", "vers:npm/>=0.0.0|<1.0.0" },
    { "npm", "^9.0.0", "vers:npm/>=9.0.0|<10.0.0" },
    { "npm", "~1.2.3", "vers:npm/>=1.2.3|<1.3.0" },
    { "npm", "~1.2", "vers:npm/>=1.2.0|<1.3.0" },
    { "npm", "~1", "vers:npm/>=1.0.0|<2.0.0" },
    { "npm", "~> 1.2.99", "vers:npm/>=1.2.99|<1.3.0" },
    { "npm", "~1.2.3-rc.1", "vers:npm/>=1.2.3-rc.1|>=1.2.3|<1.2.4|<1.3.0" },
    { "npm", "1.x", "vers:npm/>=1.0.0|<2.0.0" },
    { "npm", "1.2.* || 1.4.X", "vers:npm/>=1.2.0|<1.3.0|>=1.4.0|<1.5.0" },
    { "npm", ">= 2.2.x", "vers:npm/>=2.2.0|<2.3.0" },
    { "npm", ">=2.2.x", "vers:npm/>=2.2.0" },
    { "npm", ">2.2.x", "vers:npm/>=2.3.0" },
    { "npm", "< 2.x", "vers:npm/<2.0.0" },
    { "npm", "<=2.x", "vers:npm/<3.0.0" },
    { "npm", "1.2.3 - 2.3.4", "vers:npm/>=1.2.3|<=2.3.4" },
    { "npm", "1.2 - 2.3", "vers:npm/>=1.2.0|<2.4.0" },
    { "npm", "1 - 2 || 4", "vers:npm/>=1.0.0|<3.0.0|4.0.0" },
    { "npm", ">=5.0.3 >=4.2.1", "vers:npm/>=4.2.1|>=5.0.3" },
    { "npm", "1.0.0-a-b+c", "vers:npm/1.0.0-a-b+c" },
    /* PEP 440, "Version specifiers", and the registered definition */
    { "pypi", ">= 1.0", "vers:pypi/>=1.0" },
    { "pypi", "!=5", "vers:pypi/!=5" },
    { "pypi", ">=1.0a1,<1.0.5||>=1.1b1,<1.1.1", "vers:pypi/>=1.0a1|<1.0.5|>=1.1b1|<1.1.1" },
    { "pypi", "== 01.0-ALPHA_3+Ubuntu-01", "vers:pypi/1.0a3+ubuntu.1" },
    { "pypi", "==v1.0-1,!=2!1.0.rev3.dev", "vers:pypi/1.0.post1|!=2%211.0.post3.dev0" },
    { "pypi", "~=2.2", "vers:pypi/>=2.2|<3.dev0" },
    { "pypi", "~=1.4.5a4", "vers:pypi/>=1.4.5a4|<1.5.dev0" },
    { "pypi", "~=1!2.2.3", "vers:pypi/>=1%212.2.3|<1%212.3.dev0" },
    { "pypi", "==1.9.*", "vers:pypi/>=1.9.dev0|<1.10.dev0" },
    { "gem", "", "vers:gem/*" },
    { "gem", "2.1.4", "vers:gem/2.1.4" },
    { "gem", "~> 2.0", "vers:gem/>=2.0|<3" },
    { "gem", "~> 3.5.0", "vers:gem/>=3.5.0|<3.6" },
    { "gem", "~> 1", "vers:gem/>=1|<2" },
    { "gem", "~> 5.3.9.a", "vers:gem/>=5.3.9.a|<5.4" },
    { "gem", "(>= 1.0.1, != 1.0.3, < 2)", "vers:gem/>=1.0.1|!=1.0.3|<2" },
    { "gem", ">=2.0.0 <=4.0.4", "vers:gem/>=2.0.0|<=4.0.4" },
    /* Maven's "Version Range References", NuGet's "Version ranges" */
    { "maven", "[1.0]", "vers:maven/1.0" },
    { "maven", "1.0", "vers:maven/1.0" },
    { "maven", "(,1.0]", "vers:maven/<=1.0" },
    { "maven", "[1.2, 1.3]", "vers:maven/>=1.2|<=1.3" },
    { "maven", "[1.0,2.0)", "vers:maven/>=1.0|<2.0" },
    { "maven", "[1.5,)", "vers:maven/>=1.5" },
    { "maven", "(,1.0],[1.2,)", "vers:maven/<=1.0|>=1.2" },
    { "maven", "(,1.1),(1.1,)", "vers:maven/<1.1|>1.1" },
    { "maven", "[1.0,1.0]", "vers:maven/1.0" },
    { "maven", "(,)", "vers:maven/*" },
    { "maven", ">= 2.13.0, < 2.16.0", "vers:maven/>=2.13.0|<2.16.0" },
    { "nuget", "1.0", "vers:nuget/>=1.0" },
    { "nuget", "(1.0,)", "vers:nuget/>1.0" },
    { "nuget", "[3.10.1,4)", "vers:nuget/>=3.10.1|<4" },
    { "nuget", "[1.0.0-Beta]", "vers:nuget/1.0.0-Beta" },
    /* Composer's "Versions and constraints" */
    { "composer", "1.0.2", "vers:composer/1.0.2" },
    { "composer", ">=1.0 <1.1 || >=1.2", "vers:composer/>=1.0.0|<1.1.0|>=1.2.0" },
    { "composer", ">=1.0,<2.0|3.*", "vers:composer/>=1.0.0|<2.0.0|>=3.0.0|<4.0.0" },
    { "composer", "1.0 - 2.0", "vers:composer/>=1.0.0|<2.1.0" },
    { "composer", "1.0.*", "vers:composer/>=1.0.0|<1.1.0" },
    { "composer", "~1.2", "vers:composer/>=1.2.0|<2.0.0" },
    { "composer", "~1.2.3", "vers:composer/>=1.2.3|<1.3.0" },
    { "composer", "^1.2.3", "vers:composer/>=1.2.3|<2.0.0" },
    { "composer", "^0.3", "vers:composer/>=0.3.0|<0.4.0" },
    { "composer", "^0.0.3", "vers:composer/>=0.0.3|<0.0.4" },
    { "composer", "!=1.5, <>1.6", "vers:composer/!=1.5.0|!=1.6.0" },
    { "composer", ">=1.0@beta", "vers:composer/>=1.0.0" },
    /* Cargo's "Specifying dependencies" */
    { "cargo", "*", "vers:cargo/*" },
    { "cargo", "1.2.3", "vers:cargo/>=1.2.3|<2.0.0" },
    { "cargo", "0.2", "vers:cargo/>=0.2.0|<0.3.0" },
    { "cargo", "0.0", "vers:cargo/>=0.0.0|<0.1.0" },
    { "cargo", "0", "vers:cargo/>=0.0.0|<1.0.0" },
    { "cargo", "~1.2", "vers:cargo/>=1.2.0|<1.3.0" },
    { "cargo", "1.2.*", "vers:cargo/>=1.2.0|<1.3.0" },
    { "cargo", "=1.2.3", "vers:cargo/1.2.3" },
    { "cargo", ">= 1.2, < 1.5", "vers:cargo/>=1.2.0|<1.5.0" },
    { "golang", ">=v1.2.3,<1.4", "vers:golang/>=1.2.3|<1.4.0" },
    { "Go", "<1.5.7 || >=1.6.0 <1.6.2", "vers:golang/<1.5.7|>=1.6.0|<1.6.2" },
    { "golang", "v0.0.0-20200101000000-abcdefabcdef",
      "vers:golang/0.0.0-20200101000000-abcdefabcdef" },
    { "hex", "~> 2.0", "vers:hex/>=2.0.0|<3.0.0" },
    { "hex", "~> 2.1.2 or == 3.0.0", "vers:hex/>=2.1.2|<2.2.0|3.0.0" },
    { "hex", ">= 1.0.0 and < 2.0.0", "vers:hex/>=1.0.0|<2.0.0" },
    { "pub", "any", "vers:pub/*" },
    { "pub", "^1.2.3+4", "vers:pub/>=1.2.3+4|<2.0.0" },
    { "pub", ">=1.0.0 <2.0.0", "vers:pub/>=1.0.0|<2.0.0" },
    { "hackage", "-any", "vers:hackage/*" },
    { "hackage", ">=1.2 && <1.4 || ==2.1.*", "vers:hackage/>=1.2|<1.4|>=2.1|<2.2" },
    { "hackage", "^>=1.2.3", "vers:hackage/>=1.2.3|<1.3" },
    { "hackage", "^>=1", "vers:hackage/>=1|<1.1" },
    /* Debian policy 7.1; rpm "Dependencies"; apk */
    { "deb", "(>= 2:4.13.1)", "vers:deb/>=2:4.13.1" },
    { "deb", ">> 2.23, (<< 2.24~)", "vers:deb/>2.23|<2.24~" },
    { "deb", "= 5.0", "vers:deb/5.0" },
    { "rpm", ">= 1:1.1.4, >= 2.8.16, <= 2.8.16-z", "vers:rpm/>=2.8.16|<=2.8.16-z|>=1:1.1.4" },
    { "rpm", "<> 1.0~rc1", "vers:rpm/!=1.0~rc1" },
    { "apk", "<1.2.3-r1", "vers:apk/<1.2.3-r1" },
    { "alpm", ">=1:2.0-1 <3", "vers:alpm/<3|>=1:2.0-1" },
    { "cran", "(>= 3.5.0)", "vers:cran/>=3.5.0" },
    { "github", ">= 1.0.0, < 1.0.1", "vers:github/>=1.0.0|<1.0.1" },
    /* Conan's "Version ranges" */
    { "conan", "", "vers:conan/>=0.0.0" },
    { "conan", "*-", "vers:conan/>=0.0.0" },
    { "conan", "*, include_prerelease=True", "vers:conan/>=0.0.0" },
    { "conan", ">1 <2.0 || ^3.2 ", "vers:conan/>1|<2.0|>=3.2|<4-" },
    { "conan", "~1", "vers:conan/>=1|<2-" },
    { "conan", "~2.5.1", "vers:conan/>=2.5.1|<2.6-" },
    { "conan", "^0.1.2", "vers:conan/>=0.1.2|<0.2-" },
    { "conan", "^0", "vers:conan/>=0|<1-" },
    { "conan", "^1.1.2-", "vers:conan/>=1.1.2|<2-" },
    { "conan", "=cci.20200203", "vers:conan/cci.20200203" },
    /* advisories of nginx and OpenSSL */
    { "nginx", "all", "vers:nginx/*" },
    { "nginx", "1.5.10", "vers:nginx/1.5.10" },
    { "nginx", "1.1.4-1.2.8, 1.3.9-1.4.0", "vers:nginx/>=1.1.4|<=1.2.8|>=1.3.9|<=1.4.0" },
    { "nginx", "1.5.0+, 1.4.1+", "vers:nginx/>=1.4.1|<1.5.0|>=1.5.0" },
    { "nginx", "nginx/Windows 0.7.52-0.8.39", "vers:nginx/>=0.7.52|<=0.8.39" },
    { "openssl", "1.0.1af, 3.0.1,1.1.1nf", "vers:openssl/1.0.1af|1.1.1nf|3.0.1" },
    { "openssl", "3.0", "vers:openssl/3.0.0" },
};

START_TEST(a_range_is_read_as_its_ecosystem_means_it)
{
    bulla_buffer out = { 0 };
    bulla_error err = { 0 };
    unit_ok(bulla_vers_from_native(bu_bytes_of(read[_i].scheme), bu_bytes_of(read[_i].native), &out,
                                   &err),
            err);
    ck_assert_str_eq((const char *)out.ptr, read[_i].vers);
    bool is_in;
    bulla_bytes vers = { out.ptr, out.len };
    bulla_status status = bulla_vers_contains(vers, BULLA_LIT("3.0.0"), &is_in, &err);
    unit_ok(status, err); /* what is written can be read */
    bulla_buffer_free(&out);
}
END_TEST

static const struct {
    const char *scheme, *native;
    bulla_code code;
    uint64_t offset;
} refused[] = {
    { "npm", "latest", BULLA_E_BAD_SYNTAX, 0 },
    { "npm", "1.0.0 ||", BULLA_E_BAD_SYNTAX, 8 },
    { "npm", "|| 1", BULLA_E_BAD_SYNTAX, 0 },
    { "npm", ">=", BULLA_E_BAD_SYNTAX, 2 },
    { "npm", ">=1.0.0 foo", BULLA_E_BAD_SYNTAX, 8 },
    { "npm", "1.x-pre", BULLA_E_BAD_SYNTAX, 0 },
    { "npm", "^1.y", BULLA_E_BAD_SYNTAX, 1 },
    { "npm", "1.2.3\n", BULLA_E_BAD_SYNTAX, 5 },
    { "npm", "(1.0.0", BULLA_E_BAD_SYNTAX, 6 },
    { "npm", "1.0.0)", BULLA_E_BAD_SYNTAX, 5 },
    { "pypi", "1.0", BULLA_E_BAD_SYNTAX, 0 },
    { "pypi", ">=1.0 <2.0", BULLA_E_BAD_SYNTAX, 6 },
    { "pypi", ">=1.0; python_version < \"3\"", BULLA_E_BAD_SYNTAX, 2 },
    { "pypi", ">=1.0,<foo", BULLA_E_BAD_SYNTAX, 7 },
    { "pypi", "~=1", BULLA_E_BAD_SYNTAX, 2 },
    { "pypi", "==1.0a1.*", BULLA_E_BAD_SYNTAX, 2 },
    { "pypi", "!=1.0.*", BULLA_E_UNSUPPORTED_FEATURE, 2 },
    { "pypi", "===1.0", BULLA_E_UNSUPPORTED_FEATURE, 3 },
    { "gem", "~> a", BULLA_E_BAD_SYNTAX, 3 },
    { "gem", ">= 1..0", BULLA_E_BAD_SYNTAX, 3 },
    { "maven", "(1.0)", BULLA_E_BAD_SYNTAX, 0 },
    { "maven", "[1.0", BULLA_E_BAD_SYNTAX, 0 },
    { "maven", "[2.0,1.0]", BULLA_E_BAD_SYNTAX, 0 },
    { "maven", "[1.0,1.0)", BULLA_E_BAD_SYNTAX, 0 },
    { "maven", "[1,2),[1.5,3)", BULLA_E_BAD_SYNTAX, 6 },
    { "maven", "[1,),(,2]", BULLA_E_BAD_SYNTAX, 5 },
    { "maven", "[1,2] x", BULLA_E_BAD_SYNTAX, 6 },
    { "nuget", "1.*", BULLA_E_BAD_SYNTAX, 0 },
    { "composer", "dev-master", BULLA_E_BAD_SYNTAX, 0 },
    { "cargo", "1.2.3 1.2.4", BULLA_E_BAD_SYNTAX, 6 },
    { "deb", "1.0", BULLA_E_BAD_SYNTAX, 0 },
    { "deb", "~1.0", BULLA_E_BAD_SYNTAX, 0 },
    { "conan", "1.0, loud=True", BULLA_E_BAD_SYNTAX, 4 },
    { "conan", "~a.b", BULLA_E_BAD_SYNTAX, 1 },
    { "nginx", "none", BULLA_E_BAD_SYNTAX, 0 },
    { "nginx", "1.0.0-", BULLA_E_BAD_SYNTAX, 6 },
    { "nginx", "1.0.0,", BULLA_E_BAD_SYNTAX, 6 },
    { "openssl", "1.2.4fg", BULLA_E_BAD_SYNTAX, 0 },
    { "openssl", ">=1.0.1", BULLA_E_BAD_SYNTAX, 0 },
    { "datetime", ">=2024-01-01T00:00:00Z", BULLA_E_UNSUPPORTED_FEATURE, UINT64_MAX },
    { "nosuch", "1", BULLA_E_UNSUPPORTED_FEATURE, UINT64_MAX },
};

START_TEST(a_text_that_is_no_range_is_refused_at_its_place)
{
    bulla_buffer out = { 0 };
    bulla_error err = { 0 };
    unit_fails(bulla_vers_from_native(bu_bytes_of(refused[_i].scheme),
                                      bu_bytes_of(refused[_i].native), &out, &err),
               refused[_i].code, err);
    ck_assert_uint_eq(err.offset, refused[_i].offset);
    ck_assert_ptr_null(out.ptr);
}
END_TEST

START_TEST(memory_that_is_not_there_is_told)
{
    static const char *const ranges[][2] = {
        { "npm", "^1.2.3 || ~0.8.0-pre || 2.x || 5 - 6" },
        { "pypi", "~=2.2.3,==1.*" },
        { "gem", "~> 1.2.3" },
        { "conan", "^1.2.3" },
        { "hackage", "^>=1.2 || ==1.*" },
        { "nginx", "1.4.1+, 1.5.0+" },
        { "nuget", "[1,2),[3,4)" },
    };
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bulla_buffer out = { 0 };
        alloc_fail_at(n);
        bulla_status status = bulla_vers_from_native(bu_bytes_of(ranges[_i][0]),
                                                     bu_bytes_of(ranges[_i][1]), &out, &err);
        bool was_hit = alloc_fail_off();
        bulla_buffer_free(&out);
        if (!was_hit) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_range_is_read_as_its_ecosystem_means_it, 0,
                        sizeof read / sizeof read[0]);
    tcase_add_loop_test(tc, a_text_that_is_no_range_is_refused_at_its_place, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_loop_test(tc, memory_that_is_not_there_is_told, 0, 7);
}

int main(void)
{
    return unit_run("native", add);
}
