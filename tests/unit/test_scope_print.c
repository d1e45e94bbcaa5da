// SPDX-License-Identifier: BSD-2-Clause
/* `plan --in` (cli/plan_print_scope.h): what is said of calls in scope. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli/plan_print_scope.h"
#include "go_scope.h"

#define TYPE 0x5000

static const char *const in = "main.*";
static const struct plan_patterns patterns = {.in = &in, .nin = 1};

/* To be freed. */
static char *printed(const struct plan_scope *scope)
{
	const struct parsed_info info = {.nfuncs = 1};
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	struct plan plan;

	assert_non_null(f);
	assert_int_equal(plan_ops(bin, GROW | MAKE, &plan, NULL), 0);
	assert_int_equal(plan_print_scope(f, "/srv/app", &info, &plan, &patterns, scope), 0);
	fclose(f);
	gobin_free(bin);
	close(fd);
	return text;
}

static void assert_says(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("%s\nlacks: %s", text, what);
}

static void test_all_forms(void **state)
{
	struct plan_scope_call calls[] = {
		{.form = SCOPE_GROW, .base.price = PLAN_STEPPED, .type = TYPE},
		{.form = SCOPE_GROW, .base.price = PLAN_EMULATED},
		{.form = SCOPE_GROW, .base.price = PLAN_STEPPED},
		{.form = SCOPE_GROW_BUF, .base.price = PLAN_STEPPED, .type = TYPE},
		{.form = SCOPE_MAKE, .base.price = PLAN_STEPPED},
		{.form = SCOPE_COPY, .base.price = CALLSITE_NO_PROBE, .type = TYPE},
	};
	const struct plan_scope scope = {
		.calls = calls, .ncalls = 6, .has_headers = true, .fips = 7, .undecided = 8};
	char *text = printed(&scope);

	(void)state;
	assert_int_equal(strncmp(text, "/srv/app\n", 9), 0);
	assert_says(text, "\nIn functions that match 'main.*':\n  6 calls are probed, and nothing");
	assert_says(text, "\nruntime.growslice             3 calls, each emulated (1 trap)\n");
	assert_says(text, "\n  2 of them pass a type that only the run knows: its size is read");
	assert_says(text, "\nruntime.growsliceBuf          1 calls, each emulated (1 trap)\n");
	assert_says(text, "\nruntime.makeslice             1 calls, each emulated (1 trap)\n");
	assert_says(text, "\n  1 of them pass a type that only the run knows\n");
	assert_says(text, "\nruntime.makeslicecopy         1 calls, each emulated (1 trap)\n");
	assert_says(text, "\nNew cap: ");
	assert_says(text, " of those with pointers that are larger than 512 (Go 1.22+)\n");
	assert_says(text, "\n  of these 1 are emulated (1 trap), 4 are stepped (2 traps)\n");
	assert_says(text,
		    "\n  1 calls have none that can be probed: they are left out --by base\n");
	assert_says(text, "\n  7 calls in the text that a FIPS program checks for changes\n");
	assert_says(text, "\n  8 that may be calls, behind bytes that do not decode\n");
	assert_says(text, "\nNot observed:\n");
	/* The functions' own sites are not probed. */
	assert_null(strstr(text, "grow_call"));
	assert_null(strstr(text, "make_ret"));
	free(text);
}

static void test_what_there_is_not(void **state)
{
	struct plan_scope_call call = {
		.form = SCOPE_MAKE, .base.price = PLAN_STEPPED, .type = TYPE};
	const struct plan_scope scope = {.calls = &call, .ncalls = 1};
	char *text = printed(&scope);

	(void)state;
	assert_says(text, "\nruntime.makeslice             1 calls");
	assert_null(strstr(text, "runtime.growslice "));
	assert_null(strstr(text, "only the run knows"));
	assert_null(strstr(text, "New cap"));
	assert_null(strstr(text, "can be probed"));
	assert_null(strstr(text, "Left out"));
	free(text);
}

static void test_heap_without_headers(void **state)
{
	struct plan_scope_call call = {
		.form = SCOPE_GROW, .base.price = PLAN_STEPPED, .type = TYPE};
	const struct plan_scope scope = {.calls = &call, .ncalls = 1};
	char *text = printed(&scope);

	(void)state;
	assert_says(text, "\nNew cap: ");
	assert_null(strstr(text, "Go 1.22+"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_forms),
		cmocka_unit_test(test_what_there_is_not),
		cmocka_unit_test(test_heap_without_headers),
	};

	return cmocka_run_group_tests_name("scope print", tests, NULL, NULL);
}
