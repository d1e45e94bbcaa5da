/* SPDX-License-Identifier: BSD-2-Clause */
/* Element types that a process has made at run time, by where they lie in it: known once, then
 * found. */
#ifndef SS_SYMBOL_PROCESS_TYPES_H
#define SS_SYMBOL_PROCESS_TYPES_H

#include <stdbool.h>
#include <stdint.h>

/* A process can make types without end: it is not followed beyond so many. */
#define PROCESS_TYPES_MAX 2048

/* NULL holds none. Nobody else's number is found in it: it ends with its process. */
struct process_types;

bool process_types_find(const struct process_types *p, uint64_t addr, uint32_t *number);
bool process_types_is_full(const struct process_types *p);

/* One that is not there yet; *p is made where it is NULL. 0 or -ENOMEM. */
int process_types_add(struct process_types **p, uint64_t addr, uint32_t number);
void process_types_free(struct process_types *p);

#endif
