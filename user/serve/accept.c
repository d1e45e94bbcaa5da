// SPDX-License-Identifier: BSD-2-Clause
/* RFC 9110, 12.5.1: ranges with parameters, of which q is the weight. */
#include "serve/accept.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SPACE " \t"

/* One element of the header, between commas. */
struct range {
	const char *text;
	size_t size;
};

static bool next_part(const char **at, char separator, struct range *part)
{
	const char set[] = {separator, '\0'};

	if (!**at)
		return false;
	*at += strspn(*at, SPACE);
	part->text = *at;
	part->size = strcspn(*at, set);
	*at += part->size;
	*at += **at == separator;
	while (part->size && strchr(SPACE, part->text[part->size - 1]))
		part->size--;
	return true;
}

static bool is(const struct range *part, const char *text)
{
	return part->size == strlen(text) && !strncasecmp(part->text, text, part->size);
}

static bool has_value(const struct range *part, const char *name, const char **value)
{
	const size_t n = strlen(name);

	*value = part->text + n;
	return part->size > n && !strncasecmp(part->text, name, n);
}

struct wish {
	bool openmetrics, text;
	double weight;
};

/* Versions that are not ours are other formats. */
static struct wish read_range(const struct range *range)
{
	char copy[256] = "";
	const char *at = copy, *value;
	struct wish w = {.weight = 1};
	struct range part;
	bool ours = true;

	if (range->size >= sizeof(copy))
		return w;
	memcpy(copy, range->text, range->size);
	if (!next_part(&at, ';', &part))
		return w;
	w.openmetrics = is(&part, "application/openmetrics-text");
	w.text = is(&part, "text/plain") || is(&part, "text/*") || is(&part, "*/*");
	while (next_part(&at, ';', &part)) {
		if (has_value(&part, "q=", &value))
			w.weight = strtod(value, NULL);
		else if (has_value(&part, "version=", &value) && w.openmetrics)
			ours = is(&part, "version=1.0.0") || is(&part, "version=\"1.0.0\"");
	}
	w.openmetrics = w.openmetrics && ours;
	return w;
}

bool accept_openmetrics(const char *accept)
{
	double openmetrics = 0, text = 0;
	struct range range;

	while (accept && next_part(&accept, ',', &range)) {
		const struct wish w = read_range(&range);

		if (w.openmetrics && w.weight > openmetrics)
			openmetrics = w.weight;
		if (w.text && w.weight > text)
			text = w.weight;
	}
	return openmetrics > 0 && openmetrics >= text;
}
