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

#include "report/report.h"

struct output_target {
	uint32_t id; /* as in report_row.target */
	int pid;
	const char *exe;
	const char *go;	  /* "go1.24.4" */
	const char *arch; /* "amd64" */
	bool stripped;
	uint64_t bias; /* run-time address less link-time address */
};

struct output_count {
	const char *name; /* "seen", "folded", "lost_bases_full", ...; "seen" comes first */
	uint64_t value;
};

/* One report. Pointers are borrowed for the call. */
struct output_report {
	struct timespec time; /* CLOCK_REALTIME */
	double elapsed_s;     /* since attach */
	double interval_s;    /* since the report before */
	bool final;
	bool total; /* --total: people see sums since attach, not the interval */
	const struct output_target *targets;
	size_t ntargets;
	const struct output_count *counts;
	size_t ncounts;
	uint64_t d_seen; /* seen in this interval */
	uint64_t traps;	 /* breakpoint hits since attach */
	double cost_s;	 /* estimated CPU seconds the traps took from the targets */
	double d_cost_s; /* the same for the interval */
	const struct report_row *rows;
	size_t nrows;
	struct report_other other;
	struct report_totals totals;
};

/* Bytes of an element of the type descriptor at the link-time address, or -1 where unknown. */
typedef int64_t (*output_elem_size_fn)(void *ctx, const struct output_target *t, uint64_t type);

struct output_options {
	bool color; /* the stream is a terminal that takes colours */
	output_elem_size_fn elem_size;
	void *elem_size_ctx;
};

struct output_format {
	const char *name; /* "table" */
	/* Write one report: 0 or -errno as the stream reported it (-EPIPE, -ENOSPC). Flushes. */
	int (*write)(FILE *f, const struct output_options *opts, const struct output_report *r);
};

/* NULL-terminated list of all formats, the default first; and the one of that name or NULL. */
extern const struct output_format *const output_formats[];
const struct output_format *output_find(const char *name);

#endif
