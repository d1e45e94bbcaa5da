/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Go module that an executable is: its function table and the moduledata that confirms it. A
 * program can hold the table of another one (an embedded executable): only its own is confirmed.
 */
#ifndef SS_GOBIN_MODULE_H
#define SS_GOBIN_MODULE_H

#include "gobin/image.h"
#include "gobin/moduledata.h"
#include "gobin/pclntab.h"
#include "gobin/relocs.h"
#include "log/reason.h"

struct module {
	struct moduledata data;
	struct pclntab tab;
	struct relocs relocs;
};

/*
 * minor is that of the Go version, 0 unknown. 0, or as gobin_open; -ENODATA where nothing looks
 * like a function table.
 */
int module_open(const struct image *img, int minor, struct module *out, struct reason *why);
void module_close(struct module *mod);

#endif
