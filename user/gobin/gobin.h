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
/* Whether the section headers of the file behind fd are those of a Go program or library. A hint.
 */
bool gobin_is_likely(int fd);

enum gobin_arch gobin_arch(const struct gobin *bin);
const char *gobin_arch_name(const struct gobin *bin); /* "amd64", as GOARCH spells it */
struct gobin_version gobin_version(const struct gobin *bin);
const char *gobin_version_text(const struct gobin *bin); /* "go1.24.4", build info's own words */
/* What it was built from, by names that the go command gave it; "" what is not known. */
struct gobin_program {
	char package[256]; /* main's path: "go.etcd.io/etcd/server" */
	char module[256];  /* main's module; not known of what was built in GOPATH mode */
	char version[64];  /* of the module: "v1.2.3", "(devel)" */
};
const struct gobin_program *gobin_program(const struct gobin *bin); /* lives as long as bin */
/* Without a symbol table. */
bool gobin_is_stripped(const struct gobin *bin);
bool gobin_is_pie(const struct gobin *bin);
size_t gobin_nfuncs(const struct gobin *bin);

/* Function number i, below gobin_nfuncs; ascending by address. */
void gobin_func(const struct gobin *bin, size_t i, struct gobin_func *out);
/* The function of exactly this name: 0, -ENOENT, or -ENOTUNIQ where two bear it (ABI wrappers). */
int gobin_find_func(const struct gobin *bin, const char *name, struct gobin_func *out);
/* The function whose code covers addr: 0 or -ENOENT. */
int gobin_func_at(const struct gobin *bin, uint64_t addr, struct gobin_func *out);
/* Whether the function whose code covers addr was written in assembly. */
bool gobin_is_assembly(const struct gobin *bin, uint64_t addr);

/* One level of the chain of bodies that an instruction belongs to. */
struct gobin_frame {
	const char *func; /* as pclntab spells it; lives as long as the gobin, as does file */
	const char *file; /* NULL unknown */
	int32_t line;	  /* 0 unknown */
	bool wrapper;	  /* made by the compiler (abi.FuncIDWrapper): nobody wrote it */
};

/* The runtime itself follows no more levels of inlining. */
#define GOBIN_FRAMES_MAX 64

/*
 * The chain at the instruction that covers addr: innermost inlined body first, the function that
 * exists as code last, at most max of them (the rest is cut). For a return address, which belongs
 * to the call before it, ask for the address less one. The number of frames; -ENOENT where no
 * function covers addr. What is corrupt in the tables makes single values unknown, no error.
 */
int gobin_frames(const struct gobin *bin, uint64_t addr, struct gobin_frame *frames, size_t max);
/* The same without files and lines: a third of the work, and less of the file is read. */
int gobin_bodies(const struct gobin *bin, uint64_t addr, struct gobin_frame *frames, size_t max);

/*
 * A live process's memory, for types that are not in the file: those that reflect made at run time,
 * and those of other modules (plugins). read gives 0 or a negative errno.
 */
struct gobin_memory {
	int (*read)(void *ctx, uint64_t addr, void *buf, size_t len);
	void *ctx;
	uint64_t bias; /* run-time address less link-time address of this executable */
};

struct gobin_type {
	uint64_t size;	    /* of a value, in bytes */
	uint64_t ptr_bytes; /* 0: without pointers */
	uint8_t kind;	    /* reflect.Kind */
};

/*
 * The type whose descriptor (abi.Type) lies at the run-time address addr; memory NULL: addr is a
 * link-time address, and only types of the file are known. 0; -ENOENT where there is no type
 * descriptor that makes sense; or the errno of reading.
 */
int gobin_type_at(const struct gobin *bin, const struct gobin_memory *memory, uint64_t addr,
		  struct gobin_type *out);
/*
 * The type's name as reflect.Type.String prints it, cut to size (at least 1) and always terminated.
 * Errors as gobin_type_at, with buf empty.
 */
int gobin_type_name(const struct gobin *bin, const struct gobin_memory *memory, uint64_t addr,
		    char *buf, size_t size);
/* The link-time range of the file's type descriptors; both 0 where it is not known. */
void gobin_types_range(const struct gobin *bin, uint64_t *start, uint64_t *end);
/* Where the code of the file begins at link time, be it Go's or not: the kernel's start_code. */
uint64_t gobin_code_start(const struct gobin *bin);
/* The link-time range of Go's text. */
void gobin_text_range(const struct gobin *bin, uint64_t *start, uint64_t *end);

/*
 * What tells builds apart, in hex: the GNU build ID, as linkers write it (Go's own since 1.24),
 * else Go's. "" where there is neither, or it is longer.
 */
#define GOBIN_BUILD_ID_SIZE 264
void gobin_build_id(const struct gobin *bin, char text[GOBIN_BUILD_ID_SIZE]);

/* A part of the file as the kernel maps it, in whole pages: start is at that offset in the file. */
struct gobin_mapping {
	uint64_t start, limit, offset; /* link-time addresses */
};
/* The one that Go's text lies in; all zero where it is in none. */
struct gobin_mapping gobin_text_mapping(const struct gobin *bin);

/* Bytes of the file as loaded at addr: 0, or -EFAULT where any of them is not in the file. */
int gobin_read(const struct gobin *bin, uint64_t addr, void *buf, size_t len);
/* addr <-> file offset by the covering PT_LOAD: 0 or -EFAULT. A uprobe is placed by file offset. */
int gobin_file_offset(const struct gobin *bin, uint64_t addr, uint64_t *offset);
int gobin_addr_of_offset(const struct gobin *bin, uint64_t offset, uint64_t *addr);

#endif
