/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options from a file: a line each, `name = value`, or `name` alone where it takes none, by the
 * names that they have behind `--`. Blank lines and such that begin with # are left out.
 */
#ifndef SS_CLI_CONFIG_H
#define SS_CLI_CONFIG_H

#include <argp.h>

#include "log/reason.h"

/* The whole file, to be freed; a negative errno with why set. One that others can change is
 * refused. */
int config_read(const char *path, char **text, struct reason *why);

struct config_line {
	unsigned int number; /* from 1 */
	char *name;
	char *value; /* NULL: there is no = */
};

/* The next line; *at is where the text goes on, and text is written into. 0: there is none. */
int config_next(char **at, struct config_line *line);

/*
 * The option of that name in tables that end with NULL; NULL with why set: there is none, or its
 * value is missing, or it takes none. path is for why.
 */
const struct argp_option *config_option(const struct argp_option *const *tables,
					const struct config_line *line, const char *path,
					struct reason *why);

#endif
