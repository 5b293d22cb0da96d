/* SPDX-License-Identifier: MIT */
/*
 * Running another program through two pipes, without a shell. It is fed and
 * read at once, so that neither side can wait for the other for ever.
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "environment.h"

#define CHUNK      4096
#define PAUSE      20 /* milliseconds between two looks at whether it has ended */
#define NO_PROCESS ((pid_t)-1)

typedef struct running {
    pid_t pid;
    int input, output; /* our ends; -1: closed */
    int64_t deadline;
} running;

static void close_end(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static void clear_running(running *r)
{
    close_end(&r->input);
    close_end(&r->output);
    if (r->pid == NO_PROCESS)
        return;
    (void)kill(r->pid, SIGKILL);
    while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* Its ends become 0 and 1, and nothing above 2 stays open. */
static int spawn(const char *const *words, int input, int output, pid_t *pid)
{
    sigset_t defaults;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    (void)sigemptyset(&defaults);
    (void)sigaddset(&defaults, SIGPIPE);
    int code = posix_spawnattr_init(&attributes);
    if (code != 0)
        return code;
    code = posix_spawn_file_actions_init(&actions);
    if (code == 0) {
        if ((code = posix_spawnattr_setsigdefault(&attributes, &defaults)) == 0 &&
            (code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF)) == 0 &&
            (code = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)) == 0 &&
            (code = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)) == 0 &&
            (code = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)) == 0)
            code = posix_spawnp(pid, words[0], &actions, &attributes,
                                (char *const *)(uintptr_t)words, bu_environment_all());
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    (void)posix_spawnattr_destroy(&attributes);
    return code;
}

static bulla_status cannot_start(int code, bulla_error *err)
{
    bulla_status status =
        bu_fail(err, BULLA_E_UNREADABLE, "cannot be started: %s", strerrordesc_np(code));
    return bu_as(err, status, BULLA_EXIT_IO);
}

static bulla_status start(const bu_program *program, running *r, bulla_error *err)
{
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) != 0)
        return cannot_start(errno, err);
    r->input = in[1];
    if (pipe2(out, O_CLOEXEC) != 0) {
        (void)close(in[0]);
        return cannot_start(errno, err);
    }
    r->output = out[0];
    int code = spawn(program->words, in[0], out[1], &r->pid);
    (void)close(in[0]);
    (void)close(out[1]);
    if (code != 0) {
        r->pid = NO_PROCESS;
        return cannot_start(code, err);
    }
    if (fcntl(r->input, F_SETFL, O_NONBLOCK) != 0 || fcntl(r->output, F_SETFL, O_NONBLOCK) != 0)
        return cannot_start(errno, err);
    r->deadline = bu_clock() + program->seconds;
    return BU_OK;
}

/* A program that does not read all of its input may have its reasons: its answer tells. */
static void feed(running *r, bulla_bytes *rest)
{
    ssize_t done = write(r->input, rest->ptr, rest->len < CHUNK ? rest->len : CHUNK);
    if (done >= 0)
        *rest = bu_bytes_from(*rest, (size_t)done);
    if (rest->len == 0 || (done < 0 && errno != EAGAIN && errno != EINTR))
        close_end(&r->input);
}

static bulla_status take(running *r, size_t max, bu_buf *out, bulla_error *err)
{
    uint8_t *room = bu_buf_room(out, CHUNK);
    if (room == NULL)
        return bu_no_memory(err);
    ssize_t got = read(r->output, room, CHUNK);
    if (got > 0)
        bu_buf_added(out, (size_t)got);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        close_end(&r->output);
    if (out->len <= max)
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_RESOURCE_LIMIT, "answers with more than %zu bytes", max);
    return bu_as(err, status, BULLA_EXIT_IO);
}

static bulla_status check_time(const bu_program *program, const running *r, bulla_error *err)
{
    if (bu_clock() <= r->deadline)
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_RESOURCE_LIMIT, "gave no answer in %lld seconds",
                                  (long long)program->seconds);
    return bu_as(err, status, BULLA_EXIT_IO);
}

static bulla_status exchange(const bu_program *program, running *r, bu_buf *out, bulla_error *err)
{
    bulla_bytes rest = program->input;
    if (rest.len == 0)
        close_end(&r->input);
    while (r->output >= 0) {
        struct pollfd ends[] = { { r->output, POLLIN, 0 }, { r->input, POLLOUT, 0 } };
        int ready = poll(ends, 2, 1000);
        if (ready > 0 && ends[1].revents != 0)
            feed(r, &rest);
        if (ready > 0 && ends[0].revents != 0)
            BU_TRY(take(r, program->max, out, err));
        BU_TRY(check_time(program, r, err));
    }
    return BU_OK;
}

/* It has closed its output: it should be about to end. */
static bulla_status finish(const bu_program *program, running *r, int *ended, bulla_error *err)
{
    int how = 0;
    close_end(&r->input);
    while (waitpid(r->pid, &how, WNOHANG) != r->pid) {
        (void)poll(NULL, 0, PAUSE);
        BU_TRY(check_time(program, r, err));
    }
    r->pid = NO_PROCESS;
    *ended = WEXITSTATUS(how);
    if (WIFEXITED(how))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_BAD_STATUS, "was ended by signal %d", WTERMSIG(how));
    return bu_as(err, status, BULLA_EXIT_IO);
}

bulla_status bu_program_ask(const bu_program *program, bu_buf *out, int *ended, bulla_error *err)
{
    __attribute__((cleanup(clear_running))) running r = { NO_PROCESS, -1, -1, 0 };
    bulla_status status = start(program, &r, err);
    if (bulla_ok(status))
        status = exchange(program, &r, out, err);
    if (bulla_ok(status))
        status = finish(program, &r, ended, err);
    return bu_in_file(err, status, program->words[0]);
}

bulla_status bu_program_run(const bu_program *program, bu_buf *out, bulla_error *err)
{
    int ended;
    BU_TRY(bu_program_ask(program, out, &ended, err));
    if (ended == 0)
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_BAD_STATUS, "ended with status %d", ended);
    return bu_in_file(err, bu_as(err, status, BULLA_EXIT_IO), program->words[0]);
}
