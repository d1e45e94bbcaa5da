// SPDX-License-Identifier: BSD-2-Clause
#include "cli/completion.h"

#include <ctype.h>
#include <string.h>

#include "cli/option_words.h"

static const struct argp_option of_argp[] = {
	{.name = "help", .key = '?', .doc = "Give this help list"},
	{.name = "usage", .doc = "Give a short usage message"},
	{.name = "version", .key = 'V', .doc = "Print program version"},
	{0},
};

static bool is_end(const struct argp_option *o)
{
	return !o->name && !o->key && !o->doc && !o->group;
}

/* The tables of a verb: its own, those of its argp's children, argp's. NULL behind the last. */
static const struct argp_option *table(const struct verb *verb, size_t i)
{
	static const struct argp_option none[] = {{0}};
	const struct argp_child *child = verb->options->children;

	if (i-- == 0)
		return verb->options->options ? verb->options->options : none;
	for (; child && child->argp; child++)
		if (i-- == 0)
			return child->argp->options ? child->argp->options : none;
	return i == 0 ? of_argp : NULL;
}

/* Headings have no name. */
static const struct argp_option *named(const struct argp_option *o)
{
	while (!o->name && !is_end(o))
		o++;
	return is_end(o) ? NULL : o;
}

const struct argp_option *completion_next(const struct verb *verb, const struct argp_option *last)
{
	const struct argp_option *o, *next = NULL;
	bool is_behind = !last;

	for (size_t i = 0; (o = table(verb, i)) && !next; i++) {
		for (o = named(o); o && !next; o = named(o + 1)) {
			if (is_behind)
				next = o;
			is_behind = is_behind || o == last;
		}
	}
	return next;
}

bool completion_letter(const struct argp_option *option)
{
	return option->key > 0 && option->key < 128 && isalnum(option->key);
}

bool completion_is_pid(const struct argp_option *option)
{
	return option->key == 'p';
}

bool completion_is_file(const struct argp_option *option)
{
	return option->arg && (!strcmp(option->arg, "PATH") || !strcmp(option->arg, "FILE") ||
			       !strcmp(option->arg, "DIR"));
}

void completion_quote(FILE *f, const char *text, const char *quote)
{
	size_t n = strcspn(text, ".:;([\v");

	while (n > 0 && text[n - 1] == ' ')
		n--;
	putc('\'', f);
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\'')
			fputs(quote, f);
		else
			putc(text[i], f);
	}
	putc('\'', f);
}

void completion_words(FILE *f, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		fprintf(f, "%s%s", i ? " " : "", words[i]);
}
