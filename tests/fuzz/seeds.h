/* SPDX-License-Identifier: BSD-2-Clause */
/* First inputs for the targets, cut from a real executable: what each target takes is told there.
 */
#ifndef SS_FUZZ_SEEDS_H
#define SS_FUZZ_SEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/buildinfo.h"
#include "gobin/gobin.h"
#include "gobin/image.h"
#include "gobin/module.h"

#include "layouts.h"

/* The executable, as gobin tells of it and as its own tables are. */
struct origin {
	int fd;
	struct gobin *bin;
	struct image *img;
	struct module mod;
	const char *directory; /* seeds go to DIRECTORY/TARGET/NAME-... */
	const char *name;
	uint8_t layout; /* number of that of the same version and architecture */
};

/* An input in the making. */
struct seed {
	uint8_t bytes[8192];
	size_t len;
};

void seed_put(struct seed *seed, const void *bytes, size_t len);
void seed_byte(struct seed *seed, uint8_t v);
void seed_u16(struct seed *seed, size_t v);
/* A patch as patches.h reads it. */
void seed_patch(struct seed *seed, size_t place, size_t offset, const void *bytes, size_t len);
/* Write it; part tells those of one executable apart. */
void seed_write(const struct origin *origin, const char *target, const char *part,
		const struct seed *seed);

/* By what they are cut from. */
void seeds_of_headers(const struct origin *origin);
void seeds_of_pclntab(const struct origin *origin);
void seeds_of_types(const struct origin *origin);
void seeds_of_code(const struct origin *origin);
void seeds_of_answers(const struct origin *origin);
void seeds_of_recordings(const struct origin *origin);

#endif
