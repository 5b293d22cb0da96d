/* SPDX-License-Identifier: MIT */
/*
 * The nearest name to a mistyped one, by edit distance (Levenshtein), so that
 * a refusal can say what was probably meant. Nothing is ever guessed and run.
 */
#include "base/bytes.h"
#include "command.h"

#define LONGEST 32 /* characters; names are shorter, and longer words are near none */

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

static size_t distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1];
    size_t width = strlen(b);
    for (size_t i = 0; i <= width; i++)
        row[i] = i;
    for (; *a != '\0'; a++) {
        size_t diagonal = row[0]++;
        for (size_t i = 1; i <= width; i++) {
            size_t changed = diagonal + (*a != b[i - 1]);
            diagonal = row[i];
            row[i] = least(changed, row[i] + 1, row[i - 1] + 1);
        }
    }
    return row[width];
}

static size_t score(const char *typed, const char *name)
{
    if (strlen(name) > LONGEST || strlen(typed) > LONGEST)
        return SIZE_MAX;
    if (strlen(typed) >= 2 && strncmp(typed, name, strlen(typed)) == 0)
        return 1; /* an abbreviation */
    return distance(typed, name);
}

const char *bu_suggest(const char *typed, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_score = strlen(typed) / 3 + 2; /* beyond a third, it is another word */
    for (size_t i = 0; i < count; i++) {
        size_t now = names[i] == NULL ? SIZE_MAX : score(typed, names[i]);
        if (now < best_score) {
            best = names[i];
            best_score = now;
        }
    }
    return best;
}
