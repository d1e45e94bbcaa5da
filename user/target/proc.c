// SPDX-License-Identifier: BSD-2-Clause
#include "target/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* include/linux/sched.h; procps and systemd tell kernel threads by it as well. */
#define PF_KTHREAD 0x00200000

#define NSEC_PER_SEC 1000000000u

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool proc_take_number(const char **text, unsigned int base, char end, uint64_t *out)
{
	const char *p = *text;
	uint64_t value = 0;
	int digit = digit_value(*p);

	for (; digit >= 0 && digit < (int)base; digit = digit_value(*++p)) {
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)digit, &value))
			return false;
	}
	if (p == *text || *p != end)
		return false;
	*text = end ? p + 1 : p;
	*out = value;
	return true;
}

/* Step over this many fields, each of which ends in one space. */
static bool skip_fields(const char **text, unsigned int count)
{
	while (count--) {
		const char *space = strchr(*text, ' ');

		if (!space || space == *text)
			return false;
		*text = space + 1;
	}
	return true;
}

int proc_parse_stat(const char *text, struct proc_stat *out)
{
	/* The name in field 2 may hold anything, also ") R 1"; what follows the last ')' is
	 * numbers. */
	const char *p = strrchr(text, ')');
	uint64_t flags;

	if (!p || p[1] != ' ' || !p[2] || p[3] != ' ')
		return -EINVAL;
	out->state = p[2];
	p += 4;
	if (!skip_fields(&p, 9 - 4) || !proc_take_number(&p, 10, ' ', &flags))
		return -EINVAL;
	if (!skip_fields(&p, 22 - 10) || !proc_take_number(&p, 10, ' ', &out->start_time))
		return -EINVAL;
	if (!proc_take_number(&p, 10, ' ', &out->memory))
		return -EINVAL;
	if (!skip_fields(&p, 26 - 24) || !proc_take_number(&p, 10, ' ', &out->start_code) ||
	    !proc_take_number(&p, 10, ' ', &out->end_code) ||
	    !proc_take_number(&p, 10, ' ', &out->start_stack))
		return -EINVAL;
	out->kernel_thread = flags & PF_KTHREAD;
	return 0;
}

/* The first size - 1 bytes of a file at most, NUL behind them. 0 or a negative errno. */
static int read_head(int proc_fd, const char *name, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n = 0;
	int fd = openat(proc_fd, name, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	while (used < size - 1) {
		n = read(fd, text + used, size - 1 - used);
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	if (n < 0)
		err = -errno;
	text[used] = '\0';
	close(fd);
	return err;
}

int proc_read_stat(int proc_fd, struct proc_stat *out)
{
	char text[4096];
	int err = read_head(proc_fd, "stat", text, sizeof(text));

	if (err == -ENOENT)
		return -ESRCH;
	return err ? err : proc_parse_stat(text, out);
}

/* stat tells ticks of USER_HZ, rounded down (nsec_to_clock_t in kernel/time/time.c). */
bool proc_began_at(const struct proc_stat *stat, uint64_t start_ns)
{
	const uint64_t ticks = (uint64_t)sysconf(_SC_CLK_TCK);

	return stat->start_time == start_ns / (NSEC_PER_SEC / ticks);
}

int proc_parse_status(const char *text, const char *key, uint64_t *out)
{
	size_t length = strlen(key);
	const char *p = text;

	while (strncmp(p, key, length) != 0) {
		p = strchr(p, '\n');
		if (!p++)
			return -EINVAL;
	}
	p += length;
	p += strspn(p, " \t");
	if (proc_take_number(&p, 10, '\n', out) || proc_take_number(&p, 10, '\t', out))
		return 0;
	return -EINVAL;
}

int proc_read_status(int proc_fd, const char *key, uint64_t *out)
{
	char text[4096];
	int err = read_head(proc_fd, "status", text, sizeof(text));

	if (err == -ENOENT)
		return -ESRCH;
	return err ? err : proc_parse_status(text, key, out);
}
