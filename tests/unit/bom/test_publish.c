/* SPDX-License-Identifier: MIT */
/*
 * What a document for others may name. Each refused line would publish a
 * secret, a user's name, or text that a reader takes for another host.
 */
#include "suite.h"

#include "bom/publish.h"

static const struct {
    const char *text;
    bool may;
} urls[] = {
    { "https://h/a.tgz", true },
    { "http://h:8080/@scope/a/-/a-1.0.0.tgz", true },
    { "https://h", true },
    { "https://[2001:db8::1]/a", false }, /* none is known to be used; in doubt, no */
    { "https://h/a%2fb", true },
    { "https://user:secret@h/a", false },
    { "https://user@h/a", false },
    { "https://h/a?token=secret", false },
    { "https://h/a#secret", false },
    { "https://h?token=secret", false },
    { "https:///a", false },
    { "https://", false },
    { "HTTPS://h/a", false },
    { "https:/h/a", false },
    { "ftp://h/a", false },
    { "git+https://h/a", false },
    { "file:///home/me/a.tgz", false },
    { "javascript://h/%0aalert(1)", false },
    { "https://h/a b", false },
    { "https://h/a\nb", false },
    { "https://h\\@e/a", false },
    { "https://h/<script>", false },
    { "https://h/\"", false },
    { "https://h/%", false },
    { "https://h/%4", false },
    { "https://h/%zz", false },
    { "https://h/\u00e9", false },
    { "", false },
};

static const struct {
    const char *text;
    bool may;
} paths[] = {
    { "node_modules/a", true },
    { "a..b/c", true },
    { "packages/x", true },
    { "", false },
    { "/home/me/a", false },
    { "~/a", false },
    { "../a", false },
    { "a/../../b", false },
    { "a/..", false },
    { "C:/Users/me", false },
    { "C:\\Users\\me", false },
    { "a\\..\\b", false },
    { "file:///home/me", false },
};

START_TEST(a_url_is_published_only_without_anything_secret)
{
    ck_assert_msg(bu_url_is_publishable(bu_bytes_of(urls[_i].text)) == urls[_i].may, "%s",
                  urls[_i].text);
}
END_TEST

START_TEST(a_path_is_published_only_inside_the_project)
{
    ck_assert_msg(bu_path_is_publishable(bu_bytes_of(paths[_i].text)) == paths[_i].may, "%s",
                  paths[_i].text);
}
END_TEST

START_TEST(nothing_is_not_published)
{
    ck_assert(!bu_url_is_publishable((bulla_bytes){ 0 }));
    ck_assert(!bu_path_is_publishable((bulla_bytes){ 0 }));
    ck_assert(!bu_url_is_publishable(BULLA_LIT("https://h/a\0b")));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_url_is_published_only_without_anything_secret, 0,
                        sizeof urls / sizeof urls[0]);
    tcase_add_loop_test(tc, a_path_is_published_only_inside_the_project, 0,
                        sizeof paths / sizeof paths[0]);
    tcase_add_test(tc, nothing_is_not_published);
}

int main(void)
{
    return unit_run("publish", add);
}
