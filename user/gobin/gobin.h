/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Go executable as data: version, architecture, functions, bytes. Everything comes from the
 * file's bytes, which are untrusted; no symbol table and no DWARF is needed. Addresses are
 * link-time addresses (those of the ELF program headers), never run-time ones.
 */
#ifndef SS_GOBIN_GOBIN_H
#define SS_GOBIN_GOBIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log/reason.h"

struct gobin;

enum gobin_arch {
	GOBIN_AMD64 = 1,
	GOBIN_ARM64 = 2,
};

struct gobin_version {
	int major; /* 1 */
	int minor; /* 24 */
	int patch; /* 4; 0 where the version names none */
};

struct gobin_func {
	const char *name; /* as pclntab spells it; lives as long as the gobin */
	uint64_t addr;	  /* first instruction */
	uint64_t end;	  /* start of the next function: includes alignment padding */
};

/*
 * Read the executable behind fd, which stays the caller's and must stay open. Sets *out, to be
 * freed with gobin_free, or returns a negative errno with the cause in why:
 * -ENOEXEC not an ELF file; -ENOTSUP 32-bit, big-endian or an architecture no Go ABI is known for;
 * -ENODATA not a Go executable (or its tables are not in the file, as with packers);
 * -EBADMSG tables that contradict themselves or point outside the file (truncated, hostile);
 * -EFBIG a table larger than the cap; -ENOMEM; -EIO and others as reading returned them.
 * Any Go from 1.18 on opens; what can be traced is the planner's question.
 */
int gobin_open(int fd, struct gobin **out, struct reason *why);
void gobin_free(struct gobin *bin);

enum gobin_arch gobin_arch(const struct gobin *bin);
const char *gobin_arch_name(const struct gobin *bin); /* "amd64", as GOARCH spells it */
struct gobin_version gobin_version(const struct gobin *bin);
const char *gobin_version_text(const struct gobin *bin); /* "go1.24.4", build info's own words */
bool gobin_is_stripped(const struct gobin *bin);	 /* no symbol table */
bool gobin_is_pie(const struct gobin *bin);
size_t gobin_nfuncs(const struct gobin *bin);

/* The function of exactly this name: 0, -ENOENT, or -ENOTUNIQ where two bear it (ABI wrappers). */
int gobin_find_func(const struct gobin *bin, const char *name, struct gobin_func *out);
/* The function whose code covers addr: 0 or -ENOENT. */
int gobin_func_at(const struct gobin *bin, uint64_t addr, struct gobin_func *out);

/* Bytes of the file as loaded at addr: 0, or -EFAULT where any of them is not in the file. */
int gobin_read(const struct gobin *bin, uint64_t addr, void *buf, size_t len);
/* addr <-> file offset by the covering PT_LOAD: 0 or -EFAULT. A uprobe is placed by file offset. */
int gobin_file_offset(const struct gobin *bin, uint64_t addr, uint64_t *offset);
int gobin_addr_of_offset(const struct gobin *bin, uint64_t offset, uint64_t *addr);

#endif
