/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the go command writes of a program into its build information, behind Go's version: lines of
 * fields between tabs (modload.ModInfoData of Go's src/cmd/go, runtime/debug.ParseBuildInfo).
 */
#ifndef SS_GOBIN_MODINFO_H
#define SS_GOBIN_MODINFO_H

#include <stddef.h>

#include "gobin/gobin.h"

/* The lines that are read come first: so many bytes of a text are enough. */
#define MODINFO_HEAD 1024

/*
 * text is the whole, or its first MODINFO_HEAD bytes, with the 16 bytes that stand before the
 * lines. What is not there, too long, or cannot be printed is "".
 */
void modinfo_parse(const char *text, size_t len, struct gobin_program *out);

#endif
