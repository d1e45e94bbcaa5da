// SPDX-License-Identifier: BSD-2-Clause
#include "plan/scope_names.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/funcname.h"

/* Room for a name. Untrusted files have longer ones; those are in no scope. */
#define NAME_BYTES 16384

/*
 * A pattern in the two ways in which it may be meant. Brackets are glob(7)'s to who thinks of the
 * name without its type arguments, and Go's to who thinks of all of it.
 */
struct pattern {
	char *stripped; /* for the name without type arguments: "[...]" is left out */
	char *whole;	/* for the whole name: [ is itself */
};

struct pattern_list {
	struct pattern *at;
	size_t count;
};

struct scope_names {
	struct pattern_list in;
	struct pattern_list not_in;
	char stripped[NAME_BYTES]; /* the name that is looked at, without type arguments */
};

static const char any_arguments[] = "[...]";
static const char bracket[] = "[[]"; /* glob(7) for [ itself */

#define ANY_ARGUMENTS_LEN (sizeof(any_arguments) - 1)
#define BRACKET_LEN	  (sizeof(bracket) - 1)

static char *strip_pattern(const char *text)
{
	char *stripped = malloc(strlen(text) + 1);
	char *to = stripped;

	if (!stripped)
		return NULL;
	while (*text) {
		if (!strncmp(text, any_arguments, ANY_ARGUMENTS_LEN))
			text += ANY_ARGUMENTS_LEN;
		else
			*to++ = *text++;
	}
	*to = '\0';
	return stripped;
}

static char *escape_pattern(const char *text)
{
	char *whole = malloc(BRACKET_LEN * strlen(text) + 1);
	char *to = whole;

	if (!whole)
		return NULL;
	for (; *text; text++) {
		if (*text == '[')
			to = mempcpy(to, bracket, BRACKET_LEN);
		else
			*to++ = *text;
	}
	*to = '\0';
	return whole;
}

static int read_patterns(struct pattern_list *list, const char *const *texts, size_t n)
{
	list->at = calloc(n + 1, sizeof(*list->at));
	if (!list->at)
		return -ENOMEM;
	for (list->count = 0; list->count < n; list->count++) {
		struct pattern *p = &list->at[list->count];

		p->stripped = strip_pattern(texts[list->count]);
		p->whole = escape_pattern(texts[list->count]);
		if (!p->stripped || !p->whole) {
			free(p->stripped);
			free(p->whole);
			return -ENOMEM;
		}
	}
	return 0;
}

static void free_patterns(struct pattern_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->at[i].stripped);
		free(list->at[i].whole);
	}
	free(list->at);
}

int scope_names_new(const struct plan_patterns *patterns, struct scope_names **out)
{
	struct scope_names *names = calloc(1, sizeof(*names));
	int err;

	if (!names)
		return -ENOMEM;
	err = read_patterns(&names->in, patterns->in, patterns->nin);
	if (!err)
		err = read_patterns(&names->not_in, patterns->not_in, patterns->nnot_in);
	if (err) {
		scope_names_free(names);
		return err;
	}
	*out = names;
	return 0;
}

void scope_names_free(struct scope_names *names)
{
	if (!names)
		return;
	free_patterns(&names->in);
	free_patterns(&names->not_in);
	free(names);
}

static bool matches(const struct pattern_list *list, const char *whole, const char *stripped)
{
	for (size_t i = 0; i < list->count; i++)
		if (!fnmatch(list->at[i].stripped, stripped, FNM_NOESCAPE) ||
		    !fnmatch(list->at[i].whole, whole, FNM_NOESCAPE))
			return true;
	return false;
}

bool scope_names_have(struct scope_names *names, const char *func)
{
	if (strnlen(func, NAME_BYTES) == NAME_BYTES)
		return false;
	funcname_strip(func, names->stripped);
	return (!names->in.count || matches(&names->in, func, names->stripped)) &&
	       !matches(&names->not_in, func, names->stripped);
}

static void describe(const char *verb, const char *const *texts, size_t n, char *buf, size_t size)
{
	if (n == 1)
		snprintf(buf, size, "%s '%.40s'", verb, texts[0]);
	else if (n > 1)
		snprintf(buf, size, "%s '%.40s' (or %zu more)", verb, texts[0], n - 1);
}

void scope_names_describe(const struct plan_patterns *patterns, char *buf, size_t size)
{
	char in[96] = "", not_in[96] = "";

	describe("match", patterns->in, patterns->nin, in, sizeof(in));
	describe("do not match", patterns->not_in, patterns->nnot_in, not_in, sizeof(not_in));
	if (!*in && !*not_in)
		snprintf(buf, size, "functions of this executable");
	else
		snprintf(buf, size, "functions that %s%s%s", in, *in && *not_in ? " and " : "",
			 not_in);
}
