/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An ELF executable as an address space: the bytes of its PT_LOAD segments by link-time address.
 * Program headers are the truth; sections may be renamed, merged or gone and only give hints.
 * Bytes are read with pread, never mapped: a file that shrinks meanwhile must not raise SIGBUS.
 */
#ifndef SS_GOBIN_IMAGE_H
#define SS_GOBIN_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log/reason.h"

struct image;

/* The part of a PT_LOAD that is in the file. Neither addr + size nor offset + size wraps. */
struct segment {
	uint64_t addr;
	uint64_t offset;
	uint64_t size;
	bool writable;
	bool executable;
};

/* A part of the address space; size 0 when there is none. */
struct range {
	uint64_t addr;
	uint64_t size;
};

/* Linkers write at most two: one for each alignment. */
#define IMAGE_NOTES_MAX 8

/* fd stays the caller's and must stay open. Errors as gobin_open's. */
int image_open(int fd, struct image **out, struct reason *why);
void image_free(struct image *img);

uint16_t image_machine(const struct image *img); /* EM_X86_64 or EM_AARCH64 */
bool image_is_pie(const struct image *img);
bool image_has_symtab(const struct image *img);
bool image_is_upx_packed(const struct image *img);
size_t image_nsegments(const struct image *img);
const struct segment *image_segment(const struct image *img, size_t i);
struct range image_dynamic(const struct image *img); /* PT_DYNAMIC */
/* PT_NOTE number i, below IMAGE_NOTES_MAX; size 0 where there are not so many. */
struct range image_notes(const struct image *img, size_t i);

/* The segment whose file bytes hold all of [addr, addr + len), len >= 1; else NULL. */
const struct segment *image_covering(const struct image *img, uint64_t addr, uint64_t len);

/* 0, -EFAULT where any byte is not in the file, or the errno of reading. */
int image_read(const struct image *img, uint64_t addr, void *buf, size_t len);

/* Where the section headers claim that the section lies: 0 or -ENOENT. A hint only. */
int image_section_addr(const struct image *img, const char *name, uint64_t *addr);

#endif
