/* SPDX-License-Identifier: BSD-2-Clause */
/* Real Go executables and their plans. To be included behind cmocka.h. */
#ifndef SS_TESTS_GO_PLAN_H
#define SS_TESTS_GO_PLAN_H

#include "plan/plan.h"
#include "slicestat.h"

#include "go_files.h"

#define GROW (1u << SS_OP_GROW)
#define MAKE (1u << SS_OP_MAKE)

/* The first of the Go executables that tests read, opened. */
static inline int open_first_go_file(void)
{
	const char *list = getenv(GO_FILES_VARIABLE);
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s", list ? list : "");
	path[strcspn(path, ":")] = '\0';
	if (!path[0])
		fail_msg("%s names no Go executables", GO_FILES_VARIABLE);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("cannot open %s", path);
	return fd;
}

static inline struct gobin *open_bin(int fd)
{
	struct gobin *bin = NULL;
	struct reason why = {""};
	int err = gobin_open(fd, &bin, &why);

	if (err)
		print_error("%s\n", why.text);
	assert_int_equal(err, 0);
	return bin;
}

static inline int plan_ops(const struct gobin *bin, uint32_t ops, struct plan *plan,
			   struct reason *why)
{
	const struct plan_request request = {.ops = ops};

	return plan_make(bin, &request, plan, why);
}

static inline const struct plan_site *find_site(const struct plan *plan, enum plan_point point)
{
	uint32_t i = 0;

	while (i < plan->nsites && plan->sites[i].point != point)
		i++;
	if (i == plan->nsites)
		fail_msg("no %s", plan_point_name(point));
	return &plan->sites[i];
}

/* The site lies in its function, and the file has its bytes there. */
static inline void check_site(const struct gobin *bin, const struct plan *plan,
			      const struct plan_site *site)
{
	const struct plan_func *func = &plan->funcs[site->func];
	uint8_t bytes[16];
	uint64_t addr;

	assert_true(site->addr >= func->addr && site->addr + site->len <= func->end);
	assert_int_equal(gobin_addr_of_offset(bin, site->offset, &addr), 0);
	assert_int_equal(addr, site->addr);
	assert_int_equal(gobin_read(bin, site->addr, bytes, site->len), 0);
	assert_memory_equal(bytes, site->bytes, site->len);
	assert_string_not_equal(site->insn, "");
}

#endif
