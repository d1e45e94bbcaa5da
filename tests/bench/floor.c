// SPDX-License-Identifier: BSD-2-Clause
/*
 * floor PID ADDRESS[+ret]...
 *
 * Attaches a BPF program that does nothing to these instructions of a process's executable, says
 * "floor: attached", and stays so until it is killed. An address is as linked; +ret is the first
 * `ret` behind it, with no jump between them.
 */
#include <bpf/libbpf.h>
#include <capstone/capstone.h>
#include <err.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/floor.skel.h"
#include "session/features.h"

#define PROBES_MAX 16
#define STRETCH	   256 /* bytes that are searched for the end of a function */

/* The file offset of the code at an address. */
static uint64_t file_offset(Elf *elf, uint64_t address)
{
	size_t n;

	if (elf_getphdrnum(elf, &n))
		errx(2, "no program headers: %s", elf_errmsg(-1));
	for (int i = 0; i < (int)n; i++) {
		GElf_Phdr ph;

		if (gelf_getphdr(elf, i, &ph) && ph.p_type == PT_LOAD && ph.p_flags & PF_X &&
		    address >= ph.p_vaddr && address - ph.p_vaddr < ph.p_filesz)
			return address - ph.p_vaddr + ph.p_offset;
	}
	errx(2, "no code is at 0x%" PRIx64, address);
}

/* How many bytes behind the offset the next `ret` lies. */
static uint64_t distance_of_ret(int fd, uint64_t offset)
{
	uint8_t code[STRETCH];
	const ssize_t size = pread(fd, code, sizeof(code), (off_t)offset);
	uint64_t distance = 0;
	cs_insn *list;
	csh handle;
	size_t n;

	if (size <= 0 || cs_open(CS_ARCH_X86, CS_MODE_64, &handle))
		errx(2, "cannot read the code");
	n = cs_disasm(handle, code, (size_t)size, 0, 0, &list);
	for (size_t i = 0; i < n && !distance; i++) {
		if (!strcmp(list[i].mnemonic, "ret"))
			distance = list[i].address;
	}
	cs_free(list, n);
	cs_close(&handle);
	if (!distance)
		errx(2, "no ret follows");
	return distance;
}

static unsigned long parse_address(int fd, Elf *elf, const char *text)
{
	char *end;
	uint64_t offset = file_offset(elf, strtoull(text, &end, 16));

	if (!strcmp(end, "+ret"))
		offset += distance_of_ret(fd, offset);
	else if (*end)
		errx(2, "not an address: %s", text);
	return offset;
}

static size_t parse_addresses(const char *path, char **argv, unsigned long offsets[PROBES_MAX])
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0;
	Elf *elf;

	if (fd < 0)
		err(2, "%s", path);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf)
		errx(2, "%s: %s", path, elf_errmsg(-1));
	for (; *argv && n < PROBES_MAX; argv++)
		offsets[n++] = parse_address(fd, elf, *argv);
	elf_end(elf);
	close(fd);
	return n;
}

/* Attached in the way that slicestat would take here; the links end with the process. */
static void attach(struct floor_bpf *skel, pid_t pid, const char *path,
		   const unsigned long *offsets, size_t n, bool multi)
{
	LIBBPF_OPTS(bpf_uprobe_multi_opts, opts, .offsets = offsets, .cnt = n);

	if (multi) {
		if (!bpf_program__attach_uprobe_multi(skel->progs.nothing_multi, pid, path, NULL,
						      &opts))
			err(2, "cannot attach to process %d", pid);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (!bpf_program__attach_uprobe(skel->progs.nothing_single, false, pid, path,
						offsets[i]))
			err(2, "cannot attach to process %d", pid);
	}
}

static struct floor_bpf *load(bool multi)
{
	struct floor_bpf *skel = floor_bpf__open();

	if (!skel)
		errx(2, "cannot open the BPF programs");
	bpf_program__set_autoload(skel->progs.nothing_multi, multi);
	bpf_program__set_autoload(skel->progs.nothing_single, !multi);
	if (floor_bpf__load(skel))
		errx(2, "cannot load the BPF program");
	return skel;
}

int main(int argc, char **argv)
{
	const bool multi = features_uprobe_multi();
	unsigned long offsets[PROBES_MAX];
	struct floor_bpf *skel;
	char path[64];
	size_t n;

	if (argc < 3)
		errx(2, "usage: floor PID ADDRESS[+ret]...");
	snprintf(path, sizeof(path), "/proc/%s/exe", argv[1]);
	n = parse_addresses(path, argv + 2, offsets);
	skel = load(multi);
	attach(skel, (pid_t)strtol(argv[1], NULL, 10), path, offsets, n, multi);
	puts("floor: attached");
	fflush(stdout);
	pause();
	floor_bpf__destroy(skel);
	return 0;
}
