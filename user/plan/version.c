// SPDX-License-Identifier: BSD-2-Clause
#include "plan/version.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

/*
 * Ranges of versions by what the runtime's functions take and return in ABIInternal
 * (src/runtime/slice.go of each):
 *
 * 1.21 to 1.27: growslice(oldPtr, newLen, oldCap, num, et) gives (ptr, newLen, newcap),
 * makeslice(et, len, cap) gives ptr. Up to 1.19 growslice gave back the old length.
 */
static const struct known_go {
	int major;
	int first_minor;
	int last_minor;
} known_go[] = {
	{1, 21, 27},
};

#define KNOWN_GO (sizeof(known_go) / sizeof(known_go[0]))

static bool is_before(struct gobin_version version, const struct known_go *known)
{
	if (version.major != known->major)
		return version.major < known->major;
	return version.minor < known->first_minor;
}

static bool is_known(struct gobin_version version, const struct known_go *known)
{
	return version.major == known->major && version.minor >= known->first_minor &&
	       version.minor <= known->last_minor;
}

int version_check(struct gobin_version version, const char *text, struct reason *why)
{
	const struct known_go *first = &known_go[0];
	const struct known_go *last = &known_go[KNOWN_GO - 1];
	char word[32];

	for (size_t i = 0; i < KNOWN_GO; i++)
		if (is_known(version, &known_go[i]))
			return 0;
	version_word(text, word, sizeof(word));
	if (is_before(version, first))
		return reason_set(why, -ENOTSUP, "%s is too old: slicestat needs Go %d.%d or newer",
				  word, first->major, first->first_minor);
	return reason_set(
		why, -ENOTSUP,
		"%s is newer than this slicestat knows (%d.%d to %d.%d); update slicestat", word,
		first->major, first->first_minor, last->major, last->last_minor);
}

void version_word(const char *text, char *buf, size_t size)
{
	size_t n = 0;

	while (n + 1 < size && text[n] &&
	       (isalnum((unsigned char)text[n]) || strchr(".-+", text[n])))
		n++;
	memcpy(buf, text, n);
	buf[n] = '\0';
}
