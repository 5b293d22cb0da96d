/* SPDX-License-Identifier: MIT */
/*
 * Package URLs: one canonical text for one package, and the rules of every
 * type. The specification's own vectors are run where they are at hand.
 */
#include "alloc_fail.h"
#include "suite.h"

#include "model/purl.h"
#include "syntax/tree.h"

static const struct {
    const char *text, *canonical;
} accepted[] = {
    { "pkg:npm/a@1", "pkg:npm/a@1" },
    { "PKG:NPM/a@1", "pkg:npm/a@1" },
    { "pkg://npm//a@1", "pkg:npm/a@1" },
    { "pkg:npm/%40s/a@1.0.0", "pkg:npm/%40s/a@1.0.0" },
    { "pkg:npm/@s/a@1.0.0", "pkg:npm/%40s/a@1.0.0" },
    { "pkg:npm/@s/a", "pkg:npm/%40s/a" },
    { "pkg:npm/a/", "pkg:npm/a" },
    { "pkg:npm/a@", "pkg:npm/a" },
    { "pkg:npm/a?", "pkg:npm/a" },
    { "pkg:npm/a#", "pkg:npm/a" },
    { "pkg:npm/a@1%2B2~3", "pkg:npm/a@1%2B2~3" },
    { "pkg:npm/%61%7e", "pkg:npm/a~" },
    { "pkg:npm/a?b=&c=1", "pkg:npm/a?c=1" },
    { "pkg:npm/a?z=1&b=2", "pkg:npm/a?b=2&z=1" },
    { "pkg:npm/a?b=c=d", "pkg:npm/a?b=c%3Dd" },
    { "pkg:npm/a?kEY=V", "pkg:npm/a?key=V" },
    { "pkg:npm/a#./b/../c//d/", "pkg:npm/a#b/c/d" },
    { "pkg:npm/a#b%23c", "pkg:npm/a#b%23c" },
    { "pkg:opam/git@3/16.1", "pkg:opam/git@3%2F16.1" },
    { "pkg:generic/a%2Fb", "pkg:generic/a%2Fb" },
    { "pkg:generic/caf%c3%a9", "pkg:generic/caf%C3%A9" },
    { "pkg:no-such.type2/N/S/Name@V", "pkg:no-such.type2/N/S/Name@V" },
    /* what the types say */
    { "pkg:alpm/Arch/Pacman@6.0.1-1", "pkg:alpm/arch/pacman@6.0.1-1" },
    { "pkg:apk/Alpine/Curl@1", "pkg:apk/alpine/curl@1" },
    { "pkg:bazel/Curl@1", "pkg:bazel/Curl@1" },
    { "pkg:bitbucket/B/P@A", "pkg:bitbucket/b/p@A" },
    { "pkg:bitnami/WordPress@6", "pkg:bitnami/wordpress@6" },
    { "pkg:brew/Homebrew/Core/Sqlite@3", "pkg:brew/homebrew/core/sqlite@3" },
    { "pkg:cargo/Rand@1", "pkg:cargo/Rand@1" },
    { "pkg:chrome-extension/ABCDEFGHIJKLMNOPabcdefghijklmnop@1.2.3.4",
      "pkg:chrome-extension/abcdefghijklmnopabcdefghijklmnop@1.2.3.4" },
    { "pkg:chrome-extension/abcdefghijklmnopabcdefghijklmnop",
      "pkg:chrome-extension/abcdefghijklmnopabcdefghijklmnop" },
    { "pkg:cocoapods/ShareKit@2.0#Twitter", "pkg:cocoapods/ShareKit@2.0#Twitter" },
    { "pkg:composer/Laravel/Laravel@5", "pkg:composer/laravel/laravel@5" },
    { "pkg:cpan/gdt/URI-PackageURL", "pkg:cpan/GDT/URI-PackageURL" },
    { "pkg:deb/Debian/DPKG@1:1.2+b1?arch=amd64", "pkg:deb/debian/dpkg@1:1.2%2Bb1?arch=amd64" },
    { "pkg:git/gitlab.example.org/GNOME/Fonts", "pkg:git/gitlab.example.org/GNOME/Fonts" },
    { "pkg:git/GitHub.com/Owner/Repo@A", "pkg:git/github.com/owner/repo@A" },
    { "pkg:github/Owner/Repo@A", "pkg:github/owner/repo@A" },
    { "pkg:golang/github.com/BurntSushi/toml@v1", "pkg:golang/github.com/BurntSushi/toml@v1" },
    { "pkg:golang/gotest.tools@v2", "pkg:golang/gotest.tools@v2" },
    { "pkg:hackage/AC_Half@1", "pkg:hackage/AC-Half@1" },
    { "pkg:hex/Acme/Jason@1", "pkg:hex/acme/jason@1" },
    { "pkg:huggingface/EleutherAI/GPT@ABCDEF", "pkg:huggingface/EleutherAI/GPT@abcdef" },
    { "pkg:julia/Dates?uuid=x", "pkg:julia/Dates?uuid=x" },
    { "pkg:luarocks/User/Socket@3.1-A", "pkg:luarocks/user/socket@3.1-A" },
    { "pkg:mlflow/Credit@3?repository_url=x.azureml.ms",
      "pkg:mlflow/Credit@3?repository_url=x.azureml.ms" },
    { "pkg:mlflow/Credit@3?repository_url=x.azuredatabricks.net",
      "pkg:mlflow/credit@3?repository_url=x.azuredatabricks.net" },
    { "pkg:oci/Debian@sha256%3AAB", "pkg:oci/debian@sha256:ab" },
    { "pkg:otp/Asn1@5#Src/A.erl", "pkg:otp/asn1@5#src/a.erl" },
    { "pkg:pub/My-Package@1", "pkg:pub/my_package@1" },
    { "pkg:pypi/Django_Package@1.11.1.DEV1", "pkg:pypi/django-package@1.11.1.dev1" },
    { "pkg:qpkg/BlackBerry/Com.qnx@1", "pkg:qpkg/blackberry/Com.qnx@1" },
    { "pkg:rpm/Fedora/Curl@1", "pkg:rpm/fedora/Curl@1" },
    { "pkg:swid/Acme/a.example/Server@1?tag_id=75B8C285-FA7B-485B-B199-4745E3004D0D",
      "pkg:swid/Acme/a.example/Server@1?tag_id=75b8c285-fa7b-485b-b199-4745e3004d0d" },
    { "pkg:swid/Fedora@29?tag_id=Org.Fedora", "pkg:swid/Fedora@29?tag_id=Org.Fedora" },
    { "pkg:vscode-extension/RedHat/Java@1.A", "pkg:vscode-extension/redhat/java@1.a" },
    { "pkg:yocto/Core/GLibc@2", "pkg:yocto/core/GLibc@2" },
};

START_TEST(a_package_has_one_text)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    const char *once, *twice;
    unit_ok(bu_purl_canonicalize(bu_bytes_of(accepted[_i].text), arena, &once, &err), err);
    ck_assert_str_eq(once, accepted[_i].canonical);
    unit_ok(bu_purl_canonicalize(bu_bytes_of(once), arena, &twice, &err), err);
    ck_assert_str_eq(twice, once);
}
END_TEST

static const struct {
    const char *text;
    uint64_t offset;
} refused[] = {
    { "", 0 },
    { "npm/a@1", 0 },
    { "pkg", 0 },
    { "pkg:", 0 },
    { "pkg:/", 0 },
    { "pkg:npm", 4 },
    { "pkg:npm/", 8 },
    { "pkg:npm/@1", 8 },
    { "pkg:npm/@s", 8 },
    { "pkg:swift/github.com/A/@5", 23 },
    { "http://example.org/a", 0 },
    { "pkg:1npm/a", 4 },
    { "pkg:n&m/a", 4 },
    { "pkg:n:m/a", 4 },
    { "pkg:n%70m/a", 4 },
    { "pkg:npm/a b", 9 },
    { "pkg:npm/caf\xC3\xA9", 11 },
    { "pkg:npm/a\n", 9 },
    { "pkg:npm/a%", 9 },
    { "pkg:npm/a%4", 9 },
    { "pkg:npm/a%zz", 9 },
    { "pkg:npm/%00", 8 },
    { "pkg:npm/%ff", 8 },
    { "pkg:npm/%c0%af@1", 8 },
    { "pkg:npm/a@%ed%a0%80", 10 },
    { "pkg:npm/a%2fb/c", 9 },
    { "pkg:npm/a#b%2Fc", 11 },
    { "pkg:npm/a?b", 10 },
    { "pkg:npm/a?=b", 10 },
    { "pkg:npm/a?b=1&", 14 },
    { "pkg:npm/a?b=1&b=2", 10 },
    { "pkg:npm/a?b=1&bB=2&bb=3", 10 },
    { "pkg:npm/a?1b=1", 10 },
    { "pkg:npm/a?in%20b=1", 10 },
    { "pkg:npm/a?b=%zz", 12 },
    { "pkg:npm/a?Arch=x", 10 },
    /* what the types say */
    { "pkg:deb/dpkg@1", 8 },
    { "pkg:maven/a@1", 10 },
    { "pkg:cargo/ns/a@1", 10 },
    { "pkg:pypi/ns/a", 9 },
    { "pkg:julia/Dates@1", 17 },
    { "pkg:swid/Fedora@29", 18 },
    { "pkg:swid/a/b/c/d@1?tag_id=x", 9 },
    { "pkg:cpan/LWP::UserAgent@6", 9 },
    { "pkg:chrome-extension/abc@1", 21 },
    { "pkg:chrome-extension/abcdefghijklmnopabcdefghijklmnoq@1", 21 },
    { "pkg:chrome-extension/abcdefghijklmnopabcdefghijklmnop@1.2-b", 54 },
    { "pkg:chrome-extension/abcdefghijklmnopabcdefghijklmnop@1..2", 54 },
    { "pkg:chrome-extension/abcdefghijklmnopabcdefghijklmnop@1.2.3.4.5", 54 },
    { "pkg:chrome-extension/abcdefghijklmnopabcdefghijklmnop@1.", 54 },
    { "pkg:cocoapods/.a", 14 },
    { "pkg:cocoapods/a+b", 14 },
    { "pkg:cocoapods/a%20b", 14 },
};

START_TEST(a_text_is_refused_at_its_place)
{
    bu_purl purl;
    bulla_error err = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    unit_fails(bu_purl_parse(bu_bytes_of(refused[_i].text), arena, &purl, &err), BULLA_E_BAD_PURL,
               err);
    ck_assert_uint_eq(err.offset, refused[_i].offset);
}
END_TEST

static const struct {
    const char *type, *namespace, *name, *version, *architecture, *want;
} made[] = {
    { "npm", NULL, "@scope/name", "1.0.0", NULL, "pkg:npm/%40scope/name@1.0.0" },
    { "npm", NULL, "name", NULL, NULL, "pkg:npm/name" },
    { "deb", "debian", "libstdc++6", "12.2.0-14+deb12u1", "amd64",
      "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64" },
    { "composer", NULL, "Vendor/Name", "1", NULL, "pkg:composer/vendor/name@1" },
    { "golang", NULL, "github.com/a/b", "v1", NULL, "pkg:golang/github.com/a/b@v1" },
    { "maven", NULL, "org.a:b", "1", NULL, "pkg:maven/org.a/b@1" },
    { "generic", "", "a/b", NULL, NULL, "pkg:generic/a%2Fb" },
    { "deb", NULL, "dpkg", "1", NULL, NULL },
    { "npm", NULL, "", "1", NULL, NULL },
    { "", NULL, "a", "1", NULL, NULL },
};

START_TEST(a_purl_is_made_of_what_the_ecosystem_says)
{
    const char *text = NULL;
    bulla_error err = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_status status = bu_purl_make(made[_i].type, made[_i].namespace, made[_i].name,
                                       made[_i].version, made[_i].architecture, arena, &text, &err);
    if (made[_i].want == NULL) {
        unit_fails(status, BULLA_E_BAD_PURL, err);
    } else {
        unit_ok(status, err);
        ck_assert_str_eq(text, made[_i].want);
    }
}
END_TEST

START_TEST(memory_that_is_not_there_is_told)
{
    static const char *const texts[] = {
        "pkg:otp/Asn1@5?arch=x#Src/A.erl",
        "pkg:git/github/A/B@1",
        "pkg:swid/A/B@1?tag_id=75B8C285-FA7B-485B-B199-4745E3004D0D",
        "pkg:mlflow/A@1?repository_url=databricks",
    };
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        const char *out;
        BU_AUTO(bu_arena) arena = bu_arena_new();
        ck_assert_ptr_nonnull(bu_arena_get(arena, 4096 - 512)); /* let it grow soon */
        alloc_fail_at(n);
        bulla_status status = bu_purl_canonicalize(bu_bytes_of(texts[_i]), arena, &out, &err);
        bool was_hit = alloc_fail_off();
        if (!was_hit) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

/* The specification's vectors */

static bulla_bytes part(const bu_node *parts, const char *key)
{
    return bu_node_text(bu_node_get(parts, key));
}

static bool same_parts(const bu_purl *purl, const bu_node *want)
{
    const bu_node *qualifiers = bu_node_get(want, "qualifiers");
    bool same = bu_bytes_equal(purl->type, part(want, "type")) &&
                bu_bytes_equal(purl->namespace, part(want, "namespace")) &&
                bu_bytes_equal(purl->name, part(want, "name")) &&
                bu_bytes_equal(purl->version, part(want, "version")) &&
                bu_bytes_equal(purl->subpath, part(want, "subpath")) &&
                purl->qualifier_count == bu_node_count(qualifiers);
    for (size_t i = 0; i < purl->qualifier_count; i++)
        same = same &&
               bu_bytes_equal(bu_node_text(bu_node_get_bytes(qualifiers, purl->qualifiers[i].key)),
                              purl->qualifiers[i].value);
    return same;
}

static bool passes_parse(const bu_node *test, bu_arena *arena)
{
    bu_purl purl;
    bulla_error err = { 0 };
    bool parsed = bulla_ok(bu_purl_parse(part(test, "input"), arena, &purl, &err));
    if (bu_node_is_true(bu_node_get(test, "expected_failure")))
        return !parsed;
    return parsed && same_parts(&purl, bu_node_get(test, "expected_output"));
}

static bool passes_validate(const bu_node *test, bu_arena *arena)
{
    const char *text;
    bulla_error err = { 0 };
    bool valid = bulla_ok(bu_purl_canonicalize(part(test, "input"), arena, &text, &err));
    if (bu_node_is_true(bu_node_get(test, "expected_failure")))
        return !valid;
    return valid && bu_bytes_is(part(test, "expected_output"), text);
}

static bool passes_build(const bu_node *test, bu_arena *arena)
{
    const bu_node *input = bu_node_get(test, "input");
    const bu_node *qualifiers = bu_node_get(input, "qualifiers");
    bu_qualifier pairs[32];
    bu_purl purl = { part(input, "type"),
                     part(input, "namespace"),
                     part(input, "name"),
                     part(input, "version"),
                     part(input, "subpath"),
                     pairs,
                     0 };
    BU_EACH_CHILD(field, qualifiers) {
        ck_assert_uint_lt(purl.qualifier_count, sizeof pairs / sizeof pairs[0]);
        pairs[purl.qualifier_count++] = (bu_qualifier){ bu_node_key(field), bu_node_text(field) };
    }
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    bool built = bulla_ok(bu_purl_normalize(&purl, arena, &err));
    if (built)
        bu_purl_write(&purl, &text);
    if (bu_node_is_true(bu_node_get(test, "expected_failure")))
        return !built;
    return built && bu_bytes_equal(part(test, "expected_output"), bu_buf_bytes(&text));
}

START_TEST(the_vectors_of_the_specification_pass)
{
    static const struct {
        const char *type;
        bool (*passes)(const bu_node *test, bu_arena *arena);
    } kinds[] = { { "parse", passes_parse },
                  { "validate", passes_validate },
                  { "build", passes_build } };
    BU_FREE char *path = unit_vectors_path("purl/cases.json");
    if (path == NULL) {
        unit_skipped("the purl specification's tests", "purl/cases.json is not at hand");
        return;
    }
    bulla_bytes text = unit_slurp(path);
    bulla_error err = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    unit_ok(bu_json_load(text, path, &tree, &err), err);
    size_t passed = 0;
    BU_EACH_CHILD(test, bu_tree_root(tree)) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bool passes = false;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
            if (bu_bytes_is(part(test, "test_type"), kinds[i].type))
                passes = kinds[i].passes(test, arena);
        bulla_bytes id = part(test, "id");
        ck_assert_msg(passes, "case %.*s", (int)id.len, (const char *)id.ptr);
        passed++;
    }
    printf("# %zu of %zu purl vectors passed\n", passed, bu_node_count(bu_tree_root(tree)));
    ck_assert_uint_gt(passed, 0);
    free((void *)(uintptr_t)text.ptr);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_package_has_one_text, 0, sizeof accepted / sizeof accepted[0]);
    tcase_add_loop_test(tc, a_text_is_refused_at_its_place, 0, sizeof refused / sizeof refused[0]);
    tcase_add_loop_test(tc, a_purl_is_made_of_what_the_ecosystem_says, 0,
                        sizeof made / sizeof made[0]);
    tcase_add_loop_test(tc, memory_that_is_not_there_is_told, 0, 4);
    tcase_add_test(tc, the_vectors_of_the_specification_pass);
}

int main(void)
{
    return unit_run("purl", add);
}
