// SPDX-License-Identifier: BSD-2-Clause
/* metrics/container.h: paths as the runtimes make them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "metrics/container.h"

#define ID     "4f1c0de0a3b59c2e7d8800b1a2c3d4e5f60718293a4b5c6d7e8f901234567890"
#define OTHER  "00000000000000000000000000000000000000000000000000000000000000ff"
#define POD    "0b5e3a52-9f6d-4f0e-8a51-2f1c3d4e5f60"
#define POD_   "0b5e3a52_9f6d_4f0e_8a51_2f1c3d4e5f60"
#define STATIC "5f2b0c1d9e8f7a6b5c4d3e2f1a0b9c8d"

static void test_paths(void **state)
{
	static const struct {
		const char *path, *id, *pod;
	} cases[] = {
		/* Kubernetes, systemd: containerd, CRI-O, docker; guaranteed pods have no class. */
		{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" POD_
		 ".slice/cri-containerd-" ID ".scope",
		 ID, POD},
		{"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" POD_
		 ".slice/crio-" ID ".scope",
		 ID, POD},
		{"/kubepods.slice/kubepods-pod" POD_ ".slice/docker-" ID ".scope", ID, POD},
		{"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/"
		 "kubelet-kubepods-burstable-pod" POD_ ".slice/cri-containerd-" ID ".scope",
		 ID, POD},
		/* Kubernetes, cgroupfs. */
		{"/kubepods/burstable/pod" POD "/" ID, ID, POD},
		{"/kubepods/pod" POD "/" ID, ID, POD},
		{"/kubepods/besteffort/pod" POD "/crio-" ID, ID, POD},
		{"/kubepods/burstable/pod" STATIC "/" ID, ID, STATIC},
		/* containerd that takes systemd's names for its own. */
		{"/system.slice/containerd.service/kubepods-burstable-pod" POD_
		 ".slice:cri-containerd:" ID,
		 ID, POD},
		/* Without Kubernetes. */
		{"/system.slice/docker-" ID ".scope", ID, ""},
		{"/docker/" ID, ID, ""},
		{"/docker/" ID "/init", ID, ""},
		{"/machine.slice/libpod-" ID ".scope/container", ID, ""},
		{"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID
		 ".scope/container",
		 ID, ""},
		/* From within another namespace; a node that is a container itself. */
		{"/../../pod" POD "/" ID, ID, POD},
		{"/docker/" OTHER "/kubelet/kubepods/burstable/pod" POD "/" ID, ID, POD},
		/* None. */
		{"/kubepods.slice/kubepods-pod" POD_ ".slice/crio-conmon-" ID ".scope", "", POD},
		{"/user.slice/user-1000.slice/session-3.scope", "", ""},
		{"/system.slice/pod-something.service", "", ""},
		{"/system.slice/x" ID ".scope", "", ""},
		{"/docker/" ID "0", "", ""},
		{"/docker/4f1c0de0a3b5", "", ""},
		{"/kubepods/pod0b5e3a52-9f6d-4f0e-8a51", "", ""},
		{"/kubepods/pod" POD "7/", "", ""},
		{"/", "", ""},
		{"", "", ""},
		{NULL, "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct container c = container_of_cgroup(cases[i].path);

		assert_string_equal(c.id, cases[i].id);
		assert_string_equal(c.pod, cases[i].pod);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_paths)};

	return cmocka_run_group_tests_name("container", tests, NULL, NULL);
}
