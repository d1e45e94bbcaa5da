// SPDX-License-Identifier: BSD-2-Clause
/* The head of the file, the section headers, the build information: for fuzz_elf, fuzz_buildinfo.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "require.h"
#include "seeds.h"

#define HEAD_BYTES    0x400
#define SECTION_BYTES 0x200
#define INFO_BYTES    0x200
#define LOOK_BYTES    16

/* As the targets have them. */
enum { ELF_HEADERS, ELF_DYNAMIC, ELF_RELA, ELF_SECTIONS };
enum { INFO_INFO, INFO_SECTIONS, INFO_HEADERS };

/* So many bytes of the file, fewer at its end. */
static size_t read_at(const struct origin *origin, uint64_t offset, void *buf, size_t len)
{
	const ssize_t n = pread(origin->fd, buf, len, (off_t)offset);

	require(n >= 0);
	return (size_t)n;
}

static struct seed begin_elf(const struct origin *origin, uint8_t flags)
{
	static const uint8_t look[LOOK_BYTES] = {0, 1, 0x40, 1, 0x60, 1};
	struct seed seed = {.len = 0};

	seed_byte(&seed, origin->layout);
	seed_byte(&seed, flags);
	seed_u16(&seed, 0);
	seed_put(&seed, look, sizeof(look));
	return seed;
}

static void put_elf(const struct origin *origin)
{
	uint8_t head[HEAD_BYTES], sections[SECTION_BYTES];
	const size_t nhead = read_at(origin, 0, head, sizeof(head));
	struct seed seed = begin_elf(origin, 3);
	Elf64_Ehdr eh;
	size_t n;

	seed_write(origin, "elf", "made", &seed);
	memcpy(&eh, head, sizeof(eh));
	n = read_at(origin, eh.e_shoff, sections, sizeof(sections));
	seed_patch(&seed, ELF_SECTIONS, 0, sections, n);
	seed_write(origin, "elf", "sections", &seed);
	seed = begin_elf(origin, 0);
	seed_patch(&seed, ELF_HEADERS, 0, head, nhead);
	seed_write(origin, "elf", "head", &seed);
}

/* Two notes in the place of the dynamic segment: of a linker, and of Go's. */
static void put_notes(const struct origin *origin)
{
	static const struct {
		Elf64_Nhdr gnu;
		char gnu_name[4];
		uint8_t gnu_id[20];
		Elf64_Nhdr go;
		char go_name[4];
		char go_id[8];
	} notes = {{4, 20, NT_GNU_BUILD_ID}, "GNU", {0xca, 0xfe}, {4, 5, 4}, "Go", "ab/cd"};
	const uint16_t count = IMG_PH_COUNT;
	const uint32_t type = PT_NOTE;
	struct seed seed = begin_elf(origin, 0);

	seed_patch(&seed, ELF_HEADERS, offsetof(Elf64_Ehdr, e_phnum), &count, sizeof(count));
	seed_patch(&seed, ELF_HEADERS, IMG_PH(IMG_PH_DYNAMIC, p_type), &type, sizeof(type));
	seed_patch(&seed, ELF_DYNAMIC, 0, &notes, sizeof(notes));
	seed_write(origin, "elf", "notes", &seed);
}

/* Where the magic lies in the file. */
static const uint8_t *find_info(const uint8_t *bytes, size_t len)
{
	return memmem(bytes, len, "\xff Go buildinf:\x08", 15);
}

static struct seed begin_info(const struct origin *origin)
{
	const char *text = gobin_version_text(origin->bin);
	struct seed seed = {.len = 0};

	seed_byte(&seed, origin->layout);
	seed_byte(&seed, 1);
	seed_put(&seed, text, strlen(text) + 1);
	return seed;
}

/* Section headers that claim it to lie where it does. */
static void patch_sections(struct seed *seed)
{
	static const char names[] = "\0.go.buildinfo\0.shstrtab";
	struct go_image img;
	Elf64_Shdr sh;

	memset(&img, 0, sizeof(img));
	img_put_sections(&img, IMG_DATA_ADDR);
	memcpy(&sh, img.b + IMG_SECTIONS + 2 * sizeof(sh), sizeof(sh));
	sh.sh_name = 15;
	sh.sh_size = sizeof(names);
	seed_patch(seed, INFO_SECTIONS, 0, img.b + IMG_SECTIONS, 2 * sizeof(sh));
	seed_patch(seed, INFO_SECTIONS, 2 * sizeof(sh), &sh, sizeof(sh));
	seed_patch(seed, INFO_SECTIONS, 3 * sizeof(sh), names, sizeof(names));
}

static void put_info(const struct origin *origin)
{
	const size_t size = (size_t)lseek(origin->fd, 0, SEEK_END);
	uint8_t *file = malloc(size);
	const uint8_t *info;
	struct seed seed = begin_info(origin);

	require(file && read_at(origin, 0, file, size) == size);
	info = find_info(file, size);
	require(info && (size_t)(file + size - info) > INFO_BYTES);
	seed_patch(&seed, INFO_INFO, 0, info, INFO_BYTES);
	seed_write(origin, "buildinfo", "info", &seed);
	patch_sections(&seed);
	seed_write(origin, "buildinfo", "sections", &seed);
	free(file);
}

void seeds_of_headers(const struct origin *origin)
{
	put_elf(origin);
	put_notes(origin);
	put_info(origin);
}
