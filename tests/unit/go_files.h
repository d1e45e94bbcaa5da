/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real Go executables that tests read: SLICESTAT_GO_BINARIES, paths separated by colons. To be
 * included behind cmocka.h.
 */
#ifndef SS_TESTS_GO_FILES_H
#define SS_TESTS_GO_FILES_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GO_FILES_VARIABLE "SLICESTAT_GO_BINARIES"

typedef void (*go_file_fn)(const char *path, int fd);

/* Call fn for each file. No files is a failure: a test must not pass because it saw none. */
static inline void each_go_file(go_file_fn fn)
{
	const char *list = getenv(GO_FILES_VARIABLE);
	unsigned int n = 0;
	char *copy, *path, *rest;

	if (!list || !*list)
		fail_msg("%s names no Go executables", GO_FILES_VARIABLE);
	copy = strdup(list ? list : "");
	assert_non_null(copy);
	for (path = strtok_r(copy, ":", &rest); path; path = strtok_r(NULL, ":", &rest)) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			fail_msg("cannot open %s", path);
		fn(path, fd);
		close(fd);
		n++;
	}
	free(copy);
	assert_int_not_equal(n, 0);
}

/*
 * Opens the same program as the stripped one at path, but not stripped; its path, to be freed, is
 * in *pair. -1 where path is not stripped.
 */
static inline int open_go_pair(const char *path, char **pair)
{
	/* Directories of build-targets.sh. */
	static const char *const forms[][2] = {
		{"/stripped/", "/default/"},
		{"/pie-stripped/", "/pie/"},
	};
	int fd;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *dir = strstr(path, forms[i][0]);

		if (!dir)
			continue;
		assert_true(asprintf(pair, "%.*s%s%s", (int)(dir - path), path, forms[i][1],
				     dir + strlen(forms[i][0])) > 0);
		fd = open(*pair, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			fail_msg("cannot open %s, the pair of %s", *pair, path);
		return fd;
	}
	return -1;
}

#endif
