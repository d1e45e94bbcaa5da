// SPDX-License-Identifier: BSD-2-Clause
#include "gobin/modinfo.h"

#include <string.h>

/* Before the lines, for programs that look for them (src/cmd/go/internal/modload/build.go). */
static const char START[] = "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6";
#define START_LEN (sizeof(START) - 1)

/* The field up to the next tab or the end of the line, and the cursor behind it. */
static void take_field(const char **cursor, const char *end, char *out, size_t size)
{
	const char *from = *cursor;
	size_t len = 0;

	while (from + len < end && from[len] != '\t')
		len++;
	*cursor = from + len < end ? from + len + 1 : end;
	if (len >= size)
		return;
	for (size_t i = 0; i < len; i++)
		if (from[i] < '!' || from[i] > '~')
			return;
	memcpy(out, from, len);
	out[len] = '\0';
}

static void parse_line(const char *line, const char *end, struct gobin_program *out)
{
	char name[8] = "";

	take_field(&line, end, name, sizeof(name));
	if (strcmp(name, "path") == 0) {
		take_field(&line, end, out->package, sizeof(out->package));
	} else if (strcmp(name, "mod") == 0) {
		take_field(&line, end, out->module, sizeof(out->module));
		take_field(&line, end, out->version, sizeof(out->version));
	}
}

void modinfo_parse(const char *text, size_t len, struct gobin_program *out)
{
	const char *const end = text + len;
	const char *newline;

	*out = (struct gobin_program){0};
	if (len < START_LEN || memcmp(text, START, START_LEN) != 0)
		return;
	for (text += START_LEN; (newline = memchr(text, '\n', (size_t)(end - text)));
	     text = newline + 1)
		parse_line(text, newline, out);
}
