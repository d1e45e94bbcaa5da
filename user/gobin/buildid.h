/* SPDX-License-Identifier: BSD-2-Clause */
/* The notes by which a build is known again. */
#ifndef SS_GOBIN_BUILDID_H
#define SS_GOBIN_BUILDID_H

#include "gobin/gobin.h"
#include "gobin/image.h"

/* As gobin_build_id. */
void buildid_read(const struct image *img, char text[GOBIN_BUILD_ID_SIZE]);

#endif
