/* SPDX-License-Identifier: BSD-2-Clause */
/* Made executables, opened. To be included behind cmocka.h. */
#ifndef SS_TESTS_OPEN_IMAGE_H
#define SS_TESTS_OPEN_IMAGE_H

#include "gobin/gobin.h"

#include "go_image.h"

static const struct img_layout *const go124 = &img_layouts[2];

struct opened {
	int fd;
	struct gobin *bin;
};

static inline struct opened open_image(const struct go_image *img)
{
	struct opened o = {.fd = img_file(img->b, sizeof(img->b))};
	struct reason why = {0};

	assert_true(o.fd >= 0);
	if (gobin_open(o.fd, &o.bin, &why) != 0)
		fail_msg("gobin_open: %s", why.text);
	return o;
}

static inline void close_image(struct opened *o)
{
	gobin_free(o->bin);
	close(o->fd);
}

static inline void assert_growslice(const struct gobin *bin)
{
	struct gobin_func func;

	assert_int_equal(gobin_find_func(bin, "runtime.growslice", &func), 0);
	assert_string_equal(func.name, "runtime.growslice");
	assert_int_equal(func.addr, IMG_GO_TEXT + 0x40);
	assert_int_equal(func.end, IMG_GO_TEXT + 0x120);
}

#endif
