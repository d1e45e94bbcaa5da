#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/matrix/guest.sh VERSION/ARCH DIRECTORY: boots that kernel of tools/kernels.sh with a small
# Debian and runs the cells of the file DIRECTORY/cells in it; what the console shows is then in
# DIRECTORY/console. Kernels, programs and targets must be there. Exit status 1 if the guest did not
# come to its end.
#
# SLICESTAT_ACCEL is qemu's accelerator (machine.sh), SLICESTAT_EVENTS the events of a cell.

set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=cells.sh
. "$root/tests/matrix/cells.sh"
# shellcheck source-path=SCRIPTDIR source=machine.sh
. "$root/tests/matrix/machine.sh"

readonly kernel=${1%/*} arch=${1#*/} dir=$2
native=$(dpkg --print-architecture)
readonly native

# Where make leaves what it makes for the guest's architecture.
built() {
	if [ "$arch" = "$native" ]; then
		echo "$root/build"
	else
		echo "$root/build/$arch"
	fi
}

# The libraries that slicestat has been linked with; the sysroot has nothing else.
libraries() {
	if [ "$arch" = "$native" ]; then
		ldd "$(built)/slicestat" | sed -n 's/.*=> \([^ ]*\) .*/\1/p'
	else
		find "$("$root/tools/sysroot.sh" "$arch")" -name 'lib*.so.*' ! -type d
	fi
}

copy_libraries() {
	local library

	mkdir -p "$1/usr/lib/libraries"
	while read -r library; do
		cp -L "$library" "$1/usr/lib/libraries/"
	done < <(libraries)
}

# copy_targets TREE: what the cells run, as far as there is such a program; a case that misses one says
# so.
copy_targets() {
	local cell go form program from to

	while read -ra cell; do
		programs_of "${cell[@]}"
	done <"$dir/cells" | sort -u | while read -r go form program; do
		from=$root/build/targets/go$go/$(target_form "$arch" "$form")/$program
		to=$1$root/build/targets/go$go/$form
		mkdir -p "$to"
		[ ! -e "$from" ] || cp "$from" "$to/"
	done
}

# All have the paths that they have here: a library may be loaded by its path.
copy_tests() {
	mkdir -p "$1$root/build/tests" "$1$root/tests"
	cp "$(built)"/slicestat{,-static} "$1$root/build/"
	cp "$(built)"/tests/{compare{,_sites,_types,_scope,_chains},verifier_cost} \
		"$1$root/build/tests/"
	cp "$root/tests"/{build-targets.sh,verifier-cost.tsv} "$1$root/tests/"
	mkdir "$1$root/tests/live"
	cp "$root"/tests/live/*.sh "$1$root/tests/live/"
	cp -r "$root/tests/matrix" "$1$root/tests/"
}

# The kernel takes two archives, one behind the other, as one.
make_image() {
	local tree=$dir/tree

	rm -rf "$tree"
	mkdir -p "$tree"
	copy_libraries "$tree"
	copy_tests "$tree"
	copy_targets "$tree"
	cp "$root/tests/matrix/init.sh" "$tree/init"
	cp "$dir/cells" "$tree/cells"
	printf 'export %s\n' "ROOT=$(printf %q "$root")" "SLICESTAT_EVENTS=$SLICESTAT_EVENTS" \
		"SLICESTAT_ATTACHES=$(attaches_by "$kernel")" LD_LIBRARY_PATH=/usr/lib/libraries \
		>"$tree/environment"
	{
		cat "$("$root/tests/matrix/userland.sh" "$arch")"
		(cd "$tree" && find . | cpio --quiet -o -H newc -R 0:0)
	} >"$dir/image"
	rm -r "$tree"
}

# A guest that says nothing of its end is ended.
boot() {
	local seconds image

	image=$("$root/tools/kernels.sh" --path "$kernel/$arch")
	seconds=$((300 + 100 * $(wc -l <"$dir/cells")))
	export -f run_machine
	timeout "$seconds" bash -c 'run_machine "$@"' run_machine "$arch" "$SLICESTAT_ACCEL" \
		"$dir/console" rdinit=/init -kernel "$image" -initrd "$dir/image" ||
		echo "the guest was ended: status $?, within $seconds s" >&2
}

make_image
boot
rm "$dir/image"
tr -d '\r' <"$dir/console" | grep -qx END
