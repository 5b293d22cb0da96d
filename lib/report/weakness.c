/* SPDX-License-Identifier: MIT */
/*
 * What the reports about a store share.
 */
#include "report/weakness.h"

#include "base/bytes.h"
#include "base/time.h"
#include "digest/hasher.h"
#include "report/render.h"

bulla_status bu_weakness_format(const char *format, bool *is_json, bulla_error *err)
{
    *is_json = strcmp(format, "json") == 0;
    if (*is_json || strcmp(format, "text") == 0)
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "no such format"),
                       BULLA_LIT("text or json"), bu_bytes_of(format));
}

static void put_named(bu_json_writer *out, const char *key, const char *name,
                      const bulla_digest *digest)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    bu_json_begin(out, key, '{');
    bu_put_foreign(out, "name", name);
    bu_json_put_string(out, "sha256", bu_bytes_of(bulla_digest_hex(digest, hex)));
    bu_json_end(out, '}');
}

bulla_status bu_weakness_begin(const bu_scene *scene, const char *schema, const char *result,
                               bulla_exit exit, bu_json_writer *out, bulla_error *err)
{
    char time[BU_TIME_TEXT];
    bulla_digest policy;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_policy_text(scene->policy), &policy, err));
    bu_json_begin(out, NULL, '{');
    bu_json_put_string(out, "schema", bu_bytes_of(schema));
    bu_json_put_string(out, "result", bu_bytes_of(result));
    bu_json_put_integer(out, "exit", (int64_t)exit);
    put_named(out, "trust", NULL, &scene->trust->digest);
    put_named(out, "policy", bu_policy_name(scene->policy), &policy);
    bu_json_put_string(out, "at", bu_bytes_of(bu_time_format(scene->now, time)));
    return BU_OK;
}
