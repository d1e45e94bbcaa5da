// SPDX-License-Identifier: BSD-2-Clause
#include "symbol/stack.h"

#include <string.h>

/* Wrappers that call these are shown: elideWrapperCalling in Go's src/runtime/traceback.go. */
static bool is_panic(const char *func)
{
	return func && (!strcmp(func, "runtime.gopanic") || !strcmp(func, "runtime.sigpanic") ||
			!strcmp(func, "runtime.panicwrap"));
}

/*
 * The frames that are shown of one address, -1 where it is not Go's; *callee is what the innermost
 * of them called, then the last of them. sigpanic is called by no call, but by the kernel in the
 * place of the instruction that faulted.
 */
static int frames_at(const struct symbol_source *source, uint64_t addr, const char **callee,
		     struct stack_frame *frames, size_t max)
{
	bool faulted = *callee && !strcmp(*callee, "runtime.sigpanic");
	struct gobin_frame found[GOBIN_FRAMES_MAX];
	int n, kept = 0;

	addr -= faulted ? 0 : 1;
	n = source->frames(source->ctx, addr, found,
			   max < GOBIN_FRAMES_MAX ? max : GOBIN_FRAMES_MAX);
	if (n <= 0)
		return -1;
	for (int i = 0; i < n; i++) {
		bool hidden = found[i].wrapper && !is_panic(*callee);

		*callee = found[i].func;
		if (!hidden)
			frames[kept++] = (struct stack_frame){found[i], addr, true};
	}
	if (kept > 0)
		frames[kept - 1].inlined = false;
	return kept;
}

/* Where the site's own callers begin. */
static size_t first_caller(uint64_t site, const uint64_t *stack, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (stack[i] == site)
			return i + 1;
	return 1;
}

/* What called it is C code, which leaves no frame pointers that lead anywhere. */
static bool is_called_by_c(const char *func)
{
	return func && !strcmp(func, "runtime.cgocallback");
}

size_t stack_callers(const struct symbol_source *source, uint64_t site, const uint64_t *stack,
		     size_t n, struct stack_frame *frames, size_t max)
{
	const char *callee = NULL;
	size_t count = 0;

	for (size_t i = first_caller(site, stack, n); i < n && count < max; i++) {
		int more = frames_at(source, stack[i], &callee, frames + count, max - count);

		if (more < 0)
			break;
		count += (size_t)more;
		if (is_called_by_c(callee))
			break;
	}
	return count;
}
