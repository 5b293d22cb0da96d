/* SPDX-License-Identifier: MIT */
/*
 * bcrypt_pbkdf(3) of OpenBSD: PBKDF2's shape with bcrypt's expensive hash inside. Blowfish starts
 * from the fraction of pi, which is computed here and not written down.
 */
#include "signature/bcrypt_pbkdf.h"

#include <sodium.h>

#include "base/bytes.h"
#include "base/limits.h"

#define SUBKEYS     18
#define BOXES       4
#define BOX_WORDS   256
#define STATE_WORDS (SUBKEYS + BOXES * BOX_WORDS)

#define PI_WORDS    (1 + STATE_WORDS + 2) /* before the point, after it, and for rounding */
#define BLOCK_WORDS 8
#define BLOCK_BYTES (4 * BLOCK_WORDS)
#define HASH_ROUNDS 64

/* --- pi -----------------------------------------------------------------------------------------
 * Numbers of PI_WORDS words of 32 bits, the most significant first. */

/* The words before `first` are zero and stay so. */
static void divide(uint32_t *number, size_t first, uint32_t divisor, uint32_t *quotient)
{
    uint64_t rest = 0;
    for (size_t i = first; i < PI_WORDS; i++) {
        rest = rest << 32 | number[i];
        quotient[i] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
}

static void add(uint32_t *sum, size_t first, const uint32_t *number)
{
    uint64_t carry = 0;
    for (size_t i = PI_WORDS; i > 0 && (i > first || carry != 0); i--) {
        carry += (uint64_t)sum[i - 1] + (i > first ? number[i - 1] : 0);
        sum[i - 1] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void subtract(uint32_t *sum, size_t first, const uint32_t *number)
{
    uint64_t borrow = 0;
    for (size_t i = PI_WORDS; i > 0 && (i > first || borrow != 0); i--) {
        uint64_t less = (uint64_t)sum[i - 1] - (i > first ? number[i - 1] : 0) - borrow;
        sum[i - 1] = (uint32_t)less;
        borrow = less >> 63;
    }
}

/* Add (or subtract) factor * arctan(1 / x) = factor * (1/x - 1/(3 x^3) + 1/(5 x^5) - …). */
static void add_arctan(uint32_t *sum, uint32_t factor, uint32_t x, bool is_minus)
{
    uint32_t power[PI_WORDS] = { factor };
    uint32_t term[PI_WORDS];
    size_t first = 0;
    divide(power, first, x, power);
    for (uint32_t n = 1; first < PI_WORDS; n += 2, is_minus = !is_minus) {
        divide(power, first, n, term);
        if (is_minus)
            subtract(sum, first, term);
        else
            add(sum, first, term);
        divide(power, first, x * x, power);
        while (first < PI_WORDS && power[first] == 0)
            first++;
    }
}

/* --- Blowfish ------------------------------------------------------------------------------- */

typedef struct blowfish {
    uint32_t subkeys[SUBKEYS];
    uint32_t boxes[BOXES * BOX_WORDS];
} blowfish;

/* Machin: pi = 16 arctan(1/5) - 4 arctan(1/239). */
static void start(blowfish *state)
{
    uint32_t pi[PI_WORDS] = { 0 };
    add_arctan(pi, 16, 5, false);
    add_arctan(pi, 4, 239, true);
    memcpy(state->subkeys, pi + 1, sizeof state->subkeys);
    memcpy(state->boxes, pi + 1 + SUBKEYS, sizeof state->boxes);
}

static uint32_t substitute(const blowfish *state, uint32_t x)
{
    const uint32_t *box = state->boxes;
    return ((box[x >> 24] + box[BOX_WORDS + (x >> 16 & 0xff)]) ^
            box[2 * BOX_WORDS + (x >> 8 & 0xff)]) +
           box[3 * BOX_WORDS + (x & 0xff)];
}

static void encipher(const blowfish *state, uint32_t block[2])
{
    uint32_t left = block[0] ^ state->subkeys[0];
    uint32_t right = block[1];
    for (size_t i = 1; i < SUBKEYS - 1; i += 2) {
        right ^= substitute(state, left) ^ state->subkeys[i];
        left ^= substitute(state, right) ^ state->subkeys[i + 1];
    }
    block[0] = right ^ state->subkeys[SUBKEYS - 1];
    block[1] = left;
}

/* A digest as words, which are read round and round. */
typedef struct words {
    uint32_t items[crypto_hash_sha512_BYTES / 4];
    size_t next;
} words;

static void set_words(words *out, const uint8_t digest[crypto_hash_sha512_BYTES])
{
    for (size_t i = 0; i < crypto_hash_sha512_BYTES; i++)
        out->items[i / 4] = out->items[i / 4] << 8 | digest[i];
}

static uint32_t next_word(words *w)
{
    uint32_t word = w->items[w->next];
    w->next = (w->next + 1) % (sizeof w->items / sizeof w->items[0]);
    return word;
}

static void fill(blowfish *state, uint32_t *out, size_t count, words *salt, uint32_t block[2])
{
    for (size_t i = 0; i < count; i += 2) {
        if (salt != NULL) {
            block[0] ^= next_word(salt);
            block[1] ^= next_word(salt);
        }
        encipher(state, block);
        out[i] = block[0];
        out[i + 1] = block[1];
    }
}

/* The key schedule; `salt` is NULL in the plain one. Both are read from their beginning. */
static void expand(blowfish *state, words *key, words *salt)
{
    uint32_t block[2] = { 0 };
    key->next = 0;
    if (salt != NULL)
        salt->next = 0;
    for (size_t i = 0; i < SUBKEYS; i++)
        state->subkeys[i] ^= next_word(key);
    fill(state, state->subkeys, SUBKEYS, salt, block);
    fill(state, state->boxes, BOXES * BOX_WORDS, salt, block);
}

/* --- bcrypt ------------------------------------------------------------------------------------
 * All that is derived from the passphrase lies in guarded memory. */

typedef struct work {
    blowfish initial, state;
    words passphrase, salt;
    uint8_t digest[crypto_hash_sha512_BYTES];
    uint32_t block[BLOCK_WORDS];
    uint8_t bytes[BLOCK_BYTES];
    uint8_t sum[BLOCK_BYTES]; /* of all rounds */
} work;

/* One block, of the passphrase and of what `digest` is of. */
static void hash(work *w)
{
    static const uint8_t text[BLOCK_BYTES + 1] = "OxychromaticBlowfishSwatDynamite";
    w->state = w->initial;
    set_words(&w->salt, w->digest);
    expand(&w->state, &w->passphrase, &w->salt);
    for (size_t i = 0; i < HASH_ROUNDS; i++) {
        expand(&w->state, &w->salt, NULL);
        expand(&w->state, &w->passphrase, NULL);
    }
    for (size_t i = 0; i < BLOCK_BYTES; i++)
        w->block[i / 4] = w->block[i / 4] << 8 | text[i];
    for (size_t i = 0; i < HASH_ROUNDS; i++)
        for (size_t j = 0; j < BLOCK_WORDS; j += 2)
            encipher(&w->state, w->block + j);
    for (size_t i = 0; i < BLOCK_BYTES; i++) /* the least significant byte first */
        w->bytes[i] = (uint8_t)(w->block[i / 4] >> 8 * (i % 4));
}

/* PBKDF2's T_i: the blocks of all rounds, XORed. */
static void block_of(work *w, bulla_bytes salt, uint32_t number, uint32_t rounds)
{
    uint8_t salted[BU_BCRYPT_SALT_MAX + 4];
    memcpy(salted, salt.ptr, salt.len);
    for (size_t i = 0; i < 4; i++)
        salted[salt.len + i] = (uint8_t)(number >> 8 * (3 - i));
    (void)crypto_hash_sha512(w->digest, salted, salt.len + 4);
    hash(w);
    memcpy(w->sum, w->bytes, BLOCK_BYTES);
    for (uint32_t round = 1; round < rounds; round++) {
        (void)crypto_hash_sha512(w->digest, w->bytes, BLOCK_BYTES);
        hash(w);
        for (size_t i = 0; i < BLOCK_BYTES; i++)
            w->sum[i] ^= w->bytes[i];
    }
}

static bulla_status judge(const bu_secret *passphrase, bulla_bytes salt, uint32_t rounds,
                          bulla_error *err)
{
    if (rounds > BU_LIMIT_KDF_ROUNDS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "bcrypt with more than %u rounds",
                       BU_LIMIT_KDF_ROUNDS);
    if (rounds == 0)
        return bu_fail(err, BULLA_E_BAD_NUMBER, "bcrypt with no round");
    if (salt.len == 0 || salt.len > BU_BCRYPT_SALT_MAX)
        return bu_fail(err, BULLA_E_BAD_KEY, "a salt of %zu bytes", salt.len);
    if (passphrase->len == 0)
        return bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "no key is under an empty passphrase");
    return bu_sodium_ready(err);
}

bulla_status bu_bcrypt_pbkdf(const bu_secret *passphrase, bulla_bytes salt, uint32_t rounds,
                             bu_secret *out, bulla_error *err)
{
    BU_TRY(judge(passphrase, salt, rounds, err));
    if (out->len > BU_BCRYPT_KEY_MAX)
        return bu_fail(err, BULLA_E_INTERNAL, "a key of %zu bytes", out->len);
    BU_AUTO(bu_secret) memory = bu_secret_new(sizeof(work));
    if (memory == NULL)
        return bu_no_memory(err);
    work *w = (void *)memory->ptr;
    start(&w->initial);
    (void)crypto_hash_sha512(w->digest, passphrase->ptr, passphrase->len);
    set_words(&w->passphrase, w->digest);
    /* Unlike PBKDF2, each block is dealt out over the whole key. */
    size_t blocks = (out->len + BLOCK_BYTES - 1) / BLOCK_BYTES;
    for (size_t i = 0; i < blocks; i++) {
        block_of(w, salt, (uint32_t)i + 1, rounds);
        for (size_t j = 0; j * blocks + i < out->len; j++)
            out->ptr[j * blocks + i] = w->sum[j];
    }
    return BU_OK;
}
