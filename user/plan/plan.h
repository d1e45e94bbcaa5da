/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which instructions to probe, and where each field lies there, proved on the bytes of one
 * executable. The result is flat and pointer-free, so that it can cross a process boundary.
 */
#ifndef SS_PLAN_PLAN_H
#define SS_PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "gobin/gobin.h"
#include "log/reason.h"

/* The probe points; each is served by one BPF program of the same name. */
enum plan_point {
	PLAN_GROW_CALL,	 /* growslice's `call runtime.memmove`: the header lies in the frame */
	PLAN_GROW_RET,	 /* a RET of growslice: the header lies in the result registers */
	PLAN_MAKE_ENTER, /* makeslice behind the stack check: type, len, cap, caller */
	PLAN_MAKE_RET,	 /* a RET of makeslice and its kin: the base */
	PLAN_COPY_ENTER, /* makeslicecopy or newarray behind the stack check: cap is len */
	PLAN_SLICE_RET,	 /* a RET of a function that returns a new slice */
	PLAN_STRING_RET, /* a RET of a function that returns a new string */
	PLAN_CONV_ENTER, /* convTslice behind the stack check: the slice boxed */
	PLAN_TYPE_CALL,	 /* a call whose element type is not a constant: the type */
	PLAN_FUNC_ENTER, /* any function behind the stack check: an argument */
	PLAN_GROW_ENTER, /* growslice behind the stack check: the old capacity */
	PLAN_SCOPE_CALL, /* a call in scope: all but the base (plan/scope.h) */
	PLAN_SCOPE_RET,	 /* an instruction behind it: the base */
	PLAN_POINTS,
};

/* What a hit costs: emulated in the kernel (one trap) or stepped out of line (two, 2-15x). */
enum plan_price {
	PLAN_EMULATED,
	PLAN_STEPPED,
};

#define PLAN_FUNCS_MAX 64
#define PLAN_SITES_MAX 128

struct plan_site {
	uint64_t addr;	  /* link-time address of the instruction */
	uint64_t offset;  /* the same in the file */
	uint32_t func;	  /* index into plan.funcs */
	uint8_t point;	  /* enum plan_point */
	uint8_t price;	  /* enum plan_price */
	uint8_t len;	  /* bytes of the instruction, all of them in bytes[] */
	uint8_t at_check; /* 1: the stack check's last branch; passes that do not take it count */
	uint8_t bytes[16];
	char insn[64]; /* disassembled, for people */
};

struct plan_func {
	char name[128]; /* longer ones are cut */
	uint64_t addr;
	uint64_t end;
	uint32_t op;	  /* enum ss_op */
	uint32_t detail;  /* what its attach cookies carry beside the operation: slicestat.h */
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

/* A function whose calls are recorded as operations of their own: SS_OP_FUNC. */
struct plan_record {
	/*
	 * As Go prints it: "main.(*Ring).Push". That of a generic function or type may go without
	 * its type arguments or with "[...]" for them: all instantiations are meant.
	 */
	const char *func;
	/*
	 * The number of the integer argument word in which a slice begins. A pointer receiver is
	 * word 0; a generic function's dictionary, which the source does not show, is none.
	 */
	uint32_t arg;
};

struct plan_request {
	uint32_t ops;  /* bits 1 << enum ss_op */
	bool old_caps; /* of growths too: growslice's beginning is probed as well */
	const struct plan_record *records;
	size_t nrecords;
};

/*
 * Plan what is requested of bin. 0 with *out filled, also when single functions of the operations
 * are refused. Where an operation has several functions, those that the linker left out have no
 * plan_func; where it left out all, the first stands for them, refused. A function to be recorded
 * that cannot be is an error; its instantiations have a plan_func each. A negative errno with the
 * cause in why when nothing can be probed:
 * -ENOTSUP Go too old (before 1.21), newer than known, or an architecture without a planner;
 * -ENOENT no such functions in the file; -EBADMSG nothing could be proved.
 */
int plan_make(const struct gobin *bin, const struct plan_request *request, struct plan *out,
	      struct reason *why);

const char *plan_point_name(enum plan_point point); /* "grow_call" */
const char *plan_price_name(enum plan_price price); /* "emulated" */
/* Where the fields come from at this site, in words ("base [rsp+0x58], len [rsp+0x48], ..."). */
void plan_describe_fields(const struct plan *plan, const struct plan_site *site, char *buf,
			  size_t size);

#endif
