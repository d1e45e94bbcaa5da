/* SPDX-License-Identifier: BSD-2-Clause */
/* gobin on real Go executables: the ELF symbol table is the truth; stripped files equal theirs. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gelf.h>
#include <libelf.h>

#include "gobin/gobin.h"

#include "go_files.h"

/* Every Go program has more functions than this. */
#define FEW_FUNCS      500
#define NAME_MAX_BYTES 4096

static unsigned int files_with_symbols;
static unsigned int pairs;

static struct gobin *open_go(const char *path, int fd)
{
	struct gobin *bin = NULL;
	struct reason why = {0};

	if (gobin_open(fd, &bin, &why))
		fail_msg("%s: %s", path, why.text);
	return bin;
}

/* The function before the first has none before it. */
static struct gobin_func first_func(const struct gobin *bin)
{
	struct gobin_func func, before;

	assert_int_equal(gobin_find_func(bin, "runtime.growslice", &func), 0);
	while (gobin_func_at(bin, func.addr - 1, &before) == 0)
		func = before;
	return func;
}

/* Assembly's middle dot is a dot in symbols. */
static void replace_dots(char *name)
{
	char *dot;

	while ((dot = strstr(name, "\u00b7"))) {
		*dot = '.';
		memmove(dot + 1, dot + 2, strlen(dot + 2) + 1);
	}
}

/*
 * Symbols bear what pclntab leaves out: the ABI at the end, type arguments in brackets. Both
 * spellings without them.
 */
static void plain_name(const char *name, char *out)
{
	const char *open = strchr(name, '[');
	const char *close = strrchr(name, ']');
	const bool brackets = open && close && open < close;
	char *abi;

	assert_true(strlen(name) < NAME_MAX_BYTES);
	snprintf(out, NAME_MAX_BYTES, "%.*s%s", brackets ? (int)(open - name) : 0, name,
		 brackets ? close + 1 : name);
	abi = strstr(out, ".abi");
	if (abi && (!strcmp(abi, ".abi0") || !strcmp(abi, ".abiinternal")))
		*abi = '\0';
	replace_dots(out);
}

struct symbols {
	uint64_t *addrs; /* ascending */
	size_t n;
};

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* runtime.text and runtime.etext mark places; they are no functions. */
static bool is_mark(const char *name)
{
	return strcmp(name, "runtime.text") == 0 || strcmp(name, "runtime.etext") == 0;
}

static void check_symbol(const char *path, const struct gobin *bin, const char *name, uint64_t addr)
{
	char want[NAME_MAX_BYTES], got[NAME_MAX_BYTES];
	struct gobin_func func;

	if (gobin_func_at(bin, addr, &func))
		fail_msg("%s: %s at 0x%llx not found", path, name, (unsigned long long)addr);
	plain_name(name, want);
	plain_name(func.name, got);
	if (func.addr != addr || strcmp(want, got) != 0)
		fail_msg("%s: 0x%llx is %s, not %s", path, (unsigned long long)addr, func.name,
			 name);
}

static Elf_Scn *find_symtab(Elf *elf, GElf_Shdr *sh)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(elf, scn))) {
		if (gelf_getshdr(scn, sh) && sh->sh_type == SHT_SYMTAB)
			return scn;
	}
	fail_msg("no symbol table");
	return NULL;
}

/* Check each function symbol in Go's text, and give back their addresses. */
static struct symbols check_symbols(const char *path, Elf *elf, const struct gobin *bin)
{
	struct symbols syms = {0};
	struct gobin_func func;
	GElf_Shdr sh = {0};
	Elf_Data *data = elf_getdata(find_symtab(elf, &sh), NULL);
	const size_t n = sh.sh_size / sizeof(Elf64_Sym);

	assert_non_null(data);
	syms.addrs = calloc(n + 1, sizeof(*syms.addrs));
	assert_non_null(syms.addrs);
	for (size_t i = 0; i < n; i++) {
		GElf_Sym sym;
		const char *name;

		assert_non_null(gelf_getsym(data, (int)i, &sym));
		name = elf_strptr(elf, sh.sh_link, sym.st_name);
		if (GELF_ST_TYPE(sym.st_info) != STT_FUNC || is_mark(name) ||
		    gobin_func_at(bin, sym.st_value, &func))
			continue;
		check_symbol(path, bin, name, sym.st_value);
		syms.addrs[syms.n++] = sym.st_value;
	}
	qsort(syms.addrs, syms.n, sizeof(*syms.addrs), by_value);
	return syms;
}

/* Walk all functions: each begins at a symbol, its bytes are in the file, its name finds it. */
static void check_functions(const char *path, const struct gobin *bin, const struct symbols *syms)
{
	struct gobin_func func = first_func(bin), found;
	size_t n = 0;

	do {
		uint64_t offset, addr = 0;
		int err = gobin_find_func(bin, func.name, &found);

		n++;
		if (!bsearch(&func.addr, syms->addrs, syms->n, sizeof(*syms->addrs), by_value))
			fail_msg("%s: no symbol for %s", path, func.name);
		if (err != -ENOTUNIQ && (err || found.addr != func.addr))
			fail_msg("%s: %s is not found by its name", path, func.name);
		assert_int_equal(gobin_file_offset(bin, func.addr, &offset), 0);
		assert_int_equal(gobin_addr_of_offset(bin, offset, &addr), 0);
		assert_int_equal(addr, func.addr);
	} while (gobin_func_at(bin, func.end, &func) == 0);
	assert_int_equal(n, gobin_nfuncs(bin));
	assert_true(n > FEW_FUNCS);
}

static void check_against_symbols(const char *path, int fd)
{
	struct gobin *bin = open_go(path, fd);
	struct symbols syms;
	Elf *elf;

	assert_int_equal(gobin_version(bin).major, 1);
	assert_true(gobin_version(bin).minor >= 18);
	if (!gobin_is_stripped(bin)) {
		elf = elf_begin(fd, ELF_C_READ, NULL);
		assert_non_null(elf);
		syms = check_symbols(path, elf, bin);
		check_functions(path, bin, &syms);
		free(syms.addrs);
		elf_end(elf);
		files_with_symbols++;
	}
	gobin_free(bin);
}

static void equals_the_symbol_table(void **state)
{
	(void)state;
	assert_int_not_equal(elf_version(EV_CURRENT), EV_NONE);
	each_go_file(check_against_symbols);
	assert_int_not_equal(files_with_symbols, 0);
}

/* An external linker may place the stripped one's text elsewhere. */
static void assert_same_functions(const struct gobin *a, const struct gobin *b)
{
	struct gobin_func x = first_func(a), y = first_func(b);
	const uint64_t shift = y.addr - x.addr;

	assert_int_equal(gobin_nfuncs(a), gobin_nfuncs(b));
	for (;;) {
		int more;

		assert_string_equal(x.name, y.name);
		assert_int_equal(x.addr + shift, y.addr);
		assert_int_equal(x.end + shift, y.end);
		more = gobin_func_at(a, x.end, &x);
		assert_int_equal(gobin_func_at(b, y.end, &y), more);
		if (more)
			return;
	}
}

static void compare(const struct gobin *stripped, const struct gobin *whole)
{
	assert_true(gobin_is_stripped(stripped));
	assert_false(gobin_is_stripped(whole));
	assert_string_equal(gobin_version_text(stripped), gobin_version_text(whole));
	assert_int_equal(gobin_arch(stripped), gobin_arch(whole));
	assert_int_equal(gobin_is_pie(stripped), gobin_is_pie(whole));
	assert_same_functions(stripped, whole);
	pairs++;
}

static void compare_with_pair(const char *path, int fd)
{
	struct gobin *stripped, *whole;
	char *pair;
	const int pair_fd = open_go_pair(path, &pair);

	if (pair_fd < 0)
		return;
	stripped = open_go(path, fd);
	whole = open_go(pair, pair_fd);
	compare(stripped, whole);
	gobin_free(whole);
	gobin_free(stripped);
	close(pair_fd);
	free(pair);
}

static void stripping_changes_nothing(void **state)
{
	(void)state;
	each_go_file(compare_with_pair);
	assert_int_not_equal(pairs, 0);
}

static void check_program(const char *path, int fd)
{
	struct gobin *bin = open_go(path, fd);
	const struct gobin_program *program = gobin_program(bin);
	char package[NAME_MAX_BYTES];

	snprintf(package, sizeof(package), "slicestat.test/targets/%s", strrchr(path, '/') + 1);
	assert_string_equal(program->package, package);
	assert_string_equal(program->module, "slicestat.test/targets");
	assert_string_equal(program->version, "(devel)");
	gobin_free(bin);
}

static void tells_what_they_were_built_from(void **state)
{
	(void)state;
	each_go_file(check_program);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_they_were_built_from),
		cmocka_unit_test(equals_the_symbol_table),
		cmocka_unit_test(stripping_changes_nothing),
	};

	return cmocka_run_group_tests_name("gobin_files", tests, NULL, NULL);
}
