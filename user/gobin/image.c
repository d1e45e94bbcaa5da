/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/image.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gobin/sections.h"

/* Linkers write 2 to 8 PT_LOADs among some 12 program headers. */
#define MAX_PROGRAM_HEADERS 256
/* UPX writes its mark behind the program headers. */
#define UPX_HEADER_BYTES 1024

struct image {
	int fd;
	struct sections *sections;
	uint64_t file_size;
	uint16_t type;
	uint16_t machine;
	struct range dynamic;
	struct range notes[IMAGE_NOTES_MAX];
	size_t nnotes;
	size_t nsegments;
	struct segment segments[MAX_PROGRAM_HEADERS];
};

/* 0, -EFAULT behind the end of the file, or the errno of pread. */
static int read_at(int fd, uint64_t offset, void *buf, size_t len)
{
	uint8_t *p = buf;

	while (len > 0) {
		ssize_t n = pread(fd, p, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EFAULT;
		p += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

static int cannot_read(struct reason *why, int err)
{
	return reason_set(why, err, "cannot read the file: %s", strerror(-err));
}

static int check_file(struct image *img, struct reason *why)
{
	struct stat st;

	if (fstat(img->fd, &st))
		return reason_set(why, -errno, "cannot stat the file: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return reason_set(why, -ENOEXEC, "not a regular file; name an executable");
	img->file_size = (uint64_t)st.st_size;
	return 0;
}

static int check_machine(const Elf64_Ehdr *eh, struct reason *why)
{
	if (eh->e_ident[EI_CLASS] == ELFCLASS32)
		return reason_set(why, -ENOTSUP, "32-bit executable; slicestat reads 64-bit ones");
	if (eh->e_ident[EI_DATA] == ELFDATA2MSB)
		return reason_set(why, -ENOTSUP,
				  "big-endian executable; slicestat reads amd64 and arm64 ones");
	if (eh->e_ident[EI_CLASS] != ELFCLASS64 || eh->e_ident[EI_DATA] != ELFDATA2LSB)
		return reason_set(why, -EBADMSG,
				  "truncated or corrupt ELF file: unknown class or byte order");
	if (eh->e_type != ET_EXEC && eh->e_type != ET_DYN)
		return reason_set(why, -ENOEXEC, "an ELF file, but not an executable (type %u)",
				  eh->e_type);
	if (eh->e_machine != EM_X86_64 && eh->e_machine != EM_AARCH64)
		return reason_set(why, -ENOTSUP,
				  "executable for ELF machine %u; slicestat reads amd64 and arm64 "
				  "ones",
				  eh->e_machine);
	return 0;
}

static int read_header(struct image *img, Elf64_Ehdr *eh, struct reason *why)
{
	const size_t len = img->file_size < sizeof(*eh) ? img->file_size : sizeof(*eh);
	int err;

	memset(eh, 0, sizeof(*eh));
	err = read_at(img->fd, 0, eh, len);
	if (err)
		return cannot_read(why, err);
	if (memcmp(eh->e_ident, ELFMAG, SELFMAG) != 0)
		return reason_set(why, -ENOEXEC, "not an ELF executable");
	if (len < sizeof(*eh))
		return reason_set(why, -EBADMSG,
				  "truncated or corrupt ELF file: it ends inside its header");
	img->type = eh->e_type;
	img->machine = eh->e_machine;
	return check_machine(eh, why);
}

static bool overlaps(const struct image *img, uint64_t addr, uint64_t size)
{
	for (size_t i = 0; i < img->nsegments; i++) {
		const struct segment *seg = &img->segments[i];

		if (addr < seg->addr + seg->size && seg->addr < addr + size)
			return true;
	}
	return false;
}

static int add_segment(struct image *img, const Elf64_Phdr *ph, struct reason *why)
{
	uint64_t end;

	if (__builtin_add_overflow(ph->p_offset, ph->p_filesz, &end) || end > img->file_size)
		return reason_set(why, -EBADMSG,
				  "truncated or corrupt ELF file: a segment ends behind the "
				  "file's %llu bytes",
				  (unsigned long long)img->file_size);
	if (__builtin_add_overflow(ph->p_vaddr, ph->p_memsz, &end) || ph->p_filesz > ph->p_memsz)
		return reason_set(why, -EBADMSG,
				  "truncated or corrupt ELF file: a segment's addresses wrap");
	if (ph->p_filesz == 0)
		return 0;
	if (overlaps(img, ph->p_vaddr, ph->p_filesz))
		return reason_set(why, -EBADMSG,
				  "truncated or corrupt ELF file: segments overlap in memory");
	img->segments[img->nsegments++] = (struct segment){
		.addr = ph->p_vaddr,
		.offset = ph->p_offset,
		.size = ph->p_filesz,
		.writable = ph->p_flags & PF_W,
		.executable = ph->p_flags & PF_X,
	};
	return 0;
}

static int add_program_header(struct image *img, const Elf64_Phdr *ph, struct reason *why)
{
	if (ph->p_type == PT_LOAD)
		return add_segment(img, ph, why);
	if (ph->p_type == PT_DYNAMIC)
		img->dynamic = (struct range){ph->p_vaddr, ph->p_filesz};
	if (ph->p_type == PT_NOTE && img->nnotes < IMAGE_NOTES_MAX)
		img->notes[img->nnotes++] = (struct range){ph->p_vaddr, ph->p_filesz};
	return 0;
}

static int read_program_headers(struct image *img, const Elf64_Ehdr *eh, struct reason *why)
{
	Elf64_Phdr ph[MAX_PROGRAM_HEADERS];
	int err;

	if (eh->e_phnum == 0 || eh->e_phentsize != sizeof(ph[0]))
		return reason_set(why, -EBADMSG,
				  "truncated or corrupt ELF file: no program headers");
	if (eh->e_phnum > MAX_PROGRAM_HEADERS)
		return reason_set(why, -EFBIG, "%u program headers; slicestat reads at most %d",
				  eh->e_phnum, MAX_PROGRAM_HEADERS);
	err = read_at(img->fd, eh->e_phoff, ph, eh->e_phnum * sizeof(ph[0]));
	if (err == -EFAULT || err == -EINVAL)
		return reason_set(why, -EBADMSG,
				  "truncated or corrupt ELF file: program headers outside of it");
	if (err)
		return cannot_read(why, err);
	for (uint16_t i = 0; i < eh->e_phnum; i++) {
		err = add_program_header(img, &ph[i], why);
		if (err)
			return err;
	}
	return 0;
}

static int read_elf(struct image *img, struct reason *why)
{
	Elf64_Ehdr eh;
	int err = check_file(img, why);

	if (!err)
		err = read_header(img, &eh, why);
	if (!err)
		err = read_program_headers(img, &eh, why);
	if (!err)
		img->sections = sections_open(img->fd, &eh);
	return err;
}

int image_open(int fd, struct image **out, struct reason *why)
{
	struct image *img = calloc(1, sizeof(*img));
	int err;

	if (!img)
		return reason_set(why, -ENOMEM, "out of memory reading an executable");
	img->fd = fd;
	err = read_elf(img, why);
	if (err) {
		image_free(img);
		return err;
	}
	*out = img;
	return 0;
}

void image_free(struct image *img)
{
	if (!img)
		return;
	sections_free(img->sections);
	free(img);
}

uint16_t image_machine(const struct image *img)
{
	return img->machine;
}

bool image_is_pie(const struct image *img)
{
	return img->type == ET_DYN;
}

bool image_has_symtab(const struct image *img)
{
	return sections_have_symtab(img->sections);
}

bool image_is_upx_packed(const struct image *img)
{
	uint8_t head[UPX_HEADER_BYTES];
	size_t len = img->file_size < sizeof(head) ? img->file_size : sizeof(head);

	return read_at(img->fd, 0, head, len) == 0 && memmem(head, len, "UPX!", 4);
}

size_t image_nsegments(const struct image *img)
{
	return img->nsegments;
}

const struct segment *image_segment(const struct image *img, size_t i)
{
	return &img->segments[i];
}

struct range image_dynamic(const struct image *img)
{
	return img->dynamic;
}

struct range image_notes(const struct image *img, size_t i)
{
	return img->notes[i];
}

const struct segment *image_covering(const struct image *img, uint64_t addr, uint64_t len)
{
	for (size_t i = 0; i < img->nsegments; i++) {
		const struct segment *seg = &img->segments[i];

		if (addr >= seg->addr && addr - seg->addr < seg->size &&
		    len <= seg->size - (addr - seg->addr))
			return seg;
	}
	return NULL;
}

int image_read(const struct image *img, uint64_t addr, void *buf, size_t len)
{
	uint8_t *p = buf;

	while (len > 0) {
		const struct segment *seg = image_covering(img, addr, 1);
		uint64_t here;
		size_t n;
		int err;

		if (!seg)
			return -EFAULT;
		here = addr - seg->addr;
		n = len < seg->size - here ? len : seg->size - here;
		err = read_at(img->fd, seg->offset + here, p, n);
		if (err)
			return err;
		p += n;
		addr += n;
		len -= n;
	}
	return 0;
}

int image_section_addr(const struct image *img, const char *name, uint64_t *addr)
{
	return sections_find(img->sections, name, addr);
}
