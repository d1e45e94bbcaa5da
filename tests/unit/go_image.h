/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest ELF file that has all that makes a Go executable, made in memory. Tests change its
 * bytes at the places named here.
 */
#ifndef SS_TESTS_GO_IMAGE_H
#define SS_TESTS_GO_IMAGE_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* File offsets. The data segment lies elsewhere in memory than in the file, as with lld. */
#define IMG_TEXT     0x1000
#define IMG_RODATA   0x2000
#define IMG_DECOY    0x2000
#define IMG_PCLNTAB  0x2400
#define IMG_DATA     0x3000
#define IMG_INFO     0x3000
#define IMG_MODULE   0x3200
#define IMG_DYNAMIC  0x3400
#define IMG_RELA     0x3500
#define IMG_SECTIONS 0x3800
#define IMG_SIZE     0x3a00

#define IMG_BASE	0x400000ull
#define IMG_TEXT_ADDR	(IMG_BASE + IMG_TEXT)
#define IMG_RODATA_ADDR (IMG_BASE + IMG_RODATA)
#define IMG_DATA_ADDR	(IMG_BASE + 0x2000 + IMG_DATA)
#define IMG_DATA_SIZE	0x800
#define IMG_BSS_SIZE	0x800
/* As with an external linker, other code lies before Go's. */
#define IMG_GO_TEXT	(IMG_TEXT_ADDR + 0x100)
#define IMG_PCLN_ADDR	(IMG_RODATA_ADDR + IMG_PCLNTAB - IMG_RODATA)
#define IMG_DECOY_ADDR	(IMG_RODATA_ADDR + IMG_DECOY - IMG_RODATA)
#define IMG_MODULE_ADDR (IMG_DATA_ADDR + IMG_MODULE - IMG_DATA)

/* Program headers by number. */
enum { IMG_PH_TEXT, IMG_PH_RODATA, IMG_PH_DATA, IMG_PH_DYNAMIC, IMG_PH_COUNT };

/* Offsets in the pclntab that img_put_pclntab writes, from its header on. */
#define PCLN_NAMES(row) ((row)->names)
#define PCLN_UNITS	0x100
#define PCLN_FILES	0x110
#define PCLN_PCS	0x120
#define PCLN_FUNCS	0x130
#define PCLN_RECORDS	0x30 /* the first _func record, from functab on */
#define PCLN_RECORD	48   /* bytes a record */
#define PCLN_SIZE	0x300

#define IMG_NFUNCS 4
static const char *const img_func_names[IMG_NFUNCS] = {
	"internal/cpu.Initialize", "runtime.growslice", "runtime.osinit", "runtime.osinit"};
static const uint32_t img_func_entries[IMG_NFUNCS + 1] = {0x0, 0x40, 0x120, 0x140, 0x1a0};

/* What differs between Go versions and architectures. */
struct img_layout {
	const char *version;
	uint16_t machine;
	uint32_t magic;
	uint32_t names; /* offset of funcnametab */
};

static const struct img_layout img_layouts[] = {
	{"go1.18.10", EM_X86_64, 0xfffffff0, 0x60}, {"go1.19.8", EM_AARCH64, 0xfffffff0, 0x60},
	{"go1.24.4", EM_X86_64, 0xfffffff1, 0x60},  {"go1.27.3", EM_X86_64, 0xfffffff1, 0x48},
	{"go1.27.3", EM_AARCH64, 0xfffffff1, 0x48},
};
#define IMG_NLAYOUTS (sizeof(img_layouts) / sizeof(img_layouts[0]))

struct go_image {
	uint8_t b[IMG_SIZE];
};

static inline void img_put(struct go_image *img, size_t off, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		img->b[off + i] = (uint8_t)(v >> (8 * i));
}

static inline void img_put_elf(struct go_image *img, uint16_t machine)
{
	const Elf64_Ehdr eh = {
		.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = machine,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(eh),
		.e_ehsize = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = IMG_PH_DYNAMIC,
	};
	const Elf64_Phdr ph[IMG_PH_COUNT] = {
		{PT_LOAD, PF_R | PF_X, IMG_TEXT, IMG_TEXT_ADDR, 0, 0x1000, 0x1000, 0x1000},
		{PT_LOAD, PF_R, IMG_RODATA, IMG_RODATA_ADDR, 0, 0x1000, 0x1000, 0x1000},
		{PT_LOAD, PF_R | PF_W, IMG_DATA, IMG_DATA_ADDR, 0, IMG_DATA_SIZE,
		 IMG_DATA_SIZE + IMG_BSS_SIZE, 0x1000},
		{PT_DYNAMIC, PF_R | PF_W, IMG_DYNAMIC, IMG_DATA_ADDR + IMG_DYNAMIC - IMG_DATA, 0,
		 0x40, 0x40, 8},
	};

	memcpy(img->b, &eh, sizeof(eh));
	memcpy(img->b + sizeof(eh), ph, sizeof(ph));
}

/* The offset of a field of a program header, for img_put. */
#define IMG_PH(n, field)                                                                           \
	(sizeof(Elf64_Ehdr) + (n) * sizeof(Elf64_Phdr) + offsetof(Elf64_Phdr, field))

static inline void img_put_pclntab(struct go_image *img, size_t at, const struct img_layout *row)
{
	size_t name = row->names;

	img_put(img, at, row->magic, 4);
	img_put(img, at + 4, row->machine == EM_X86_64 ? 0x08010000 : 0x08040000, 4);
	img_put(img, at + 8, IMG_NFUNCS, 8);
	img_put(img, at + 32, row->names, 8);
	img_put(img, at + 40, PCLN_UNITS, 8);
	img_put(img, at + 48, PCLN_FILES, 8);
	img_put(img, at + 56, PCLN_PCS, 8);
	img_put(img, at + 64, PCLN_FUNCS, 8);
	for (size_t i = 0; i <= IMG_NFUNCS; i++)
		img_put(img, at + PCLN_FUNCS + i * 8, img_func_entries[i], 4);
	for (size_t i = 0; i < IMG_NFUNCS; i++) {
		size_t record = PCLN_RECORDS + i * PCLN_RECORD;

		img_put(img, at + PCLN_FUNCS + i * 8 + 4, record, 4);
		img_put(img, at + PCLN_FUNCS + record, img_func_entries[i], 4);
		img_put(img, at + PCLN_FUNCS + record + 4, name - row->names, 4);
		memcpy(img->b + at + name, img_func_names[i], strlen(img_func_names[i]) + 1);
		name += strlen(img_func_names[i]) + 1;
	}
}

static inline void img_put_moduledata(struct go_image *img, size_t at, uint64_t pclntab,
				      const struct img_layout *row)
{
	const uint64_t functab = pclntab + PCLN_FUNCS;

	img_put(img, at + 0x00, pclntab, 8);
	img_put(img, at + 0x08, pclntab + row->names, 8);
	img_put(img, at + 0x68, functab, 8);
	img_put(img, at + 0x70, PCLN_SIZE - PCLN_FUNCS, 8);
	img_put(img, at + 0x80, functab, 8);
	img_put(img, at + 0x88, IMG_NFUNCS + 1, 8);
	img_put(img, at + 0xa0, IMG_GO_TEXT, 8);
	img_put(img, at + 0xa8, IMG_GO_TEXT + img_func_entries[IMG_NFUNCS], 8);
	img_put(img, at + 0xb0, IMG_GO_TEXT, 8);
	img_put(img, at + 0xb8, IMG_GO_TEXT + 0x200, 8);
}

static inline void img_put_buildinfo(struct go_image *img, size_t at, const char *version)
{
	memcpy(img->b + at, "\xff Go buildinf:", 14);
	img->b[at + 14] = 8;
	img->b[at + 15] = 2;
	img->b[at + 32] = (uint8_t)strlen(version);
	memcpy(img->b + at + 33, version, strlen(version));
}

static inline void img_make(struct go_image *img, const struct img_layout *row)
{
	memset(img, 0, sizeof(*img));
	img_put_elf(img, row->machine);
	for (size_t i = IMG_TEXT; i < IMG_RODATA; i++)
		img->b[i] = (uint8_t)(i * 7);
	img_put_pclntab(img, IMG_PCLNTAB, row);
	img_put_moduledata(img, IMG_MODULE, IMG_PCLN_ADDR, row);
	img_put_buildinfo(img, IMG_INFO, row->version);
}

/* Turn the pointers of the moduledata into relocations, as lld leaves them: zeros in place. */
static inline void img_relocate_moduledata(struct go_image *img, uint16_t machine)
{
	static const uint8_t pointers[] = {0x00, 0x08, 0x68, 0x80, 0xa0, 0xa8, 0xb0, 0xb8};
	const size_t n = sizeof(pointers);
	const uint64_t type = machine == EM_X86_64 ? R_X86_64_RELATIVE : R_AARCH64_RELATIVE;
	const size_t size = n * sizeof(Elf64_Rela);

	img_put(img, offsetof(Elf64_Ehdr, e_type), ET_DYN, 2);
	img_put(img, offsetof(Elf64_Ehdr, e_phnum), IMG_PH_COUNT, 2);
	img_put(img, IMG_DYNAMIC, DT_RELA, 8);
	img_put(img, IMG_DYNAMIC + 8, IMG_DATA_ADDR + IMG_RELA - IMG_DATA, 8);
	img_put(img, IMG_DYNAMIC + 16, DT_RELASZ, 8);
	img_put(img, IMG_DYNAMIC + 24, size, 8);
	for (size_t i = 0; i < sizeof(pointers); i++) {
		/* Not every linker sorts them: last first. */
		size_t rela = IMG_RELA + size - (i + 1) * sizeof(Elf64_Rela);

		img_put(img, rela, IMG_MODULE_ADDR + pointers[i], 8);
		img_put(img, rela + 8, type, 8);
		memcpy(img->b + rela + 16, img->b + IMG_MODULE + pointers[i], 8);
		memset(img->b + IMG_MODULE + pointers[i], 0, 8);
	}
}

/* Section headers that claim the function table to lie at addr. */
static inline void img_put_sections(struct go_image *img, uint64_t addr)
{
	static const char names[] = "\0.gopclntab\0.shstrtab";
	const Elf64_Shdr sh[3] = {
		{0},
		{.sh_name = 1, .sh_type = SHT_PROGBITS, .sh_addr = addr, .sh_offset = IMG_RODATA},
		{.sh_name = 12,
		 .sh_type = SHT_STRTAB,
		 .sh_offset = IMG_SECTIONS + 3 * sizeof(Elf64_Shdr),
		 .sh_size = sizeof(names)},
	};

	memcpy(img->b + IMG_SECTIONS, sh, sizeof(sh));
	memcpy(img->b + IMG_SECTIONS + sizeof(sh), names, sizeof(names));
	img_put(img, offsetof(Elf64_Ehdr, e_shoff), IMG_SECTIONS, 8);
	img_put(img, offsetof(Elf64_Ehdr, e_shentsize), sizeof(Elf64_Shdr), 2);
	img_put(img, offsetof(Elf64_Ehdr, e_shnum), 3, 2);
	img_put(img, offsetof(Elf64_Ehdr, e_shstrndx), 2, 2);
}

/* A file of the first len bytes, or -1. */
static inline int img_file(const void *bytes, size_t len)
{
	int fd = memfd_create("go-image", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, bytes, len) != (ssize_t)len) {
		close(fd);
		return -1;
	}
	return fd;
}

#endif
