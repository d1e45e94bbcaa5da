/* SPDX-License-Identifier: BSD-2-Clause */
/* The options that each verb takes, as argp's tables: --help is made of them too. */
#ifndef SS_CLI_OPTION_TABLES_H
#define SS_CLI_OPTION_TABLES_H

#include <argp.h>

/* Keys of options without a letter. */
enum option_key {
	KEY_BY = 256,
	KEY_OPS,
	KEY_FUNC,
	KEY_MAX_BASES,
	KEY_BUDGET,
	KEY_ATTACH,
	KEY_TOTAL,
	KEY_SKIP,
	KEY_STACKS,
	KEY_CHAINS,
	KEY_MIN_BYTES,
	KEY_IN,
	KEY_NOT_IN,
	KEY_PIN,
	KEY_DETACH,
	KEY_SCHEMA,
	KEY_FAIL_OVER,
	KEY_RATE,
	KEY_LISTEN,
	KEY_OTLP,
	KEY_CONFIG,
	KEY_INTERVAL,
	KEY_CONTAINERS,
	KEYS, /* none: above all of them */
};

extern const struct argp_option option_table_trace[];
extern const struct argp_option option_table_plan[];
extern const struct argp_option option_table_advise[];
extern const struct argp_option option_table_attach[];
extern const struct argp_option option_table_record[];
extern const struct argp_option option_table_report[];
extern const struct argp_option option_table_diff[];
extern const struct argp_option option_table_serve[];

#endif
