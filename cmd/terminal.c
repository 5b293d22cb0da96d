/* SPDX-License-Identifier: MIT */
/*
 * Reading a passphrase where it cannot be seen: from a terminal that is made
 * mute for the time, key by key, or from a descriptor, line by line.
 */
#include "terminal.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "bulla/key.h"

/** What a key press means while a passphrase is typed (the terminal hands out single bytes). */
enum { END_OF_INPUT = 0x04, INTERRUPT = 0x03, BACKSPACE = 0x08, ERASE_LINE = 0x15, DELETE = 0x7F };

static ssize_t read_byte(int fd, uint8_t *byte)
{
    ssize_t got;
    do
        got = read(fd, byte, 1);
    while (got < 0 && errno == EINTR);
    return got;
}

static bulla_status keep(uint8_t byte, uint8_t *out, size_t cap, size_t *len, bulla_error *err)
{
    if (*len >= cap)
        return bu_fail(err, BULLA_E_USAGE, "the passphrase is longer than %zu bytes", cap);
    out[(*len)++] = byte;
    return BU_OK;
}

/**
 * One line of a descriptor, without its end. Byte by byte, so that a second key finds the second
 * line.
 */
bulla_status bu_line_read(int fd, uint8_t *out, size_t cap, size_t *len, bulla_error *err)
{
    uint8_t byte = 0;
    ssize_t got;
    *len = 0;
    while ((got = read_byte(fd, &byte)) == 1 && byte != '\n')
        BU_TRY(keep(byte, out, cap, len, err));
    if (got < 0)
        return bu_fail(err, BULLA_E_USAGE, "--passphrase-fd %d cannot be read: %s", fd,
                       strerrordesc_np(errno));
    return BU_OK;
}

/** Take the last character back, all bytes of it. */
static size_t shorten(const uint8_t *text, size_t len)
{
    while (len > 0 && (text[len - 1] & 0xC0) == 0x80)
        len--;
    return len > 0 ? len - 1 : 0;
}

static bulla_status read_keys(int tty, uint8_t *out, size_t cap, size_t *len, bulla_error *err)
{
    uint8_t byte = 0;
    *len = 0;
    while (read_byte(tty, &byte) == 1) {
        if (byte == '\n' || byte == '\r')
            return BU_OK;
        if (byte == INTERRUPT || byte == END_OF_INPUT)
            break;
        if (byte == BACKSPACE || byte == DELETE)
            *len = shorten(out, *len);
        else if (byte == ERASE_LINE)
            *len = 0;
        else
            BU_TRY(keep(byte, out, cap, len, err));
    }
    return bu_fail(err, BULLA_E_INTERRUPTED, "no passphrase was given");
}

static void say(int tty, const char *text)
{
    ssize_t ignored = write(tty, text, strlen(text));
    (void)ignored;
}

/* Signals by key are off while echo is, so that Ctrl-C cannot leave the terminal mute. */
static bulla_status read_mute(int tty, const char *prompt, uint8_t *out, size_t cap, size_t *len,
                              bulla_error *err)
{
    struct termios before, mute;
    if (tcgetattr(tty, &before) != 0)
        return bu_fail(err, BULLA_E_USAGE, "the terminal cannot be made mute");
    mute = before;
    mute.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
    mute.c_cc[VMIN] = 1;
    mute.c_cc[VTIME] = 0;
    if (tcsetattr(tty, TCSAFLUSH, &mute) != 0)
        return bu_fail(err, BULLA_E_USAGE, "the terminal cannot be made mute");
    say(tty, prompt);
    bulla_status status = read_keys(tty, out, cap, len, err);
    say(tty, "\n");
    (void)tcsetattr(tty, TCSAFLUSH, &before);
    return status;
}

static bulla_status read_again(int tty, const uint8_t *first, size_t first_len, bulla_error *err)
{
    BU_AUTO(bu_secret) again = bu_secret_new(BULLA_PASSPHRASE_MAX);
    size_t len = 0;
    if (again == NULL)
        return bu_no_memory(err);
    BU_TRY(read_mute(tty, "The same again: ", again->ptr, again->len, &len, err));
    if (len == first_len && bu_secret_equal(again->ptr, first, len))
        return BU_OK;
    return bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "the two passphrases differ");
}

bulla_status bu_terminal_ask(int tty, const char *purpose, bool twice, uint8_t *out, size_t cap,
                             size_t *len, bulla_error *err)
{
    BU_CLEAR(bu_buf) prompt = { 0 };
    bu_buf_add_text(&prompt, twice ? "New passphrase for " : "Passphrase for ");
    bu_escape(bu_bytes_of(purpose), &prompt);
    bu_buf_add_text(&prompt, ": ");
    if (prompt.broken)
        return bu_no_memory(err);
    BU_TRY(read_mute(tty, (const char *)prompt.ptr, out, cap, len, err));
    return twice ? read_again(tty, out, *len, err) : BU_OK;
}
