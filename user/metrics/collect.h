/* SPDX-License-Identifier: BSD-2-Clause */
/* From reports to metrics: what each interval brought goes to its series. */
#ifndef SS_METRICS_COLLECT_H
#define SS_METRICS_COLLECT_H

#include "metrics/metrics.h"
#include "output/output.h"

/* What serving them took, and lost. Since the beginning. */
struct metrics_own {
	uint64_t scrapes;      /* answered with metrics */
	uint64_t refused;      /* requests for anything else */
	uint64_t otlp_sent;    /* snapshots that the receiver took */
	uint64_t otlp_dropped; /* snapshots that it will never have */
	uint64_t otlp_retries;
	uint64_t otlp_rejected; /* samples of snapshots that it took */
	uint64_t otlp_queued;	/* now */
	bool otlp;		/* there is a receiver */
};

/* Looks at processes that came to nothing. */
struct collect_missed {
	uint64_t ended, forbidden, refused;
};

struct collect_input {
	const struct output_report *report; /* rows: those of the interval, all of them, by site */
	const struct output_options *opts;
	const struct report_lengths *lengths; /* by operation, SS_OPS of them */
	double window_fill;		      /* 0 to 1 */
	double budget;			      /* 0: off */
	double interval_s;		      /* after which metrics are made anew */
	double cpu_s;			      /* that the processes used since attach */
	double useful_s, traced_s; /* the same without breakpoints, and while probes were on */
	const struct collect_missed *missed; /* NULL: nobody is looked for */
	const uint64_t *counts;		     /* the report's, none of which has fallen */
	struct metrics_own own;
};

struct collector;

/*
 * At most so many series of sites, beside that of all others. Names are asked for naming_s seconds
 * of an interval, in the long run: what is not named by then waits in that one for a later
 * interval. NULL without memory.
 */
struct collector *collector_new(size_t max_sites, double naming_s);
void collector_free(struct collector *c);

/* To be freed with metrics_free. NULL without memory: the interval is counted all the same. */
struct metrics *collector_take(struct collector *c, const struct collect_input *in);

#endif
