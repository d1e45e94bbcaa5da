// SPDX-License-Identifier: BSD-2-Clause
/*
 * With the systemd driver:
 *   /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID.slice/cri-containerd-ID.scope
 *   /system.slice/docker-ID.scope, .../crio-ID.scope, .../libpod-ID.scope
 * with cgroupfs:
 *   /kubepods/burstable/podUID/ID, .../crio-ID, /docker/ID
 * and where containerd takes the names of one for the other:
 *   .../kubepods-burstable-podUID.slice:cri-containerd:ID
 * systemd writes the uid's '-' as '_'. A static pod's uid may be 32 hex digits.
 */
#include "metrics/container.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define ID_DIGITS     (CONTAINER_ID_SIZE - 1)
#define UUID_SIZE     (CONTAINER_POD_SIZE - 1)
#define STATIC_DIGITS 32
#define HEX	      "0123456789abcdef"
#define SCOPE	      ".scope"
/* The process beside a container of CRI-O that watches it. */
#define MONITOR "crio-conmon-"

static size_t unit_size(const char *name, size_t n)
{
	const size_t scope = strlen(SCOPE);

	return n > scope && !strncmp(name + n - scope, SCOPE, scope) ? n - scope : n;
}

static void take_id(struct container *c, const char *name, size_t n)
{
	const char *id;

	n = unit_size(name, n);
	if (n < ID_DIGITS || !strncmp(name, MONITOR, strlen(MONITOR)))
		return;
	id = name + n - ID_DIGITS;
	if (strspn(id, HEX) < ID_DIGITS || (id > name && id[-1] != '-' && id[-1] != ':'))
		return;
	memcpy(c->id, id, ID_DIGITS);
	c->id[ID_DIGITS] = '\0';
}

static bool is_uuid(const char *text, size_t n)
{
	for (size_t i = 0; i < UUID_SIZE; i++) {
		const bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (i >= n || (dash ? text[i] != '-' && text[i] != '_' : !strchr(HEX, text[i])))
			return false;
	}
	return true;
}

static void take_pod(struct container *c, const char *name, size_t n)
{
	for (size_t i = 0; i + 3 < n; i++) {
		const char *uid = name + i + 3;
		const size_t left = n - i - 3;
		size_t size = 0;

		if (strncmp(name + i, "pod", 3) != 0 || (i && name[i - 1] != '-'))
			continue;
		if (is_uuid(uid, left))
			size = UUID_SIZE;
		else if (left >= STATIC_DIGITS && strspn(uid, HEX) == STATIC_DIGITS)
			size = STATIC_DIGITS;
		if (!size || (size < left && uid[size] != '.' && uid[size] != ':'))
			continue;
		for (size_t k = 0; k < size; k++)
			c->pod[k] = (char)(uid[k] == '_' ? '-' : uid[k]);
		c->pod[size] = '\0';
		return;
	}
}

struct container container_of_cgroup(const char *path)
{
	struct container c = {.id = "", .pod = ""};

	while (path && *path) {
		const size_t n = strcspn(path, "/");

		take_id(&c, path, n);
		take_pod(&c, path, n);
		path += n;
		path += *path == '/';
	}
	return c;
}
