// SPDX-License-Identifier: BSD-2-Clause
#include "session/features.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

/* `return 0`, as a program of the type that uprobes run. fd or negative errno. */
static int load_trivial(enum bpf_attach_type type)
{
	const struct bpf_insn insns[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = type);

	return bpf_prog_load(BPF_PROG_TYPE_KPROBE, "trivial", "GPL", insns, 2, &opts);
}

/* The errno of a link to a site in "/", which is no file: never succeeds. */
static int multi_refusal(int prog, int pid)
{
	const unsigned long offset = 0;
	LIBBPF_OPTS(bpf_link_create_opts, opts);
	int link;

	opts.uprobe_multi.path = "/";
	opts.uprobe_multi.offsets = &offset;
	opts.uprobe_multi.cnt = 1;
	opts.uprobe_multi.pid = (__u32)pid;
	link = bpf_link_create(prog, -1, BPF_TRACE_UPROBE_MULTI, &opts);
	if (link >= 0) {
		close(link);
		return 0;
	}
	return -link;
}

bool features_uprobe_multi(void)
{
	int prog = load_trivial(BPF_TRACE_UPROBE_MULTI);
	bool good;

	if (prog < 0)
		return false;
	good = multi_refusal(prog, 0) == EBADF && multi_refusal(prog, -1) == EINVAL;
	close(prog);
	return good;
}

static bool has_btf(void)
{
	return !access("/sys/kernel/btf/vmlinux", R_OK);
}

static bool has_programs(void)
{
	int fd = load_trivial(0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool has_helper(enum bpf_func_id id)
{
	return libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE, id, NULL) == 1;
}

static bool has_read_user(void)
{
	return has_helper(BPF_FUNC_probe_read_user);
}

static bool has_cookie(void)
{
	return has_helper(BPF_FUNC_get_attach_cookie);
}

static bool has_windows(void)
{
	return libbpf_probe_bpf_map_type(BPF_MAP_TYPE_ARRAY_OF_MAPS, NULL) == 1 &&
	       libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, NULL) == 1;
}

static bool has_batch(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "batch", 8, 8, 1, NULL);
	__u64 key, val;
	__u32 cursor, count = 1;
	int err;

	if (fd < 0)
		return false;
	err = bpf_map_lookup_batch(fd, NULL, &cursor, &key, &val, &count, NULL);
	close(fd);
	return err == -ENOENT;
}

/* /proc/PID/exe of another user asks for this capability (ptrace_may_access in the kernel). */
static bool has_other_users(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = {};

	if (syscall(SYS_capget, &head, caps))
		return false;
	return caps[CAP_TO_INDEX(CAP_SYS_PTRACE)].effective & CAP_TO_MASK(CAP_SYS_PTRACE);
}

/* Perf-event uprobes ask for CAP_SYS_ADMIN on every kernel; the type file is the PMU itself. */
static bool has_perf_pmu(void)
{
	return !access("/sys/bus/event_source/devices/uprobe/type", R_OK);
}

struct trial {
	const char *name;
	bool (*works)(void);
	enum feature_state otherwise;
	const char *use;
	const char *remedy;
};

static const struct trial trials[] = {
	{"kernel BTF", has_btf, FEATURE_MISSING, "programs adapt to this kernel",
	 "needs a kernel with CONFIG_DEBUG_INFO_BTF=y (/sys/kernel/btf/vmlinux)"},
	{"BPF programs", has_programs, FEATURE_MISSING, "tracing programs may be loaded",
	 "run as root, or with CAP_BPF and CAP_PERFMON"},
	{"user memory reads", has_read_user, FEATURE_MISSING, "growslice's frame can be read",
	 "the kernel forbids bpf_probe_read_user: lockdown=confidentiality, or no privileges"},
	{"attach cookies", has_cookie, FEATURE_MISSING, "events know their process",
	 "needs Linux 5.15 or newer, and privileges"},
	{"windows", has_windows, FEATURE_MISSING, "exact snapshots by flipping maps",
	 "needs maps of maps and BPF ring buffers: Linux 5.8 or newer, and privileges"},
	{"batch reads", has_batch, FEATURE_FALLBACK,
	 "makes under way and chains are read in few calls",
	 "each is read by itself: reports with many of them take longer"},
	{"uprobe_multi", features_uprobe_multi, FEATURE_FALLBACK,
	 "fast attach and detach with CAP_BPF and CAP_PERFMON",
	 "perf-event uprobes are used: detaching takes about 0.1 s a site and CAP_SYS_ADMIN is "
	 "needed; Linux 6.10 or newer has it right"},
	{"perf-event uprobes", has_perf_pmu, FEATURE_FALLBACK, "the fallback is there",
	 "no uprobe PMU in this kernel: only uprobe_multi can be used"},
	{"others' processes", has_other_users, FEATURE_FALLBACK,
	 "processes of other users can be opened",
	 "only processes of this user can be traced; CAP_SYS_PTRACE opens the others"},
};

#define TRIALS (sizeof(trials) / sizeof(trials[0]))

static struct feature try_feature(const struct trial *trial)
{
	const bool ok = trial->works();

	return (struct feature){
		.name = trial->name,
		.state = ok ? FEATURE_OK : trial->otherwise,
		.text = ok ? trial->use : trial->remedy,
	};
}

bool features_missing(struct feature *out)
{
	for (size_t i = 0; i < TRIALS; i++) {
		if (trials[i].otherwise != FEATURE_MISSING)
			continue;
		*out = try_feature(&trials[i]);
		if (out->state == FEATURE_MISSING)
			return true;
	}
	return false;
}

size_t features_probe(struct feature list[FEATURES_MAX])
{
	_Static_assert(TRIALS <= FEATURES_MAX, "room for all");
	for (size_t i = 0; i < TRIALS; i++)
		list[i] = try_feature(&trials[i]);
	return TRIALS;
}
