/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording's way to its place: as a whole, or not at all. */
#ifndef SS_RECORDING_SAVE_H
#define SS_RECORDING_SAVE_H

#include <stdint.h>

#include "log/reason.h"
#include "recording/write.h"

/* Whether it could be written now. What is at path stays. 0 or a negative errno with why set. */
int recording_save_check(const char *path, struct reason *why);

/* The directory that it would be written into, to be freed; NULL: out of memory. */
char *recording_directory(const char *path);

/*
 * Write beside path, then move it there in the place of what there was; a symbolic link stays, and
 * leads to it. *size gets the bytes. 0 or a negative errno with why set; then path is as before.
 */
int recording_save(const char *path, const struct recording_source *source, uint64_t *size,
		   struct reason *why);

#endif
