/* SPDX-License-Identifier: MIT */
/*
 * SLSA provenance v0.2 (slsa.dev/provenance/v0.2) and v1 (slsa.dev/provenance/v1), with the places
 * in which the build types of GitHub's workflows keep source and trigger: slsa-github-generator,
 * npm's CLI, actions/attest. What is stated in two places must be the same in both.
 */
#include "attest/provenance.h"

#include "base/bytes.h"

#define PROVENANCE_V02 "https://slsa.dev/provenance/v0.2"
#define PROVENANCE_V1  "https://slsa.dev/provenance/v1"

/* What the predicate says, as it stands; empty: not stated. Borrowed from its JSON. */
typedef struct stated {
    bulla_bytes builder_id, build_type, invocation;
    bulla_bytes source_uri, source_commit; /* the explicit source, else the first of Git */
    bulla_bytes config_uri, config_commit; /* what started the build */
    bulla_bytes commit, ref, repository;   /* environment: GITHUB_SHA, _REF, _REPOSITORY */
    bulla_bytes workflow;                  /* GITHUB_WORKFLOW_REF: "org/repo/path@ref" */
    bulla_bytes workflow_repository, workflow_ref, entry_point, event;
} stated;

/* A place in the predicate; a number is an index. Several places of one thing must agree. */
typedef struct place {
    const char *path;
    size_t field;
} place;

#define BUILD    "buildDefinition."
#define EXTERNAL BUILD "externalParameters."
#define INTERNAL BUILD "internalParameters."
#define ENV      "invocation.environment."
#define CONFIG   "invocation.configSource."
#define AT(name) offsetof(stated, name)

static const place places_v02[] = {
    { "builder.id", AT(builder_id) },
    { "buildType", AT(build_type) },
    { "metadata.buildInvocationId", AT(invocation) },
    { "metadata.buildInvocationID", AT(invocation) },
    { CONFIG "uri", AT(config_uri) },
    { CONFIG "digest.sha1", AT(config_commit) },
    { CONFIG "digest.gitCommit", AT(config_commit) },
    { CONFIG "entryPoint", AT(entry_point) },
    { ENV "github_event_name", AT(event) },
    { ENV "GITHUB_EVENT_NAME", AT(event) },
    { ENV "github_ref", AT(ref) },
    { ENV "GITHUB_REF", AT(ref) },
    { ENV "github_sha1", AT(commit) },
    { ENV "GITHUB_SHA", AT(commit) },
    { ENV "GITHUB_REPOSITORY", AT(repository) },
    { ENV "GITHUB_WORKFLOW_REF", AT(workflow) },
};

static const place places_v1[] = {
    { "runDetails.builder.id", AT(builder_id) },
    { BUILD "buildType", AT(build_type) },
    { "runDetails.metadata.invocationId", AT(invocation) },
    { EXTERNAL "source.uri", AT(source_uri) },
    { EXTERNAL "source.digest.sha1", AT(source_commit) },
    { EXTERNAL "source.digest.gitCommit", AT(source_commit) },
    { EXTERNAL "workflow.repository", AT(workflow_repository) },
    { EXTERNAL "workflow.ref", AT(workflow_ref) },
    { EXTERNAL "workflow.path", AT(entry_point) },
    { INTERNAL "GITHUB_EVENT_NAME", AT(event) },
    { INTERNAL "github.event_name", AT(event) },
    { INTERNAL "GITHUB_REF", AT(ref) },
    { INTERNAL "GITHUB_SHA", AT(commit) },
    { INTERNAL "GITHUB_REPOSITORY", AT(repository) },
    { INTERNAL "GITHUB_WORKFLOW_REF", AT(workflow) },
};

/* What the two versions keep in different places. */
typedef struct layout {
    const char *type;
    const place *places;
    size_t place_count;
    const char *materials;
    const char *base_ref[2], *payload[2]; /* of the event that started the build */
    const char *inputs;
} layout;

#define PLACES(list) .places = list, .place_count = sizeof(list) / sizeof(list)[0]

static const layout layouts[] = {
    {
        .type = PROVENANCE_V02,
        PLACES(places_v02),
        .materials = "materials",
        .base_ref = { ENV "github_base_ref", ENV "GITHUB_BASE_REF" },
        .payload = { ENV "github_event_payload", ENV "GITHUB_EVENT_PAYLOAD" },
    },
    {
        .type = PROVENANCE_V1,
        PLACES(places_v1),
        .materials = BUILD "resolvedDependencies",
        .base_ref = { INTERNAL "GITHUB_BASE_REF" },
        .payload = { INTERNAL "GITHUB_EVENT_PAYLOAD" },
        .inputs = EXTERNAL "inputs",
    },
};

static const layout *row_of(bulla_bytes predicate_type)
{
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++)
        if (bu_bytes_is(predicate_type, layouts[i].type))
            return &layouts[i];
    return NULL;
}

bool bu_is_provenance(bulla_bytes predicate_type)
{
    return row_of(predicate_type) != NULL;
}

/* The value below `from` at a path of keys; NULL when a step is missing or of another kind. */
static const bu_json *find(const bu_json *from, const char *path)
{
    if (path == NULL)
        return NULL;
    while (from != NULL && *path != '\0') {
        char key[64];
        size_t len = strcspn(path, ".");
        if (len >= sizeof key || !bu_json_is_object(from))
            return NULL;
        memcpy(key, path, len);
        key[len] = '\0';
        from = bu_json_get(from, key);
        path += path[len] == '.' ? len + 1 : len;
    }
    return from;
}

static bulla_bytes text_at(const bu_json *from, const char *path)
{
    bulla_bytes text = { 0 };
    (void)bu_json_text(find(from, path), &text);
    return text;
}

static bulla_status differ(const char *what, bulla_bytes a, bulla_bytes b, bulla_error *err)
{
    return bu_expected(err,
                       bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE,
                               "the provenance states two different values of its %s", what),
                       a, b);
}

/* An empty text states nothing. */
static bulla_status agree(const char *what, bulla_bytes a, bulla_bytes b, bulla_error *err)
{
    return a.len == 0 || b.len == 0 || bu_bytes_equal(a, b) ? BU_OK : differ(what, a, b, err);
}

static bulla_status read_places(const bu_json *predicate, const layout *row, stated *out,
                                bulla_error *err)
{
    for (size_t i = 0; i < row->place_count; i++) {
        const place *at = &row->places[i];
        bulla_bytes *field = (bulla_bytes *)(void *)((char *)out + at->field), text;
        const bu_json *value = find(predicate, at->path);
        if (value == NULL)
            continue;
        if (!bu_json_text(value, &text))
            return bu_fail(err, BULLA_E_TYPE_MISMATCH, "\"%s\" is not a string", at->path);
        BU_TRY(agree(at->path, *field, text, err));
        if (text.len > 0)
            *field = text;
    }
    return BU_OK;
}

static bulla_status need(bulla_bytes text, const char *what, bulla_error *err)
{
    return text.len > 0 ? BU_OK : bu_fail(err, BULLA_E_MISSING_FIELD, "no %s is stated", what);
}

/* slsa-github-generator, npm and GitHub put the source first; others list it among the rest. */
static bulla_status read_source(const bu_json *predicate, const layout *row, stated *out,
                                bulla_error *err)
{
    const bu_json *list = find(predicate, row->materials);
    if (list != NULL && !bu_json_is_array(list))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "\"%s\" is not an array", row->materials);
    for (size_t i = 0; out->source_uri.len == 0 && list != NULL && i < bu_json_count(list); i++) {
        const bu_json *material = bu_json_at(list, i);
        bulla_bytes uri = text_at(material, "uri"), sha1 = text_at(material, "digest.sha1");
        if (!bu_bytes_starts(uri, "git+"))
            continue;
        out->source_uri = uri;
        out->source_commit = text_at(material, "digest.gitCommit");
        BU_TRY(agree("commit", out->source_commit, sha1, err));
        if (out->source_commit.len == 0)
            out->source_commit = sha1;
    }
    if (out->source_uri.len == 0) {
        out->source_uri = out->config_uri;
        out->source_commit = out->config_commit;
    }
    return BU_OK;
}

/* "git+https://host/org/repo@ref" → "https://host/org/repo" and the ref. A user's name in the host
 * part ("ssh://git@host/…") is none. */
static bulla_bytes repository_of(bulla_bytes uri, bulla_bytes *ref)
{
    if (bu_bytes_starts(uri, "git+"))
        uri = bu_bytes_from(uri, 4);
    size_t host = bu_bytes_find(uri, ':');
    host = bu_bytes_starts(bu_bytes_from(uri, host), "://") ? host + 3 : 0;
    size_t path = host + bu_bytes_find(bu_bytes_from(uri, host), '/');
    size_t at = path + bu_bytes_find(bu_bytes_from(uri, path), '@');
    *ref = bu_bytes_from(uri, at + 1);
    return bu_bytes_first(uri, at);
}

bulla_bytes bu_repository_of(bulla_bytes source_uri)
{
    bulla_bytes ref;
    return repository_of(source_uri, &ref);
}

/* "org/repo" names the repository whose URL ends so. */
static bulla_status agree_short(bulla_bytes repository, bulla_bytes name, bulla_error *err)
{
    bool ends = repository.len > name.len &&
                bu_bytes_equal(bu_bytes_from(repository, repository.len - name.len), name) &&
                repository.ptr[repository.len - name.len - 1] == '/';
    return repository.len == 0 || name.len == 0 || ends
               ? BU_OK
               : differ("repository", repository, name, err);
}

/* "org/repo/path@ref" */
static bulla_status split_workflow(bulla_bytes workflow, bulla_bytes *name, bulla_bytes *path,
                                   bulla_bytes *ref, bulla_error *err)
{
    size_t at = bu_bytes_find(workflow, '@');
    bulla_bytes whole = bu_bytes_first(workflow, at);
    size_t owner = bu_bytes_find(whole, '/');
    size_t repo = owner + 1 + bu_bytes_find(bu_bytes_from(whole, owner + 1), '/');
    *name = bu_bytes_first(whole, repo);
    *path = bu_bytes_from(whole, repo + 1);
    *ref = bu_bytes_from(workflow, at + 1);
    if (path->len > 0 && ref->len > 0)
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_BAD_SYNTAX, "not the reference of a workflow"),
                       BULLA_LIT("org/repo/path@ref"), workflow);
}

/* npm's CLI of 2023 wrote the whole reference where later ones write the path. */
static bool is_workflow(bulla_bytes entry_point)
{
    bulla_bytes path = bu_bytes_first(entry_point, bu_bytes_find(entry_point, '@'));
    return path.len < entry_point.len && !bu_bytes_starts(path, ".") &&
           (bu_bytes_ends(path, ".yml") || bu_bytes_ends(path, ".yaml"));
}

static bulla_status read_workflow(const stated *said, bu_provenance *out, bulla_error *err)
{
    bulla_bytes name, path, ref;
    bulla_bytes workflow = said->workflow;
    out->entry_point = said->entry_point;
    out->workflow_ref = said->workflow_ref;
    if (is_workflow(said->entry_point)) {
        BU_TRY(agree("workflow", workflow, said->entry_point, err));
        workflow = said->entry_point;
        out->entry_point = (bulla_bytes){ 0 };
    }
    if (workflow.len == 0)
        return BU_OK;
    BU_TRY(split_workflow(workflow, &name, &path, &ref, err));
    BU_TRY(agree_short(out->repository, name, err));
    BU_TRY(agree("workflow's ref", said->workflow_ref, ref, err));
    if (out->entry_point.len == 0 || bu_bytes_starts(out->entry_point, ".github/"))
        BU_TRY(agree("entry point", out->entry_point, path, err));
    if (out->entry_point.len == 0)
        out->entry_point = path;
    out->workflow_ref = ref;
    return BU_OK;
}

/* The source's own ref. Where it has none, it is what started the build only if that is the same
 * commit: builders may check out another one. */
static bulla_status read_ref(const stated *said, bulla_bytes source_ref, bulla_bytes config_ref,
                             bu_provenance *out, bulla_error *err)
{
    BU_TRY(agree("ref", config_ref, said->ref, err));
    bulla_bytes ref = said->ref.len > 0 ? said->ref : config_ref;
    bulla_bytes commit = said->commit.len > 0 ? said->commit : said->config_commit;
    BU_TRY(agree("ref", source_ref, ref, err));
    if (source_ref.len > 0)
        BU_TRY(agree("commit", said->source_commit, commit, err));
    bool is_same = said->source_commit.len == 0 || bu_bytes_equal(said->source_commit, commit);
    out->source_digest = said->source_commit.len > 0 ? said->source_commit : commit;
    out->ref = source_ref.len > 0 || !is_same ? source_ref : ref;
    return BU_OK;
}

static bulla_status read_build(const stated *said, bu_provenance *out, bulla_error *err)
{
    bulla_bytes source_ref, config_ref, none;
    out->builder_id = said->builder_id;
    out->build_type = said->build_type;
    out->trigger = said->event;
    out->source_uri = said->source_uri;
    out->repository = repository_of(said->source_uri, &source_ref);
    bulla_bytes config = repository_of(said->config_uri, &config_ref);
    BU_TRY(need(said->builder_id, "builder", err));
    BU_TRY(need(said->build_type, "build type", err));
    BU_TRY(agree("repository", out->repository, config, err));
    BU_TRY(
        agree("repository", out->repository, repository_of(said->workflow_repository, &none), err));
    BU_TRY(agree_short(out->repository, said->repository, err));
    BU_TRY(agree("commit", said->config_commit, said->commit, err));
    BU_TRY(read_ref(said, source_ref, config_ref, out, err));
    return read_workflow(said, out, err);
}

static bool is_digits(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

/* "ID-ATTEMPT" is what GitHub shows at a URL below the repository. */
static bulla_status read_run(bulla_bytes invocation, bu_arena *arena, bu_provenance *out,
                             bulla_error *err)
{
    size_t dash = bu_bytes_find(invocation, '-');
    bulla_bytes id = bu_bytes_first(invocation, dash),
                attempt = bu_bytes_from(invocation, dash + 1);
    out->run_uri = invocation;
    if (!is_digits(id) || !is_digits(attempt) || out->repository.len == 0)
        return BU_OK;
    BU_CLEAR(bu_buf) text = { 0 };
    bu_buf_add(&text, out->repository);
    bu_buf_add_text(&text, "/actions/runs/");
    bu_buf_add(&text, id);
    bu_buf_add_text(&text, "/attempts/");
    bu_buf_add(&text, attempt);
    out->run_uri = bu_arena_copy(arena, bu_buf_bytes(&text));
    return text.broken || out->run_uri.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

/* GitHub's push event knows the branch that a tag was pushed with, a release the one it was made
 * from; neither is sure to be there. */
static bulla_status read_base_ref(const bu_json *predicate, const layout *row, bu_arena *arena,
                                  bu_provenance *out, bulla_error *err)
{
    for (size_t i = 0; i < 2 && out->base_ref.len == 0; i++) {
        const bu_json *payload = find(predicate, row->payload[i]);
        bulla_bytes branch = text_at(payload, "release.target_commitish");
        out->base_ref = text_at(predicate, row->base_ref[i]);
        if (out->base_ref.len == 0 && bu_bytes_is(out->trigger, "push"))
            out->base_ref = text_at(payload, "base_ref");
        if (out->base_ref.len > 0 || branch.len == 0 || !bu_bytes_is(out->trigger, "release"))
            continue;
        BU_CLEAR(bu_buf) ref = { 0 };
        bu_buf_add_text(&ref, "refs/heads/");
        bu_buf_add(&ref, branch);
        out->base_ref = bu_arena_copy(arena, bu_buf_bytes(&ref));
        if (ref.broken || out->base_ref.ptr == NULL)
            return bu_no_memory(err);
    }
    return BU_OK;
}

typedef struct inputs {
    bu_arena *arena;
    bu_build_input *items; /* NULL: only counted */
    size_t count;
} inputs;

static bulla_status add_input(void *context, bulla_bytes name, const bu_json *value,
                              bulla_error *err)
{
    inputs *list = context;
    size_t i = list->count++;
    if (list->items == NULL)
        return BU_OK;
    BU_CLEAR(bu_buf) json = { 0 };
    bulla_bytes text;
    if (!bu_json_text(value, &text)) {
        BU_TRY(bu_json_write(value, BU_JSON_COMPACT, &json, err));
        text = bu_buf_bytes(&json);
    }
    list->items[i] =
        (bu_build_input){ bu_arena_copy(list->arena, name), bu_arena_copy(list->arena, text) };
    bool failed = (name.len > 0 && list->items[i].name.ptr == NULL) ||
                  (text.len > 0 && list->items[i].value.ptr == NULL);
    return failed ? bu_no_memory(err) : BU_OK;
}

/* Only a person who starts a workflow gives it inputs; what a delegated builder takes as its own
 * inputs is written by the workflow, and is none. */
static bulla_status read_inputs(const bu_json *predicate, const layout *row, bu_arena *arena,
                                bu_provenance *out, bulla_error *err)
{
    const bu_json *object = NULL;
    if (!bu_bytes_is(out->trigger, "workflow_dispatch"))
        return BU_OK;
    for (size_t i = 0; i < 2 && object == NULL; i++)
        object = find(find(predicate, row->payload[i]), "inputs");
    if (object == NULL && find(predicate, EXTERNAL "workflow") != NULL)
        object = find(predicate, row->inputs);
    inputs list = { .arena = arena };
    if (!bu_json_is_object(object))
        return BU_OK;
    BU_TRY(bu_json_each(object, add_input, &list, err));
    list.items = bu_arena_get_array(arena, list.count, sizeof *list.items);
    if (list.items == NULL)
        return bu_no_memory(err);
    list.count = 0;
    BU_TRY(bu_json_each(object, add_input, &list, err));
    out->inputs = list.items;
    out->input_count = list.count;
    return BU_OK;
}

/* What was borrowed from the JSON is moved to where it stays. */
static bulla_status keep(bu_provenance *provenance, bu_arena *arena, bulla_error *err)
{
    bulla_bytes *const fields[] = {
        &provenance->builder_id, &provenance->build_type,    &provenance->source_uri,
        &provenance->repository, &provenance->source_digest, &provenance->ref,
        &provenance->base_ref,   &provenance->entry_point,   &provenance->workflow_ref,
        &provenance->trigger,    &provenance->run_uri,
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        *fields[i] = bu_arena_copy(arena, *fields[i]);
        if (fields[i]->len > 0 && fields[i]->ptr == NULL)
            return bu_no_memory(err);
    }
    return BU_OK;
}

static bulla_status read_predicate(const bu_json *predicate, const layout *row, bu_arena *arena,
                                   bu_provenance *out, bulla_error *err)
{
    stated said = { 0 };
    BU_TRY(read_places(predicate, row, &said, err));
    BU_TRY(read_source(predicate, row, &said, err));
    BU_TRY(read_build(&said, out, err));
    BU_TRY(read_run(said.invocation, arena, out, err));
    BU_TRY(read_base_ref(predicate, row, arena, out, err));
    BU_TRY(read_inputs(predicate, row, arena, out, err));
    return keep(out, arena, err);
}

bulla_status bu_provenance_read(const bu_statement *statement, const char *file, bu_arena *arena,
                                bu_provenance *out, bulla_error *err)
{
    const layout *row = row_of(statement->predicate_type);
    if (row == NULL) {
        bulla_status status = bu_fail(err, BULLA_E_BAD_TYPE, "no SLSA provenance");
        return bu_in_file(
            err, bu_expected(err, status, BULLA_LIT(PROVENANCE_V1), statement->predicate_type),
            file);
    }
    if (statement->predicate.len == 0)
        return bu_in_file(
            err, bu_fail(err, BULLA_E_MISSING_FIELD, "a statement without \"predicate\""), file);
    BU_AUTO(bu_json) predicate = NULL;
    bu_provenance provenance = { 0 };
    BU_TRY(bu_json_parse(statement->predicate, file, &predicate, err));
    BU_TRY(bu_in_file(err, read_predicate(predicate, row, arena, &provenance, err), file));
    *out = provenance;
    return BU_OK;
}
