/* SPDX-License-Identifier: BSD-2-Clause */
/* The Go build information, which the linker writes into every executable, stripped or not. */
#ifndef SS_GOBIN_BUILDINFO_H
#define SS_GOBIN_BUILDINFO_H

#include "gobin/gobin.h"
#include "gobin/image.h"

#define GO_VERSION_MAX 128

struct buildinfo {
	char text[GO_VERSION_MAX]; /* printable ASCII, "go1.24.4"; "unknown" without */
	struct gobin_version version;
	struct gobin_program program;
};

/*
 * 0; -ENODATA where there is none; -ENOTSUP where Go 1.17 or older wrote it (the strings are behind
 * pointers); or the errno of scanning.
 */
int buildinfo_read(const struct image *img, struct buildinfo *out);

/*
 * The go1.N[.P] in a version text, whatever comes before and after it: "go1.27rc1",
 * "devel go1.28-abc", "go1.24.4 X:boringcrypto", "go1.27.3-X:boringcrypto", vendor suffixes.
 * All zero where there is none.
 */
struct gobin_version go_version_parse(const char *text);

#endif
