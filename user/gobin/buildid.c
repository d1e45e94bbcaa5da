/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/buildid.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

/* A page: both linkers write less than 300 bytes. */
#define NOTES_BYTES_MAX 4096
/* Names and descriptions are padded to so many bytes. */
#define NOTE_ALIGNMENT 4
/* ELF_NOTE_GO_BUILDID in Go's src/cmd/link/internal/ld/elf.go. */
#define NT_GO_BUILD_ID 4

struct note {
	uint32_t type;
	const char *name;
	const uint8_t *bytes;
	uint32_t size;
};

/* Those that are looked for, the better one first; each name with its NUL fills four bytes. */
static const struct {
	char name[4];
	uint32_t type;
} kinds[] = {
	{"GNU", NT_GNU_BUILD_ID},
	{"Go", NT_GO_BUILD_ID},
};

static size_t padded(uint32_t size)
{
	return ((size_t)size + NOTE_ALIGNMENT - 1) & ~(size_t)(NOTE_ALIGNMENT - 1);
}

/* The note at *at, which moves behind it; false: there is none, or it does not end. */
static bool next_note(const uint8_t *notes, size_t size, size_t *at, struct note *out)
{
	Elf64_Nhdr head;

	if (size - *at < sizeof(head))
		return false;
	memcpy(&head, notes + *at, sizeof(head));
	*at += sizeof(head);
	if (padded(head.n_namesz) > size - *at)
		return false;
	out->type = head.n_type;
	out->name = head.n_namesz == NOTE_ALIGNMENT ? (const char *)notes + *at : NULL;
	*at += padded(head.n_namesz);
	if (head.n_descsz > size - *at)
		return false;
	out->bytes = notes + *at;
	out->size = head.n_descsz;
	*at += padded(head.n_descsz) < size - *at ? padded(head.n_descsz) : size - *at;
	return true;
}

/* The better kind, and of that the first. */
static void take(const struct note *note, size_t *best, char text[GOBIN_BUILD_ID_SIZE])
{
	for (size_t kind = 0; kind < *best; kind++) {
		if (!note->name || memcmp(note->name, kinds[kind].name, NOTE_ALIGNMENT) != 0 ||
		    note->type != kinds[kind].type || !note->size ||
		    2 * (size_t)note->size >= GOBIN_BUILD_ID_SIZE)
			continue;
		for (uint32_t i = 0; i < note->size; i++)
			snprintf(text + 2 * (size_t)i, 3, "%02x", note->bytes[i]);
		*best = kind;
	}
}

void buildid_read(const struct image *img, char text[GOBIN_BUILD_ID_SIZE])
{
	size_t best = sizeof(kinds) / sizeof(kinds[0]);
	uint8_t notes[NOTES_BYTES_MAX];

	memset(text, 0, GOBIN_BUILD_ID_SIZE);
	for (size_t i = 0; i < IMAGE_NOTES_MAX; i++) {
		const struct range range = image_notes(img, i);
		const size_t size = range.size < sizeof(notes) ? range.size : sizeof(notes);
		struct note note;
		size_t at = 0;

		if (!size || image_read(img, range.addr, notes, size))
			continue;
		while (next_note(notes, size, &at, &note))
			take(&note, &best, text);
	}
}
