// SPDX-License-Identifier: BSD-2-Clause
/*
 * The ELF file: headers, segments, sections, relocations, and a file that ends early. Input: the
 * layout, FLAG_*, the file's length where it is cut (16 bits, 0: whole), places to look at,
 * patches.
 */
#include "gobin/gobin.h"

#include "input.h"
#include "layouts.h"
#include "look.h"
#include "patches.h"
#include "scratch.h"

/* lld leaves zeros and relocations in place of pointers. */
#define FLAG_RELOCATED 1
#define FLAG_SECTIONS  2

static const struct place places[] = {
	{0, 0x400}, /* the headers */
	{IMG_DYNAMIC, 0x100}, {IMG_RELA, 0x300},    {IMG_SECTIONS, 0x200},
	{IMG_MODULE, 0x200},  {IMG_PCLNTAB, 0x300}, {IMG_INFO, 0x200},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	const struct img_layout *row = layout_of(input_byte(&in));
	const uint8_t flags = input_byte(&in);
	const size_t cut = input_u16(&in);
	const struct look look = look_take(&in);
	const size_t len = cut && cut < IMG_SIZE ? cut : IMG_SIZE;
	struct go_image img;
	struct gobin *bin;

	img_make(&img, row);
	if (flags & FLAG_RELOCATED)
		img_relocate_moduledata(&img, row->machine);
	if (flags & FLAG_SECTIONS)
		img_put_sections(&img, IMG_PCLN_ADDR);
	patches_apply(img.b, places, sizeof(places) / sizeof(places[0]), &in);
	(void)gobin_is_likely(scratch_write(img.b, len));
	bin = scratch_open(img.b, len);
	if (bin)
		look_at(bin, &look);
	gobin_free(bin);
	return 0;
}
