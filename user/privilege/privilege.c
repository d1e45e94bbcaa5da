// SPDX-License-Identifier: BSD-2-Clause
#include "privilege/privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

int privilege_refuse_setuid(struct reason *why)
{
	if (getuid() == geteuid() && getgid() == getegid())
		return 0;
	return reason_set(
		why, -EPERM,
		"refused: setuid or setgid would give these rights to everybody; run it as "
		"root, or with CAP_BPF and CAP_PERFMON");
}

static bool has(cap_t caps, cap_value_t cap)
{
	cap_flag_value_t set = CAP_CLEAR;

	return !cap_get_flag(caps, cap, CAP_PERMITTED, &set) && set == CAP_SET;
}

/* Permitted and in effect, where it is permitted. */
static int keep(cap_t from, cap_t to, cap_value_t cap)
{
	if (!has(from, cap))
		return 0;
	return cap_set_flag(to, CAP_PERMITTED, 1, &cap, CAP_SET) ||
			       cap_set_flag(to, CAP_EFFECTIVE, 1, &cap, CAP_SET)
		       ? -errno
		       : 0;
}

static int choose(cap_t from, cap_t to, const struct privilege_needs *needs)
{
	const bool admin = needs->perf_events || !has(from, CAP_BPF) || !has(from, CAP_PERFMON);
	const struct {
		cap_value_t cap;
		bool needed;
	} rows[] = {
		{CAP_BPF, true},
		{CAP_PERFMON, true},
		{CAP_SYS_ADMIN, admin},
		{CAP_SYS_PTRACE, needs->find_targets},
		{CAP_DAC_READ_SEARCH, needs->find_targets || needs->read_sources},
		{CAP_DAC_OVERRIDE, needs->write_files},
		{CAP_LEASE, needs->lease_files},
		{CAP_SYS_NICE, needs->raise_limits},
		{CAP_SYS_RESOURCE, needs->raise_limits},
		{CAP_KILL, needs->signal},
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !err; i++)
		err = rows[i].needed ? keep(from, to, rows[i].cap) : 0;
	return err;
}

int privilege_narrow(const struct privilege_needs *needs, struct reason *why)
{
	cap_t from = cap_get_proc(), to = cap_init();
	int err = from && to ? choose(from, to, needs) : -ENOMEM;
	const bool keeps_all = !err && needs->find_targets && !has(from, CAP_SYS_PTRACE);

	if (!err && !keeps_all && cap_set_proc(to))
		err = -errno;
	if (!err && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err = -errno;
	cap_free(to);
	cap_free(from);
	return err ? reason_set(why, err, "cannot give up capabilities: %s", strerror(-err)) : 0;
}

int privilege_drop_thread(void)
{
	cap_t none = cap_init();
	int err = !none ? -ENOMEM : cap_set_proc(none) ? -errno : 0;

	cap_free(none);
	return err;
}

bool privilege_needed_to_write(const char *directory)
{
	cap_t all = cap_get_proc(), none = all ? cap_dup(all) : NULL;
	bool needed = false;

	if (none && !cap_clear_flag(none, CAP_EFFECTIVE) && !cap_set_proc(none)) {
		needed = faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) != 0;
		/* What was in effect may be again, as long as it is permitted. */
		(void)cap_set_proc(all);
	}
	cap_free(none);
	cap_free(all);
	return needed;
}

void privilege_describe(char *buf, size_t size)
{
	cap_t caps = cap_get_proc();
	char *text = caps ? cap_to_text(caps, NULL) : NULL;

	snprintf(buf, size, "%s", text ? text : "?");
	cap_free(text);
	cap_free(caps);
}
