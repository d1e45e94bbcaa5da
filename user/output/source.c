// SPDX-License-Identifier: BSD-2-Clause
#include "output/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/utf8.h"

#define FILE_SIZE_MAX (16 << 20)
#define LINE_SIZE_MAX 4096

static bool names_source(const char *file)
{
	size_t n = strlen(file);

	return file[0] == '/' && n > 3 && strcmp(file + n - 3, ".go") == 0;
}

/* Nothing but a regular file is waited for, and none becomes the terminal. */
static int open_source(const char *file, FILE **stream)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY), err = 0;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode) || st.st_size > FILE_SIZE_MAX)
		err = -EINVAL;
	*stream = err ? NULL : fdopen(fd, "r");
	if (*stream)
		return 0;
	if (!err)
		err = -errno;
	close(fd);
	return err;
}

/* The line's beginning, the rest is skipped. A file that grows meanwhile has no more lines. */
static int read_line(FILE *stream, int line, char bytes[LINE_SIZE_MAX])
{
	size_t n = 0;
	int at = 1;

	for (long read = 0; at <= line && read < FILE_SIZE_MAX; read++) {
		int c = getc(stream);

		if (c == EOF)
			break;
		if (c == '\n')
			at++;
		else if (at == line && n + 1 < LINE_SIZE_MAX)
			bytes[n++] = (char)(c ? c : '?');
	}
	bytes[n] = '\0';
	return n ? 0 : -ENOENT;
}

/* C0 and C1 control characters, the latter as UTF-8 has them; well-formed UTF-8 stays. */
static void defuse(char *text)
{
	for (; *text; text++) {
		size_t control = utf8_control(text);

		if (*text == '\t')
			*text = ' ';
		else if (control)
			memset(text, '?', control);
	}
}

static char *trim(char *text)
{
	size_t n;

	text += strspn(text, " \t\r");
	n = strlen(text);
	while (n > 0 && strchr(" \t\r", text[n - 1]))
		n--;
	text[n] = '\0';
	return text;
}

/* Not within a character: one that is cut would be none. */
static void copy_cut(char *text, size_t size, const char *from)
{
	size_t n = strlen(from);

	if (n >= size) {
		n = size - 1;
		while (n > 0 && ((unsigned char)from[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(text, from, n);
	text[n] = '\0';
}

int source_clean(const char *from, char *text, size_t size)
{
	char *repaired = utf8_repair(from);

	if (!repaired)
		return -ENOMEM;
	defuse(repaired);
	copy_cut(text, size, repaired);
	free(repaired);
	return 0;
}

int source_line(const char *file, int line, char *text, size_t size)
{
	char bytes[LINE_SIZE_MAX], *trimmed;
	FILE *stream = NULL;
	int err;

	if (!names_source(file) || line < 1 || size == 0)
		return -EINVAL;
	err = open_source(file, &stream);
	if (err)
		return err;
	err = read_line(stream, line, bytes);
	if (fclose(stream) && !err)
		err = -errno;
	if (err)
		return err;
	trimmed = trim(bytes);
	return *trimmed ? source_clean(trimmed, text, size) : -ENOENT;
}

int source_quote(void *ctx, const char *file, int line, char *text, size_t size)
{
	(void)ctx;
	return source_line(file, line, text, size);
}
