/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a run has counted, as monitoring systems take it: families of samples with labels. Pure
 * data; a writer for each format turns it into bytes.
 */
#ifndef SS_METRICS_METRICS_H
#define SS_METRICS_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "slicestat.h"

enum metrics_kind {
	METRICS_COUNTER, /* since attach: never falls */
	METRICS_GAUGE,
	METRICS_HISTOGRAM, /* of lengths, in buckets as in struct ss_site; since attach */
	METRICS_INFO,	   /* labels alone; the value is 1 */
};

struct metrics_label {
	const char *name, *value;
};

struct metrics_sample {
	const struct metrics_label *labels;
	size_t nlabels;
	struct timespec begin; /* of a counter: when it was 0; all 0: when all began */
	bool is_real;	       /* the value is `real`, else `whole`, which is exact */
	uint64_t whole;	       /* of a histogram: how many lengths */
	double real;
	uint64_t sum;		 /* of a histogram: of all lengths */
	const uint64_t *buckets; /* of a histogram: SS_LEN_BUCKETS of them, none in another */
	struct metrics_sample *next;
};

struct metrics_family {
	const char *name; /* ends with its unit; without "_total" and "_info" */
	const char *unit; /* "bytes", "seconds", "ratio", or "" */
	const char *help;
	enum metrics_kind kind;
	struct metrics_sample *samples, *last; /* a list */
	struct metrics_family *next;
};

struct metrics;

/* NULL without memory. From then on a lack of memory is told by metrics_is_whole alone. */
struct metrics *metrics_new(const struct timespec *begin, const struct timespec *time);
void metrics_free(struct metrics *m);
bool metrics_is_whole(const struct metrics *m);

/* name, unit and help must stay; the family's are samples without labels, or with such that differ.
 */
struct metrics_family *metrics_add(struct metrics *m, enum metrics_kind kind, const char *name,
				   const char *unit, const char *help);
/* Labels with empty values are left out, as they mean the same; texts are copied, as UTF-8. */
struct metrics_sample *metrics_sample(struct metrics *m, struct metrics_family *f,
				      const struct metrics_label *labels, size_t nlabels);
/* A copy that stays as long as m. */
const void *metrics_keep(struct metrics *m, const void *bytes, size_t size);
/* One value. */
void metrics_count(struct metrics *m, struct metrics_family *f, const char *label,
		   const char *value, uint64_t count);
void metrics_real(struct metrics *m, struct metrics_family *f, const char *label, const char *value,
		  double real);

/* The first family; the others follow by `next`. */
const struct metrics_family *metrics_families(const struct metrics *m);
struct timespec metrics_begin(const struct metrics *m); /* CLOCK_REALTIME, as the next */
struct timespec metrics_time(const struct metrics *m);

/* The greatest length in a bucket; that of the last one is without bound. */
static inline uint64_t metrics_bound(size_t bucket)
{
	return ((uint64_t)1 << bucket) - 1;
}

enum metrics_text {
	METRICS_PROMETHEUS,  /* text format, version 0.0.4 */
	METRICS_OPENMETRICS, /* 1.0.0 */
};

/* 0 or -errno as the stream reported it. Flushes. */
int metrics_write_text(FILE *f, enum metrics_text format, const struct metrics *m);

/*
 * The body of an OTLP export request, protobuf: allocated, *size bytes. NULL without memory.
 * `instance` tells this slicestat from others.
 */
uint8_t *metrics_pack_otlp(const struct metrics *m, const char *instance, size_t *size);

#endif
