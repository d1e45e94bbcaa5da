/* SPDX-License-Identifier: BSD-2-Clause */
/* Scripts that complete command lines in shells, made of the tables of verbs and options. */
#ifndef SS_CLI_COMPLETION_H
#define SS_CLI_COMPLETION_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/verbs.h"

/* One file a shell. */
void completion_bash(FILE *f);
void completion_zsh(FILE *f);
void completion_fish(FILE *f);

/* The options of a verb, and at last those that argp adds to each; NULL ends them. */
const struct argp_option *completion_next(const struct verb *verb, const struct argp_option *last);
/* The option has a short form, its key. */
bool completion_letter(const struct argp_option *option);
/* What an option's value is, where option_words has no words for it. */
bool completion_is_pid(const struct argp_option *option);
bool completion_is_file(const struct argp_option *option);
/* The beginning of a text, up to a mark that shells or readers would stop at, in single quotes. */
void completion_quote(FILE *f, const char *text, const char *quote);
/* All words, with a space before each but the first. */
void completion_words(FILE *f, const char *const *words);

#endif
