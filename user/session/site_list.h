/* SPDX-License-Identifier: BSD-2-Clause */
/* Sites of one program in one executable, and the two ways to attach it to them. */
#ifndef SS_SESSION_SITE_LIST_H
#define SS_SESSION_SITE_LIST_H

#include <stddef.h>
#include <stdint.h>

#include <bpf/libbpf.h>

#include "session/attach.h"

struct site_list {
	struct bpf_program *prog;
	unsigned long *offsets; /* in the file */
	__u64 *cookies;
	size_t count;
};

/* 0 or -ENOMEM; to be freed in either case. */
int site_list_new(struct site_list *sites, struct bpf_program *prog, size_t room);
void site_list_free(struct site_list *sites);
/* There must be room. */
void site_list_add(struct site_list *sites, uint64_t offset, uint64_t cookie);

/*
 * Attach the program at all sites (none is fine). All or nothing: 0 or a negative errno, -ENOTSUP
 * where the kernel refuses to probe an instruction (its own word is 524).
 */
int site_list_attach(const struct site_list *sites, const struct attach *a);
/* The same, but sites that the kernel refuses are taken from the list, whose order stays. */
int site_list_attach_most(struct site_list *sites, const struct attach *a);

#endif
