/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What samples of a profile refer to by number: texts, functions, places in executables. Each is
 * kept once, and told when all samples are.
 */
#ifndef SS_OUTPUT_PPROF_TABLES_H
#define SS_OUTPUT_PPROF_TABLES_H

#include "output/output.h"
#include "output/profile.pb-c.h"

struct pprof_tables;

/* NULL: out of memory. */
struct pprof_tables *pprof_tables_new(void);
void pprof_tables_free(struct pprof_tables *t);

/* The number of a text, made valid UTF-8 without control characters: 0 or -ENOMEM. */
int pprof_text(struct pprof_tables *t, const char *text, int64_t *number);

/*
 * Locations of a stack's frames, innermost first, one for each address; ids has room for n. target
 * has the code, NULL unknown. Their number or -ENOMEM.
 */
int pprof_locations(struct pprof_tables *t, const struct output_target *target,
		    const struct output_frame *frames, size_t n, uint64_t *ids);
/* A place that has an address only. 0 or -ENOMEM. */
int pprof_address(struct pprof_tables *t, const struct output_target *target, uint64_t addr,
		  uint64_t *id);

typedef void (*pprof_emit_fn)(void *ctx, const Perftools__Profiles__Profile *part);

/* All that was referred to, in parts of a profile. */
void pprof_tables_emit(const struct pprof_tables *t, pprof_emit_fn emit, void *ctx);

#endif
