// SPDX-License-Identifier: BSD-2-Clause
#include "trace/refused.h"

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Its index, or REFUSED_MAX. */
static size_t find(const struct refused *r, const struct stat *st)
{
	size_t i = 0;

	while (i < REFUSED_MAX &&
	       !(r->files[i].until_s > 0 && r->files[i].inode == st->st_ino &&
		 r->files[i].size == st->st_size && same_time(&r->files[i].mtime, &st->st_mtim) &&
		 same_time(&r->files[i].ctime, &st->st_ctim)))
		i++;
	return i;
}

bool refused_is(const struct refused *r, const struct stat *st, double now_s)
{
	const size_t i = find(r, st);

	return i < REFUSED_MAX && now_s < r->files[i].until_s;
}

bool refused_add(struct refused *r, const struct stat *st, double until_s)
{
	const size_t known = find(r, st);

	if (known < REFUSED_MAX) {
		r->files[known].until_s = until_s;
		return false;
	}
	r->files[r->next] = (struct refused_file){.inode = st->st_ino,
						  .size = st->st_size,
						  .mtime = st->st_mtim,
						  .ctime = st->st_ctim,
						  .until_s = until_s};
	r->next = (r->next + 1) % REFUSED_MAX;
	return true;
}
