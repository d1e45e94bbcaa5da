// SPDX-License-Identifier: BSD-2-Clause
#include "plan/funcname.h"

#include <ctype.h>
#include <string.h>

/* Behind the quoted text that begins at p: the tag of a struct's field, as strconv.Quote has it. */
static const char *skip_quoted(const char *p)
{
	for (p++; *p && *p != '"'; p++)
		if (*p == '\\' && p[1])
			p++;
	return *p ? p + 1 : p;
}

/* Behind the brackets that open at p, and those within; the end where they do not close. */
static const char *skip_brackets(const char *p)
{
	int depth = 0;

	while (*p) {
		if (*p == '"') {
			p = skip_quoted(p);
			continue;
		}
		depth += (*p == '[') - (*p == ']');
		p++;
		if (!depth)
			break;
	}
	return p;
}

static const char *skip_dots(const char *name)
{
	static const char dots[] = "[...]";

	return strncmp(name, dots, sizeof(dots) - 1) ? name : name + sizeof(dots) - 1;
}

static bool same_but_arguments(const char *func, const char *name)
{
	for (;;) {
		while (*func == '[')
			func = skip_brackets(func);
		name = skip_dots(name);
		if (*func != *name)
			return false;
		if (!*func)
			return true;
		func++;
		name++;
	}
}

bool funcname_matches(const char *func, const char *name)
{
	return !strcmp(func, name) || same_but_arguments(func, name);
}

void funcname_strip(const char *func, char *buf)
{
	while (*func) {
		if (*func == '[')
			func = skip_brackets(func);
		else
			*buf++ = *func++;
	}
	*buf = '\0';
}

/* "func1": the compiler's name for a literal. */
static bool is_literal(const char *word)
{
	static const char func[] = "func";

	return !strncmp(word, func, sizeof(func) - 1) && isdigit((unsigned char)word[4]);
}

/* A name of the source's, up to the end but for type arguments. */
static bool is_identifier(const char *word)
{
	const char *end = word + strcspn(word, "[.-");

	return end > word && !is_literal(word) && !*(*end == '[' ? skip_brackets(end) : end);
}

/* The first place outside of brackets where the text is, or NULL. */
static const char *find_outside(const char *p, const char *text)
{
	for (; *p; p = *p == '[' ? skip_brackets(p) : p + 1)
		if (!strncmp(p, text, strlen(text)))
			return p;
	return NULL;
}

bool funcname_has_pointer(const char *func)
{
	const char *open = find_outside(func, "(*");
	const char *close = open ? find_outside(open, ").") : NULL;

	return close && is_identifier(close + 2);
}

/* What stands before type arguments: "path/pkg.Func", or a type and a method. */
static bool has_receiver(const char *func, const char *args)
{
	const char *slash = memrchr(func, '/', (size_t)(args - func));
	const char *dot =
		memchr(slash ? slash : func, '.', (size_t)(args - (slash ? slash : func)));

	return dot && memchr(dot + 1, '.', (size_t)(args - dot - 1));
}

enum funcname_dictionary funcname_dictionary(const char *func)
{
	const char *args = strchr(func, '[');
	const char *behind;

	if (!args)
		return DICTIONARY_NONE;
	if (funcname_has_pointer(func))
		return DICTIONARY_BEHIND_POINTER;
	behind = skip_brackets(args);
	if (!*behind)
		return has_receiver(func, args) ? DICTIONARY_BEHIND_VALUE : DICTIONARY_FIRST;
	if (*behind == '.' && is_identifier(behind + 1))
		return DICTIONARY_BEHIND_VALUE;
	return DICTIONARY_UNKNOWN;
}
