/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of a module by name and by address. */
#ifndef SS_GOBIN_FUNCS_H
#define SS_GOBIN_FUNCS_H

#include <stdint.h>

#include "gobin/pclntab.h"

struct funcs;

/* tab stays the caller's and must outlive it. 0 or -ENOMEM. */
int funcs_new(const struct pclntab *tab, struct funcs **out);
void funcs_free(struct funcs *funcs);

/* Index of the only function of this name: 0, -ENOENT, or -ENOTUNIQ. */
int funcs_by_name(const struct funcs *funcs, const char *name, uint32_t *index);
/* Index of the function that covers the offset from moduledata.text: 0 or -ENOENT. */
int funcs_by_offset(const struct funcs *funcs, uint32_t offset, uint32_t *index);

#endif
