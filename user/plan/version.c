// SPDX-License-Identifier: BSD-2-Clause
#include "plan/version.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "gobin/release.h"

int version_check(struct gobin_version version, const char *text, struct reason *why)
{
	const struct release *first = release_first_traced();
	const struct release *last = release_last();
	char word[32];

	if (version.major == 1 && version.minor >= first->minor && version.minor <= last->minor)
		return 0;
	version_word(text, word, sizeof(word));
	if (version.major < 1 || (version.major == 1 && version.minor < first->minor))
		return reason_set(why, -ENOTSUP, "%s is too old: slicestat needs Go 1.%d or newer",
				  word, first->minor);
	return reason_set(why, -ENOTSUP,
			  "%s is newer than this slicestat knows (1.%d to 1.%d); update slicestat",
			  word, first->minor, last->minor);
}

/* "go1.24.4 X:a,b", since Go 1.26 "go1.26.1-X:a,b". NULL: none. */
static const char *experiments(const char *text)
{
	const char *list = strstr(text, "X:");

	return list && list != text && strchr(" -", list[-1]) ? list + strlen("X:") : NULL;
}

static bool has_experiment(const char *text, const char *name)
{
	const size_t len = strlen(name);

	for (const char *at = experiments(text); at; at = strchr(at, ',')) {
		at += *at == ',';
		if (strncmp(at, name, len) == 0 && !isalnum((unsigned char)at[len]))
			return true;
	}
	return false;
}

bool version_has_headers(struct gobin_version version, const char *text)
{
	return release_of(version.minor)->headers && !has_experiment(text, "noallocheaders");
}

void version_word(const char *text, char *buf, size_t size)
{
	size_t n = 0;

	while (n + 1 < size && text[n] && strncmp(text + n, "-X:", 3) != 0 &&
	       (isalnum((unsigned char)text[n]) || strchr(".-+", text[n])))
		n++;
	memcpy(buf, text, n);
	buf[n] = '\0';
}
