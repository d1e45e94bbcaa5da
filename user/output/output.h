/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reports as bytes: one file a format, each behind this interface. A format gets plain data and a
 * stream; it does not know where the rows came from.
 */
#ifndef SS_OUTPUT_OUTPUT_H
#define SS_OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "report/chains.h"
#include "report/report.h"

/* What a row stands for. */
enum output_view {
	OUTPUT_BY_BASE,
	OUTPUT_BY_SITE,
	OUTPUT_BY_TYPE,
	OUTPUT_BY_PROCESS,
	OUTPUT_CHAINS,
	OUTPUT_VIEWS,
};

struct output_target {
	int pid;
	const char *exe;
	uint32_t exe_number; /* in output_report.exes */
	const char *go;	     /* "go1.24.4" */
	const char *arch;    /* "amd64" */
	bool stripped;
	const char *cgroup; /* NULL: not known */
	bool gone;	    /* it is not traced any more */
	bool forgotten;	    /* there is none with this number, and nothing else is told */
	/* Its code as it lies in the file, by link-time addresses; all 0 and NULL: not known. */
	uint64_t text_start, text_limit, text_offset;
	const char *build_id; /* in hex, or "" */
	/* What it was built from; "" what is not known, NULL where a recording tells. */
	const char *package, *module, *module_version;
};

/* One level of a call site's chain of bodies. Pointers live as long as the call of the format. */
struct output_frame {
	const char *func;
	const char *file; /* NULL unknown */
	int line;	  /* 0 unknown */
	/* What only profiles tell. */
	const char
		*symbol; /* func as the executable spells it, with type arguments; NULL: as func */
	uint64_t addr;	 /* link-time, of the instruction; 0 unknown */
	bool inlined;	 /* into the next frame, which has the same address */
};

#define OUTPUT_FRAMES_MAX 64
/* Of a whole stack; the rest is cut. */
#define OUTPUT_STACK_MAX 1024

struct output_type {
	const char *name; /* as Go's reflect prints it; "?0x..." or "?" unknown */
	int64_t size;	  /* of an element in bytes, -1 unknown */
};

/* Names for the numbers in rows, asked for only where they are shown. */
struct output_names {
	/* The element type of that number in a row of that group. */
	struct output_type (*type)(void *ctx, uint32_t group, uint32_t type);
	/*
	 * The frames of the call before a link-time return address, the user's line first, what it
	 * is inlined into after it; 0 unknown.
	 */
	size_t (*site)(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
		       size_t max);
	/*
	 * The frames of a kept stack, innermost first; pc is the return address whose frames come
	 * first. 0 unknown; *cut: it goes on where the frames end.
	 */
	size_t (*stack)(void *ctx, uint32_t group, uint32_t stack, uint64_t pc,
			struct output_frame *frames, size_t max, bool *cut);
	void *ctx;
};

struct output_count {
	const char *name; /* "seen", "folded", "lost_bases_full", ...; "seen" comes first */
	uint64_t value;
};

/* An estimate of a total since attach. */
struct output_est {
	const char *name; /* "events", "len_sum", ... */
	double total;
	double error; /* the truth is within so much of it, at 95 %; infinite: nothing is known */
};

/* One report. Pointers are borrowed for the call. */
struct output_report {
	struct timespec time; /* CLOCK_REALTIME */
	double elapsed_s;     /* since attach */
	double interval_s;    /* since the report before */
	bool final;
	bool total; /* --total: people see sums since attach, not the interval */
	enum output_view view;
	enum report_sort sort;	 /* the figure that people asked for first */
	bool by_target;		 /* a row's group is a number in targets, else in exes */
	bool stacks;		 /* rows by site have their stacks */
	uint64_t stackless;	 /* events whose stack was not kept */
	uint64_t typeless;	 /* types that could not be noted on their way: shown as "?" */
	uint64_t stacks_cut;	 /* events whose stack fills what is kept of one */
	const char *const *exes; /* the executables' paths */
	size_t nexes;
	const struct output_target *targets;
	size_t ntargets;
	uint64_t forgotten; /* targets in all that had ended and are not told of any more */
	const struct output_count *counts;
	size_t ncounts;
	uint64_t d_seen; /* seen in this interval */
	uint64_t traps;	 /* breakpoint hits since attach */
	double cost_s;	 /* estimated CPU seconds the traps took from the targets */
	double d_cost_s; /* the same for the interval */
	double exposure; /* with a budget: share of the targets' useful CPU time that was traced */
	const struct output_est *ests; /* what all of it would have shown; "events" comes first */
	size_t nests;		       /* 0: there is no budget */
	const struct report_row *const *rows;
	size_t nrows;
	struct report_other other;
	struct report_totals totals;
	/* Of OUTPUT_CHAINS, as it is now: the rows to show, and the sums over all. */
	const struct chain_row *chains;
	size_t nchains;
	struct chain_end chain_total;
	const struct output_count *chain_counts; /* growths: "linked", "fresh", "lost_tails", ... */
	size_t nchain_counts;
};

struct output_advice;

struct output_options {
	bool color; /* the stream is a terminal that takes colours */
	struct output_names names;
};

struct output_format {
	const char *name; /* "table" */
	/* A file for other programs: of sites by their stacks, all of them, at the end of a run. */
	bool profile;
	bool binary; /* not for a terminal, nor among words */
	/* Write one report: 0 or -errno as the stream reported it (-EPIPE, -ENOSPC). Flushes. */
	int (*write)(FILE *f, const struct output_options *opts, const struct output_report *r);
	/* The same for proposals, see output/advice.h; NULL: there are none in this format. */
	int (*advise)(FILE *f, const struct output_options *opts, const struct output_advice *a);
};

/* NULL-terminated list of all formats, the default first; and the one of that name or NULL. */
extern const struct output_format *const output_formats[];
const struct output_format *output_find(const char *name);

/* "base", "site", ...; "chain" */
const char *output_view_name(enum output_view view);

#endif
