/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From where a traced program noted its events: lines of text, one for each distinct operation,
 * element type and chain of calls, as tests/targets/internal/callers/truth.go writes them.
 */
#ifndef SS_TESTS_LIVE_CALL_LINES_H
#define SS_TESTS_LIVE_CALL_LINES_H

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

struct call_sums {
	uint64_t events, len_sum, cap_sum;
};

/* Its key is "OP\tKIND\tELEM" and "\tFUNC FILE:LINE" for each frame, innermost first. */
struct call_line {
	char *key;
	bool own; /* in the program's own code: else lengths and capacities are not known */
	struct call_sums truth, got;
};

struct call_lines {
	struct call_line *lines; /* by key */
	size_t n, room;
};

static inline void add_call_sums(struct call_sums *to, const struct call_sums *s)
{
	to->events += s->events;
	to->len_sum += s->len_sum;
	to->cap_sum += s->cap_sum;
}

/* Cuts the text at the first tab and returns what is behind it. */
static inline char *next_field(char **rest)
{
	char *field = strsep(rest, "\t");

	if (!field || !*rest)
		die("the truth has a line of too few fields");
	return field;
}

/* Keeps so many frames of a list that is separated by tabs; all that it has with 0. */
static inline void keep_frames(char *frames, unsigned long n)
{
	for (; n > 0 && frames; n--) {
		frames = strchr(frames, '\t');
		if (n == 1 && frames)
			*frames = '\0';
		if (frames)
			frames++;
	}
}

static inline struct call_line parse_call_line(char *text, bool whole_stacks)
{
	const char *op = next_field(&text), *kind = next_field(&text), *elem = next_field(&text);
	const char *events = next_field(&text), *len_sum = next_field(&text);
	const char *cap_sum = next_field(&text), *chain = next_field(&text);
	struct call_line line = {.own = !strcmp(kind, "own")};

	line.truth = (struct call_sums){strtoull(events, NULL, 10), strtoull(len_sum, NULL, 10),
					strtoull(cap_sum, NULL, 10)};
	keep_frames(text, whole_stacks ? 0 : strtoul(chain, NULL, 10));
	if (asprintf(&line.key, "%s\t%s\t%s\t%s", op, kind, elem, text) < 0)
		die("out of memory");
	return line;
}

static inline void append_call_line(struct call_lines *all, const struct call_line *line)
{
	if (all->n == all->room) {
		all->room = all->room ? all->room * 2 : 256;
		all->lines = reallocarray(all->lines, all->room, sizeof(*all->lines));
		if (!all->lines)
			die("out of memory");
	}
	all->lines[all->n++] = *line;
}

static inline int compare_call_lines(const void *a, const void *b)
{
	const struct call_line *x = a, *y = b;

	return strcmp(x->key, y->key);
}

/* Lines of one key become one. */
static inline void sort_call_lines(struct call_lines *all)
{
	size_t kept = 0;

	qsort(all->lines, all->n, sizeof(*all->lines), compare_call_lines);
	for (size_t i = 0; i < all->n; i++) {
		struct call_line *line = &all->lines[i];

		if (kept > 0 && !strcmp(all->lines[kept - 1].key, line->key)) {
			add_call_sums(&all->lines[kept - 1].truth, &line->truth);
			free(line->key);
		} else {
			all->lines[kept++] = *line;
		}
	}
	all->n = kept;
}

/* The frames of a line are its whole stack, or only the function that exists as code. */
static inline void read_call_lines(const char *path, bool whole_stacks, struct call_lines *all)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	if (!f)
		die("%s: %s", path, strerror(errno));
	while ((len = getline(&text, &room, f)) > 0) {
		struct call_line line;

		text[len - 1] = '\0';
		line = parse_call_line(text, whole_stacks);
		append_call_line(all, &line);
	}
	if (ferror(f) || !all->n)
		die("%s: nothing noted", path);
	free(text);
	fclose(f);
	sort_call_lines(all);
}

/* The first line whose key is not less. */
static inline size_t lower_call_line(const struct call_lines *all, const char *key)
{
	size_t lo = 0, hi = all->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(all->lines[mid].key, key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static inline void free_call_lines(struct call_lines *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->lines[i].key);
	free(all->lines);
}

#endif
