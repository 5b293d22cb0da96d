#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What no source may use. The library does not print, exit, fork, or read the environment, the clock or a
global; programs read the environment and the clock in one file; nobody uses what C got wrong."""
import re

import meta

UNSAFE = """goto gets strcpy strcat stpcpy sprintf vsprintf strncat atoi atol atoll atof strtok scanf sscanf fscanf
alloca rand srand random tmpnam mktemp tempnam system popen longjmp setjmp""".split()
OUTSIDE = """printf vprintf puts putchar fprintf vfprintf fputs fputc fwrite perror exit _exit _Exit abort quick_exit fork vfork
execv execve execvp posix_spawn getenv secure_getenv setenv putenv clearenv time clock gettimeofday clock_gettime
localtime localtime_r gmtime mktime setlocale signal sigaction chdir fchdir umask errx warn syslog isatty""".split()
SURROUNDINGS = "getenv secure_getenv time clock gettimeofday clock_gettime localtime".split()
READS_SURROUNDINGS = "cmd/environment.c"


def uses(text, names):
    """(line, name) of each use: a call, or a mention of a function that is not a member or a declaration of ours."""
    pattern = re.compile(r"(?<![\w.>])(" + "|".join(names) + r")\b(?=\s*\()|\b(goto)\b(?=\s+\w+;)")
    for number, line in enumerate(text.split("\n"), 1):
        for match in pattern.finditer(line):
            if match[0] in names:
                yield number, match[0]


def declares_functions(line, text):
    """A function can be declared through a type that names its signature: it is defined further down."""
    names = re.fullmatch(r"static \w+ ([\w, ]+);", line)
    return names is not None and all(re.search(rf"^static .*\b{name}\(", text, re.M) for name in names[1].split(", "))


def mutable_globals(text):
    """File-scope objects that can change; allowed where they are made once (pthread_once) and then only read."""
    if "pthread_once(" in text:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if declares_functions(line, text):
            continue
        if re.match(r"(static |_Thread_local |__thread )+(?!const\b|inline\b|_Noreturn\b)[^()]*(=|;|\{)\s*", line) \
                and not re.search(r"\bconst\b[^*]*(=|;|\[)|\*\s*const\b", line) and "(" not in line.split("=")[0]:
            yield number, line.strip()


def check(root):
    complaints = []
    for path in meta.files(root, "lib", "cmd"):
        text = meta.code(meta.read(root, path))
        banned = UNSAFE + OUTSIDE if path.startswith("lib/") else UNSAFE + (SURROUNDINGS if path != READS_SURROUNDINGS else [])
        complaints += [f"{path}:{number}: uses {name}" for number, name in uses(text, banned)]
        if path.startswith("lib/"):
            complaints += [f"{path}:{number}: a global that can change: {line}" for number, line in mutable_globals(text)]
    return complaints


def sample(text, path="lib/base/a.c"):
    return meta.on_tree(check, {path: text})


meta.main(
    lambda: check(meta.ROOT),
    wrong={
        "printing": (sample('printf("x");'), "uses printf"),
        "exiting": (sample("    exit(1);"), "uses exit"),
        "the environment": (sample('x = getenv("HOME");'), "uses getenv"),
        "the clock": (sample("now = time(NULL);"), "uses time"),
        "goto": (sample("    goto out;"), "uses goto"),
        "an unbounded copy": (sample("strcpy(a, b);", "cmd/a.c"), "uses strcpy"),
        "the environment in a command": (sample('x = getenv("HOME");', "cmd/verify.c"), "uses getenv"),
        "a global": (sample("static int count;\n"), "a global that can change"),
        "a global struct": (sample("static struct x {\n    int a;\n} y;\n"), "a global that can change"),
    },
    right={
        "the same words elsewhere": sample('/* printf() is not for us */\nsay("exit(1)");\nx->time(1); t.time(2);\nruntime(1);\n'
                                           "static const char *const names[] = { 0 };\nstatic const int a = 1;\n"
                                           "static int f(int a);\nstatic inline int g(void)\nstatic step s, t;\n"
                                           "static int s(int a)\nstatic int t(int a)\n"),
        "where they belong": sample('x = getenv("HOME"); time(NULL);', "cmd/environment.c")})
