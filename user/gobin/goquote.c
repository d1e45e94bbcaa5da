// SPDX-License-Identifier: BSD-2-Clause
#include "gobin/goquote.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define RUNE_SELF     0x80
#define SURROGATE_MIN 0xd800
#define SURROGATE_MAX 0xdfff
#define RUNE_MAX      0x10ffff
#define ESCAPE_MAX    16

struct rune_range {
	uint32_t first, last;
};

/* strconv.IsPrint holds for all of these in Go 1.21 to 1.27: what is left out is rare or changes.
 */
static const struct rune_range printable[] = {
	{0xa1, 0xac},	    {0xae, 0x377},	{0x3a3, 0x52f},	    {0x10d0, 0x1248},
	{0x1d00, 0x1f15},   {0x2010, 0x2027},	{0x2030, 0x205e},   {0x2190, 0x2426},
	{0x2460, 0x2b73},   {0x3001, 0x303f},	{0x3041, 0x3096},   {0x3099, 0x30ff},
	{0x3220, 0xa48c},   {0xac00, 0xd7a3},	{0xff01, 0xffbe},   {0xfffd, 0xfffd},
	{0x1f300, 0x1f6d7}, {0x1f900, 0x1fa53}, {0x20000, 0x2a6df},
};

static bool is_printable(uint32_t rune)
{
	for (size_t i = 0; i < sizeof(printable) / sizeof(printable[0]); i++)
		if (rune >= printable[i].first && rune <= printable[i].last)
			return true;
	return false;
}

/* Bytes of the character that begins with this byte; 1 for those that begin none. */
static size_t utf8_len(uint8_t first)
{
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 1;
}

/* Bytes of the first character, or 0 where it is invalid. */
static size_t decode(const uint8_t *bytes, size_t n, uint32_t *rune)
{
	static const uint32_t least[] = {[2] = 0x80, [3] = 0x800, [4] = 0x10000};
	const size_t len = utf8_len(bytes[0]);

	if (len == 1 || len > n)
		return 0;
	*rune = bytes[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*rune = *rune << 6 | (bytes[i] & 0x3f);
	}
	if (*rune < least[len] || *rune > RUNE_MAX ||
	    (*rune >= SURROGATE_MIN && *rune <= SURROGATE_MAX))
		return 0;
	return len;
}

static void put_hex(struct cuttext *text, uint8_t byte)
{
	char escape[ESCAPE_MAX];

	snprintf(escape, sizeof(escape), "\\x%02x", byte);
	cuttext_put_string(text, escape);
}

static void put_ascii(struct cuttext *text, uint8_t byte)
{
	static const char codes[] = "\a\b\f\n\r\t\v\"\\";
	static const char names[] = "abfnrtv\"\\";
	const char *code = byte ? strchr(codes, byte) : NULL;

	if (code) {
		const char escape[] = {'\\', names[code - codes]};

		cuttext_put(text, escape, sizeof(escape));
	} else if (byte < ' ' || byte == 0x7f) {
		put_hex(text, byte);
	} else {
		cuttext_put(text, (const char *)&byte, 1);
	}
}

int goquote_put(struct cuttext *text, const uint8_t *bytes, size_t n)
{
	uint32_t rune;
	size_t len;

	if (bytes[0] < RUNE_SELF) {
		put_ascii(text, bytes[0]);
		return 1;
	}
	len = decode(bytes, n, &rune);
	if (len == 0) {
		put_hex(text, bytes[0]);
		return 1;
	}
	if (!is_printable(rune))
		return -ENOENT;
	cuttext_put(text, (const char *)bytes, len);
	return (int)len;
}
