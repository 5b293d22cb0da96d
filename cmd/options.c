/* SPDX-License-Identifier: MIT */
/*
 * The option parser: words in, a command's arguments out, by the rows of its
 * table. It refuses what is unknown, given twice, empty or missing, and says
 * what was wanted: a mistyped option must never become a check not made.
 */
#include <string.h>

#include "base/bytes.h"
#include "command.h"

typedef struct parser {
    bu_cli *cli;
    void *args;
    char *const *words;
    size_t count;
    bool seen[BU_OPTIONS_MAX]; /* by row */
} parser;

/** True for options whose value may be the next word. */
static bool takes_word(const bu_option *option)
{
    return option->kind != BU_OPTION_FLAG && option->kind != BU_OPTION_MAYBE;
}

static bulla_status keep(parser *p, const bu_option *option, const char *value, bulla_error *err)
{
    size_t row = (size_t)(option - p->cli->command->options);
    if (p->seen[row] && !bu_option_repeats(option))
        return bu_fail(err, BULLA_E_USAGE, "--%s is given twice", option->name);
    p->seen[row] = true;
    if (takes_word(option) && value == NULL)
        return bu_fail(err, BULLA_E_USAGE, "--%s wants %s", option->name, option->argument);
    /* An unset variable in a script must not turn an option off. */
    if (value != NULL && value[0] == '\0')
        return bu_fail(err, BULLA_E_USAGE, "--%s got an empty value", option->name);
    return bu_value_keep(p->cli, option, value, p->args, err);
}

static bulla_status unknown(const bu_cli *cli, const char *word, bulla_error *err)
{
    const char *names[BU_OPTIONS_MAX + 1] = { "help" };
    size_t count = 1;
    for (const bu_option *option = cli->command->options; option->name != NULL; option++)
        if (option->help != NULL)
            names[count++] = option->name;
    const char *near = bu_suggest(word + strspn(word, "-"), names, count);
    if (near == NULL)
        return bu_fail(err, BULLA_E_USAGE, "there is no option %s", word);
    return bu_fail(err, BULLA_E_USAGE, "there is no option %s; did you mean --%s?", word, near);
}

/**
 * The row that a word such as `--policy`, `--policy=x`, `-o` or `-ojson` names; `value` gets what
 * is joined to it.
 */
static const bu_option *find(const bu_option *options, const char *word, const char **value)
{
    bool is_long = word[1] == '-';
    bulla_bytes name = bu_bytes_of(word + 2);
    size_t end = bu_bytes_find(name, '=');
    for (const bu_option *option = options; option->name != NULL; option++) {
        if (is_long && bu_bytes_is(bu_bytes_first(name, end), option->name)) {
            *value = end == name.len ? NULL : word + 2 + end + 1;
            return option;
        }
        if (!is_long && word[1] == option->letter) {
            *value = word[2] == '\0' ? NULL : word + 2;
            return option;
        }
    }
    return NULL;
}

/** Take the option at `*at`, and the next word when that is its value. */
static bulla_status take_option(parser *p, size_t *at, bulla_error *err)
{
    const char *word = p->words[*at], *value = NULL;
    const bu_option *option = find(p->cli->command->options, word, &value);
    if (option == NULL)
        return unknown(p->cli, word, err);
    if (value == NULL && takes_word(option) && *at + 1 < p->count)
        value = p->words[++*at];
    return keep(p, option, value, err);
}

static bulla_status take_words(parser *p, bulla_error *err)
{
    bool only_operands = false;
    for (size_t i = 0; i < p->count; i++) {
        const char *word = p->words[i];
        bool is_option = word[0] == '-' && word[1] != '\0' && !only_operands;
        if (word[0] == '\0')
            return bu_fail(err, BULLA_E_USAGE, "an argument is empty");
        if (is_option && strcmp(word, "--") == 0)
            only_operands = true;
        else if (is_option)
            BU_TRY(take_option(p, &i, err));
        else
            BU_TRY(bu_words_add(p->cli, p->args, word, err));
    }
    return BU_OK;
}

static bulla_status check_operands(const parser *p, bulla_error *err)
{
    const bu_command *command = p->cli->command;
    const bu_words *operands = p->args;
    if (operands->count < command->least)
        return bu_fail(err, BULLA_E_USAGE, "name %s", command->wanted);
    if (operands->count > command->most)
        return bu_fail(err, BULLA_E_USAGE, "one argument too many: %s",
                       operands->items[command->most]);
    return BU_OK;
}

static bool is_given(const parser *p, const char *name)
{
    const bu_option *options = p->cli->command->options;
    for (size_t row = 0; options[row].name != NULL; row++)
        if (strcmp(options[row].name, name) == 0)
            return p->seen[row];
    return false;
}

static bulla_status check_options(const parser *p, bulla_error *err)
{
    const bu_option *options = p->cli->command->options;
    for (size_t row = 0; options[row].name != NULL; row++) {
        const bu_option *option = &options[row];
        if (option->required && !p->seen[row])
            return bu_fail(err, BULLA_E_USAGE, "--%s %s is needed", option->name, option->argument);
        if (p->seen[row] && option->excludes != NULL && is_given(p, option->excludes))
            return bu_fail(err, BULLA_E_USAGE, "--%s and --%s exclude each other", option->name,
                           option->excludes);
    }
    return BU_OK;
}

bulla_status bu_options_parse(bu_cli *cli, char *const *words, size_t count, void *args,
                              bulla_error *err)
{
    parser p = { .cli = cli, .args = args, .words = words, .count = count };
    size_t rows = 0;
    while (cli->command->options[rows].name != NULL)
        rows++;
    if (rows > BU_OPTIONS_MAX)
        return bu_fail(err, BULLA_E_INTERNAL, "more than %d options", BU_OPTIONS_MAX);
    BU_TRY(take_words(&p, err));
    BU_TRY(check_operands(&p, err));
    return check_options(&p, err);
}

bool bu_command_takes_kinds(const bu_command *command)
{
    for (const bu_option *option = command->options; option->name != NULL; option++)
        if (strcmp(option->name, "input") == 0)
            return true;
    return false;
}
