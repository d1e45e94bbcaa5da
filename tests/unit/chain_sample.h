/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of chains and proposals to write. */
#ifndef SS_TESTS_CHAIN_SAMPLE_H
#define SS_TESTS_CHAIN_SAMPLE_H

#include "output/advice.h"
#include "output_json.h"

static const struct chain_end sample_ends[] = {
	{.cap = 512, .chains = 600, .len_sum = 180000, .steps = 6000, .copied = 4096, .dead = 8192},
	{.cap = 848, .chains = 390, .len_sum = 234000, .steps = 4290, .copied = 4096, .dead = 4096},
	{.cap = 1280, .chains = 10, .len_sum = 9000, .steps = 120, .copied = 0, .dead = 0},
};

static const struct chain_row sample_chains[] = {
	{
		.key = {.addr = SAMPLE_PC, .type = SAMPLE_TYPE, .op = SS_OP_GROW},
		.elem_size = 8,
		.total = {650720, 1000, 423000, 10410, 8192, 12288},
		.ends = sample_ends,
		.nends = 3,
	},
	{
		.key = {.addr = 0x234, .group = 1, .type = 9, .op = SS_OP_MAKE},
		.total = {1280, 1, 9000, 1, 0, 0},
		.ends = &sample_ends[2],
		.nends = 1,
	},
};

static const char *const chain_exes[] = {"/srv/app", "/srv/other"};

static const struct output_count sample_links[] = {
	{"linked", 9400}, {"fresh", 1000}, {"unseen", 0}, {"lost_tails", 10}};

/* Two rows of two executables. */
static inline struct output_report sample_chain_report(void)
{
	struct output_report r = sample_report();

	r.view = OUTPUT_CHAINS;
	r.by_target = false;
	r.rows = NULL;
	r.nrows = 0;
	r.exes = chain_exes;
	r.nexes = 2;
	r.chains = sample_chains;
	r.nchains = 2;
	r.chain_total = (struct chain_end){652000, 1001, 432000, 10411, 8192, 12288};
	r.chain_counts = sample_links;
	r.nchain_counts = sizeof(sample_links) / sizeof(sample_links[0]);
	return r;
}

#endif
