// SPDX-License-Identifier: BSD-2-Clause
#include "script.h"

#include <string.h>

#include "parser/parsed.h"
#include "parser/wire.h"

static uint8_t *extend(struct script *script, size_t size)
{
	uint8_t *at = script->bytes + script->size;

	memset(at, 0, size);
	script->size += size;
	return at;
}

static uint32_t take_u32(struct input *in)
{
	const uint32_t low = input_u16(in);

	return low | (uint32_t)input_u16(in) << 16;
}

static void take_parts(uint8_t *bytes, size_t size, struct input *in)
{
	size_t at = 0;

	for (uint8_t n = input_byte(in); n > 0; n--) {
		const size_t gap = input_u16(in);
		size_t len = input_u16(in);

		at += gap < size - at ? gap : size - at;
		if (len > size - at)
			len = size - at;
		at += input_take(in, bytes + at, len);
	}
}

static size_t size_of_kind(uint32_t kind)
{
	if (kind == WIRE_OPEN)
		return sizeof(struct parsed_info);
	return kind == WIRE_PLAN ? sizeof(struct plan) : 0;
}

static void take_message(struct script *script, struct input *in)
{
	struct wire_head head = {.kind = input_byte(in)};
	const uint8_t flags = input_byte(in);
	const size_t room = SCRIPT_BYTES_MAX - script->size - sizeof(head);
	uint64_t claim = 0;
	size_t size;

	if (flags & SCRIPT_HAS_ERROR)
		head.err = (int32_t)take_u32(in);
	if (flags & SCRIPT_HAS_CLAIM) {
		claim = take_u32(in);
		claim |= (uint64_t)take_u32(in) << 32;
	}
	size = flags & SCRIPT_OF_KIND ? size_of_kind(head.kind) : take_u32(in);
	if (size > room)
		size = room;
	head.size = flags & SCRIPT_HAS_CLAIM ? claim : size;
	if (!(flags & SCRIPT_HEADLESS))
		memcpy(extend(script, sizeof(head)), &head, sizeof(head));
	take_parts(extend(script, size), size, in);
}

void script_take(struct script *script, struct input *in)
{
	script->size = 0;
	while (in->left && SCRIPT_BYTES_MAX - script->size > sizeof(struct wire_head))
		take_message(script, in);
}
