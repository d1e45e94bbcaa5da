/* SPDX-License-Identifier: BSD-2-Clause */
/* The Go versions and architectures of which executables are made. */
#ifndef SS_FUZZ_LAYOUTS_H
#define SS_FUZZ_LAYOUTS_H

#include <stdint.h>

#include "../unit/go_image.h"

static const struct img_layout fuzz_layouts[] = {
	{"go1.21.13", EM_X86_64, 0xfffffff1, 0x60}, {"go1.22.12", EM_X86_64, 0xfffffff1, 0x60},
	{"go1.23.12", EM_X86_64, 0xfffffff1, 0x60}, {"go1.24.4", EM_X86_64, 0xfffffff1, 0x60},
	{"go1.25.3", EM_X86_64, 0xfffffff1, 0x60},  {"go1.26.1", EM_X86_64, 0xfffffff1, 0x60},
	{"go1.27.3", EM_X86_64, 0xfffffff1, 0x48},  {"go1.24.4", EM_AARCH64, 0xfffffff1, 0x60},
	{"go1.27.3", EM_AARCH64, 0xfffffff1, 0x48}, {"go1.19.8", EM_X86_64, 0xfffffff0, 0x60},
};

#define FUZZ_LAYOUTS (sizeof(fuzz_layouts) / sizeof(fuzz_layouts[0]))

static inline const struct img_layout *layout_of(uint8_t number)
{
	return &fuzz_layouts[number % FUZZ_LAYOUTS];
}

/* N of the layout's Go 1.N. */
static inline int layout_minor(const struct img_layout *row)
{
	return (row->version[4] - '0') * 10 + (row->version[5] - '0');
}

#endif
