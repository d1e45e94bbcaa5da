/* SPDX-License-Identifier: BSD-2-Clause */
/* gobin on made executables: the layouts it knows, and the ways a file is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "gobin/gobin.h"

#include "open_image.h"

static void assert_refused(const void *bytes, size_t len, int err, const char *text)
{
	struct gobin *bin = NULL;
	struct reason why = {0};
	int fd = img_file(bytes, len);

	assert_true(fd >= 0);
	assert_int_equal(gobin_open(fd, &bin, &why), err);
	assert_null(bin);
	if (!strstr(why.text, text))
		fail_msg("the cause is '%s', not '%s'", why.text, text);
	close(fd);
}

static void opens_every_layout(void **state)
{
	(void)state;
	for (size_t i = 0; i < IMG_NLAYOUTS; i++) {
		const struct img_layout *row = &img_layouts[i];
		struct go_image img;
		struct opened o;

		img_make(&img, row);
		o = open_image(&img);
		assert_string_equal(gobin_version_text(o.bin), row->version);
		assert_string_equal(gobin_arch_name(o.bin),
				    row->machine == EM_X86_64 ? "amd64" : "arm64");
		assert_int_equal(gobin_nfuncs(o.bin), IMG_NFUNCS);
		assert_true(gobin_is_stripped(o.bin));
		assert_false(gobin_is_pie(o.bin));
		assert_growslice(o.bin);
		close_image(&o);
	}
}

static void finds_by_name_and_address(void **state)
{
	struct gobin_func func;
	struct go_image img;
	struct opened o;

	(void)state;
	img_make(&img, go124);
	o = open_image(&img);
	assert_int_equal(gobin_find_func(o.bin, "runtime.osinit", &func), -ENOTUNIQ);
	assert_int_equal(gobin_find_func(o.bin, "runtime.growslic", &func), -ENOENT);
	assert_int_equal(gobin_find_func(o.bin, "", &func), -ENOENT);
	assert_int_equal(gobin_func_at(o.bin, IMG_GO_TEXT - 1, &func), -ENOENT);
	assert_int_equal(gobin_func_at(o.bin, IMG_GO_TEXT, &func), 0);
	assert_string_equal(func.name, "internal/cpu.Initialize");
	assert_int_equal(gobin_func_at(o.bin, IMG_GO_TEXT + 0x11f, &func), 0);
	assert_string_equal(func.name, "runtime.growslice");
	assert_int_equal(gobin_func_at(o.bin, IMG_GO_TEXT + 0x19f, &func), 0);
	assert_int_equal(func.addr, IMG_GO_TEXT + 0x140);
	assert_int_equal(func.end, IMG_GO_TEXT + 0x1a0);
	assert_int_equal(gobin_func_at(o.bin, IMG_GO_TEXT + 0x1a0, &func), -ENOENT);
	assert_int_equal(gobin_func_at(o.bin, UINT64_MAX, &func), -ENOENT);
	close_image(&o);
}

static void reads_bytes_and_offsets(void **state)
{
	uint8_t buf[8];
	uint64_t v = 0;
	struct go_image img;
	struct opened o;

	(void)state;
	img_make(&img, go124);
	o = open_image(&img);
	assert_int_equal(gobin_read(o.bin, IMG_TEXT_ADDR + 3, buf, sizeof(buf)), 0);
	assert_memory_equal(buf, img.b + IMG_TEXT + 3, sizeof(buf));
	assert_int_equal(gobin_read(o.bin, IMG_RODATA_ADDR - 4, buf, sizeof(buf)), 0);
	assert_memory_equal(buf, img.b + IMG_RODATA - 4, sizeof(buf));
	assert_int_equal(gobin_read(o.bin, IMG_TEXT_ADDR - 1, buf, 1), -EFAULT);
	assert_int_equal(gobin_read(o.bin, IMG_DATA_ADDR + IMG_DATA_SIZE - 4, buf, 8), -EFAULT);
	assert_int_equal(gobin_file_offset(o.bin, IMG_DATA_ADDR + 0x10, &v), 0);
	assert_int_equal(v, IMG_DATA + 0x10);
	assert_int_equal(gobin_file_offset(o.bin, IMG_DATA_ADDR + IMG_DATA_SIZE, &v), -EFAULT);
	assert_int_equal(gobin_addr_of_offset(o.bin, IMG_DATA + 0x10, &v), 0);
	assert_int_equal(v, IMG_DATA_ADDR + 0x10);
	assert_int_equal(gobin_addr_of_offset(o.bin, 0x10, &v), -EFAULT);
	close_image(&o);
}

static void survives_a_file_that_shrinks(void **state)
{
	uint8_t buf[8];
	struct go_image img;
	struct opened o;

	(void)state;
	img_make(&img, go124);
	o = open_image(&img);
	assert_int_equal(ftruncate(o.fd, IMG_TEXT + 4), 0);
	assert_int_equal(gobin_read(o.bin, IMG_TEXT_ADDR, buf, sizeof(buf)), -EFAULT);
	assert_growslice(o.bin);
	close_image(&o);
}

static void follows_relocations(void **state)
{
	static const size_t rows[] = {2, 4};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct img_layout *row = &img_layouts[rows[i]];
		struct go_image img;
		struct opened o;

		img_make(&img, row);
		img_relocate_moduledata(&img, row->machine);
		o = open_image(&img);
		assert_true(gobin_is_pie(o.bin));
		assert_growslice(o.bin);
		close_image(&o);
		img_put(&img, IMG_DYNAMIC + 24, 0x7ffffff0, 8);
		assert_refused(img.b, sizeof(img.b), -EFBIG, "relocations");
		img_put(&img, IMG_DYNAMIC + 24, 0x4000, 8);
		assert_refused(img.b, sizeof(img.b), -EBADMSG, "relocations outside the file");
	}
}

/* A table that the program's moduledata does not name is another program's, embedded. */
static void passes_over_decoys(void **state)
{
	struct go_image img;
	struct opened o;

	(void)state;
	img_make(&img, go124);
	img_put_pclntab(&img, IMG_DECOY, go124);
	memcpy(img.b + IMG_DECOY + go124->names, "decoy", 5);
	o = open_image(&img);
	assert_growslice(o.bin);
	close_image(&o);
	img_put_sections(&img, IMG_DECOY_ADDR);
	o = open_image(&img);
	assert_growslice(o.bin);
	close_image(&o);
}

static void refuses_other_files(void **state)
{
	static const char text[] = "#!/bin/sh\n";
	struct go_image img;

	(void)state;
	img_make(&img, go124);
	assert_refused(text, sizeof(text) - 1, -ENOEXEC, "not an ELF executable");
	assert_refused(text, 0, -ENOEXEC, "not an ELF executable");
	assert_refused(img.b, 3, -ENOEXEC, "not an ELF executable");
	assert_refused(img.b, 63, -EBADMSG, "truncated or corrupt ELF file: it ends inside");
	assert_refused(img.b, 100, -EBADMSG, "truncated or corrupt ELF file: program headers");
	assert_refused(img.b, IMG_DATA + 5, -EBADMSG, "truncated or corrupt ELF file: a segment");
}

/* One change to a good file, and what becomes of it. */
struct damage {
	size_t at;
	uint64_t value;
	size_t bytes;
	int err;
	const char *text;
};

#define EHDR(field)    offsetof(Elf64_Ehdr, field)
#define PCLN(off)      (IMG_PCLNTAB + (off))
#define FUNCTAB(off)   (IMG_PCLNTAB + PCLN_FUNCS + (off))
#define RECORD(n, off) FUNCTAB(PCLN_RECORDS + (n)*PCLN_RECORD + (off))
#define MODULE(off)    (IMG_MODULE + (off))
#define NO_MODULE_DATA "no module data agrees"

static const struct damage damages[] = {
	{EI_CLASS, ELFCLASS32, 1, -ENOTSUP, "32-bit executable; slicestat reads 64-bit"},
	{EI_DATA, ELFDATA2MSB, 1, -ENOTSUP, "big-endian"},
	{EI_CLASS, 9, 1, -EBADMSG, "unknown class"},
	{EHDR(e_machine), EM_RISCV, 2, -ENOTSUP, "ELF machine 243"},
	{EHDR(e_type), ET_REL, 2, -ENOEXEC, "not an executable (type 1)"},
	{EHDR(e_phnum), 0, 2, -EBADMSG, "no program headers"},
	{EHDR(e_phnum), 9999, 2, -EFBIG, "9999 program headers"},
	{EHDR(e_phoff), UINT64_MAX, 8, -EBADMSG, "program headers outside"},
	{IMG_PH(IMG_PH_DATA, p_offset), UINT64_MAX, 8, -EBADMSG, "a segment ends behind"},
	{IMG_PH(IMG_PH_DATA, p_vaddr), UINT64_MAX, 8, -EBADMSG, "addresses wrap"},
	{IMG_PH(IMG_PH_DATA, p_vaddr), IMG_TEXT_ADDR + 8, 8, -EBADMSG, "segments overlap"},
	{PCLN(0), 0xfffffffb, 4, -ENODATA, "no function table in it"},
	{PCLN(4), 0x04010000, 4, -ENODATA, "no function table in it"},
	{PCLN(8), 0, 8, -EBADMSG, "no functions"},
	{PCLN(8), UINT64_MAX, 8, -EFBIG, "functions; slicestat reads at most"},
	{PCLN(8), 100000, 8, -EBADMSG, "not whole in the file"},
	{PCLN(32), 0x47, 8, -EBADMSG, "tables are not in ascending order"},
	{PCLN(40), PCLN_FILES + 1, 8, -EBADMSG, "tables are not in ascending order"},
	{PCLN(48), PCLN_PCS + 1, 8, -EBADMSG, "tables are not in ascending order"},
	{PCLN(56), PCLN_FUNCS + 1, 8, -EBADMSG, "tables are not in ascending order"},
	{PCLN(64), UINT64_MAX, 8, -EFBIG, "table larger than"},
	{PCLN(PCLN_UNITS - 1), 'x', 1, -EBADMSG, "last name does not end"},
	{FUNCTAB(8), 0x41, 4, -EBADMSG, "names another entry"},
	{FUNCTAB(8), 0x121, 4, -EBADMSG, "functions are not in ascending order"},
	{FUNCTAB(4), 0x1d0, 4, -EBADMSG, "record lies outside"},
	{FUNCTAB(4), UINT32_MAX, 4, -EBADMSG, "record lies outside"},
	{RECORD(1, 0), 0x41, 4, -EBADMSG, "names another entry"},
	{RECORD(1, 4), PCLN_UNITS - 0x60, 4, -EBADMSG, "name lies outside"},
	{RECORD(1, 4), UINT32_MAX, 4, -EBADMSG, "name lies outside"},
	{MODULE(0x00), IMG_PCLN_ADDR + 8, 8, -EBADMSG, NO_MODULE_DATA},
	{MODULE(0x08), 0, 8, -EBADMSG, NO_MODULE_DATA},
	{MODULE(0x70), 0x10, 8, -EBADMSG, "not whole in the file"},
	{MODULE(0x70), 0x10000, 8, -EBADMSG, "not whole in the file"},
	{MODULE(0x70), (uint64_t)1 << 31, 8, -EFBIG, "table larger than"},
	{MODULE(0x70), UINT64_MAX, 8, -EBADMSG, NO_MODULE_DATA},
	{MODULE(0x80), 0, 8, -EBADMSG, NO_MODULE_DATA},
	{MODULE(0x88), IMG_NFUNCS, 8, -EBADMSG, NO_MODULE_DATA},
	{MODULE(0xa0), IMG_GO_TEXT + 1, 8, -EBADMSG, NO_MODULE_DATA},
	{MODULE(0xa8), IMG_GO_TEXT + 1, 8, -EBADMSG, NO_MODULE_DATA},
	{MODULE(0xb0), IMG_TEXT_ADDR, 8, -EBADMSG, NO_MODULE_DATA},
	{MODULE(0xb8), IMG_GO_TEXT + 0x100, 8, -EBADMSG, NO_MODULE_DATA},
	{MODULE(0xb8), IMG_RODATA_ADDR + 1, 8, -EBADMSG, NO_MODULE_DATA},
	{IMG_PH(IMG_PH_TEXT, p_flags), PF_R, 4, -EBADMSG, NO_MODULE_DATA},
	{IMG_INFO + 15, 0, 1, -ENOTSUP, "Go 1.17 or older"},
};

static void refuses_damaged_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		const struct damage *d = &damages[i];
		struct go_image img;

		img_make(&img, go124);
		img_put(&img, d->at, d->value, d->bytes);
		print_message("0x%zx = 0x%llx: %s\n", d->at, (unsigned long long)d->value, d->text);
		assert_refused(img.b, sizeof(img.b), d->err, d->text);
	}
}

static void refuses_what_is_not_go(void **state)
{
	struct go_image img;

	(void)state;
	img_make(&img, go124);
	memset(img.b + IMG_PCLNTAB, 0, PCLN_SIZE);
	assert_refused(img.b, sizeof(img.b), -ENODATA, "Go build information but no function");
	memset(img.b + IMG_INFO, 0, 64);
	assert_refused(img.b, sizeof(img.b), -ENODATA,
		       "not a Go executable (no Go build information and no function table in it)");
	memcpy(img.b + 0x1ec, "UPX!", 4);
	assert_refused(img.b, sizeof(img.b), -ENODATA, "packed with UPX");
	img_make(&img, go124);
	memset(img.b + IMG_INFO, 0, 64);
	memset(img.b + IMG_MODULE, 0, 8);
	assert_refused(img.b, sizeof(img.b), -ENODATA, "not a Go executable");
}

/* A sparse file costs nothing to make; without section names it would have to be searched. */
static void does_not_search_without_end(void **state)
{
	const uint64_t size = (uint64_t)2 << 30;
	struct gobin *bin = NULL;
	struct reason why = {0};
	struct go_image img;
	int fd;

	(void)state;
	img_make(&img, go124);
	img_put(&img, IMG_PH(IMG_PH_DATA, p_filesz), size, 8);
	img_put(&img, IMG_PH(IMG_PH_DATA, p_memsz), size, 8);
	fd = img_file(img.b, sizeof(img.b));
	assert_int_equal(ftruncate(fd, (off_t)(IMG_DATA + size)), 0);
	assert_int_equal(gobin_open(fd, &bin, &why), -EFBIG);
	assert_non_null(strstr(why.text, "more than 1073741824 bytes to search"));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_every_layout),
		cmocka_unit_test(finds_by_name_and_address),
		cmocka_unit_test(reads_bytes_and_offsets),
		cmocka_unit_test(survives_a_file_that_shrinks),
		cmocka_unit_test(follows_relocations),
		cmocka_unit_test(passes_over_decoys),
		cmocka_unit_test(refuses_other_files),
		cmocka_unit_test(refuses_damaged_files),
		cmocka_unit_test(refuses_what_is_not_go),
		cmocka_unit_test(does_not_search_without_end),
	};

	return cmocka_run_group_tests_name("gobin", tests, NULL, NULL);
}
