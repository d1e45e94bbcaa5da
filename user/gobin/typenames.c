// SPDX-License-Identifier: BSD-2-Clause
#include "gobin/typenames.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "gobin/bytes.h"
#include "gobin/cuttext.h"
#include "gobin/gonames.h"
#include "gobin/goquote.h"
#include "gobin/release.h"

/* Fields of the kinds' descriptors, behind the common ones; all pointers are run-time addresses. */
#define ELEM	      TYPE_BYTES /* of array, chan, pointer, slice */
#define ARRAY_LEN     64
#define CHAN_DIR      56
#define MAP_KEY	      TYPE_BYTES
#define MAP_ELEM      56
#define FUNC_IN	      48
#define FUNC_OUT      50
#define FUNC_TYPES    56 /* behind the uncommon data, if there is any */
#define UNCOMMON_DATA 16
#define STRUCT_FIELDS 56
#define STRUCT_COUNT  64
#define POINTER_BYTES 8
#define FIELD_BYTES   24
#define FIELD_NAME    0
#define FIELD_TYPE    8

/* reflect.ChanDir */
enum { CHAN_RECV = 1, CHAN_SEND = 2, CHAN_BOTH = 3 };

#define OUT_VARIADIC   0x8000
#define MAX_PARAMETERS 128 /* reflect.FuncOf refuses more */

/* Types in types: people write a few levels; a circle, which is made up, has no end. */
#define MAX_DEPTH 64

#define CHUNK 256

struct writer {
	const struct type_space *space;
	struct cuttext text;
	unsigned int depth;
};

static int put_type(struct writer *w, uint64_t addr);

static int read_word(const struct typedesc *desc, uint64_t addr, uint64_t *out)
{
	uint8_t raw[sizeof(*out)];
	int err = type_source_read(&desc->source, addr, raw, sizeof(raw));

	if (!err)
		*out = get_le64(raw);
	return err;
}

/* Names hold no control bytes: where some are, no name is. */
static int put_name(struct cuttext *text, const struct type_source *source, uint64_t addr,
		    uint64_t len)
{
	char chunk[CHUNK];

	while (len > 0 && !cuttext_is_full(text)) {
		size_t n = len < sizeof(chunk) ? len : sizeof(chunk);
		int err;

		if (n > cuttext_room(text))
			n = cuttext_room(text);
		err = type_source_read(source, addr, chunk, n);
		if (err)
			return err;
		for (size_t i = 0; i < n; i++)
			if ((uint8_t)chunk[i] < ' ' || chunk[i] == 0x7f)
				return -ENOENT;
		cuttext_put(text, chunk, n);
		addr += n;
		len -= n;
	}
	return 0;
}

/* Most types are also pointed to: the name is shared with that of the pointer. */
static int put_module_type(struct writer *w, const struct typedesc *desc)
{
	const struct type_source *source = &desc->source;
	struct goname name;
	int err = goname_read(source, source->start + (uint64_t)desc->str, &name);
	char star;

	if (err)
		return err;
	if ((name.flags & ~GONAME_EXPORTED) || name.len > source->end - name.text)
		return -ENOENT;
	if (!(desc->flags & TFLAG_EXTRA_STAR))
		return put_name(&w->text, source, name.text, name.len);
	err = type_source_read(source, name.text, &star, 1);
	if (err || star != '*' || name.len < 2)
		return err ? err : -ENOENT;
	return put_name(&w->text, source, name.text + 1, name.len - 1);
}

/* The type that the pointer at addr points to. */
static int put_type_of(struct writer *w, const struct typedesc *desc, uint64_t addr)
{
	uint64_t type;
	int err = read_word(desc, addr, &type);

	return err ? err : put_type(w, type);
}

static int put_pointer(struct writer *w, const struct typedesc *desc, uint64_t addr)
{
	cuttext_put_string(&w->text, "*");
	return put_type_of(w, desc, addr + ELEM);
}

static int put_slice(struct writer *w, const struct typedesc *desc, uint64_t addr)
{
	cuttext_put_string(&w->text, "[]");
	return put_type_of(w, desc, addr + ELEM);
}

static int put_array(struct writer *w, const struct typedesc *desc, uint64_t addr)
{
	char bounds[32];
	uint64_t len;
	int err = read_word(desc, addr + ARRAY_LEN, &len);

	if (err)
		return err;
	snprintf(bounds, sizeof(bounds), "[%" PRIu64 "]", len);
	cuttext_put_string(&w->text, bounds);
	return put_type_of(w, desc, addr + ELEM);
}

static int put_map(struct writer *w, const struct typedesc *desc, uint64_t addr)
{
	int err;

	cuttext_put_string(&w->text, "map[");
	err = put_type_of(w, desc, addr + MAP_KEY);
	if (err)
		return err;
	cuttext_put_string(&w->text, "]");
	return put_type_of(w, desc, addr + MAP_ELEM);
}

static int put_chan(struct writer *w, const struct typedesc *desc, uint64_t addr)
{
	static const char *const words[] = {
		[CHAN_RECV] = "<-chan ", [CHAN_SEND] = "chan<- ", [CHAN_BOTH] = "chan "};
	uint64_t dir;
	size_t elem;
	int err = read_word(desc, addr + CHAN_DIR, &dir);

	if (err || dir < CHAN_RECV || dir > CHAN_BOTH)
		return err ? err : -ENOENT;
	cuttext_put_string(&w->text, words[dir]);
	elem = w->text.len;
	err = put_type_of(w, desc, addr + ELEM);
	/* "<-" goes with the leftmost chan that it can. */
	if (!err && dir == CHAN_BOTH && w->text.buf[elem] == '<') {
		cuttext_insert(&w->text, elem, "(");
		cuttext_put_string(&w->text, ")");
	}
	return err;
}

/* n types whose pointers lie from addr on; the last one is a slice that is written "...T". */
static int put_list(struct writer *w, const struct typedesc *desc, uint64_t addr, unsigned int n,
		    bool variadic)
{
	int err = 0;

	for (unsigned int i = 0; i < n && !err && !cuttext_is_full(&w->text); i++) {
		uint64_t type;

		if (i > 0)
			cuttext_put_string(&w->text, ", ");
		err = read_word(desc, addr + (uint64_t)i * POINTER_BYTES, &type);
		if (err)
			return err;
		if (variadic && i + 1 == n) {
			cuttext_put_string(&w->text, "...");
			err = put_type_of(w, desc, type + ELEM);
		} else {
			err = put_type(w, type);
		}
	}
	return err;
}

static int put_func(struct writer *w, const struct typedesc *desc, uint64_t addr)
{
	const uint64_t types =
		addr + FUNC_TYPES + (desc->flags & TFLAG_UNCOMMON ? UNCOMMON_DATA : 0);
	uint8_t raw[4];
	unsigned int in, out;
	bool variadic;
	int err = type_source_read(&desc->source, addr + FUNC_IN, raw, sizeof(raw));

	if (err)
		return err;
	in = get_le16(raw);
	out = get_le16(raw + (FUNC_OUT - FUNC_IN)) & ~(unsigned int)OUT_VARIADIC;
	variadic = get_le16(raw + (FUNC_OUT - FUNC_IN)) & OUT_VARIADIC;
	if (in + out > MAX_PARAMETERS)
		return -ENOENT;
	cuttext_put_string(&w->text, "func(");
	err = put_list(w, desc, types, in, variadic);
	if (err)
		return err;
	cuttext_put_string(&w->text, out == 0 ? ")" : out == 1 ? ") " : ") (");
	err = put_list(w, desc, types + (uint64_t)in * POINTER_BYTES, out, false);
	if (!err && out > 1)
		cuttext_put_string(&w->text, ")");
	return err;
}

static int put_tag(struct cuttext *text, const struct type_source *source,
		   const struct goname *name)
{
	uint64_t done = 0;

	cuttext_put_string(text, " \"");
	while (done < name->tag_len && !cuttext_is_full(text)) {
		const uint64_t left = name->tag_len - done;
		uint8_t chunk[CHUNK];
		size_t n = left < sizeof(chunk) ? left : sizeof(chunk), used = 0;
		int err = type_source_read(source, name->tag + done, chunk, n);

		if (err)
			return err;
		while (used < n && (n == left || n - used >= GOQUOTE_UTF8_MAX)) {
			int took = goquote_put(text, chunk + used, n - used);

			if (took < 0)
				return took;
			used += (size_t)took;
		}
		done += used;
	}
	cuttext_put_string(text, "\"");
	return 0;
}

static int put_field(struct writer *w, const struct typedesc *desc, uint64_t addr)
{
	struct goname name;
	uint64_t at;
	int err = read_word(desc, addr + FIELD_NAME, &at);

	if (!err)
		err = goname_read(&desc->source, at, &name);
	if (err)
		return err;
	if (!(name.flags & GONAME_EMBEDDED) || release_of(w->space->minor)->names_embedded) {
		cuttext_put_string(&w->text, " ");
		err = put_name(&w->text, &desc->source, name.text, name.len);
	}
	cuttext_put_string(&w->text, " ");
	if (!err)
		err = put_type_of(w, desc, addr + FIELD_TYPE);
	if (!err && (name.flags & GONAME_TAG))
		err = put_tag(&w->text, &desc->source, &name);
	return err;
}

static int put_struct(struct writer *w, const struct typedesc *desc, uint64_t addr)
{
	uint64_t fields, n;
	int err = read_word(desc, addr + STRUCT_FIELDS, &fields);

	if (!err)
		err = read_word(desc, addr + STRUCT_COUNT, &n);
	if (err)
		return err;
	cuttext_put_string(&w->text, "struct {");
	for (uint64_t i = 0; i < n && !cuttext_is_full(&w->text); i++) {
		if (i > 0)
			cuttext_put_string(&w->text, ";");
		err = put_field(w, desc, fields + i * FIELD_BYTES);
		if (err)
			return err;
	}
	cuttext_put_string(&w->text, n ? " }" : "}");
	return 0;
}

typedef int (*put_fn)(struct writer *w, const struct typedesc *desc, uint64_t addr);

static const put_fn put_kind[] = {
	[KIND_ARRAY] = put_array,   [KIND_CHAN] = put_chan,	  [KIND_FUNC] = put_func,
	[KIND_MAP] = put_map,	    [KIND_POINTER] = put_pointer, [KIND_SLICE] = put_slice,
	[KIND_STRUCT] = put_struct,
};

/* typedesc_read lets through only kinds that reflect makes, where it was not the compiler. */
static int put_type(struct writer *w, uint64_t addr)
{
	struct typedesc desc;
	int err;

	if (cuttext_is_full(&w->text))
		return 0;
	if (w->depth == MAX_DEPTH)
		return -ENOENT;
	err = typedesc_read(w->space, addr, &desc);
	if (err)
		return err;
	w->depth++;
	if (desc.from_module)
		err = put_module_type(w, &desc);
	else
		err = put_kind[desc.type.kind](w, &desc, addr);
	w->depth--;
	return err;
}

int typename_write(const struct type_space *space, uint64_t addr, char *buf, size_t size)
{
	struct writer w = {.space = space, .text = cuttext_begin(buf, size)};
	int err = put_type(&w, addr);

	if (err)
		buf[0] = '\0';
	return err;
}
