/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of a recording in the making: what rows have as numbers becomes a place in a table. */
#ifndef SS_RECORDING_NAMES_H
#define SS_RECORDING_NAMES_H

#include "output/intern.h"
#include "recording/numbering.h"
#include "recording/stream.h"
#include "recording/write.h"

struct names {
	const struct recording_source *from;
	struct intern *texts;
	struct intern *frames;
	struct numbering types, sites, stacks;
	int err; /* the first, 0 or -errno */
};

/* Collect what all rows name. */
void names_open(struct names *n, const struct recording_source *from);
void names_close(struct names *n);

uint32_t names_text(struct names *n, const char *text); /* NULL is "" */
uint32_t names_exe(const struct names *n, uint32_t group);
/* Places + 1, 0 for none. */
uint32_t names_type(const struct names *n, uint32_t group, uint32_t type);
uint32_t names_site(const struct names *n, uint32_t group, uint64_t pc);
uint32_t names_stack(const struct names *n, const struct report_key *key);

/* Write the tables; texts and frames come last, when all are known. */
void names_put(struct names *n, struct stream *s);

#endif
