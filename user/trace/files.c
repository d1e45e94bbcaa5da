// SPDX-License-Identifier: BSD-2-Clause
#include "trace/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/drain.h"
#include "trace/executables.h"
#include "trace/libraries.h"
#include "log/log.h"
#include "target/file_lease.h"

/*
 * Executables that nobody runs, of a run that lasts for weeks: each takes a process, which has read
 * some MiB, and what its container has mounted. What is forgotten is in `other`.
 */
#define UNUSED_MAX 8

/* Of an executable, by its number. */
struct file {
	uint64_t since;	 /* files that came before it */
	uint64_t probed; /* follow_probed_inode; 0: not asked for, or what was read may not hold */
	bool followed;
	bool leased;
};

struct trace_files {
	struct trace *trace;
	struct trace_known *known;
	struct follow *kernel;
	struct file files[SS_EXECUTABLES_MAX];
	uint64_t came;
	uint32_t nfollowed;
	int leases; /* readable when a file is to be written into */
};

int trace_files_new(struct trace *trace, struct trace_files **out, struct reason *why)
{
	struct trace_files *f = calloc(1, sizeof(*f));

	if (!f)
		return reason_set(why, -ENOMEM, "out of memory");
	f->trace = trace;
	f->leases = file_lease_signals();
	if (f->leases < 0) {
		int err = f->leases;

		free(f);
		return reason_set(why, err, "cannot take signals: %s", strerror(-err));
	}
	*out = f;
	return 0;
}

void trace_files_free(struct trace_files *f)
{
	if (!f)
		return;
	close(f->leases);
	free(f);
}

void trace_files_use(struct trace_files *f, struct trace_known *known, struct follow *kernel)
{
	f->known = known;
	f->kernel = kernel;
}

static struct file *file_of(struct trace_files *f, const struct executable *exe)
{
	return &f->files[trace_exe_number(f->trace, exe)];
}

/*
 * Take its probes off. Where nothing keeps it from being written into, what was read of it may not
 * hold any more when it comes again.
 */
static void unfollow(struct trace_files *f, uint32_t number)
{
	struct executable *exe = f->trace->exes[number];
	struct file *file = &f->files[number];

	if (file->followed) {
		follow_forget(f->kernel, exe->fd);
		f->nfollowed--;
	}
	file->followed = false;
	session_drop(f->trace->session, number);
	if (!file->leased) {
		executable_retire(exe);
		file->probed = 0;
	}
}

static void forget(struct trace_files *f, uint32_t number)
{
	unfollow(f, number);
	/* Whoever reads it for us may have it open still. */
	if (f->files[number].leased)
		file_lease_give_up(f->trace->exes[number]->fd);
	trace_known_forget_executable(f->known, number);
	f->files[number] = (struct file){0};
}

/* The file that came first of those that nobody runs any more. False: all are run. */
static bool oldest(const struct trace_files *f, bool followed, uint32_t *number)
{
	const struct trace *trace = f->trace;
	bool found = false;

	for (uint32_t i = 0; i < trace->nexes; i++) {
		if (!trace->exes[i] || (followed && !f->files[i].followed) ||
		    trace_known_has_processes(f->known, i))
			continue;
		if (!found || f->files[i].since < f->files[*number].since)
			*number = i;
		found = true;
	}
	return found;
}

static bool has_number(const struct trace *trace)
{
	return trace_free_exe_number(trace) < trace->exe_room;
}

/* Its number may become another file's only when nobody can come by it any more. */
static int forget_unused(struct trace_files *f, uint32_t number, struct reason *why)
{
	int err;

	unfollow(f, number);
	err = trace_drain_all(f->trace, why);
	if (!err && !trace_known_has_processes(f->known, number))
		forget(f, number);
	return err;
}

static size_t count_unused(const struct trace_files *f)
{
	size_t n = 0;

	for (uint32_t i = 0; i < f->trace->nexes; i++)
		n += f->trace->exes[i] && !trace_known_has_processes(f->known, i);
	return n;
}

int trace_files_trim(struct trace_files *f, struct reason *why)
{
	uint32_t number;
	int err = 0, n = 0;

	if (!options_served(f->trace->opts))
		return 0;
	for (; !err && count_unused(f) > UNUSED_MAX && oldest(f, false, &number); n++)
		err = forget_unused(f, number, why);
	return err ? err : n;
}

static int make_room(struct trace_files *f, struct reason *why)
{
	const bool numbers = has_number(f->trace), probes = f->nfollowed < SS_FOLLOWED_MAX;
	uint32_t number = 0;
	int err;

	if (numbers && probes)
		return 0;
	err = trace_drain_all(f->trace, why);
	if (err)
		return err;
	if (!probes) {
		if (!oldest(f, true, &number))
			return reason_set(why, -E2BIG, "%d other versions of it run",
					  SS_FOLLOWED_MAX);
		unfollow(f, number);
	}
	if (!numbers && oldest(f, false, &number))
		err = forget_unused(f, number, why);
	if (!err && !has_number(f->trace))
		err = reason_set(why, -E2BIG, "%d versions of it are known and run",
				 SS_EXECUTABLES_MAX);
	return err;
}

/*
 * Probes would go into whatever is written into the file. The lease is taken before the file is
 * read, so that it stays what is planned for. Where it cannot be had, the user must know what not
 * to do.
 */
static int lease_file(int fd, const char *path, bool *leased, struct reason *why)
{
	int err = file_lease_take(fd);

	*leased = !err;
	if (err == -EAGAIN)
		return reason_set(why, err, "it is being written");
	if (err)
		log_warn("nothing can keep %s from being written into (%s), and then probes would "
			 "damage its next processes: replace it by renaming only",
			 path, strerror(-err));
	return 0;
}

int trace_files_plan(struct trace_files *f, int fd, struct executable **exe, struct reason *why)
{
	struct trace *trace = f->trace;
	const char *path = trace->opts->exe;
	bool leased = false;
	int err = lease_file(fd, path, &leased, why);

	if (!err)
		err = trace_executable(trace, fd, path, exe, why);
	if (!err) {
		file_of(f, *exe)->leased = leased;
		err = trace_plan(trace, *exe, why);
	}
	if (err) {
		struct reason cause = *why;

		reason_set(why, err, "%.200s: %s", path, cause.text);
	}
	return err;
}

int trace_files_attach(struct trace_files *f, struct executable *exe, struct reason *why)
{
	const struct session_target target = {
		.id = trace_exe_number(f->trace, exe),
		.pid = SESSION_ANY_PROCESS,
		.exe_fd = exe->fd,
		.bias = -parsed_info(exe->parsed)->code_start,
		.callers = exe->callers,
		.scope = exe->scope,
	};
	struct file *file = file_of(f, exe);
	struct reason refused;
	int err = session_attach(f->trace->session, &target, &exe->plan, &refused, why);

	if (err)
		return err;
	if (refused.text[0])
		log_warn("%s: left out: %s", exe->path, refused.text);
	err = follow_file(f->kernel, exe->fd, target.id);
	if (err)
		return reason_set(why, err, "cannot follow %s: %s", exe->path, strerror(-err));
	libraries_warn_file(exe->path, parsed_info(exe->parsed));
	file->since = f->came++;
	file->followed = true;
	f->nfollowed++;
	return 0;
}

/*
 * Containers of an image have a file each, which are one: that of the layer below, which probes are
 * on. 0 or a negative errno with why set.
 */
static int ask_probed(struct trace_files *f, int fd, uint64_t *probed, struct reason *why)
{
	int err = f->trace->opts->containers ? follow_probed_inode(f->kernel, fd, probed) : 0;

	return err ? reason_set(why, err, "cannot tell which file it is: %s", strerror(-err)) : 0;
}

static struct executable *find_probed(const struct trace_files *f, uint64_t probed)
{
	for (uint32_t i = 0; i < f->trace->nexes; i++)
		if (f->trace->exes[i] && f->files[i].probed == probed)
			return f->trace->exes[i];
	return NULL;
}

static struct executable *find(const struct trace_files *f, int fd, uint64_t probed)
{
	return probed ? find_probed(f, probed) : trace_find_executable(f->trace, fd);
}

/* A file keeps its number when an overlay makes a copy of it, to be written into. */
static void retire_copied(const struct trace_files *f, int fd)
{
	struct executable *old = trace_find_executable(f->trace, fd);

	if (old)
		executable_retire(old);
}

/* What fails leaves nothing behind. */
static int follow_new_file(struct trace_files *f, int fd, uint64_t probed, struct executable **exe,
			   struct reason *why)
{
	int err = make_room(f, why);

	/* Room may have been made of it. */
	*exe = find(f, fd, probed);
	if (!*exe)
		retire_copied(f, fd);
	if (!err && !*exe)
		err = trace_files_plan(f, fd, exe, why);
	if (!err)
		err = trace_files_attach(f, *exe, why);
	if (!err)
		file_of(f, *exe)->probed = probed;
	else if (*exe)
		forget(f, trace_exe_number(f->trace, *exe));
	return err;
}

int trace_files_follow(struct trace_files *f, int fd, struct executable **exe, struct reason *why)
{
	uint64_t probed = 0;
	int err = ask_probed(f, fd, &probed, why);

	*exe = err ? NULL : find(f, fd, probed);
	if (err)
		return err;
	if (*exe && file_of(f, *exe)->followed) {
		file_of(f, *exe)->since = f->came++;
		*exe = NULL;
		return 0;
	}
	return follow_new_file(f, fd, probed, exe, why);
}

bool trace_files_check(struct trace_files *f)
{
	bool changed = false;

	for (uint32_t i = 0; i < f->trace->nexes; i++) {
		const struct file *file = &f->files[i];
		uint64_t now = 0;

		if (!file->followed || !file->probed)
			continue;
		if (!follow_probed_inode(f->kernel, f->trace->exes[i]->fd, &now) &&
		    now == file->probed)
			continue;
		log_debug("%s was written into in its container", f->trace->exes[i]->path);
		unfollow(f, i);
		changed = true;
	}
	return changed;
}

/*
 * The writer waits. What the file did is drained while it can still be read, and its rows go, for
 * their names can be asked for no more. Nobody runs it: who writes into a program that runs is
 * refused by the kernel (ETXTBSY), but for layers under an overlay.
 */
static int give_up(struct trace_files *f, uint32_t number, struct reason *why)
{
	struct executable *exe = f->trace->exes[number];
	int err;

	log_warn("%s is being written into: what its processes did is in `other` now", exe->path);
	f->files[number].leased = false;
	unfollow(f, number);
	err = trace_drain_all(f->trace, why);
	file_lease_give_up(exe->fd);
	if (!err && !trace_known_has_processes(f->known, number))
		forget(f, number);
	return err;
}

int trace_files_leases_fd(const struct trace_files *f)
{
	return f->leases;
}

int trace_files_leases(struct trace_files *f, struct reason *why)
{
	struct trace *trace = f->trace;
	int err = 0;

	file_lease_heard(f->leases);
	for (uint32_t i = 0; i < trace->nexes && !err; i++)
		if (trace->exes[i] && f->files[i].leased &&
		    file_lease_is_wanted(trace->exes[i]->fd))
			err = give_up(f, i, why);
	return err;
}
