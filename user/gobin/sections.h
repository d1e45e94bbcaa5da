/* SPDX-License-Identifier: BSD-2-Clause */
/* The section headers of an ELF file: hints only, they may be renamed, merged or gone. */
#ifndef SS_GOBIN_SECTIONS_H
#define SS_GOBIN_SECTIONS_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

struct sections;

/* NULL where the file has none that can be read. fd must stay open. */
struct sections *sections_open(int fd, const Elf64_Ehdr *ehdr);
void sections_free(struct sections *sections);

/* sections may be NULL. The address the section claims to have: 0 or -ENOENT. */
int sections_find(const struct sections *sections, const char *name, uint64_t *addr);
bool sections_have_symtab(const struct sections *sections);

#endif
