// SPDX-License-Identifier: BSD-2-Clause
#include "plan/trampoline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How the linker names them; what they do is told from the code. */
#define NAME_PART "-tramp"

/*
 * The linker makes one for a callee and some 100 MB of text. Each call of the text is compared with
 * all of them.
 */
#define TRAMPOLINES_MAX 256

uint64_t trampoline_target(const struct calls_arch *arch, const struct gobin *bin,
			   const struct gobin_func *func)
{
	uint8_t bytes[TRAMPOLINE_LEN_MAX];
	const struct text text = {.bytes = bytes, .len = arch->trampoline_len, .addr = func->addr};

	if (!arch->trampoline_len || !strstr(func->name, NAME_PART) ||
	    gobin_read(bin, func->addr, bytes, arch->trampoline_len))
		return 0;
	return arch->trampoline(&text);
}

struct list {
	struct callee *at;
	size_t count;
	size_t capacity;
	size_t trampolines;
};

static int add(struct list *list, const struct callee *callee)
{
	if (list->trampolines++ == TRAMPOLINES_MAX)
		return -EFBIG;
	if (list->count == list->capacity) {
		const size_t capacity = 2 * list->capacity;
		struct callee *at = realloc(list->at, capacity * sizeof(*at));

		if (!at)
			return -ENOMEM;
		list->at = at;
		list->capacity = capacity;
	}
	list->at[list->count++] = *callee;
	return 0;
}

/* One function can be several callees. */
static int add_trampoline(struct list *list, const struct callee *callees, size_t n, uint64_t addr,
			  uint64_t target)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++) {
		struct callee callee = callees[i];

		if (callee.addr != target)
			continue;
		callee.addr = addr;
		err = add(list, &callee);
	}
	return err;
}

int64_t trampoline_callees(const struct calls_arch *arch, const struct gobin *bin,
			   const struct callee *callees, size_t n, struct callee **out)
{
	struct list list = {.count = n, .capacity = n + 1};
	int err = 0;

	list.at = calloc(list.capacity, sizeof(*list.at));
	if (!list.at)
		return -ENOMEM;
	if (n)
		memcpy(list.at, callees, n * sizeof(*callees));
	for (size_t i = 0; arch->trampoline_len && i < gobin_nfuncs(bin) && !err; i++) {
		struct gobin_func func;
		uint64_t target;

		gobin_func(bin, i, &func);
		target = trampoline_target(arch, bin, &func);
		if (target)
			err = add_trampoline(&list, callees, n, func.addr, target);
	}
	if (err) {
		free(list.at);
		return err;
	}
	*out = list.at;
	return (int64_t)list.count;
}
