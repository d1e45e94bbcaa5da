// SPDX-License-Identifier: BSD-2-Clause
#include "trace/executables.h"

#include <errno.h>

#include "trace/open.h"

struct executable *trace_find_executable(const struct trace *trace, int fd)
{
	for (size_t i = 0; i < trace->nexes; i++)
		if (trace->exes[i] && executable_is(trace->exes[i], fd))
			return trace->exes[i];
	return NULL;
}

uint32_t trace_exe_number(const struct trace *trace, const struct executable *exe)
{
	uint32_t i = 0;

	while (trace->exes[i] != exe)
		i++;
	return i;
}

size_t trace_free_exe_number(const struct trace *trace)
{
	size_t i = 0;

	while (i < trace->nexes && trace->exes[i])
		i++;
	return i;
}

int trace_executable(struct trace *trace, int fd, const char *path, struct executable **out,
		     struct reason *why)
{
	const size_t number = trace_free_exe_number(trace);
	int err;

	*out = trace_find_executable(trace, fd);
	if (*out)
		return 0;
	if (number == trace->exe_room)
		return reason_set(why, -E2BIG, "%zu executables are traced already",
				  trace->exe_room);
	err = executable_open(trace->parser, fd, path, out, why);
	if (err)
		return err;
	trace->exes[number] = *out;
	if (number == trace->nexes)
		trace->nexes++;
	return 0;
}

int trace_plan(struct trace *trace, struct executable *exe, struct reason *why)
{
	const struct symbols_skip skip = {trace->opts->skip, trace->opts->nskip};
	int err = 0;

	if (!exe->plan.nsites)
		err = executable_plan(exe, &trace->opts->request, why);
	if (!err)
		trace_preload(trace, exe);
	if (!err && !exe->callers)
		err = executable_callers(exe, !options_scoped(trace->opts), &skip, why);
	if (!err && options_scoped(trace->opts) && !exe->scope)
		err = executable_scope(exe, &trace->opts->request, &trace->opts->scope, &skip, why);
	return err;
}
