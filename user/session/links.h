/* SPDX-License-Identifier: BSD-2-Clause */
/* Attached programs of a session, and the two ways to attach them. */
#ifndef SS_SESSION_LINKS_H
#define SS_SESSION_LINKS_H

#include <bpf/libbpf.h>

#include "session/session.h"

struct links;

struct links *links_new(void);
/* Detach all, or all of one target; returns the first negative errno. */
int links_detach(struct links *links);
int links_detach_target(struct links *links, uint32_t target);
/* Detaches what is left. NULL is ok. */
void links_free(struct links *links);

/* The sites of one function and probe point. */
struct links_request {
	enum session_attach_by by;
	struct bpf_program *prog;
	const struct session_target *target;
	const struct plan *plan;
	uint32_t func; /* index into plan->funcs */
	enum plan_point point;
};

/*
 * Attach prog at all sites the request names (none is fine). All or nothing: 0 or a negative
 * errno, -ENOTSUP where the kernel refuses to probe an instruction (its own word is 524).
 */
int links_attach(struct links *links, const struct links_request *req);
/* Attach prog at the calls that pass a type only the run knows. The same errors. */
int links_attach_type_calls(struct links *links, const struct links_request *req,
			    struct bpf_program *prog);
/*
 * Attach call at the calls in scope and base, where not NULL, where their bases are had: there a
 * call whose base cannot be had is left out; *refused is their number. The same errors.
 */
int links_attach_scope(struct links *links, const struct links_request *req,
		       struct bpf_program *call, struct bpf_program *base, size_t *refused);
/* A mark to come back to: links_detach_from(links, links_count(links)) undoes what follows. */
size_t links_count(const struct links *links);
void links_detach_from(struct links *links, size_t mark);

#endif
