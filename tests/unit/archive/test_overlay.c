/* SPDX-License-Identifier: MIT */
/*
 * Layers of images: a database is what the layers leave of it, whichever links and whiteouts there
 * are; and where readers could differ, or miss one, the image is refused.
 */
#include "archive/overlay.h"

#include "alloc_fail.h"
#include "build.h"
#include "suite.h"

/* clang-format off */
#define F(path, text) { .name = path, .content = BUILD_BYTES(text) }
#define D(path) { .name = path, .type = '5' }
#define L(path, to) { .name = path, .type = '2', .link = to }
#define H(path, to) { .name = path, .type = '1', .link = to }
#define W(path) { .name = path }
/* clang-format on */

#define LAYERS  4
#define MEMBERS 6

static const char *const places[] = { "var/lib/db/status", "var/lib/db/status.d/*",
                                      "lib/apk/installed", "usr/lib/apk/installed", NULL };
static const char *const hints[] = { "etc/os-release", "usr/lib/os-release", NULL };

typedef build_member layer[MEMBERS];

static bulla_status stack(const layer *layers, bu_overlay **overlay, const bu_overlay_file **files,
                          size_t *count, bulla_error *err)
{
    BU_TRY(bu_overlay_new(places, hints, overlay, err));
    for (size_t i = 0; i < LAYERS && layers[i][0].name != NULL; i++) {
        BU_CLEAR(bu_buf) tar = { 0 };
        build_tar(layers[i], &tar);
        bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&tar));
        BU_TRY(bu_overlay_add(*overlay, &source.base, err));
    }
    return bu_overlay_finish(*overlay, files, count, err);
}

static const struct {
    layer layers[LAYERS];
    const char *want; /* "path=content" of each file, one a line */
} honest[] = {
    { { { F("var/lib/db/status", "1"), F("other", "x") } }, "var/lib/db/status=1\n" },
    /* the upper layer has it anew */
    { { { F("var/lib/db/status", "1") }, { F("./var/lib/db/status", "2") } },
      "var/lib/db/status=2\n" },
    { { { F("/var/lib/db/status", "1") } }, "var/lib/db/status=1\n" },
    /* whiteouts: of the file, of a folder above it, of all in a folder */
    { { { F("var/lib/db/status", "1") }, { W("var/lib/db/.wh.status") } }, "" },
    { { { F("var/lib/db/status", "1") }, { W("var/.wh.lib") } }, "" },
    { { { F("var/lib/db/status", "1") }, { W("var/lib/.wh..wh..opq") } }, "" },
    { { { F("var/lib/db/status", "1") }, { W(".wh..wh..opq") } }, "" },
    { { { F("var/lib/db/status", "1") }, { W("var/lib/db/.wh.stat") } }, "var/lib/db/status=1\n" },
    { { { F("var/lib/db/status.d/a", "a"), F("var/lib/db/status.d/b", "b") },
        { W("var/lib/db/status.d/.wh.a") } },
      "var/lib/db/status.d/b=b\n" },
    /* they are about lower layers alone, whatever the order */
    { { { F("var/lib/db/status", "1") },
        { F("var/lib/db/status.d/a", "a"), W("var/lib/db/.wh..wh..opq") } },
      "var/lib/db/status.d/a=a\n" },
    { { { W("var/lib/db/.wh.status") }, { F("var/lib/db/status", "1") } },
      "var/lib/db/status=1\n" },
    /* something else in the place of a folder */
    { { { F("var/lib/db/status", "1") }, { F("var/lib", "file") } }, "" },
    { { { F("var/lib/db/status", "1") }, { D("var/lib/db") } }, "var/lib/db/status=1\n" },
    /* merged /usr: one database, by whichever name */
    { { { L("lib", "usr/lib"), F("usr/lib/apk/installed", "1") } }, "usr/lib/apk/installed=1\n" },
    { { { L("lib", "/usr/lib"), D("usr/lib") }, { F("lib/apk/installed", "1") } },
      "usr/lib/apk/installed=1\n" },
    { { { L("lib", "usr/lib"), F("usr/lib/apk/installed", "1") }, { W("lib/.wh.apk") } }, "" },
    { { { L("lib", "usr/lib"), F("usr/lib/apk/installed", "1") }, { W("lib/.wh..wh..opq") } }, "" },
    { { { L("lib", "usr/lib"), F("usr/lib/apk/installed", "1") },
        { D("lib"), F("lib/apk/installed", "2") } },
      "lib/apk/installed=2\nusr/lib/apk/installed=1\n" },
    { { { L("etc/os-release", "../usr/lib/os-release"), F("usr/lib/os-release", "x") } },
      "usr/lib/os-release=x\n" },
    { { { L("etc/os-release", "/nix/store/x") } }, "" },
    /* links that were replaced are no longer in the way */
    { { { L("var/lib/db", "/opt/db") }, { W("var/lib/.wh.db") }, { F("var/lib/db/status", "1") } },
      "var/lib/db/status=1\n" },
    /* a hard link to what is kept */
    { { { F("var/lib/db/status.d/a", "a"), H("var/lib/db/status", "var/lib/db/status.d/a") } },
      "var/lib/db/status=a\nvar/lib/db/status.d/a=a\n" },
    /* what only a system has */
    { { { { .name = "dev/null", .type = '3' },
          { .name = "run/fifo", .type = '6' },
          F("usr/a\\x2db", ""),
          F("man/A::B", ""),
          F("a", ""),
          F("A", "") } },
      "" },
    { { { D("usr/"), F("usr/x", ""), D("./usr") } }, "" },
    { { { F("name-\xFF", ""), L("usr/bin/x", "../../../etc/x") } }, "" },
};

START_TEST(a_database_is_what_the_layers_leave_of_it)
{
    BU_AUTO(bu_overlay) overlay = NULL;
    BU_CLEAR(bu_buf) got = { 0 };
    const bu_overlay_file *files;
    size_t count;
    bulla_error err = { 0 };
    unit_ok(stack(honest[_i].layers, &overlay, &files, &count, &err), err);
    for (size_t i = 0; i < count; i++)
        bu_buf_add_format(&got, "%.*s=%.*s\n", (int)files[i].path.len,
                          (const char *)files[i].path.ptr, (int)files[i].content.len,
                          (const char *)files[i].content.ptr);
    bu_buf_add_byte(&got, 0);
    ck_assert_str_eq((const char *)got.ptr, honest[_i].want);
}
END_TEST

static const struct {
    bulla_code want;
    const char *says;
    layer layers[LAYERS];
} attacks[] = {
    { BULLA_E_PATH_TRAVERSAL, "climbs", { { F("a/../../etc/x", "") } } },
    { BULLA_E_PATH_TRAVERSAL, "whiteout", { { W("a/.wh...") } } },
    { BULLA_E_PATH_TRAVERSAL, "whiteout", { { W("a/.wh..") } } },
    { BULLA_E_BAD_NAME, "nothing", { { W("a/.wh.") } } },
    { BULLA_E_BAD_NAME, "no file", { { D("a/.wh.b") } } },
    { BULLA_E_BAD_NAME, "empty", { { F("a//b", "") } } },
    { BULLA_E_CONTROL_CHARACTER, "", { { F("a\nb", "") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, "hidden and there", { { F("a", ""), W(".wh.a") } } },
    { BULLA_E_AMBIGUOUS_ARCHIVE, "hides", { { W(".wh.a"), F("a/b", "") } } },
    { BULLA_E_DUPLICATE_ENTRY, "twice", { { W(".wh.a"), W("./.wh.a") } } },
    { BULLA_E_DUPLICATE_ENTRY, "twice", { { F("a", ""), F("/a", "") } } },
    { BULLA_E_DUPLICATE_ENTRY, "twice", { { D("a"), L("a", "b") } } },
    { BULLA_E_DUPLICATE_ENTRY, "below a file", { { F("a", ""), F("a/b", "") } } },
    { BULLA_E_BAD_LINK, "through a link", { { L("a", "b"), F("a/b", "") } } },
    /* a database that would be missed */
    { BULLA_E_UNSUPPORTED_FEATURE, "link var/lib/db,", { { L("var/lib/db", "/opt/db") } } },
    { BULLA_E_UNSUPPORTED_FEATURE,
      "link var,",
      { { F("var/lib/db/status", "1") }, { L("var", "usr") } } },
    { BULLA_E_UNSUPPORTED_FEATURE, "status", { { L("var/lib/db/status", "other") } } },
    { BULLA_E_UNSUPPORTED_FEATURE, "lib", { { L("lib", "a/../usr/lib") } } },
    { BULLA_E_BAD_LINK, "hard link", { { F("x", "1"), H("var/lib/db/status", "x") } } },
    { BULLA_E_SPECIAL_FILE, "status", { { { .name = "var/lib/db/status", .type = '3' } } } },
    { BULLA_E_CYCLE,
      "links",
      { { L("lib", "usr/lib"), L("usr/lib", "/lib") }, { F("lib/apk/installed", "1") } } },
    { BULLA_E_CONTROL_CHARACTER, "", { { F("var/lib/db/status.d/a\xE2\x80\xAE", "") } } },
    { BULLA_E_CHECKSUM, "", { { { .name = "a", .bad_checksum = true } } } },
};

START_TEST(what_readers_take_differently_or_miss_is_refused)
{
    BU_AUTO(bu_overlay) overlay = NULL;
    const bu_overlay_file *files;
    size_t count;
    bulla_error err = { 0 };
    unit_fails(stack(attacks[_i].layers, &overlay, &files, &count, &err), attacks[_i].want, err);
    ck_assert_msg(strstr(err.text, attacks[_i].says) != NULL, "says: %s", err.text);
}
END_TEST

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    build_tar(honest[15].layers[0], &tar);
    for (size_t n = 0;; n++) {
        const bu_overlay_file *files;
        size_t count;
        bulla_error err = { 0 };
        bu_overlay *overlay = NULL;
        bu_memory_source source = bu_memory_source_of(bu_buf_bytes(&tar));
        alloc_fail_at(n);
        bulla_status status = bu_overlay_new(places, hints, &overlay, &err);
        if (bulla_ok(status))
            status = bu_overlay_add(overlay, &source.base, &err);
        if (bulla_ok(status))
            status = bu_overlay_finish(overlay, &files, &count, &err);
        bool hit = alloc_fail_off();
        bu_overlay_free(overlay);
        if (!hit)
            break;
        ck_assert_msg(bulla_ok(status) || status.code == BULLA_E_NO_MEMORY ||
                          status.code == BULLA_E_AMBIGUOUS_ARCHIVE, /* libarchive found none */
                      "%s", err.text);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_database_is_what_the_layers_leave_of_it, 0,
                        sizeof honest / sizeof honest[0]);
    tcase_add_loop_test(tc, what_readers_take_differently_or_miss_is_refused, 0,
                        sizeof attacks / sizeof attacks[0]);
    tcase_add_test(tc, no_memory_is_an_error_and_nothing_else);
}

int main(void)
{
    return unit_run("archive/overlay", add);
}
