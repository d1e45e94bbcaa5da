// SPDX-License-Identifier: BSD-2-Clause
#include "gobin/gonames.h"

#include <errno.h>

#define FLAGS_ALL (GONAME_EXPORTED | GONAME_TAG | GONAME_PKGPATH | GONAME_EMBEDDED)

/* Of seven bits each: Go itself makes no name of 1 << 29 bytes (NewName). */
#define MAX_LEN_BYTES 5

/*
 * A length in Go's varint encoding (encoding/binary), which *addr is stepped over. Read byte by
 * byte: behind a short name there may be no memory any more.
 */
static int read_len(const struct type_source *source, uint64_t *addr, uint64_t *len)
{
	*len = 0;
	for (unsigned int i = 0; i < MAX_LEN_BYTES; i++) {
		uint8_t byte;
		int err = type_source_read(source, (*addr)++, &byte, 1);

		if (err)
			return err;
		*len |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (!(byte & 0x80))
			return 0;
	}
	return -ENOENT;
}

int goname_read(const struct type_source *source, uint64_t addr, struct goname *out)
{
	int err = type_source_read(source, addr++, &out->flags, 1);

	if (!err)
		err = read_len(source, &addr, &out->len);
	if (err)
		return err;
	if ((out->flags & ~FLAGS_ALL) || out->len == 0)
		return -ENOENT;
	out->text = addr;
	addr += out->len;
	out->tag_len = 0;
	if (out->flags & GONAME_TAG)
		err = read_len(source, &addr, &out->tag_len);
	out->tag = addr;
	return err;
}
