/* SPDX-License-Identifier: BSD-2-Clause */
/* A Go executable with the plan for it; shared by all targets that run the file. */
#ifndef SS_TRACE_EXECUTABLE_H
#define SS_TRACE_EXECUTABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "log/reason.h"
#include "parser/parsed.h"
#include "plan/callers.h"
#include "plan/plan.h"
#include "plan/scope.h"
#include "symbol/symbols.h"

struct executable {
	int fd; /* a duplicate: outlives the target it came from */
	dev_t dev;
	ino_t inode;
	char *path;
	struct parsed *parsed; /* NULL: its file is lost */
	struct plan plan;
	struct plan_callers *callers; /* NULL until executable_callers */
	struct symbols *symbols;      /* the same */
	struct plan_scope *scope;     /* NULL: all of the program */
};

/*
 * Have the executable behind fd read, known as path. 0 or a negative errno as gobin_open; nothing
 * is planned yet.
 */
int executable_open(struct parser *parser, int fd, const char *path, struct executable **out,
		    struct reason *why);
/*
 * One whose file is not there any more: places are addresses. text is the link-time address of Go's
 * text. 0 or -ENOMEM.
 */
int executable_lost(const char *path, uint64_t text, struct executable **out);
/* A number for what has been planned: the same for the same file, options and slicestat. */
uint64_t executable_plan_sum(const struct executable *exe);
/* Whether fd is the same file. */
bool executable_is(const struct executable *exe, int fd);
/* No fd is the same file any more: what is in there may have changed. */
void executable_retire(struct executable *exe);
/* Fill exe->plan; 0 or a negative errno as parsed_plan. */
int executable_plan(struct executable *exe, const struct plan_request *request, struct reason *why);
/*
 * Fill exe->callers and exe->symbols, for the plan. skip is borrowed. Without calls, only wrappers
 * are told: events at calls in scope know their types. 0 or a negative errno as parsed_callers.
 */
int executable_callers(struct executable *exe, bool with_calls, const struct symbols_skip *skip,
		       struct reason *why);
/* Fill exe->scope. 0 or a negative errno as parsed_scope. */
int executable_scope(struct executable *exe, const struct plan_request *request,
		     const struct plan_patterns *patterns, const struct symbols_skip *skip,
		     struct reason *why);
/* Its names, lines and types; as long as it is there. */
struct symbol_source executable_source(const struct executable *exe);
void executable_free(struct executable *exe);

#endif
