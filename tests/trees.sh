# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced behind lib.sh and suites.sh: bare trees of Debian, made once and kept in the cache.

# bare_tree SUITE: makes sure that it is there, and prints where.
bare_tree() {
	local tree keyring

	keyring=$(own_keyring)
	tree=$(cache_dir)/trees/$1
	if [ ! -d "$tree" ]; then
		command -v debootstrap >/dev/null || die "needs debootstrap"
		rm -rf --one-file-system "$tree.new"
		mkdir -p "${tree%/*}"
		debootstrap --variant=minbase ${keyring:+"--keyring=$keyring"} "$1" "$tree.new" \
			"$(own_mirror)" >"$WORK/debootstrap" ||
			die "debootstrap: $(tail -n 3 "$WORK/debootstrap")"
		mv "$tree.new" "$tree"
	fi
	echo "$tree"
}

# mirror_config: what apt needs for the machine's own mirror, there too.
mirror_config() {
	apt-config dump | grep -E '^Acquire::(.*::Proxy|Check-[A-Za-z-]+) ' || true
}
