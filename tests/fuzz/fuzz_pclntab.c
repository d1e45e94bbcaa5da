// SPDX-License-Identifier: BSD-2-Clause
/*
 * The function table: functions, files, lines, inlined calls (funcdata). Input: the layout, places
 * to look at, patches.
 */
#include "gobin/gobin.h"
#include "gobin/release.h"

#include "input.h"
#include "layouts.h"
#include "look.h"
#include "patches.h"
#include "scratch.h"

/* Also what seeds cut from real executables are laid over. */
static const struct place places[] = {
	{IMG_PCLNTAB, IMG_DATA - IMG_PCLNTAB},
	{IMG_RODATA, IMG_PCLNTAB - IMG_RODATA}, /* trees of inlined calls */
	{IMG_MODULE, 0x250},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	const struct img_layout *row = layout_of(input_byte(&in));
	const struct look look = look_take(&in);
	struct go_image img;
	struct gobin *bin;

	img_make(&img, row);
	img_put(&img, IMG_MODULE + release_of(layout_minor(row))->gofunc, IMG_RODATA_ADDR, 8);
	patches_apply(img.b, places, sizeof(places) / sizeof(places[0]), &in);
	bin = scratch_open(img.b, sizeof(img.b));
	if (bin)
		look_at(bin, &look);
	gobin_free(bin);
	return 0;
}
