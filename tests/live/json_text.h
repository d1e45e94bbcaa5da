/* SPDX-License-Identifier: BSD-2-Clause */
/* Splits JSON text into its members without parsing them. */
#ifndef SS_TESTS_LIVE_JSON_TEXT_H
#define SS_TESTS_LIVE_JSON_TEXT_H

#include <string.h>

#include "die.h"

/* A stretch of the report's text. The report is larger than a DOM of it may be. */
struct text {
	const char *p, *end;
};

static inline const char *string_end(struct text t)
{
	for (const char *p = t.p + 1; p < t.end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '"')
			return p + 1;
	}
	die("the report ends inside a string");
}

/* Just behind the JSON value at t.p; what is inside is checked when it is parsed. */
static inline const char *value_end(struct text t)
{
	int depth = 0;

	while (t.p < t.end) {
		if (*t.p == '"') {
			t.p = string_end(t);
		} else {
			if (!depth && strchr(",]}", *t.p))
				return t.p;
			depth += (*t.p == '{' || *t.p == '[') - (*t.p == '}' || *t.p == ']');
			t.p++;
		}
		if (!depth && t.p < t.end && strchr(",]}", *t.p))
			return t.p;
	}
	if (depth)
		die("the report ends inside a value");
	return t.p;
}

#endif
