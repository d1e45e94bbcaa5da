// SPDX-License-Identifier: BSD-2-Clause
#include "trace/executable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int executable_open(struct parser *parser, int fd, const char *path, struct executable **out,
		    struct reason *why)
{
	struct executable *exe = calloc(1, sizeof(*exe));
	struct stat st = {0};
	int err;

	if (!exe)
		return reason_set(why, -ENOMEM, "out of memory");
	exe->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	exe->path = strdup(path);
	if (!exe->path)
		err = reason_set(why, -ENOMEM, "out of memory");
	else if (exe->fd < 0 || fstat(exe->fd, &st))
		err = reason_set(why, -errno, "cannot keep the executable open: %s",
				 strerror(errno));
	else
		err = parsed_open(parser, exe->fd, &exe->parsed, why);
	if (err) {
		executable_free(exe);
		return err;
	}
	exe->dev = st.st_dev;
	exe->inode = st.st_ino;
	*out = exe;
	return 0;
}

bool executable_is(const struct executable *exe, int fd)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_dev == exe->dev && st.st_ino == exe->inode;
}

/* No file has that number: in a directory it stands for no entry. */
void executable_retire(struct executable *exe)
{
	exe->inode = 0;
}

int executable_plan(struct executable *exe, const struct plan_request *request, struct reason *why)
{
	return parsed_plan(exe->parsed, request, &exe->plan, why);
}

static int frames(void *ctx, uint64_t addr, struct gobin_frame *out, size_t max)
{
	return parsed_frames(ctx, addr, out, max);
}

static int type_at(void *ctx, const struct gobin_memory *memory, uint64_t addr,
		   struct gobin_type *out)
{
	return parsed_type_at(ctx, memory, addr, out);
}

static int type_name(void *ctx, const struct gobin_memory *memory, uint64_t addr, char *buf,
		     size_t size)
{
	return parsed_type_name(ctx, memory, addr, buf, size);
}

static int no_frames(void *ctx, uint64_t addr, struct gobin_frame *out, size_t max)
{
	(void)ctx, (void)addr, (void)out, (void)max;
	return -ENOENT;
}

static int no_type(void *ctx, const struct gobin_memory *memory, uint64_t addr,
		   struct gobin_type *out)
{
	(void)ctx, (void)memory, (void)addr, (void)out;
	return -ENOENT;
}

static int no_type_name(void *ctx, const struct gobin_memory *memory, uint64_t addr, char *buf,
			size_t size)
{
	(void)ctx, (void)memory, (void)addr, (void)buf, (void)size;
	return -ENOENT;
}

struct symbol_source executable_source(const struct executable *exe)
{
	const struct parsed_info *info;

	if (!exe->parsed)
		return (struct symbol_source){no_frames, no_type, no_type_name, NULL, 0, 0};
	info = parsed_info(exe->parsed);
	return (struct symbol_source){
		.frames = frames,
		.type_at = type_at,
		.type_name = type_name,
		.ctx = exe->parsed,
		.types_start = info->types_start,
		.types_end = info->types_end,
	};
}

int executable_callers(struct executable *exe, bool with_calls, const struct symbols_skip *skip,
		       struct reason *why)
{
	int err = parsed_callers(exe->parsed, with_calls, skip->patterns, skip->count,
				 &exe->callers, why);
	const struct symbol_source source = executable_source(exe);

	if (!err && symbols_new(&source, exe->callers, skip, &exe->symbols))
		err = reason_set(why, -ENOMEM, "out of memory");
	return err;
}

int executable_scope(struct executable *exe, const struct plan_request *request,
		     const struct plan_patterns *patterns, const struct symbols_skip *skip,
		     struct reason *why)
{
	return parsed_scope(exe->parsed, request, patterns, skip->patterns, skip->count,
			    &exe->scope, why);
}

int executable_lost(const char *path, uint64_t text, struct executable **out)
{
	static const struct symbols_skip nothing;
	struct executable *exe = calloc(1, sizeof(*exe));
	struct symbol_source source;

	if (!exe)
		return -ENOMEM;
	exe->fd = -1;
	exe->path = strdup(path);
	exe->callers = calloc(1, sizeof(*exe->callers));
	source = executable_source(exe);
	if (!exe->path || !exe->callers ||
	    symbols_new(&source, exe->callers, &nothing, &exe->symbols)) {
		executable_free(exe);
		return -ENOMEM;
	}
	exe->callers->text = text;
	*out = exe;
	return 0;
}

void executable_free(struct executable *exe)
{
	if (!exe)
		return;
	symbols_free(exe->symbols);
	plan_callers_free(exe->callers);
	plan_scope_free(exe->scope);
	parsed_free(exe->parsed);
	if (exe->fd >= 0)
		close(exe->fd);
	free(exe->path);
	free(exe);
}
