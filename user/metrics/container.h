/* SPDX-License-Identifier: BSD-2-Clause */
/* Which container and pod a cgroup's path tells, as docker, containerd, CRI-O and podman name them.
 */
#ifndef SS_METRICS_CONTAINER_H
#define SS_METRICS_CONTAINER_H

#define CONTAINER_ID_SIZE  65
#define CONTAINER_POD_SIZE 37

struct container {
	char id[CONTAINER_ID_SIZE];   /* 64 hex digits, or "": none */
	char pod[CONTAINER_POD_SIZE]; /* the pod's uid, as Kubernetes has it, or "" */
};

/* path is as target/cgroup.h gives it, or NULL. The innermost container counts. */
struct container container_of_cgroup(const char *path);

#endif
