/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/relocs.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "gobin/bytes.h"

/* Dynamic sections have some 30 entries. */
#define MAX_DYNAMIC_BYTES ((size_t)64 << 10)
/* An executable of 100 MB has about a million. */
#define MAX_RELOCS   ((size_t)16 << 20)
#define CHUNK_RELOCS 256

static int read_rela_range(const struct image *img, struct range *out, struct reason *why)
{
	struct range dyn = image_dynamic(img);
	uint8_t *buf;
	int err;

	*out = (struct range){0, 0};
	if (dyn.size == 0)
		return 0;
	if (dyn.size > MAX_DYNAMIC_BYTES)
		return reason_set(why, -EFBIG, "dynamic section of %llu bytes; corrupt file?",
				  (unsigned long long)dyn.size);
	buf = malloc(dyn.size);
	if (!buf)
		return reason_set(why, -ENOMEM, "out of memory reading an executable");
	err = image_read(img, dyn.addr, buf, dyn.size);
	for (size_t i = 0; !err && i + sizeof(Elf64_Dyn) <= dyn.size; i += sizeof(Elf64_Dyn)) {
		uint64_t tag = get_le64(buf + i);
		uint64_t val = get_le64(buf + i + 8);

		if (tag == DT_NULL)
			break;
		if (tag == DT_RELA)
			out->addr = val;
		else if (tag == DT_RELASZ)
			out->size = val;
	}
	free(buf);
	if (err)
		return reason_set(why, err == -EFAULT ? -EBADMSG : err,
				  "truncated or corrupt ELF file: unreadable dynamic section");
	return 0;
}

static bool is_relative(uint64_t info, uint16_t machine)
{
	return ELF64_R_TYPE(info) ==
	       (machine == EM_X86_64 ? R_X86_64_RELATIVE : R_AARCH64_RELATIVE);
}

static int read_chunk(const struct image *img, uint64_t addr, size_t n, struct relocs *out)
{
	uint8_t buf[CHUNK_RELOCS * sizeof(Elf64_Rela)];
	int err = image_read(img, addr, buf, n * sizeof(Elf64_Rela));

	for (size_t i = 0; !err && i < n; i++) {
		const uint8_t *rela = buf + i * sizeof(Elf64_Rela);

		if (is_relative(get_le64(rela + offsetof(Elf64_Rela, r_info)), image_machine(img)))
			out->list[out->n++] = (struct reloc){
				.addr = get_le64(rela),
				.value = get_le64(rela + offsetof(Elf64_Rela, r_addend)),
			};
	}
	return err;
}

static int read_rela(const struct image *img, struct range rela, struct relocs *out)
{
	size_t n = rela.size / sizeof(Elf64_Rela);
	int err = 0;

	out->list = calloc(n, sizeof(*out->list));
	if (!out->list)
		return -ENOMEM;
	for (size_t done = 0; done < n && !err; done += CHUNK_RELOCS) {
		size_t now = n - done < CHUNK_RELOCS ? n - done : CHUNK_RELOCS;

		err = read_chunk(img, rela.addr + done * sizeof(Elf64_Rela), now, out);
	}
	return err;
}

static int by_addr(const void *a, const void *b)
{
	const struct reloc *x = a;
	const struct reloc *y = b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

/* Linkers sort them already, mostly. */
static void sort_relocs(struct relocs *relocs)
{
	for (size_t i = 1; i < relocs->n; i++) {
		if (relocs->list[i - 1].addr > relocs->list[i].addr) {
			qsort(relocs->list, relocs->n, sizeof(*relocs->list), by_addr);
			return;
		}
	}
}

int relocs_load(const struct image *img, struct relocs *out, struct reason *why)
{
	struct range rela;
	int err;

	*out = (struct relocs){0};
	err = read_rela_range(img, &rela, why);
	if (err || rela.size < sizeof(Elf64_Rela))
		return err;
	if (rela.size / sizeof(Elf64_Rela) > MAX_RELOCS)
		return reason_set(why, -EFBIG, "more than %zu relocations; corrupt file?",
				  MAX_RELOCS);
	if (!image_covering(img, rela.addr, rela.size))
		return reason_set(why, -EBADMSG,
				  "truncated or corrupt ELF file: relocations outside the file");
	err = read_rela(img, rela, out);
	if (err) {
		relocs_free(out);
		return reason_set(why, err, "cannot read the relocations: %s", strerror(-err));
	}
	sort_relocs(out);
	return 0;
}

void relocs_free(struct relocs *relocs)
{
	free(relocs->list);
	*relocs = (struct relocs){0};
}

/* Index of the first relocation at addr or behind it. */
static size_t first_at(const struct relocs *relocs, uint64_t addr)
{
	size_t lo = 0;
	size_t hi = relocs->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (relocs->list[mid].addr < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void relocs_apply(const struct relocs *relocs, uint64_t addr, uint8_t *buf, size_t len)
{
	for (size_t i = first_at(relocs, addr); i < relocs->n; i++) {
		uint64_t off = relocs->list[i].addr - addr;

		if (off >= len || len - off < sizeof(uint64_t))
			break;
		put_le64(buf + off, relocs->list[i].value);
	}
}
