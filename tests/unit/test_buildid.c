// SPDX-License-Identifier: BSD-2-Clause
/* Build IDs of made ELF files, whole and hostile. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gobin/buildid.h"

#define FILE_BYTES 8192
#define NOTES_AT   0x800
#define LOAD_ADDR  0x400000

struct made {
	uint8_t bytes[FILE_BYTES];
	size_t size; /* of the notes */
};

static void add_note(struct made *m, const char name[4], uint32_t type, const void *desc,
		     uint32_t size)
{
	const Elf64_Nhdr head = {.n_namesz = 4, .n_descsz = size, .n_type = type};
	uint8_t *at = m->bytes + NOTES_AT + m->size;

	memcpy(at, &head, sizeof(head));
	memcpy(at + sizeof(head), name, 4);
	memcpy(at + sizeof(head) + 4, desc, size);
	m->size += sizeof(head) + 4 + ((size + 3) & ~3U);
}

/* notes: bytes that the program header claims. */
static void build_id(struct made *m, uint64_t notes, char text[GOBIN_BUILD_ID_SIZE])
{
	const Elf64_Ehdr eh = {
		.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(eh),
		.e_ehsize = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 2,
	};
	const Elf64_Phdr ph[] = {
		{PT_NOTE, PF_R, NOTES_AT, LOAD_ADDR + NOTES_AT, 0, notes, notes, 4},
		{PT_LOAD, PF_R | PF_X, 0, LOAD_ADDR, 0, FILE_BYTES, FILE_BYTES, 0x1000},
	};
	int fd = memfd_create("made", MFD_CLOEXEC);
	struct image *img = NULL;
	struct reason why;

	memcpy(m->bytes, &eh, sizeof(eh));
	memcpy(m->bytes + sizeof(eh), ph, sizeof(ph));
	assert_true(fd >= 0);
	assert_int_equal(write(fd, m->bytes, FILE_BYTES), FILE_BYTES);
	assert_int_equal(image_open(fd, &img, &why), 0);
	buildid_read(img, text);
	image_free(img);
	close(fd);
}

static void test_gnu_before_go(void **state)
{
	char text[GOBIN_BUILD_ID_SIZE];
	struct made m = {.size = 0};

	(void)state;
	add_note(&m, "Go\0", 4, "ab/cd", 5);
	add_note(&m, "GNU", NT_GNU_ABI_TAG, "\1\2\3\4", 4);
	add_note(&m, "GNU", NT_GNU_BUILD_ID, "\x0b\xad\xca\xfe\xff", 5);
	build_id(&m, m.size, text);
	assert_string_equal(text, "0badcafeff");
}

static void test_go_alone(void **state)
{
	char text[GOBIN_BUILD_ID_SIZE];
	struct made m = {.size = 0};

	(void)state;
	add_note(&m, "Go\0", 4, "ab/c", 4);
	build_id(&m, m.size, text);
	assert_string_equal(text, "61622f63");
}

static void test_none(void **state)
{
	char text[GOBIN_BUILD_ID_SIZE];
	struct made m = {.size = 0};

	(void)state;
	build_id(&m, 0, text);
	assert_string_equal(text, "");
	add_note(&m, "GNU", NT_GNU_BUILD_ID, "", 0);
	add_note(&m, "Goo", 4, "ab/c", 4);
	build_id(&m, m.size, text);
	assert_string_equal(text, "");
}

/* As long as can be told, and a byte longer: then it is none. */
static void test_long(void **state)
{
	static uint8_t desc[GOBIN_BUILD_ID_SIZE];
	char text[GOBIN_BUILD_ID_SIZE];
	struct made m = {.size = 0}, longer = {.size = 0};

	(void)state;
	add_note(&m, "GNU", NT_GNU_BUILD_ID, desc, sizeof(text) / 2 - 1);
	build_id(&m, m.size, text);
	assert_int_equal(strlen(text), sizeof(text) - 2);
	add_note(&longer, "GNU", NT_GNU_BUILD_ID, desc, sizeof(text) / 2);
	build_id(&longer, longer.size, text);
	assert_string_equal(text, "");
}

/* Sizes that lead out of the notes, or out of the file. */
static void test_damaged(void **state)
{
	const uint32_t sizes[] = {UINT32_MAX, UINT32_MAX - 3, 6, 4096};
	char text[GOBIN_BUILD_ID_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct made name = {.size = 0}, desc = {.size = 0};

		add_note(&name, "GNU", NT_GNU_BUILD_ID, "\1\2\3\4", 4);
		desc = name;
		memcpy(name.bytes + NOTES_AT, &sizes[i], sizeof(sizes[i]));
		build_id(&name, name.size, text);
		assert_string_equal(text, "");
		memcpy(desc.bytes + NOTES_AT + 4, &sizes[i], sizeof(sizes[i]));
		build_id(&desc, desc.size, text);
		assert_string_equal(text, "");
	}
}

static void test_cut_notes(void **state)
{
	char text[GOBIN_BUILD_ID_SIZE];
	struct made m = {.size = 0};

	(void)state;
	add_note(&m, "GNU", NT_GNU_BUILD_ID, "\1\2\3\4", 4);
	for (uint64_t size = 0; size < m.size; size++) {
		build_id(&m, size, text);
		assert_string_equal(text, "");
	}
	/* More than is looked at. */
	build_id(&m, UINT64_MAX, text);
	assert_string_equal(text, "01020304");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gnu_before_go), cmocka_unit_test(test_go_alone),
		cmocka_unit_test(test_none),	      cmocka_unit_test(test_long),
		cmocka_unit_test(test_damaged),	      cmocka_unit_test(test_cut_notes),
	};

	return cmocka_run_group_tests_name("build ID", tests, NULL, NULL);
}
