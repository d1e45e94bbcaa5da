// SPDX-License-Identifier: BSD-2-Clause
/* What the parser's process tells (parser/parsed.h) is what gobin and plan tell here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "go_callers.h"
#include "go_scope.h"
#include "parser/parsed.h"

#define BIAS 0x5555000000

static struct parser *parser;

static int setup(void **state)
{
	struct reason why;

	(void)state;
	return parser_new(&parser, &why);
}

static int teardown(void **state)
{
	(void)state;
	parser_free(parser);
	return 0;
}

static struct parsed *open_parsed(int fd)
{
	struct reason why = {""};
	struct parsed *p = NULL;

	if (parsed_open(parser, fd, &p, &why))
		fail_msg("%s", why.text);
	return p;
}

static void check_info(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	struct parsed *p = open_parsed(fd);
	const struct parsed_info *info = parsed_info(p);
	uint64_t start, end;

	(void)path;
	gobin_text_range(bin, &start, &end);
	assert_int_equal(info->text_start, start);
	assert_int_equal(info->text_end, end);
	gobin_types_range(bin, &start, &end);
	assert_int_equal(info->types_start, start);
	assert_int_equal(info->types_end, end);
	assert_int_equal(info->code_start, gobin_code_start(bin));
	assert_int_equal(info->nfuncs, gobin_nfuncs(bin));
	assert_int_equal(info->stripped, gobin_is_stripped(bin));
	assert_int_equal(info->pie, gobin_is_pie(bin));
	assert_int_equal(info->opens_plugins, 0);
	assert_true(parser_is_likely(parser, fd));
	parsed_free(p);
	gobin_free(bin);
}

static void test_info(void **state)
{
	(void)state;
	each_go_file(check_info);
}

static void assert_same_callers(const struct plan_callers *a, const struct plan_callers *b)
{
	assert_int_equal(a->text, b->text);
	assert_int_equal(a->text_size, b->text_size);
	assert_int_equal(a->nmarks, b->nmarks);
	assert_int_equal(a->ntype_calls, b->ntype_calls);
	assert_int_equal(a->nconstant_calls, b->nconstant_calls);
	assert_memory_equal(a->marks, b->marks, a->nmarks * sizeof(*a->marks));
	assert_memory_equal(a->type_calls, b->type_calls, a->ntype_calls * sizeof(*a->type_calls));
	assert_memory_equal(a->constant_calls, b->constant_calls,
			    a->nconstant_calls * sizeof(*a->constant_calls));
}

static void check_plans(const char *path, int fd)
{
	static const char *const skip[] = {"fmt.*", "main.*"};
	struct called c = open_callers(fd, ALL_OPS, skip, 2);
	struct plan_callers *callers = NULL, *bare = NULL;
	const struct plan_request request = {.ops = ALL_OPS};
	struct parsed *p = open_parsed(fd);
	struct plan plan;

	(void)path;
	assert_int_equal(parsed_plan(p, &request, &plan, NULL), 0);
	assert_memory_equal(&plan, &c.plan, sizeof(plan));
	assert_int_equal(parsed_callers(p, true, skip, 2, &callers, NULL), 0);
	assert_same_callers(callers, c.callers);
	assert_int_equal(parsed_callers(p, false, skip, 2, &bare, NULL), 0);
	assert_int_equal(bare->nconstant_calls, 0);
	assert_int_not_equal(callers->nconstant_calls, 0);
	plan_callers_free(bare);
	plan_callers_free(callers);
	parsed_free(p);
	close_callers(&c);
}

static void test_plans(void **state)
{
	(void)state;
	each_go_file(check_plans);
}

/* Every text of a request goes there, and every reason comes back. */
static void check_recorded(const char *path, int fd)
{
	const struct plan_record records[] = {{"main.appendInts", 1}, {"main.nothing", 0}};
	const struct plan_request request = {
		.ops = 1U << SS_OP_FUNC, .records = records, .nrecords = 2};
	struct gobin *bin = open_bin(fd);
	struct parsed *p = open_parsed(fd);
	struct reason here = {""}, there = {""};
	struct plan plan;

	(void)path;
	assert_int_equal(plan_make(bin, &request, &plan, &here), -ENOENT);
	assert_int_equal(parsed_plan(p, &request, &plan, &there), -ENOENT);
	assert_string_equal(there.text, here.text);
	assert_non_null(strstr(there.text, "main.nothing"));
	parsed_free(p);
	gobin_free(bin);
}

static void test_reasons(void **state)
{
	(void)state;
	each_go_file(check_recorded);
}

static void check_scope(const char *path, int fd)
{
	const char *const in[] = {"main.*", "fmt.*"}, *const not_in[] = {"main.append*"};
	const struct plan_patterns patterns = {in, 2, not_in, 1};
	const struct plan_request request = {.ops = GROW | MAKE};
	struct plan_scope *here = NULL, *there = NULL;
	struct gobin *bin = open_bin(fd);
	struct parsed *p = open_parsed(fd);

	(void)path;
	assert_int_equal(plan_scope_make(bin, &request, &patterns, NULL, 0, &here, NULL), 0);
	assert_int_equal(parsed_scope(p, &request, &patterns, NULL, 0, &there, NULL), 0);
	assert_int_equal(there->ncalls, here->ncalls);
	assert_int_equal(there->has_headers, here->has_headers);
	assert_int_equal(there->fips, here->fips);
	assert_int_equal(there->undecided, here->undecided);
	assert_memory_equal(there->calls, here->calls, here->ncalls * sizeof(*here->calls));
	plan_scope_free(there);
	plan_scope_free(here);
	parsed_free(p);
	gobin_free(bin);
}

static void test_scope(void **state)
{
	(void)state;
	each_go_file(check_scope);
}

static void assert_same_frames(const struct gobin *bin, struct parsed *p, uint64_t addr)
{
	struct gobin_frame here[GOBIN_FRAMES_MAX], there[GOBIN_FRAMES_MAX];
	const int n = gobin_frames(bin, addr, here, GOBIN_FRAMES_MAX);

	assert_int_equal(parsed_frames(p, addr, there, GOBIN_FRAMES_MAX), n);
	for (int i = 0; i < n; i++) {
		assert_string_equal(there[i].func, here[i].func);
		assert_int_equal(!there[i].file, !here[i].file);
		if (here[i].file)
			assert_string_equal(there[i].file, here[i].file);
		assert_int_equal(there[i].line, here[i].line);
		assert_int_equal(there[i].wrapper, here[i].wrapper);
	}
}

/* Asked twice, it is the same, be it kept or not. */
static void check_frames(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	struct parsed *p = open_parsed(fd);
	struct gobin_frame frame;
	struct gobin_func func;

	(void)path;
	for (size_t i = 0; i < gobin_nfuncs(bin); i += 7) {
		gobin_func(bin, i, &func);
		for (int again = 0; again < 2; again++)
			assert_same_frames(bin, p, func.addr + (func.end - func.addr) / 2);
	}
	assert_same_frames(bin, p, 1);
	assert_int_equal(parsed_frames(p, 1, &frame, 1), -ENOENT);
	parsed_free(p);
	gobin_free(bin);
}

static void test_frames(void **state)
{
	(void)state;
	each_go_file(check_frames);
}

/* A process that runs the file, loaded at BIAS. */
static int read_process(void *ctx, uint64_t addr, void *buf, size_t len)
{
	return gobin_read(ctx, addr - BIAS, buf, len);
}

static int read_nothing(void *ctx, uint64_t addr, void *buf, size_t len)
{
	(void)ctx;
	(void)addr;
	(void)buf;
	(void)len;
	return -ESRCH;
}

static void check_types(const char *path, int fd)
{
	struct called c = open_callers(fd, GROW, NULL, 0);
	struct parsed *p = open_parsed(fd);
	const struct gobin_memory process = {read_process, c.bin, BIAS};
	const struct gobin_memory gone = {read_nothing, NULL, 0};
	struct gobin_type type = {0};
	uint64_t addr;
	char name[64];

	(void)path;
	typed_call_in(&c, "main.appendPoints", &addr);
	assert_int_equal(parsed_type_at(p, NULL, addr, &type), 0);
	assert_int_equal(type.size, 24);
	assert_int_equal(parsed_type_at(p, &process, addr + BIAS, &type), 0);
	assert_int_equal(type.size, 24);
	assert_int_equal(parsed_type_name(p, NULL, addr, name, sizeof(name)), 0);
	assert_string_equal(name, "main.point");
	assert_int_equal(parsed_type_name(p, &process, addr + BIAS, name, 6), 0);
	assert_string_equal(name, "main.");
	assert_int_equal(parsed_type_at(p, &gone, 0xc000000000, &type), -ESRCH);
	assert_int_equal(parsed_type_name(p, &gone, 0xc000000000, name, sizeof(name)), -ESRCH);
	assert_string_equal(name, "");
	parsed_free(p);
	close_callers(&c);
}

static void test_types(void **state)
{
	(void)state;
	each_go_file(check_types);
}

/* Files that are none of Go's are refused with the same words. */
static void test_refused(void **state)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct reason here = {""}, there = {""};
	struct parsed *p = NULL;
	struct gobin *bin = NULL;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(gobin_open(fd, &bin, &here), -ENODATA);
	assert_int_equal(parsed_open(parser, fd, &p, &there), -ENODATA);
	assert_null(p);
	assert_string_equal(there.text, here.text);
	assert_false(parser_is_likely(parser, fd));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_info),	cmocka_unit_test(test_plans),
		cmocka_unit_test(test_reasons), cmocka_unit_test(test_scope),
		cmocka_unit_test(test_frames),	cmocka_unit_test(test_types),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("parser", tests, setup, teardown);
}
