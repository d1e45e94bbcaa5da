// SPDX-License-Identifier: BSD-2-Clause
#include "gobin/cuttext.h"

#include <string.h>

struct cuttext cuttext_begin(char *buf, size_t size)
{
	buf[0] = '\0';
	return (struct cuttext){.buf = buf, .size = size};
}

bool cuttext_is_full(const struct cuttext *text)
{
	return cuttext_room(text) == 0;
}

size_t cuttext_room(const struct cuttext *text)
{
	return text->size - 1 - text->len;
}

void cuttext_put(struct cuttext *text, const char *bytes, size_t n)
{
	const size_t room = cuttext_room(text);

	if (n > room)
		n = room;
	memcpy(text->buf + text->len, bytes, n);
	text->len += n;
	text->buf[text->len] = '\0';
}

void cuttext_put_string(struct cuttext *text, const char *string)
{
	cuttext_put(text, string, strlen(string));
}

void cuttext_insert(struct cuttext *text, size_t offset, const char *string)
{
	const size_t room = text->size - 1 - offset;
	size_t n = strlen(string);
	size_t behind = text->len - offset;

	if (n > room)
		n = room;
	if (behind > room - n)
		behind = room - n;
	memmove(text->buf + offset + n, text->buf + offset, behind);
	memcpy(text->buf + offset, string, n);
	text->len = offset + n + behind;
	text->buf[text->len] = '\0';
}
