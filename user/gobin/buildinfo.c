/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/buildinfo.h"

#include <errno.h>
#include <string.h>

#include "gobin/modinfo.h"
#include "gobin/scan.h"

/* Layout: Go's src/debug/buildinfo/buildinfo.go, since 1.18 with the strings inline. */
#define MAGIC	       "\xff Go buildinf:"
#define MAGIC_LEN      14
#define FLAGS_OFFSET   15
#define FLAG_INLINE    0x2
#define FLAG_BIG       0x1
#define STRINGS_OFFSET 32
#define ALIGNMENT      16
#define MAX_UVARINT    5
/* The magic lies once in a program, and in some more places where the program looks for it. */
#define MAX_MATCHES 1024

struct search {
	const struct image *img;
	struct buildinfo *out;
	unsigned int matches;
	bool pointers; /* a Go 1.17 header was met */
};

static const char *parse_number(const char *p, int *out)
{
	int n = 0;

	for (int digits = 0; *p >= '0' && *p <= '9' && digits < 6; digits++)
		n = n * 10 + (*p++ - '0');
	*out = n;
	return p;
}

struct gobin_version go_version_parse(const char *text)
{
	struct gobin_version v = {0};

	for (const char *p = strstr(text, "go"); p; p = strstr(p + 1, "go")) {
		if ((p != text && p[-1] != ' ') || p[2] < '1' || p[2] > '9')
			continue;
		p = parse_number(p + 2, &v.major);
		if (p[0] == '.' && p[1] >= '0' && p[1] <= '9')
			p = parse_number(p + 1, &v.minor);
		if (p[0] == '.' && p[1] >= '0' && p[1] <= '9')
			parse_number(p + 1, &v.patch);
		break;
	}
	return v;
}

/* The length before a string, at addr, which goes on to the string; 0: there is none. */
static size_t read_length(const struct image *img, uint64_t *addr)
{
	uint8_t buf[MAX_UVARINT];
	size_t len = 0;

	if (image_read(img, *addr, buf, sizeof(buf)))
		return 0;
	for (size_t i = 0; i < MAX_UVARINT; i++) {
		len |= (size_t)(buf[i] & 0x7f) << (7 * i);
		if (!(buf[i] & 0x80)) {
			*addr += i + 1;
			return len;
		}
	}
	return 0;
}

static bool is_version_text(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] < ' ' || text[i] > '~')
			return false;
	}
	return strncmp(text, "go", 2) == 0 || strncmp(text, "devel", 5) == 0;
}

/* Programs are without it that were not built by the go command. */
static void read_program(const struct image *img, uint64_t addr, struct gobin_program *out)
{
	char text[MODINFO_HEAD];
	size_t len = read_length(img, &addr);

	if (len > sizeof(text))
		len = sizeof(text);
	if (len && !image_read(img, addr, text, len))
		modinfo_parse(text, len, out);
}

static int read_inline(const struct image *img, uint64_t addr, struct buildinfo *out)
{
	char text[GO_VERSION_MAX] = {0};
	size_t len = read_length(img, &addr);

	if (len == 0 || len >= sizeof(text) || image_read(img, addr, text, len) ||
	    !is_version_text(text, len))
		return -ENODATA;
	memcpy(out->text, text, sizeof(text));
	out->version = go_version_parse(text);
	read_program(img, addr + len, &out->program);
	return 0;
}

/* The magic also lies in programs that look for it (debug/buildinfo): go on until one holds. */
static int try_match(uint64_t addr, void *ctx)
{
	struct search *search = ctx;
	uint8_t flags;

	if (++search->matches > MAX_MATCHES)
		return -ENODATA;
	if (addr % ALIGNMENT != 0 || image_read(search->img, addr + FLAGS_OFFSET, &flags, 1))
		return 0;
	if (flags & FLAG_BIG)
		return 0;
	if (!(flags & FLAG_INLINE)) {
		search->pointers = true;
		return 0;
	}
	return read_inline(search->img, addr + STRINGS_OFFSET, search->out) == 0;
}

static bool try_section(struct search *search)
{
	uint8_t magic[MAGIC_LEN];
	uint64_t addr;

	return image_section_addr(search->img, ".go.buildinfo", &addr) == 0 &&
	       image_read(search->img, addr, magic, sizeof(magic)) == 0 &&
	       memcmp(magic, MAGIC, MAGIC_LEN) == 0 && try_match(addr, search) == 1;
}

int buildinfo_read(const struct image *img, struct buildinfo *out)
{
	static const struct pattern pattern = {MAGIC, MAGIC_LEN, ALIGNMENT, true};
	struct search search = {.img = img, .out = out};
	int ret;

	*out = (struct buildinfo){.text = "unknown"};
	if (try_section(&search))
		return 0;
	ret = image_scan(img, &pattern, try_match, &search);
	if (ret != 0)
		return ret > 0 ? 0 : ret;
	return search.pointers ? -ENOTSUP : -ENODATA;
}
