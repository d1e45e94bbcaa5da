/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/sections.h"

#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

/*
 * Go executables have some 30 sections and a kilobyte of names. libelf allocates and reads what the
 * file claims to have, so more than this is not handed to it.
 */
#define MAX_SECTIONS   4096
#define MAX_NAME_BYTES ((uint64_t)1 << 20)

struct sections {
	Elf *elf;
	size_t names; /* index of the section that holds the names, 0 for none */
};

/* elf_strptr would inflate compressed names. */
static size_t find_names(Elf *elf)
{
	size_t names;
	GElf_Shdr sh;

	if (elf_getshdrstrndx(elf, &names) || names >= MAX_SECTIONS ||
	    !gelf_getshdr(elf_getscn(elf, names), &sh) || sh.sh_type != SHT_STRTAB ||
	    sh.sh_size > MAX_NAME_BYTES || (sh.sh_flags & SHF_COMPRESSED))
		return 0;
	return names;
}

struct sections *sections_open(int fd, const Elf64_Ehdr *ehdr)
{
	struct sections *sections;

	if (ehdr->e_shnum == 0 || ehdr->e_shnum > MAX_SECTIONS ||
	    elf_version(EV_CURRENT) == EV_NONE)
		return NULL;
	sections = calloc(1, sizeof(*sections));
	if (!sections)
		return NULL;
	sections->elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!sections->elf || elf_kind(sections->elf) != ELF_K_ELF) {
		sections_free(sections);
		return NULL;
	}
	sections->names = find_names(sections->elf);
	return sections;
}

void sections_free(struct sections *sections)
{
	if (!sections)
		return;
	elf_end(sections->elf);
	free(sections);
}

int sections_find(const struct sections *sections, const char *name, uint64_t *addr)
{
	Elf_Scn *scn = NULL;

	if (!sections || sections->names == 0)
		return -ENOENT;
	while ((scn = elf_nextscn(sections->elf, scn))) {
		const char *got;
		GElf_Shdr sh;

		if (!gelf_getshdr(scn, &sh))
			continue;
		got = elf_strptr(sections->elf, sections->names, sh.sh_name);
		if (!got || strcmp(got, name) != 0)
			continue;
		*addr = sh.sh_addr;
		return 0;
	}
	return -ENOENT;
}

bool sections_have_symtab(const struct sections *sections)
{
	Elf_Scn *scn = NULL;

	while (sections && (scn = elf_nextscn(sections->elf, scn))) {
		GElf_Shdr sh;

		if (gelf_getshdr(scn, &sh) && sh.sh_type == SHT_SYMTAB)
			return true;
	}
	return false;
}
