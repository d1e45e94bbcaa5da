// SPDX-License-Identifier: BSD-2-Clause
/* Plans of real Go executables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <unistd.h>

#include "cli/plan_print.h"
#include "go_plan.h"

/* The address of the symbol, 0 where the file has no symbol table. */
static uint64_t elf_symbol(int fd, const char *name)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	Elf_Scn *scn = NULL;
	uint64_t addr = 0;
	GElf_Shdr shdr;

	assert_non_null(elf);
	while ((scn = elf_nextscn(elf, scn)) && gelf_getshdr(scn, &shdr)) {
		Elf_Data *data = shdr.sh_type == SHT_SYMTAB ? elf_getdata(scn, NULL) : NULL;
		GElf_Sym sym;

		for (int i = 0; data && gelf_getsym(data, i, &sym); i++) {
			const char *symbol = elf_strptr(elf, shdr.sh_link, sym.st_name);

			if (symbol && !strcmp(symbol, name))
				addr = sym.st_value;
		}
	}
	elf_end(elf);
	return addr;
}

static bool has_func(const struct gobin *bin, const char *name)
{
	struct gobin_func func;

	return gobin_find_func(bin, name, &func) != -ENOENT;
}

/* How the runtime was built, told by functions that only such builds keep. */
enum build {
	BUILD_DEFAULT,
	BUILD_RACE,
	BUILD_NO_INLINE,
	BUILD_OTHER, /* coverage counters in the runtime, sanitizers: slots vary */
};

static enum build build_of(const struct gobin *bin)
{
	if (has_func(bin, "runtime/coverage.initHook") || has_func(bin, "runtime.asanread") ||
	    has_func(bin, "runtime.msanread"))
		return BUILD_OTHER;
	if (has_func(bin, "runtime.raceread"))
		return BUILD_RACE;
	return has_func(bin, "runtime.spanOf") ? BUILD_NO_INLINE : BUILD_DEFAULT;
}

/* Read off disassemblies of each release; profile-guided builds have larger frames. */
static const struct known_frame {
	enum gobin_arch arch;
	enum build build;
	int first_minor;
	int last_minor;
	struct plan_frame frame;
} known_frames[] = {
	{GOBIN_AMD64, BUILD_DEFAULT, 21, 21, {0x58, 0x40, 0x28, 0x68}},
	{GOBIN_AMD64, BUILD_DEFAULT, 22, 27, {0x58, 0x48, 0x30, 0x68}},
	{GOBIN_AMD64, BUILD_RACE, 21, 21, {0x68, 0x88, 0x38, 0x78}},
	{GOBIN_AMD64, BUILD_RACE, 22, 27, {0x58, 0x78, 0x38, 0x68}},
	{GOBIN_AMD64, BUILD_NO_INLINE, 21, 21, {0x58, 0x50, 0x28, 0x68}},
	{GOBIN_AMD64, BUILD_NO_INLINE, 22, 22, {0x60, 0x80, 0x38, 0x70}},
	{GOBIN_AMD64, BUILD_NO_INLINE, 23, 27, {0x68, 0x88, 0x38, 0x78}},
	{GOBIN_ARM64, BUILD_DEFAULT, 21, 27, {0x50, 0x48, 0x30, 0}},
	{GOBIN_ARM64, BUILD_NO_INLINE, 21, 21, {0x60, 0x58, 0x30, 0}},
	{GOBIN_ARM64, BUILD_NO_INLINE, 22, 27, {0x70, 0x90, 0x48, 0}},
};

static void check_frame(const struct gobin *bin, const struct plan *plan, int32_t frame_size)
{
	enum build build = build_of(bin);
	int minor = gobin_version(bin).minor;

	if (build == BUILD_OTHER || frame_size > (is_arm64(bin) ? 0x80 : 0x78))
		return;
	for (size_t i = 0; i < sizeof(known_frames) / sizeof(known_frames[0]); i++) {
		const struct known_frame *known = &known_frames[i];

		if (known->arch != gobin_arch(bin) || known->build != build ||
		    minor < known->first_minor || minor > known->last_minor)
			continue;
		assert_memory_equal(&plan->grow_frame, &known->frame, sizeof(known->frame));
		return;
	}
	fail_msg("no frame known for go1.%d", minor);
}

/* The same on arm64: `str x30, [sp, #-N]!`. */
static int32_t pushed_frame_size(const struct gobin *bin, const struct plan_func *func)
{
	uint32_t words[8];
	size_t i = 0;

	assert_int_equal(gobin_read(bin, func->addr, words, sizeof(words)), 0);
	while (i < 8 && (words[i] & 0xffe00fff) != 0xf8000ffe)
		i++;
	assert_true(i < 8);
	return 512 - (int32_t)(words[i] >> 12 & 0x1ff);
}

/* Bytes that growslice's prologue takes from the stack: `mov rbp, rsp; sub rsp, N`. */
static int32_t prologue_frame_size(const struct gobin *bin, const struct plan_func *func)
{
	static const uint8_t set_rbp[] = {0x55, 0x48, 0x89, 0xe5, 0x48};
	uint8_t code[48];
	const uint8_t *at;
	int32_t size;

	assert_int_equal(gobin_read(bin, func->addr, code, sizeof(code)), 0);
	at = memmem(code, sizeof(code) - 12, set_rbp, sizeof(set_rbp));
	assert_non_null(at);
	at += sizeof(set_rbp);
	if (at[0] == 0x83 && at[1] == 0xec)
		return at[2];
	assert_int_equal(at[0], 0x81);
	assert_int_equal(at[1], 0xec);
	memcpy(&size, at + 2, sizeof(size));
	return size;
}

static int32_t frame_size_of(const struct gobin *bin, const struct plan_func *func)
{
	return is_arm64(bin) ? pushed_frame_size(bin, func) : prologue_frame_size(bin, func);
}

static const struct known_point {
	enum plan_point point;
	uint8_t price;
	uint8_t len;
	uint8_t at_check;
	const char *insn; /* how it begins */
} known_points[][4] = {
	{
		{PLAN_GROW_CALL, PLAN_EMULATED, 5, 0, "call 0x"},
		{PLAN_GROW_RET, PLAN_STEPPED, 1, 0, "ret"},
		{PLAN_MAKE_ENTER, PLAN_EMULATED, 1, 0, "push rbp"},
		{PLAN_MAKE_RET, PLAN_STEPPED, 1, 0, "ret"},
	},
	{
		{PLAN_GROW_CALL, PLAN_EMULATED, 4, 0, "bl #0x"},
		{PLAN_GROW_RET, PLAN_EMULATED, 4, 0, "ret"},
		{PLAN_MAKE_ENTER, PLAN_EMULATED, 4, 1, "b.ls #0x"},
		{PLAN_MAKE_RET, PLAN_EMULATED, 4, 0, "ret"},
	},
};

static void check_points(const struct gobin *bin, const struct plan *plan)
{
	assert_int_equal(plan->nsites, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct known_point *known = &known_points[is_arm64(bin)][i];
		const struct plan_site *site = find_site(plan, known->point);

		assert_int_equal(site->price, known->price);
		assert_int_equal(site->len, known->len);
		assert_int_equal(site->at_check, known->at_check);
		assert_int_equal(strncmp(site->insn, known->insn, strlen(known->insn)), 0);
	}
}

static void check_plan(int fd, const struct gobin *bin, const struct plan *plan)
{
	uint64_t zerobase = elf_symbol(fd, "runtime.zerobase");
	int32_t frame_size = frame_size_of(bin, &plan->funcs[0]);

	assert_int_equal(plan->nfuncs, 2);
	assert_string_equal(plan->funcs[0].name, "runtime.growslice");
	assert_string_equal(plan->funcs[1].name, "runtime.makeslice");
	for (uint32_t i = 0; i < plan->nfuncs; i++) {
		assert_int_equal(plan->funcs[i].refused, 0);
		assert_string_equal(plan->funcs[i].note, "");
	}
	check_points(bin, plan);
	for (uint32_t i = 0; i < plan->nsites; i++)
		check_site(bin, plan, &plan->sites[i]);
	assert_int_equal(plan->grow_frame.caller, is_arm64(bin) ? 0 : frame_size + 8);
	check_frame(bin, plan, frame_size);
	assert_int_not_equal(plan->zerobase, 0);
	if (zerobase)
		assert_int_equal(plan->zerobase, zerobase);
}

static void plan_file(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	struct plan plan;

	print_message("%s\n", path);
	assert_int_equal(plan_ops(bin, GROW | MAKE, &plan, NULL), 0);
	check_plan(fd, bin, &plan);
	gobin_free(bin);
}

static void test_plans_executables(void **state)
{
	(void)state;
	each_go_file(plan_file);
}

static void test_plans_one_operation(void **state)
{
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	struct plan plan;

	(void)state;
	assert_int_equal(plan_ops(bin, MAKE, &plan, NULL), 0);
	assert_int_equal(plan.nfuncs, 1);
	assert_int_equal(plan.funcs[0].op, SS_OP_MAKE);
	assert_int_equal(plan.nsites, 2);
	assert_int_equal(plan.sites[0].point, PLAN_MAKE_ENTER);
	assert_int_equal(plan.sites[1].point, PLAN_MAKE_RET);
	assert_int_equal(plan_ops(bin, 0, &plan, NULL), -EINVAL);
	gobin_free(bin);
	close(fd);
}

static void test_prints(void **state)
{
	const struct parsed_info info = {.stripped = 1, .nfuncs = 2003};
	const struct plan_callers callers = {.nconstant_calls = 252, .ntype_calls = 4};
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	struct plan plan;

	(void)state;
	assert_non_null(f);
	assert_int_equal(plan_ops(bin, GROW | MAKE, &plan, NULL), 0);
	plan.funcs[1].refused = 1;
	strcpy(plan.funcs[1].note, "because");
	assert_int_equal(plan_print(f, "/srv/app", &info, &plan, &callers), 0);
	fclose(f);
	assert_non_null(strstr(text, "\nElement types: 252 calls pass a constant; 4 do not"));
	assert_int_equal(strncmp(text, "/srv/app\n", 9), 0);
	assert_non_null(strstr(text, find_site(&plan, PLAN_GROW_CALL)->insn));
	assert_non_null(strstr(text, "\nruntime.makeslice: refused: because\n"));
	assert_null(strstr(text, "make_enter"));
	assert_non_null(strstr(text, ", stripped, fixed position, 2003 functions\n"));
	assert_null(strstr(text, "slices of plugins"));
	assert_non_null(strstr(text, "\nNot observed:\n"));
	free(text);
	gobin_free(bin);
	close(fd);
}

/* What the plan leaves out is told; what it has is not. */
static void test_prints_unseen(void **state)
{
	const struct parsed_info info = {.opens_plugins = 1};
	const struct plan_callers none = {.ntype_calls = 0};
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	struct plan plan;

	(void)state;
	assert_non_null(f);
	assert_int_equal(plan_ops(bin, 1U << SS_OP_COPY | 1U << SS_OP_REFLECT, &plan, NULL), 0);
	assert_int_equal(plan.funcs[1].refused, 1);
	assert_int_equal(plan_print(f, "/srv/app", &info, &plan, &none), 0);
	fclose(f);
	assert_null(strstr(text, "Element types"));
	assert_null(strstr(text, "runtime.makeslicecopy\n"));
	assert_non_null(strstr(text, "  copy_enter "));
	assert_non_null(strstr(text, "\n  reflect.MakeSlice "));
	assert_non_null(strstr(text, "\n  append within capacity "));
	assert_non_null(strstr(text, "\n  slices of plugins "));
	free(text);
	gobin_free(bin);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans_executables),
		cmocka_unit_test(test_plans_one_operation),
		cmocka_unit_test(test_prints),
		cmocka_unit_test(test_prints_unseen),
	};

	elf_version(EV_CURRENT);
	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
