// SPDX-License-Identifier: BSD-2-Clause
#include "serve/headers.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPACE " \t"
/* Of names (RFC 9110, 5.6.2). */
#define TOKEN                                                                                      \
	"!#$%&'*+-.^_`|~0123456789"                                                                \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static char *trim(char *text)
{
	size_t n;

	text += strspn(text, SPACE);
	n = strlen(text);
	while (n && strchr(SPACE, text[n - 1]))
		n--;
	text[n] = '\0';
	return text;
}

/* What %XX at the beginning of text stands for; NUL: it is none, or ends texts. */
static char coded(const char *text)
{
	char hex[3] = "";

	if (text[0] != '%')
		return '\0';
	memcpy(hex, text + 1, strnlen(text + 1, 2));
	if (strspn(hex, "0123456789abcdefABCDEF") < 2)
		return '\0';
	return (char)strtoul(hex, NULL, 16);
}

/* In place; what is no code is left as it is. */
static void decode(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		const char c = coded(from);

		*to = *from;
		if (c) {
			*to = c;
			from += 2;
		}
		to++;
	}
	*to = '\0';
}

/* A value with an end of line in it would be more than one header. */
static bool is_value(const char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text) && *text != '\t')
			return false;
	return true;
}

/* -EINVAL: it is none. */
static int take_header(char *text, int (*take)(void *ctx, const char *line), void *ctx)
{
	char *value = strchr(text, '=');
	const char *name;
	char *line;
	int err;

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	name = trim(text);
	value = trim(value);
	decode(value);
	if (!*name || name[strspn(name, TOKEN)] || !is_value(value))
		return -EINVAL;
	if (asprintf(&line, "%s%s%s", name, *value ? ": " : ";", value) < 0)
		return -ENOMEM;
	err = take(ctx, line);
	free(line);
	return err;
}

int headers_read(const char *variable, const char *text, int (*take)(void *ctx, const char *line),
		 void *ctx, struct reason *why)
{
	char *copy = strdup(text), *rest = copy, *part;
	unsigned int number = 0;
	int err = copy ? 0 : -ENOMEM;

	while (!err && (part = strsep(&rest, ","))) {
		number++;
		if (*trim(part))
			err = take_header(part, take, ctx);
	}
	if (err == -EINVAL)
		reason_set(why, err, "%s: header %u is not name=value", variable, number);
	else if (err)
		reason_set(why, err, "%s: %s", variable, strerror(-err));
	free(copy);
	return err;
}
