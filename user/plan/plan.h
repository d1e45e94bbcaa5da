/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which instructions to probe, and where each field lies there, proved on the bytes of one
 * executable. The result is flat and pointer-free, so that it can cross a process boundary.
 */
#ifndef SS_PLAN_PLAN_H
#define SS_PLAN_PLAN_H

#include <stdint.h>

#include "gobin/gobin.h"
#include "log/reason.h"

/* The probe points; each is served by one BPF program of the same name. */
enum plan_point {
	PLAN_GROW_CALL,	 /* growslice's `call runtime.memmove`: the header lies in the frame */
	PLAN_GROW_RET,	 /* a RET of growslice: the header lies in the result registers */
	PLAN_MAKE_ENTER, /* makeslice behind the stack check: type, len, cap, caller */
	PLAN_MAKE_RET,	 /* a RET of makeslice: the base */
	PLAN_POINTS,
};

/* What a hit costs: emulated in the kernel (one trap) or stepped out of line (two, 2-15x). */
enum plan_price {
	PLAN_EMULATED,
	PLAN_STEPPED,
};

#define PLAN_FUNCS_MAX 8
#define PLAN_SITES_MAX 32

struct plan_site {
	uint64_t addr;	 /* link-time address of the instruction */
	uint64_t offset; /* the same in the file */
	uint32_t func;	 /* index into plan.funcs */
	uint8_t point;	 /* enum plan_point */
	uint8_t price;	 /* enum plan_price */
	uint8_t len;	 /* bytes of the instruction, all of them in bytes[] */
	uint8_t zero;
	uint8_t bytes[16];
	char insn[64]; /* disassembled, for people */
};

struct plan_func {
	char name[64];
	uint64_t addr;
	uint64_t end;
	uint32_t op;	  /* enum ss_op */
	uint32_t refused; /* 1: nothing of it may be probed; note says why */
	char note[192];	  /* the reason; or, where a dearer site had to do, why */
};

/* Offsets from the stack pointer at PLAN_GROW_CALL, in bytes. */
struct plan_frame {
	int32_t base;
	int32_t len;
	int32_t cap;
	int32_t caller; /* return address into growslice's caller */
};

struct plan {
	char go[32];   /* "go1.24.4" */
	char arch[16]; /* "amd64" */
	uint32_t nfuncs;
	uint32_t nsites;
	uint64_t zerobase; /* link-time address of runtime.zerobase, 0 where not proved */
	struct plan_frame grow_frame;
	struct plan_func funcs[PLAN_FUNCS_MAX];
	struct plan_site sites[PLAN_SITES_MAX];
};

/*
 * Plan the operations in ops (bits 1 << enum ss_op) for bin. 0 with *out filled, also when single
 * functions are refused; a negative errno with the cause in why when nothing can be probed:
 * -ENOTSUP Go too old (before 1.21), newer than known, or an architecture without a planner;
 * -ENOENT no such functions in the file; -EBADMSG nothing could be proved.
 */
int plan_make(const struct gobin *bin, uint32_t ops, struct plan *out, struct reason *why);

const char *plan_point_name(enum plan_point point); /* "grow_call" */
const char *plan_price_name(enum plan_price price); /* "emulated" */
/* Where the fields come from at this site, in words ("base [rsp+0x58], len [rsp+0x48], ..."). */
void plan_describe_fields(const struct plan *plan, const struct plan_site *site, char *buf,
			  size_t size);

#endif
