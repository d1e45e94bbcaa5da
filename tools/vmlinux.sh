#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Makes vmlinux/ARCH/vmlinux.h: of the kernel's types, the few that the BPF programs need.
#
#   tools/vmlinux.sh                 both architectures, from Debian's linux-bpf-dev (which holds
#                                    vmlinux.h as dumped from that kernel's BTF)
#   tools/vmlinux.sh x86 BTF         one, from a BTF file such as /sys/kernel/btf/vmlinux (needs
#                                    bpftool)

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

readonly SUITE=trixie

# Types by name, and unnamed enums by their first value. Those of every architecture, then each
# one's own. CO-RE (preserve_access_index) finds the fields on kernels that lay them out otherwise.
readonly WANTED='
	__u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 u8 u16 u32 u64 s8 s16 s32 s64
	__be16 __be32 __wsum bool size_t pid_t __kernel_pid_t __kernel_size_t __kernel_ulong_t
	bpf_map_type pt_regs
	BPF_ANY BPF_F_NO_PREALLOC BPF_F_INDEX_MASK BPF_F_SKIP_FIELD_MASK
	BPF_RB_AVAIL_DATA BPF_RB_NO_WAKEUP'
# shellcheck disable=SC2034 # used by name
readonly WANTED_x86='fred_cs fred_ss'
# shellcheck disable=SC2034
readonly WANTED_arm64='user_pt_regs'

# head DESCRIPTION
print_head() {
	cat <<-END
		/* SPDX-License-Identifier: BSD-2-Clause */
		/*
		 * Made by tools/vmlinux.sh from $1: do not edit.
		 */
		#ifndef __VMLINUX_H__
		#define __VMLINUX_H__

		#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

	END
}

print_tail() {
	cat <<-END
		#pragma clang attribute pop

		#endif
	END
}

# select_types "NAME..." <vmlinux.h: in the dump an empty line ends each definition, and each comes
# behind those that it needs. Fails if a name is not there.
select_types() {
	awk -v wanted="$1" -v RS= -v ORS='\n\n' '
		function name(  words, n) {
			if ($1 == "typedef" && !/\{/) {
				n = split($0, words, /[ ;\n]+/)
				return words[n] ? words[n] : words[n - 1]
			}
			return $1 == "enum" && $2 == "{" ? $3 : $2
		}
		BEGIN { n = split(wanted, list); for (i = 1; i <= n; i++) missing[list[i]] = 1 }
		/\{|^typedef/ && name() in missing { print; delete missing[name()] }
		END { for (i in missing) { print "not there: " i >"/dev/stderr"; failed = 1 }; exit failed }'
}

# make_header ARCH DESCRIPTION <FULL
make_header() {
	local own=WANTED_$1 header=$here/../vmlinux/$1/vmlinux.h

	mkdir -p "${header%/*}"
	{
		print_head "$2"
		select_types "$WANTED ${!own}"
		print_tail
	} >"$header.new"
	mv "$header.new" "$header"
}

# from_debian ARCH DEBIAN_ARCH
from_debian() {
	local tree version

	tree=$(cache_dir)/vmlinux/$1
	suites_open "$2" "$SUITE"
	version=$(newest_version linux-bpf-dev)
	[ -n "$version" ] || die "$SUITE has no linux-bpf-dev for $2"
	unpack_packages "$tree" "linux-bpf-dev=$version"
	make_header "$1" "Debian's linux-bpf-dev $version ($2)" <"$(find "$tree" -name vmlinux.h)"
	rm -r "$tree"
}

from_btf() {
	bpftool btf dump file "$2" format c | make_header "$1" "$2 of a kernel for $1"
}

main() {
	case $#:${1:-} in
	0:)
		lock_cache
		from_debian x86 amd64
		from_debian arm64 arm64
		;;
	2:x86 | 2:arm64) from_btf "$@" ;;
	*) die "usage: vmlinux.sh [x86|arm64 BTF]" ;;
	esac
}

main "$@"
