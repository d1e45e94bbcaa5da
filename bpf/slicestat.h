/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one header shared by the BPF programs and user space: what lies in the maps. Fixed widths,
 * named padding, sizes asserted, so that both compilers and bpftool see the same bytes.
 */
#ifndef SLICESTAT_H
#define SLICESTAT_H

#ifdef __BPF__
#include "vmlinux.h"
#else
#include <linux/types.h>
#endif

/* What a Go function did to a slice. */
enum ss_op {
	SS_OP_NONE = 0,
	SS_OP_GROW = 1,
	SS_OP_MAKE = 2,
	SS_OP_COPY = 3,
	SS_OP_MOVE = 4,
	SS_OP_NOZERO = 5,
	SS_OP_REFLECT = 6,
	SS_OP_BYTES = 7,
	SS_OP_STRING = 8,
	SS_OP_CONV = 9,
	SS_OP_FUNC = 10,
	SS_OPS = 11,
};

/*
 * Slots of the map `counts`. SS_SEEN is bumped first; every seen event ends in exactly one of the
 * fates behind it (SS_FOLDED to SS_UNALLOCATED, SS_LOST_UNKNOWN_TARGET), or is a make still under
 * way in `pending`.
 */
enum ss_count {
	SS_SEEN = 0,
	SS_FOLDED = 1,		  /* added to its base or site */
	SS_LOST_BASES_FULL = 2,	  /* the window had no room for a new base */
	SS_LOST_SITES_FULL = 3,	  /* the window had no room for a new site */
	SS_LOST_PENDING_FULL = 4, /* `pending` had no room for a make under way */
	SS_LOST_BUSY = 5,	  /* a map refused for another reason than being full */
	SS_LOST_FAULT = 6,	  /* the target's stack could not be read */
	SS_BAD_HEADER = 7,	  /* no slice has this len and cap */
	SS_ZERO_SIZE = 8,	  /* shares runtime.zerobase: not an address of its own */
	SS_PANICKED = 9,	  /* a make that did not return, or cannot */
	SS_UNALLOCATED = 10,	  /* a conversion into its caller's buffer or static memory */
	SS_TRAPS_EMULATED = 11,	  /* price of the probes, not a fate */
	SS_TRAPS_STEPPED = 12,
	SS_STACKLESS = 13, /* their stack was not kept; not a fate, nor are those behind it */
	SS_TYPELESS = 14,  /* no room to note the type that a call passes */
	/* What each folded growth was to its chain, where chains are kept. */
	SS_CHAIN_LINKED = 15,	/* it grew a tail */
	SS_CHAIN_FRESH = 16,	/* it grew nothing: a chain begins */
	SS_CHAIN_QUEUE = 17,	/* it grew the end of a tail: s = s[1:] */
	SS_CHAIN_FORK = 18,	/* its old array had been grown already: a chain begins */
	SS_CHAIN_MISMATCH = 19, /* its old array is a tail, but of another slice: a chain begins */
	SS_CHAIN_UNSEEN = 20,	/* its old array was not seen: a chain begins */
	SS_CHAIN_LOST_TAILS = 21,    /* it was not kept: no room in `tails` */
	SS_CHAIN_LOST_LIVES = 22,    /* its chain is in no sum: no room in `lives` */
	SS_CHAIN_INEXACT = 23,	     /* no room to note its old capacity */
	SS_LOST_UNKNOWN_TARGET = 24, /* a fate: the process is not known, or not yet */
	SS_COUNTS = 25,
};

/* Longest stretch of a frame that is read at once; a plan that needs more is refused. */
#define SS_FRAME_MAX 256

/* Frames of a user stack that are kept: what kernel.perf_event_max_stack allows by default. */
#define SS_STACK_DEPTH 127

/* No Go slice is larger (the heap has 48 address bits). */
#define SS_CAP_MAX (1ULL << 48)
/* Elements larger than this are not thought of where that would cost time. */
#define SS_TYPE_SIZE_MAX (1ULL << 24)

/* The stack lacks its first address, that of the probe. Ids are far below. */
#define SS_STACK_SHORT (1U << 31)

/* A target is one exec of one process; its number comes with the attach cookie. */
struct ss_base_key {
	__u64 base;
	__u32 target;
	__u32 zero;
};

/*
 * What happened at one base: a slot of an open-addressing table, one cache line long. Sums are in
 * elements; the fields behind `reused` are of one event, the last one unless they say otherwise.
 */
struct ss_base {
	__u64 slot_key; /* SS_SLOT_KEY; 0: the slot is free */
	__u64 len_sum;
	__u64 cap_sum;
	__u32 events;
	__u32 reused; /* events that came with another op or site than the one before */
	__u64 len;
	__u64 cap;
	__u32 site;	  /* return address into the caller, in bytes from Go's text; 0 unknown */
	__u32 first_site; /* of the first event: joins this window to the one before */
	/* SS_BASE_TYPE: of 48 bits. No bit-field: bpftool prints those in hex, which is no JSON. */
	__u32 type_low;
	__u16 type_high;
	__u8 op;
	__u8 first_op;
};

/* Address of the element type's descriptor, 0 where unknown. */
#define SS_BASE_TYPE(b) ((b)->type_low | (__u64)(b)->type_high << 32)

/* Addresses of Go's heap have 48 bits (src/runtime/malloc.go: heapAddrBits). */
#define SS_ADDR_BITS		  48
#define SS_SLOT_KEY(base, target) ((base) | (__u64)(target) << SS_ADDR_BITS)
#define SS_SLOT_BASE(key)	  ((key) & ((1ULL << SS_ADDR_BITS) - 1))
#define SS_SLOT_TARGET(key)	  ((__u32)((key) >> SS_ADDR_BITS))
/* So many targets can be told apart in a slot's key. */
#define SS_TARGETS_MAX (1U << (64 - SS_ADDR_BITS))

/* Slots that are looked at for a key; with half of them taken, so many are never needed. */
#define SS_SLOT_PROBES 64

/*
 * What events are added up by where no base is asked for. A site is spread over some shards by CPU,
 * so that a hot one does not become a cache line that all CPUs fight for.
 */
struct ss_site_key {
	__u64 pc;   /* return address into the caller, as mapped in the target */
	__u64 type; /* address of the element type's descriptor; 0 where the call site tells it */
	__u32 target;
	__u32 stack; /* 1 + id in the map `stacks`, and SS_STACK_SHORT; 0 none */
	__u8 op;
	__u8 shard;
	__u8 zero[6];
};

/* Lengths by their number of bits: bucket 0 has 0, bucket b has 2^(b-1) to 2^b - 1. */
#define SS_LEN_BUCKETS 32

/* A slot of an open-addressing table, as ss_base is. */
struct ss_site {
	__u64 slot_key; /* a hash of the key; 0: the slot is free */
	struct ss_site_key key;
	__u64 events;
	__u64 len_sum;
	__u64 cap_sum;
	__u64 copied_bytes; /* of old contents; some operations tell bytes, some elements */
	__u64 copied_elems;
	__u32 lens[SS_LEN_BUCKETS]; /* events by length; the last bucket has all longer ones too */
};

struct ss_pending_key {
	__u64 g; /* address of the goroutine's runtime.g: goroutines move between threads */
	__u32 target;
	__u32 zero;
};

struct ss_pending {
	__u64 len;
	__u64 cap;
	__u64 type;
	__u64 site;
	__u64 ret; /* return address of the call that was probed; 0: its function was */
};

/*
 * Chains: the life of a slice from its first array to its last. The array that a slice has now is
 * its tail; a growth from it ends that tail and makes the next. Key: ss_base_key.
 */
enum ss_tail_state {
	SS_TAIL_LIVE = 1,
	SS_TAIL_GROWN = 2, /* a growth has left it: another one from it is a fork */
};

/* What is known of a chain up to now, and where it began. */
struct ss_tail {
	__u64 len, cap; /* when the array was made */
	__u64 size;	/* of an element, in bytes */
	__u64 birth_site;
	__u64 birth_type; /* as in ss_site_key */
	__u64 steps;	  /* growths */
	__u64 copied;	  /* bytes, by all of them */
	__u64 dead;	  /* bytes of the arrays left behind */
	__u32 state;	  /* enum ss_tail_state */
	__u32 epoch;	  /* ss_control.epoch when it was made */
	__u8 birth_op;
	__u8 zero[7];
};

/*
 * All chains that began at one place and are at one capacity now; those that will not grow any more
 * are among them, for nobody sees a slice die. A growth moves its chain to another key.
 */
struct ss_life_key {
	__u64 pc; /* where the chain began: as in ss_site_key, and so is the type */
	__u64 type;
	__u64 cap;
	__u32 target;
	__u8 op;
	__u8 zero[3];
};

/* Sums over these chains; size is the same for all. */
struct ss_life {
	__u64 chains;
	__u64 len_sum; /* when their arrays were made: at least so long they became */
	__u64 steps;
	__u64 copied;
	__u64 dead;
	__u64 size;
};

/* The old slice's capacity, on its way from growslice's beginning; key ss_pending_key. */
struct ss_growing {
	__u64 old_cap;
	__u64 type;
};

/* What a call passes always; key: its return address's distance from the start of Go's text. */
struct ss_call {
	__u64 type; /* the same distance of the type's descriptor */
	__u64 size; /* of an element, in bytes */
};

/* How the arguments of a call that is probed lie: see user/plan/scope.h. */
enum ss_form {
	SS_FORM_GROW = 0,
	SS_FORM_GROW_BUF = 1,
	SS_FORM_MAKE = 2,
	SS_FORM_COPY = 3,
};

/* A call that is probed; its number comes with the attach cookie. */
struct ss_scoped {
	__u64 type;    /* distance of the type's descriptor from Go's text; 0: only the run knows */
	__u64 size;    /* of an element in bytes, where type is known */
	__s32 slot;    /* where the base lies, in bytes from the stack pointer: with SS_HOME_SLOT */
	__u16 behind;  /* bytes from the return address to the instruction where the base is had */
	__u8 home;     /* a register as the architecture numbers it, or SS_HOME_SLOT */
	__u8 trap;     /* SS_TRAPS_EMULATED or SS_TRAPS_STEPPED: a probe there */
	__u8 pointers; /* elements have pointers, where type is known */
	__u8 form;     /* enum ss_form */
	__u8 ends_one; /* 1: the base of the call numbered before it is had here */
	__u8 zero[5];
};

#define SS_HOME_SLOT 0xff

/* The type that a goroutine passes to the call it is about to make; key ss_pending_key. */
struct ss_passed {
	__u64 site; /* that call's return address */
	__u64 type;
};

struct ss_target {
	__u64 zerobase; /* address of runtime.zerobase as mapped in the target, 0 where unknown */
	__u64 text;	/* start of Go's text as mapped in the target */
};

/* An executable that is followed: addresses from the start of its code, mm_struct.start_code. */
struct ss_executable {
	__u64 text;	/* of Go */
	__u64 zerobase; /* 0 where unknown */
};

/* Executables that are followed at once, old ones with processes that still run among them. */
#define SS_FOLLOWED_MAX 64
/* And such that are known: their numbers are below. */
#define SS_EXECUTABLES_MAX 128

enum ss_coming_kind {
	SS_CAME = 1,
	SS_LEFT = 2,
	SS_EXECED = 3, /* the process runs another program now */
};

/* What the loader is told of a process. */
struct ss_coming {
	__u64 start_code;
	__u64 start_ns; /* since boot */
	__u64 cgroup;	/* its id in the hierarchy of version 2 */
	__u64 cpu_ns;	/* of one that goes: what it has used since it was made */
	__u32 kind; /* enum ss_coming_kind; of the others than SS_CAME target, tgid, cpu_ns count */
	__u32 target;
	__u32 exe;
	__u32 tgid; /* as the kernel has it */
	__u32 pid;  /* as the loader sees it; 0: it does not */
	__u32 zero;
};

/*
 * Targets that can be followed at a time, and room for what the loader is told until it looks: no
 * number is free again before, so that each comes and goes once at most.
 */
#define SS_FOLLOWED_TARGETS_MAX 1024
#define SS_COMINGS_BYTES	(256u << 10)

/*
 * Of a path that is looked for in all mount namespaces, the last name, with zeros behind it: as
 * long as NAME_MAX allows, and one.
 */
#define SS_NAME_SIZE 256
/* Pids of processes that run a file of that name: room until the loader looks. */
#define SS_SIGHTINGS_BYTES (16u << 10)

/*
 * Marks on Go's text, two bits for each 16 bytes, in words of 64 bits: what is to be done about a
 * caller whose call instruction ends there. Functions begin at multiples of 16 bytes or more.
 */
#define SS_MARK_WRAPPER	    1 /* all of this function: not the user's line, look at its caller */
#define SS_MARK_PASSES_TYPE 2 /* a call here passes a type that only the run knows */
#define SS_MARK_SHIFT	    4 /* log2 of the bytes a mark is for */
#define SS_MARK_WORD_SHIFT  9 /* log2 of the bytes a word is for */

struct ss_control {
	__u64 fill;    /* entries made since the loader last made room, about */
	__u64 wake_at; /* at this fill the loader is woken to flip early */
	__u32 ready;   /* 0: no new event is counted */
	__u32 epoch;   /* of chains: rises at every snapshot */
};

#define SS_ASSERT_SIZE(type, size) _Static_assert(sizeof(type) == (size), #type)
SS_ASSERT_SIZE(struct ss_base_key, 16);
SS_ASSERT_SIZE(struct ss_executable, 16);
SS_ASSERT_SIZE(struct ss_coming, 56);
SS_ASSERT_SIZE(struct ss_base, 64);
SS_ASSERT_SIZE(struct ss_pending_key, 16);
SS_ASSERT_SIZE(struct ss_pending, 40);
SS_ASSERT_SIZE(struct ss_scoped, 32);
SS_ASSERT_SIZE(struct ss_site_key, 32);
SS_ASSERT_SIZE(struct ss_site, 208);
SS_ASSERT_SIZE(struct ss_tail, 80);
SS_ASSERT_SIZE(struct ss_life_key, 32);
SS_ASSERT_SIZE(struct ss_life, 48);
SS_ASSERT_SIZE(struct ss_growing, 16);
SS_ASSERT_SIZE(struct ss_call, 16);
SS_ASSERT_SIZE(struct ss_passed, 16);
SS_ASSERT_SIZE(struct ss_target, 16);
SS_ASSERT_SIZE(struct ss_control, 24);

/* The ring has a header of 8 bytes before each record (include/uapi/linux/bpf.h). */
_Static_assert(SS_COMINGS_BYTES / (2 * SS_FOLLOWED_TARGETS_MAX) >= 8 + sizeof(struct ss_coming),
	       "room for all");

/* In the place of a type's address, where the function called tells the type; 0 is unknown. */
enum ss_elem {
	SS_ELEM_UINT8 = 1,
	SS_ELEM_INT32 = 2,
	SS_ELEMS = 3,
};

/* With an enum ss_elem: a result of length 1 lies in static memory. */
#define SS_DETAIL_ELEM(detail) ((detail)&0xff)
#define SS_DETAIL_STATIC_ONE   0x100

/* Attach cookie: whose event it is, which operation, and an enum ss_elem or an argument's number.
 */
#define SS_COOKIE(target, op, detail)                                                              \
	(((__u64)(target) << 32) | ((__u32)(op) << 16) | (__u16)(detail))
/* Beside these: the probe is on the last branch of the function's stack check. */
#define SS_COOKIE_AT_CHECK	 (1ULL << 24)
#define SS_COOKIE_TARGET(cookie) ((__u32)((cookie) >> 32))
#define SS_COOKIE_OP(cookie)	 ((__u8)((cookie) >> 16))
#define SS_COOKIE_DETAIL(cookie) ((__u16)(cookie))

#endif
