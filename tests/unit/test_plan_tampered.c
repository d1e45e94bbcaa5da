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

	assert_int_equal(plan_ops(bin, GROW | MAKE, &copy->plan, NULL), 0);
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
	int err = plan_ops(bin, ops, plan, why);

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

/* Every string of the file that equals the name, its end included. */
static void rename_all(struct copy *copy, const char *from, const char *to)
{
	const size_t len = strlen(from) + 1;
	uint8_t *at = copy->bytes;
	size_t renamed = 0;

	assert_int_equal(strlen(to) + 1, len);
	while ((at = memmem(at, copy->len - (size_t)(at - copy->bytes), from, len))) {
		memcpy(at, to, len);
		renamed++;
	}
	assert_int_not_equal(renamed, 0);
}

static void test_refuses_missing(void **state)
{
	struct reason why = {""};
	struct copy copy;
	struct plan plan;

	(void)state;
	copy_open(&copy);
	rename_all(&copy, "runtime.makeslice", "Runtime.makeslice");
	assert_int_equal(copy_plan(&copy, GROW | MAKE, &plan, NULL), 0);
	assert_int_equal(plan.nsites, 2);
	assert_int_equal(plan.funcs[1].refused, 1);
	assert_string_equal(plan.funcs[1].note, "not in this executable");
	assert_int_equal(copy_plan(&copy, MAKE, &plan, &why), -ENOENT);
	assert_string_equal(why.text, "runtime.makeslice cannot be probed: not in this executable");
	copy_close(&copy);
}

#define BYTES  (1u << SS_OP_BYTES)
#define STRING (1u << SS_OP_STRING)

/* An operation of two functions: one more by another's name, then one that cannot be planned. */
static void test_refuses_one_of_several(void **state)
{
	struct copy copy;
	struct plan plan;

	(void)state;
	copy_open(&copy);
	rename_all(&copy, "runtime.slicebytetostring", "runtime.stringtoslicerune");
	assert_int_equal(copy_plan(&copy, BYTES | STRING, &plan, NULL), 0);
	assert_int_equal(plan.nfuncs, 3);
	assert_string_equal(plan.funcs[0].name, "runtime.stringtoslicebyte");
	assert_string_equal(plan.funcs[1].name, "runtime.stringtoslicerune");
	assert_string_equal(plan.funcs[2].name, "runtime.slicebytetostring");
	assert_int_equal(plan.funcs[1].refused, 0);
	assert_int_equal(plan.funcs[2].refused, 1);
	assert_string_equal(plan.funcs[2].note, "not in this executable");
	assert_int_equal(plan.nsites, 4);

	assert_int_equal(plan.sites[0].func, 0);
	copy.bytes[plan.sites[0].offset] = 0xf4; /* hlt for ret */
	assert_int_equal(copy_plan(&copy, BYTES, &plan, NULL), 0);
	assert_int_equal(plan.nfuncs, 2);
	assert_int_equal(plan.funcs[0].refused, 1);
	assert_string_equal(plan.funcs[0].note, "it has no return instruction");
	assert_int_equal(plan.funcs[1].refused, 0);
	assert_int_equal(plan.nsites, 3);
	assert_int_equal(plan.sites[0].func, 1);
	copy_close(&copy);
}

/* What cannot be planned is told before what is not there. */
static void test_tells_the_cause(void **state)
{
	struct reason why = {""};
	struct copy copy;
	struct plan plan;

	(void)state;
	copy_open(&copy);
	rename_all(&copy, "runtime.slicebytetostring", "Runtime.slicebytetostring");
	assert_int_equal(copy_plan(&copy, STRING, &plan, &why), -ENOENT);
	assert_string_equal(why.text,
			    "runtime.slicebytetostring cannot be probed: not in this executable");
	copy.bytes[find_site(&copy.plan, PLAN_MAKE_ENTER)->offset] = 0xf4;
	assert_int_equal(copy_plan(&copy, STRING | MAKE, &plan, &why), -EBADMSG);
	assert_non_null(strstr(why.text, "runtime.makeslice cannot be probed: `hlt` at +0x"));
	assert_int_equal(plan.nfuncs, 2);
	assert_int_equal(plan.nsites, 0);
	copy_close(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_falls_back_to_return),
		cmocka_unit_test(test_refuses_unprobeable),
		cmocka_unit_test(test_refuses_missing),
		cmocka_unit_test(test_refuses_one_of_several),
		cmocka_unit_test(test_tells_the_cause),
	};

	return cmocka_run_group_tests_name("plan_tampered", tests, NULL, NULL);
}
