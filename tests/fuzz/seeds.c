// SPDX-License-Identifier: BSD-2-Clause
/* seeds EXECUTABLE DIRECTORY NAME: see seeds.h. */
#include "seeds.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "require.h"

void seed_put(struct seed *seed, const void *bytes, size_t len)
{
	require(len <= sizeof(seed->bytes) - seed->len);
	memcpy(seed->bytes + seed->len, bytes, len);
	seed->len += len;
}

void seed_byte(struct seed *seed, uint8_t v)
{
	seed_put(seed, &v, 1);
}

void seed_u16(struct seed *seed, size_t v)
{
	seed_byte(seed, (uint8_t)v);
	seed_byte(seed, (uint8_t)(v >> 8));
}

void seed_patch(struct seed *seed, size_t place, size_t offset, const void *bytes, size_t len)
{
	seed_byte(seed, (uint8_t)place);
	seed_u16(seed, offset);
	seed_u16(seed, len);
	seed_put(seed, bytes, len);
}

void seed_write(const struct origin *origin, const char *target, const char *part,
		const struct seed *seed)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", origin->directory, target);
	(void)mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/%s-%s", origin->directory, target, origin->name, part);
	f = fopen(path, "w");
	require(f && fwrite(seed->bytes, 1, seed->len, f) == seed->len);
	require(fclose(f) == 0);
}

static size_t find_layout(const struct gobin *bin)
{
	const uint16_t machine = gobin_arch(bin) == GOBIN_AMD64 ? EM_X86_64 : EM_AARCH64;
	size_t of_machine = 0;

	for (size_t i = 0; i < FUZZ_LAYOUTS; i++) {
		if (fuzz_layouts[i].machine != machine)
			continue;
		of_machine = i;
		if (layout_minor(&fuzz_layouts[i]) == gobin_version(bin).minor)
			break;
	}
	return of_machine;
}

static void open_origin(struct origin *origin, const char *path)
{
	struct reason why = {""};
	struct buildinfo info;

	origin->fd = open(path, O_RDONLY | O_CLOEXEC);
	require(origin->fd >= 0);
	require(gobin_open(origin->fd, &origin->bin, &why) == 0);
	require(image_open(origin->fd, &origin->img, &why) == 0);
	require(buildinfo_read(origin->img, &info) == 0);
	require(module_open(origin->img, info.version.minor, &origin->mod, &why) == 0);
	origin->layout = (uint8_t)find_layout(origin->bin);
}

int main(int argc, char **argv)
{
	struct origin origin = {.fd = -1};

	if (argc != 4) {
		fprintf(stderr, "usage: seeds EXECUTABLE DIRECTORY NAME\n");
		return 2;
	}
	origin.directory = argv[2];
	origin.name = argv[3];
	(void)mkdir(origin.directory, 0777);
	open_origin(&origin, argv[1]);
	seeds_of_headers(&origin);
	seeds_of_pclntab(&origin);
	seeds_of_types(&origin);
	seeds_of_code(&origin);
	seeds_of_recordings(&origin);
	seeds_of_answers(&origin);
	module_close(&origin.mod);
	image_free(origin.img);
	gobin_free(origin.bin);
	close(origin.fd);
	return 0;
}
