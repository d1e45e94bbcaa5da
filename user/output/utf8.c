// SPDX-License-Identifier: BSD-2-Clause
#include "output/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd";

/*
 * Well-formed sequences by first byte (Unicode 3.9, table 3-7): the second byte's range shuts out
 * overlong forms, surrogates and what lies beyond U+10FFFF; all further bytes are 80..BF.
 */
static const struct {
	uint8_t first, last;
	uint8_t length;
	uint8_t second_low, second_high;
} forms[] = {
	{0x01, 0x7f, 1, 0x00, 0x00}, {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
	{0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
	{0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

/* A terminating 0 is in no range, so nothing behind it is read. */
static size_t tail_matches(const uint8_t *s, size_t form)
{
	size_t length = forms[form].length;

	if (length == 1)
		return 1;
	if (s[1] < forms[form].second_low || s[1] > forms[form].second_high)
		return 0;
	for (size_t i = 2; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	return length;
}

/* Bytes of the well-formed sequence that s begins with, 0 if there is none. */
static size_t sequence_length(const uint8_t *s)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (s[0] >= forms[i].first && s[0] <= forms[i].last)
			return tail_matches(s, i);
	}
	return 0;
}

size_t utf8_control(const char *text)
{
	const uint8_t *s = (const uint8_t *)text;

	if ((s[0] && s[0] < 0x20) || s[0] == 0x7f)
		return 1;
	return s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0 ? 2 : 0;
}

static bool continues(char byte)
{
	return ((uint8_t)byte & 0xc0) == 0x80;
}

size_t utf8_fit(const char *text, size_t size)
{
	size_t n = strnlen(text, size + 1);

	if (n <= size)
		return n;
	/* No character is longer than four bytes. */
	for (n = size; n && size - n < 4; n--) {
		if (!continues(text[n]))
			return n;
	}
	return size;
}

size_t utf8_count(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += !continues(*text);
	return n;
}

char *utf8_repair(const char *text)
{
	size_t size = strlen(text) * (sizeof(replacement) - 1) + 1;
	char *repaired = malloc(size), *out = repaired;

	if (!repaired)
		return NULL;
	while (*text) {
		size_t n = sequence_length((const uint8_t *)text);

		if (n) {
			memcpy(out, text, n);
			text += n;
			out += n;
		} else {
			memcpy(out, replacement, sizeof(replacement) - 1);
			text++;
			out += sizeof(replacement) - 1;
		}
	}
	*out = '\0';
	return repaired;
}
