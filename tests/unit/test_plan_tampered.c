// SPDX-License-Identifier: BSD-2-Clause
/* Plans of a real Go executable that was tampered with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "go_plan.h"

/* A private copy of an executable in memory, to be changed. */
struct copy {
	int fd;
	uint8_t *bytes;
	size_t len;
	struct plan plan; /* as it was before */
};

static void copy_open(struct copy *copy)
{
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	struct stat st;

	assert_int_equal(plan_make(bin, GROW | MAKE, &copy->plan, NULL), 0);
	gobin_free(bin);
	assert_int_equal(fstat(fd, &st), 0);
	copy->len = (size_t)st.st_size;
	copy->fd = memfd_create("copy", MFD_CLOEXEC);
	assert_true(copy->fd >= 0);
	assert_int_equal(ftruncate(copy->fd, st.st_size), 0);
	copy->bytes = mmap(NULL, copy->len, PROT_READ | PROT_WRITE, MAP_SHARED, copy->fd, 0);
	assert_ptr_not_equal(copy->bytes, MAP_FAILED);
	for (size_t done = 0; done < copy->len;) {
		ssize_t n = read(fd, copy->bytes + done, copy->len - done);

		assert_true(n > 0);
		done += (size_t)n;
	}
	close(fd);
}

static void copy_close(struct copy *copy)
{
	munmap(copy->bytes, copy->len);
	close(copy->fd);
}

static int copy_plan(const struct copy *copy, uint32_t ops, struct plan *plan, struct reason *why)
{
	struct gobin *bin = open_bin(copy->fd);
	int err = plan_make(bin, ops, plan, why);

	gobin_free(bin);
	return err;
}

static void test_falls_back_to_return(void **state)
{
	struct copy copy;
	struct plan plan;
	const struct plan_site *site;

	(void)state;
	copy_open(&copy);
	site = find_site(&copy.plan, PLAN_GROW_CALL);
	copy.bytes[site->offset + 1] ^= 0x01; /* no longer a call of memmove */
	assert_int_equal(copy_plan(&copy, GROW | MAKE, &plan, NULL), 0);
	assert_int_equal(plan.nsites, 4);
	assert_int_equal(plan.sites[0].point, PLAN_GROW_RET);
	assert_int_equal(plan.sites[1].point, PLAN_GROW_RET);
	assert_int_equal(plan.zerobase, copy.plan.zerobase);
	assert_int_equal(plan.funcs[0].refused, 0);
	assert_non_null(strstr(plan.funcs[0].note, "is probed itself"));
	copy_close(&copy);
}

static void test_refuses_unprobeable(void **state)
{
	struct reason why = {""};
	struct copy copy;
	struct plan plan;

	(void)state;
	copy_open(&copy);
	copy.bytes[find_site(&copy.plan, PLAN_MAKE_ENTER)->offset] = 0xf4; /* hlt */
	assert_int_equal(copy_plan(&copy, GROW | MAKE, &plan, NULL), 0);
	assert_int_equal(plan.nsites, 2);
	assert_int_equal(plan.nfuncs, 2);
	assert_int_equal(plan.funcs[0].refused, 0);
	assert_int_equal(plan.funcs[1].refused, 1);
	assert_non_null(strstr(plan.funcs[1].note, "`hlt` at +0x"));
	assert_int_equal(copy_plan(&copy, MAKE, &plan, &why), -EBADMSG);
	assert_non_null(strstr(why.text, "runtime.makeslice cannot be probed: `hlt` at +0x"));
	copy_close(&copy);
}

static void test_refuses_missing(void **state)
{
	static const char name[] = "runtime.makeslice";
	struct reason why = {""};
	struct copy copy;
	struct plan plan;
	uint8_t *at;

	(void)state;
	copy_open(&copy);
	at = copy.bytes;
	while ((at = memmem(at, copy.len - (size_t)(at - copy.bytes), name, sizeof(name))))
		at[0] = 'R';
	assert_int_equal(copy_plan(&copy, GROW | MAKE, &plan, NULL), 0);
	assert_int_equal(plan.nsites, 2);
	assert_int_equal(plan.funcs[1].refused, 1);
	assert_string_equal(plan.funcs[1].note, "not in this executable");
	assert_int_equal(copy_plan(&copy, MAKE, &plan, &why), -ENOENT);
	assert_string_equal(why.text, "runtime.makeslice cannot be probed: not in this executable");
	copy_close(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_falls_back_to_return),
		cmocka_unit_test(test_refuses_unprobeable),
		cmocka_unit_test(test_refuses_missing),
	};

	return cmocka_run_group_tests_name("plan_tampered", tests, NULL, NULL);
}
