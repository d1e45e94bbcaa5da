/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An executable that a parser's process reads: what gobin and plan say of it, asked for there. What
 * comes back is checked before it is believed.
 *
 * Where that process is lost (a file that it cannot be read without harm, out of memory), each
 * function fails from then on: -EPIPE, -ETIMEDOUT for one that took too long, -EPROTO for one that
 * answered what cannot be.
 */
#ifndef SS_PARSER_PARSED_H
#define SS_PARSER_PARSED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"
#include "log/reason.h"
#include "parser/parser.h"
#include "plan/callers.h"
#include "plan/plan.h"
#include "plan/scope.h"

struct parsed;

/* Link-time addresses; the names are those of gobin.h. */
struct parsed_info {
	uint64_t code_start;
	uint64_t text_start, text_end;
	uint64_t types_start, types_end;
	uint64_t nfuncs;
	struct gobin_mapping text_mapping;
	char build_id[GOBIN_BUILD_ID_SIZE];
	struct gobin_program program;
	uint8_t stripped, pie;
	uint8_t opens_plugins; /* it can: has plugin.open */
	uint8_t zero[5];
};

/* fd stays the caller's. Sets *out, to be freed with parsed_free; errors as gobin_open. */
int parsed_open(struct parser *parser, int fd, struct parsed **out, struct reason *why);
void parsed_free(struct parsed *p);

const struct parsed_info *parsed_info(const struct parsed *p);

/* As plan_make; of an answer that is refused nothing is left in *out. */
int parsed_plan(struct parsed *p, const struct plan_request *request, struct plan *out,
		struct reason *why);
/*
 * As plan_callers_make for what parsed_plan gave last; without calls for a plan of nothing: only
 * wrappers are told.
 */
int parsed_callers(struct parsed *p, bool with_calls, const char *const *skip, size_t nskip,
		   struct plan_callers **out, struct reason *why);
/* As plan_scope_make. */
int parsed_scope(struct parsed *p, const struct plan_request *request,
		 const struct plan_patterns *patterns, const char *const *skip, size_t nskip,
		 struct plan_scope **out, struct reason *why);

/* As gobin_frames; what was asked for once is known. The texts live as long as p. */
int parsed_frames(struct parsed *p, uint64_t addr, struct gobin_frame *frames, size_t max);
/* As gobin_type_at and gobin_type_name; memory is read here. */
int parsed_type_at(struct parsed *p, const struct gobin_memory *memory, uint64_t addr,
		   struct gobin_type *out);
int parsed_type_name(struct parsed *p, const struct gobin_memory *memory, uint64_t addr, char *buf,
		     size_t size);

#endif
