#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Shows that a bare Debian 12 is enough: makes one with debootstrap, clones HEAD into it, installs
# there what the manual tells a user to install first (make and git), and runs `make demo` and
# `make test` in it as root with a clean environment. Needs root and the network.
#
#   tools/clean-tree.sh [--cmd COMMAND]... [--cache DIR] [--keep] [DIR]
#
#   DIR          where the tree is made; must not exist (default: under $TMPDIR)
#   --cmd        what is run instead, in order
#   --cache DIR  downloads are kept in DIR for the next time (default: nothing is kept)
#   --keep       leaves the tree there; else it is removed, come what may
#
# Exit status: 0 all passed, 1 something failed.

set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=suites.sh
. "$here/suites.sh"

readonly USAGE='usage: clean-tree.sh [--cmd COMMAND]... [--cache DIR] [--keep] [DIR]'
readonly SUITE=bookworm
readonly CLONE=/root/slicestat
readonly TREE_CACHE=/var/cache/slicestat

commands=()
cache=
keep=
tree=

parse_options() {
	while [ $# -gt 0 ]; do
		case $1 in
		--cmd | --cache)
			[ $# -ge 2 ] || die "$USAGE"
			if [ "$1" = --cmd ]; then commands+=("$2"); else cache=$2; fi
			shift
			;;
		--keep) keep=yes ;;
		-*) die "$USAGE" ;;
		*)
			[ -z "$tree" ] || die "$USAGE"
			tree=$1
			;;
		esac
		shift
	done
	[ "${#commands[@]}" -gt 0 ] || commands=('make demo' 'make test')
}

# Mounts are made in a mount namespace of their own: they are gone with the last process in it.
enter_own_mounts() {
	[ "$(id -u)" -eq 0 ] || die "needs root, for debootstrap, chroot and mounts"
	[ -z "${CLEAN_TREE_MOUNTS:-}" ] || return 0
	CLEAN_TREE_MOUNTS=own exec unshare --mount --propagation private "$0" "$@"
}

make_place() {
	if [ -z "$tree" ]; then
		tree=$(mktemp -d --tmpdir slicestat-tree.XXXXXX)
	else
		[ ! -e "$tree" ] || die "$tree is there already: name a new directory"
		mkdir -p "$tree"
		tree=$(readlink -f "$tree")
	fi
	chmod 755 "$tree"
	trap clean_up EXIT
	trap 'exit 1' HUP INT TERM
}

mounts_in_tree() {
	awk -v tree="$tree/" 'index($5, tree) == 1 { print $5 }' /proc/self/mountinfo | tac
}

# Removes nothing while something of outside is mounted in it.
clean_up() {
	local mounts

	mapfile -t mounts < <(mounts_in_tree)
	[ "${#mounts[@]}" -eq 0 ] || umount --lazy "${mounts[@]}"
	rm -f "$tree.log"
	if [ -n "$keep" ]; then
		say "kept: $tree"
	elif [ -z "$(mounts_in_tree)" ]; then
		rm -rf --one-file-system "$tree"
	fi
}

make_tree() {
	local mirror keyring options=(--variant=minbase)

	command -v debootstrap >/dev/null ||
		apt-get -qq -y --no-install-recommends install debootstrap
	mirror=$(own_mirror)
	keyring=$(own_keyring)
	[ -z "$keyring" ] || options+=("--keyring=$keyring")
	if [ -n "$cache" ]; then
		mkdir -p "$cache/base" "$cache/archives" "$cache/slicestat"
		cache=$(readlink -f "$cache")
		options+=("--cache-dir=$cache/base")
	fi
	debootstrap "${options[@]}" "$SUITE" "$tree" "$mirror" >"$tree.log" ||
		die "debootstrap failed: $(tail -n 3 "$tree.log")"
}

mount_in_tree() {
	mount -t proc proc "$tree/proc"
	# With the cgroups and the tracefs that a machine has there.
	mount --rbind /sys "$tree/sys"
	mount --rbind /dev "$tree/dev"
	mount -t tmpfs -o mode=1777 tmpfs "$tree/tmp"
	mkdir "$tree$TREE_CACHE"
	if [ -n "$cache" ]; then
		mount --bind "$cache/archives" "$tree/var/cache/apt/archives"
		mount --bind "$cache/slicestat" "$tree$TREE_CACHE"
	fi
}

# The machine's way to the mirrors: its name servers, what its apt is told of proxies and of the age of
# the mirror's indexes, and whose certificates it trusts, which may be those of a proxy.
copy_network() {
	cp -L /etc/resolv.conf "$tree/etc/resolv.conf"
	apt-config dump | grep -E '^Acquire::(.*::Proxy|Check-[A-Za-z-]+) ' \
		>"$tree/etc/apt/apt.conf.d/mirror" || true
	cp -L /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl-of-the-machine.crt"
	echo 'cafile=/etc/ssl-of-the-machine.crt' >"$tree/root/.npmrc"
}

clone_head() {
	local repository

	repository=$(dirname "$here")
	git -c safe.directory='*' clone --quiet --no-local "$repository" "$tree$CLONE" ||
		die "cannot clone $repository"
	say "cloned $(git -C "$tree$CLONE" log -1 --format='%h %s')"
}

# Its root is that of a mount namespace, as a machine's is: what makes containers asks for that.
in_tree() {
	# shellcheck disable=SC2016 # it is for the other shell
	unshare --mount bash -c 'mount --make-rprivate / && mount --rbind "$1" "$1" && cd "$1" &&
		pivot_root . . && umount -l . && cd / && exec "${@:2}"' in_tree "$tree" \
		env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		LANG=C.UTF-8 TERM=dumb SLICESTAT_CACHE="$TREE_CACHE" sh -c "$1"
}

# What the manual names as the first step on a bare machine.
first_step() {
	in_tree 'export DEBIAN_FRONTEND=noninteractive
		apt-get -qq update &&
		apt-get -qq -y --no-install-recommends install make git >/dev/null'
}

# run_all: prints a line for each command at the end; 1 if one failed.
run_all() {
	local command start verdict status=0 lines=()

	for command in "${commands[@]}"; do
		say "running: $command"
		start=$SECONDS
		verdict=PASS
		in_tree "cd $CLONE && $command" </dev/null || verdict=FAIL status=1
		lines+=("$(printf '%s %5d s  %s' "$verdict" $((SECONDS - start)) "$command")")
	done
	printf '%s\n' "${lines[@]}"
	return "$status"
}

enter_own_mounts "$@"
parse_options "$@"
make_place
say "making a bare Debian $SUITE in $tree"
make_tree
mount_in_tree
copy_network
clone_head
say "installing make and git there"
first_step
run_all
