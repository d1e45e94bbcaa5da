/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a traced program knows of the lives of its slices, as tests/targets/lives/truth.go writes
 * it: growths by kind, and sums over the chains that began at one place and came to one capacity.
 */
#ifndef SS_TESTS_LIVE_CHAIN_TRUTH_H
#define SS_TESTS_LIVE_CHAIN_TRUTH_H

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

/* In the order in which the truth has them; the report names them so. */
static const char *const chain_kinds[] = {"linked", "fresh", "queue", "fork", "mismatch", "unseen"};

#define CHAIN_KINDS (sizeof(chain_kinds) / sizeof(chain_kinds[0]))

enum { END_CHAINS, END_LEN_SUM, END_STEPS, END_COPIED, END_DEAD, END_FIELDS };

/* Its key is "OP\tELEM\tELEM_SIZE\tFUNC FILE:LINE\tCAP". */
struct chain_ends {
	char *key;
	uint64_t truth[END_FIELDS], got[END_FIELDS];
};

struct chain_truth {
	uint64_t kinds[CHAIN_KINDS];
	uint64_t growths;
	struct chain_ends *ends; /* by key */
	size_t n, room;
};

static inline void append_ends(struct chain_truth *t, const struct chain_ends *e)
{
	if (t->n == t->room) {
		t->room = t->room ? t->room * 2 : 256;
		t->ends = reallocarray(t->ends, t->room, sizeof(*t->ends));
		if (!t->ends)
			die("out of memory");
	}
	t->ends[t->n++] = *e;
}

/* Cuts the last field off. */
static inline uint64_t last_number(char *text)
{
	char *tab = strrchr(text, '\t');

	if (!tab)
		die("the truth has a line of too few fields");
	*tab = '\0';
	return strtoull(tab + 1, NULL, 10);
}

static inline void read_ends(struct chain_truth *t, char *text)
{
	struct chain_ends e = {0};

	for (int field = END_FIELDS - 1; field >= 0; field--)
		e.truth[field] = last_number(text);
	e.key = strdup(text);
	if (!e.key)
		die("out of memory");
	append_ends(t, &e);
}

static inline void read_kinds(struct chain_truth *t, char *text)
{
	for (size_t kind = CHAIN_KINDS; kind-- > 0;) {
		t->kinds[kind] = last_number(text);
		t->growths += t->kinds[kind];
	}
}

static inline int compare_ends(const void *a, const void *b)
{
	const struct chain_ends *x = a, *y = b;

	return strcmp(x->key, y->key);
}

/* What the lines of that mode tell. */
static inline void read_chain_truth(const char *path, const char *mode, struct chain_truth *t)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	if (!f)
		die("%s: %s", path, strerror(errno));
	while ((len = getline(&text, &room, f)) > 0) {
		char *rest = text, *what, *of;

		text[len - 1] = '\0';
		what = strsep(&rest, "\t");
		of = strsep(&rest, "\t");
		if (!of || strcmp(of, mode) != 0)
			continue;
		/* The first of its fields is looked for behind a tab. */
		rest[-1] = '\t';
		if (!strcmp(what, "kinds"))
			read_kinds(t, rest - 1);
		else
			read_ends(t, rest);
	}
	if (ferror(f) || !t->n)
		die("%s: nothing noted", path);
	free(text);
	fclose(f);
	qsort(t->ends, t->n, sizeof(*t->ends), compare_ends);
}

static inline struct chain_ends *find_ends(const struct chain_truth *t, const char *key)
{
	const struct chain_ends wanted = {.key = (char *)(uintptr_t)key};

	return bsearch(&wanted, t->ends, t->n, sizeof(*t->ends), compare_ends);
}

/* Lines that differ only in the capacity become one, of a key without it. */
static inline void merge_capacities(struct chain_truth *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct chain_ends *e = &t->ends[i];

		last_number(e->key);
		if (kept == 0 || strcmp(t->ends[kept - 1].key, e->key) != 0) {
			t->ends[kept++] = *e;
			continue;
		}
		for (size_t field = 0; field < END_FIELDS; field++)
			t->ends[kept - 1].truth[field] += e->truth[field];
		free(e->key);
	}
	t->n = kept;
}

static inline void free_chain_truth(struct chain_truth *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->ends[i].key);
	free(t->ends);
}

#endif
