/* SPDX-License-Identifier: BSD-2-Clause */
/* Real Go executables and their plans. To be included behind cmocka.h. */
#ifndef SS_TESTS_GO_PLAN_H
#define SS_TESTS_GO_PLAN_H

#include "plan/plan.h"
#include "slicestat.h"

#include "go_files.h"

#define GROW (1u << SS_OP_GROW)
#define MAKE (1u << SS_OP_MAKE)

static int first_go_file;

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

static inline bool is_arm64(const struct gobin *bin)
{
	return gobin_arch(bin) == GOBIN_ARM64;
}

static inline void keep_first_amd64(const char *path, int fd)
{
	struct gobin *bin;

	(void)path;
	if (first_go_file >= 0)
		return;
	bin = open_bin(fd);
	if (!is_arm64(bin))
		first_go_file = dup(fd);
	gobin_free(bin);
}

/* The first amd64 one of the Go executables that tests read, opened. */
static inline int open_first_go_file(void)
{
	first_go_file = -1;
	each_go_file(keep_first_amd64);
	assert_true(first_go_file >= 0);
	assert_int_equal(lseek(first_go_file, 0, SEEK_SET), 0);
	return first_go_file;
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
