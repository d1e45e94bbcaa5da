// SPDX-License-Identifier: BSD-2-Clause
#include "gobin/types.h"

#include <errno.h>

#include "gobin/bytes.h"
#include "gobin/release.h"

/* Fields of abi.Type, in bytes. Equal (24) and GCData (32) say nothing of the type's name. */
#define TYPE_SIZE	 0
#define TYPE_PTR_BYTES	 8
#define TYPE_FLAGS	 20
#define TYPE_ALIGN	 21
#define TYPE_FIELD_ALIGN 22
#define TYPE_KIND	 23
#define TYPE_STR	 40

#define DESCRIPTOR_ALIGN 8
#define POINTER_BYTES	 8
/* Up to Go 1.25 the upper bits of the kind are flags. */
#define KIND_MASK  31
#define TFLAGS_ALL 0x3f

/* Bytes of a value by reflect.Kind; 0: as the elements make it. */
static const uint8_t kind_bytes[KIND_UNSAFE_POINTER + 1] = {
	[1] = 1,  [2] = 8,  [3] = 1,   [4] = 2,	 [5] = 4,  [6] = 8,   [7] = 8,	 [8] = 1,
	[9] = 2,  [10] = 4, [11] = 8,  [12] = 8, [13] = 4, [14] = 8,  [15] = 8,	 [16] = 16,
	[18] = 8, [19] = 8, [20] = 16, [21] = 8, [22] = 8, [23] = 24, [24] = 16, [26] = 8,
};

int type_source_read(const struct type_source *source, uint64_t addr, void *buf, size_t len)
{
	const uint64_t size = source->end - source->start;

	if (len > size || addr < source->start || addr - source->start > size - len)
		return -ENOENT;
	if (source->memory)
		return source->memory->read(source->memory->ctx, addr, buf, len);
	return image_read(source->img, addr, buf, len);
}

static bool is_power_of_two(uint8_t n)
{
	return n && !(n & (n - 1));
}

static bool makes_sense(const struct gobin_type *type, uint8_t flags, const uint8_t *raw)
{
	if (type->kind == 0 || type->kind > KIND_UNSAFE_POINTER || (flags & ~TFLAGS_ALL))
		return false;
	if (kind_bytes[type->kind] && type->size != kind_bytes[type->kind])
		return false;
	if (!is_power_of_two(raw[TYPE_ALIGN]) || !is_power_of_two(raw[TYPE_FIELD_ALIGN]))
		return false;
	return type->size % raw[TYPE_ALIGN] == 0 && type->ptr_bytes <= type->size &&
	       type->ptr_bytes % POINTER_BYTES == 0;
}

/*
 * reflect makes no named types, and gives names as negative numbers to a table of its own
 * (addReflectOff of Go's src/runtime/runtime1.go).
 */
static bool made_by_reflect(const struct typedesc *desc)
{
	switch (desc->type.kind) {
	case KIND_ARRAY:
	case KIND_CHAN:
	case KIND_FUNC:
	case KIND_MAP:
	case KIND_POINTER:
	case KIND_SLICE:
	case KIND_STRUCT:
		return desc->str < 0 && !(desc->flags & (TFLAG_NAMED | TFLAG_EXTRA_STAR));
	default:
		return false;
	}
}

static int parse(const uint8_t *raw, struct typedesc *out)
{
	out->type = (struct gobin_type){
		.size = get_le64(raw + TYPE_SIZE),
		.ptr_bytes = get_le64(raw + TYPE_PTR_BYTES),
		.kind = raw[TYPE_KIND] & KIND_MASK,
	};
	out->flags = raw[TYPE_FLAGS];
	out->str = (int32_t)get_le32(raw + TYPE_STR);
	if (!makes_sense(&out->type, out->flags, raw))
		return -ENOENT;
	if (out->from_module)
		return out->str > 0 ? 0 : -ENOENT;
	return made_by_reflect(out) ? 0 : -ENOENT;
}

/* Set *addr to where the source holds it. */
static bool in_file(const struct type_space *space, uint64_t *addr, struct type_source *out)
{
	const struct moduledata *data = space->data;
	const uint64_t link = *addr - (space->memory ? space->memory->bias : 0);

	if (link < data->types || link >= data->etypes)
		return false;
	*out = (struct type_source){.img = space->img, .start = data->types, .end = data->etypes};
	*addr = link;
	return true;
}

static int find_source(const struct type_space *space, uint64_t *addr, struct typedesc *out)
{
	struct range types;
	int err;

	out->from_module = true;
	if (in_file(space, addr, &out->source))
		return 0;
	if (!space->memory || !space->data->types)
		return -ENOENT;
	err = othermodules_types(space->others, space->memory, release_of(space->minor), *addr,
				 &types);
	if (err && err != -ENOENT)
		return err;
	out->from_module = !err;
	out->source = (struct type_source){.memory = space->memory, .end = UINT64_MAX};
	if (out->from_module) {
		out->source.start = types.addr;
		out->source.end = types.addr + types.size;
	}
	return 0;
}

int typedesc_read(const struct type_space *space, uint64_t addr, struct typedesc *out)
{
	uint8_t raw[TYPE_BYTES];
	int err;

	if (addr % DESCRIPTOR_ALIGN)
		return -ENOENT;
	err = find_source(space, &addr, out);
	if (!err)
		err = type_source_read(&out->source, addr, raw, sizeof(raw));
	return err ? err : parse(raw, out);
}
