// SPDX-License-Identifier: BSD-2-Clause
/*
 * Build information and versions. Input: the layout, FLAG_SECTIONS, a text that is taken for a
 * version, patches.
 */
#include <ctype.h>
#include <string.h>

#include "gobin/buildinfo.h"
#include "gobin/modinfo.h"
#include "gobin/image.h"
#include "plan/version.h"

#include "input.h"
#include "layouts.h"
#include "patches.h"
#include "require.h"
#include "scratch.h"

#define FLAG_SECTIONS 1

static const struct place places[] = {
	{IMG_INFO, 0x400},
	{IMG_SECTIONS, 0x200},
	{0, 0x200},
};

static void check_version(const char *text)
{
	const struct gobin_version v = go_version_parse(text);
	struct reason why = {""};
	char word[32];

	require(v.major >= 0 && v.minor >= 0 && v.patch >= 0);
	require(v.major < 1000000 && v.minor < 1000000 && v.patch < 1000000);
	require(version_check(v, text, &why) == 0 || why.text[0]);
	(void)version_has_headers(v, text);
	version_word(text, word, sizeof(word));
	require(strlen(word) < sizeof(word) && !strchr(word, ' '));
}

static void check_printable(const char *text, size_t size)
{
	require(memchr(text, '\0', size));
	for (; *text; text++)
		require(isgraph((unsigned char)*text));
}

static void check_program(const struct gobin_program *program)
{
	check_printable(program->package, sizeof(program->package));
	check_printable(program->module, sizeof(program->module));
	check_printable(program->version, sizeof(program->version));
}

static void check_info(const struct go_image *bytes)
{
	struct image *img = NULL;
	struct buildinfo info;
	struct reason why = {""};
	int err;

	if (image_open(scratch_write(bytes->b, sizeof(bytes->b)), &img, &why))
		return;
	err = buildinfo_read(img, &info);
	require(err <= 0);
	require(memchr(info.text, '\0', sizeof(info.text)) && info.text[0]);
	for (const char *p = info.text; *p; p++)
		require(isprint((unsigned char)*p));
	check_program(&info.program);
	if (!err)
		check_version(info.text);
	image_free(img);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	const struct img_layout *row = layout_of(input_byte(&in));
	const uint8_t flags = input_byte(&in);
	struct go_image img;
	struct gobin_program program;
	char text[256];

	input_text(&in, text, sizeof(text));
	check_version(text);
	modinfo_parse(text, strlen(text), &program);
	check_program(&program);
	img_make(&img, row);
	if (flags & FLAG_SECTIONS)
		img_put_sections(&img, IMG_PCLN_ADDR);
	patches_apply(img.b, places, sizeof(places) / sizeof(places[0]), &in);
	check_info(&img);
	return 0;
}
