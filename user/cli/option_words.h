/* SPDX-License-Identifier: BSD-2-Clause */
/* The words that options take as values: parsers, messages and completion have them from here. */
#ifndef SS_CLI_OPTION_WORDS_H
#define SS_CLI_OPTION_WORDS_H

#include <stdbool.h>

#include "report/chains.h"
#include "report/report.h"

/* What -s takes, by the view. */
extern const char *const option_sort_names[REPORT_SORTS + 1];
extern const char *const option_chains_sort_names[CHAINS_SORTS + 1];
/* What `completion` takes. */
extern const char *const option_shells[];

/* The words that the option with this key takes, ended by NULL; NULL where any value may be given.
 */
const char *const *option_words(int key);
/* Whether it takes a list of them, separated by commas. */
bool option_takes_list(int key);

#define OPTION_KNOWN_SIZE 256
/* "base, site, type, process" */
const char *option_known(char text[OPTION_KNOWN_SIZE], const char *const *words);

#endif
