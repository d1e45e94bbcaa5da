/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run is to do, as the command line said it: checked once, constant from then on. */
#ifndef SS_TRACE_OPTIONS_H
#define SS_TRACE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "log/log.h"
#include "output/output.h"
#include "plan/plan.h"
#include "plan/scope.h"
#include "report/chains.h"
#include "report/report.h"
#include "session/session.h"

struct options {
	const char *shell; /* what `completion` is for */
	const pid_t *pids; /* -p */
	size_t npids;
	const char *exe;      /* -e; or the PATH of `plan` */
	bool containers;      /* -e is a path in all mount namespaces */
	char *const *command; /* behind --, NULL-terminated; or NULL */
	double interval_s;
	uint64_t reports; /* stop after so many; 0 = until ^C or until the targets are gone */
	struct plan_request request; /* --ops, --func */
	size_t top;		     /* rows shown, 0 = all */
	bool top_given;
	enum report_sort sort;
	enum chains_sort chains_sort; /* of --chains */
	const char *sort_name;	      /* -s as given, or NULL */
	uint64_t min_bytes;
	enum output_view view;
	bool by_given; /* --by, and which */
	enum output_view by;
	bool any_view; /* rows are kept so that all views can be had, and tracing may begin anew */
	bool stacks;
	bool advise;		 /* the verb: advice instead of reports */
	const char *const *skip; /* --skip: patterns of functions */
	size_t nskip;
	struct plan_patterns scope; /* --in, --not-in */
	const struct output_format *format;
	bool format_given;
	const char *write;	   /* -w, or NULL */
	const char *record;	   /* -O, or NULL */
	bool no_reports;	   /* a recording alone */
	const char *recordings[2]; /* files that were recorded, which are asked instead of a run */
	size_t nrecordings;
	bool rate;	  /* of diff: figures per second */
	double fail_over; /* of diff: percentage, below 0 none */
	uint32_t max_bases;
	double budget; /* share of the targets' CPU time that traps may take; 0: off */
	enum session_attach_by attach;
	const char *pin; /* --pin; or the DIR of `attach` and `stop` */
	bool detach;
	char *const *words; /* the command line */
	size_t nwords;
	bool total;
	const char *listen, *otlp; /* of serve: where metrics go; NULL: not there */
	char *config;		   /* the text of a file that options are of */
	enum log_level log_level;
};

/* Whether only a part of each program is to be traced. */
bool options_scoped(const struct options *opts);
/* Whether totals are shown to those who watch, maybe for weeks. */
bool options_served(const struct options *opts);

#endif
