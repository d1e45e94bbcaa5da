// SPDX-License-Identifier: BSD-2-Clause
#include "cli/config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* No such file is longer. */
#define CONFIG_MAX ((size_t)65536)

static ssize_t read_all(int fd, char *text, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, text + done, size - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)done;
}

/* What is written there is done with our rights. */
static bool others_write(const struct stat *st)
{
	return st->st_mode & S_IWOTH || (st->st_mode & S_IWGRP && st->st_gid != 0) ||
	       (st->st_uid != 0 && st->st_uid != geteuid());
}

static int read_text(int fd, const char *path, char *bytes, struct reason *why)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return reason_set(why, -EINVAL, "%.150s is no regular file", path);
	if (others_write(&st))
		return reason_set(why, -EPERM, "%.150s can be changed by others: chmod go-w, chown",
				  path);
	n = read_all(fd, bytes, CONFIG_MAX);
	if (n < 0)
		return reason_set(why, (int)n, "cannot read %.150s: %s", path, strerror((int)-n));
	if ((size_t)n == CONFIG_MAX || memchr(bytes, '\0', (size_t)n))
		return reason_set(why, -EINVAL, "%.150s is no configuration: %s", path,
				  (size_t)n == CONFIG_MAX ? "64 KiB or more" : "it has NUL bytes");
	return 0;
}

int config_read(const char *path, char **text, struct reason *why)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), err;
	char *bytes;

	if (fd < 0)
		return reason_set(why, -errno, "cannot read %.150s: %s", path, strerror(errno));
	bytes = calloc(1, CONFIG_MAX + 1);
	err = bytes ? read_text(fd, path, bytes, why) : reason_set(why, -ENOMEM, "out of memory");
	close(fd);
	if (err)
		free(bytes);
	else
		*text = bytes;
	return err;
}

static char *trim(char *text)
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	n = strlen(text);
	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	text[n] = '\0';
	return text;
}

int config_next(char **at, struct config_line *line)
{
	char *text, *equals;

	do {
		text = strsep(at, "\n");
		if (!text)
			return 0;
		line->number++;
		text = trim(text);
	} while (!*text || *text == '#');
	equals = strchr(text, '=');
	line->value = equals ? trim(equals + 1) : NULL;
	if (equals)
		*equals = '\0';
	line->name = trim(text);
	return 1;
}

static const struct argp_option *find(const struct argp_option *const *tables, const char *name)
{
	for (; *tables; tables++)
		for (const struct argp_option *o = *tables; o->name || o->doc || o->key; o++)
			if (o->name && !strcmp(o->name, name))
				return o;
	return NULL;
}

const struct argp_option *config_option(const struct argp_option *const *tables,
					const struct config_line *line, const char *path,
					struct reason *why)
{
	const struct argp_option *o = find(tables, line->name);

	if (o && !o->arg == !(line->value && line->value[0]))
		return o;
	if (!o)
		reason_set(why, -EINVAL, "%.100s:%u: there is no option '%.60s'", path,
			   line->number, line->name);
	else
		reason_set(why, -EINVAL, "%.100s:%u: '%.60s' takes %s", path, line->number,
			   line->name, o->arg ? "a value: name = value" : "no value");
	return NULL;
}
