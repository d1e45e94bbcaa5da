/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recordings that are read: what a report says, and its rows by any key that is no finer. The file
 * is hostile input.
 */
#ifndef SS_RECORDING_RECORDING_H
#define SS_RECORDING_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log/reason.h"
#include "output/output.h"
#include "report/chains.h"
#include "report/diff.h"
#include "report/report.h"

struct recording;

/* What its rows are of. */
enum recording_kind {
	RECORDING_OF_SITES = 1,
	RECORDING_OF_BASES = 2,
	RECORDING_OF_CHAINS = 3,
};

/*
 * Read all that fd gives, which path names in words. 0 or a negative errno with why set: the file
 * is cut off, damaged, of a newer slicestat, too large, or no recording at all.
 */
int recording_read(int fd, const char *path, struct recording **out, struct reason *why);
/* The same of the bytes that the file has compressed. */
int recording_parse(const uint8_t *bytes, size_t len, const char *path, struct recording **out,
		    struct reason *why);
void recording_free(struct recording *r);

enum recording_kind recording_kind(const struct recording *r);
bool recording_has_stacks(const struct recording *r);
/* The report that rows are still to be filled into; all of it lives as long as r. */
struct output_report recording_report(const struct recording *r);
/* Names for the rows of the next three. */
struct output_names recording_names(const struct recording *r, bool by_target);

/* Whether rows of this view are of single processes, as those of a run are. */
bool recording_by_target(enum output_view view, bool stacks);
/*
 * The rows by this view (stacks: sites by their stacks too), as a report that was kept by it from
 * the start. view must suit the kind. NULL: out of memory.
 */
struct report *recording_fold(const struct recording *r, enum output_view view, bool stacks);
/* Of RECORDING_OF_CHAINS. NULL: out of memory. */
struct chains *recording_chains(const struct recording *r);
/* Of RECORDING_OF_SITES: each row by its line. To be freed; NULL: out of memory. */
struct diff_site *recording_lines(const struct recording *r, size_t *n);
/* Sums over all that was folded, what is in no row included. */
struct report_sums recording_totals(const struct recording *r);

/* As source in struct output_advice: the line as it stood when this was recorded, or -ENOENT. */
int recording_source_line(void *recording, const char *file, int line, char *text, size_t size);

#endif
