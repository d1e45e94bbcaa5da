#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A plan is the same wherever it is made: by the slicestat of this machine, and by the one built for
# the other architecture, static or not, for executables of both.

. "$(dirname "$0")/lib.sh"

case $(uname -m) in
x86_64) other=arm64 emulator=qemu-aarch64 gnu=aarch64-linux-gnu ;;
aarch64) other=x86_64 emulator=qemu-x86_64 gnu=x86_64-linux-gnu ;;
*) fail "no other architecture is known for $(uname -m)" ;;
esac
debian=${other/x86_64/amd64}
readonly other emulator gnu debian
plans=0

sysroot=$("$ROOT/tools/sysroot.sh" "$debian")

# same_plan OPTION... EXECUTABLE
same_plan() {
	local own static shared

	own=$("$SLICESTAT" plan "$@") || fail "plan $*: no plan"
	static=$("$emulator" "$ROOT/build/$other/slicestat-static" plan "$@") ||
		fail "plan $*: the static one of $other made no plan"
	shared=$("$emulator" -L "$sysroot" -E "LD_LIBRARY_PATH=$sysroot/usr/lib/$gnu" \
		"$ROOT/build/$other/slicestat" plan "$@") ||
		fail "plan $*: the one of $other made no plan"
	expect_match "plan $*" 'runtime[.]growslice' "$own"
	expect "the static plan $*" "$own" "$static"
	expect "the plan $*" "$own" "$shared"
	plans=$((plans + 1))
}

for form in arm64 default pie-stripped; do
	path=$(target_path 1.24 "$form" truth)
	same_plan "$path"
	same_plan --ops grow,make,copy,nozero,reflect,bytes,string,conv "$path"
done
for form in arm64 default; do
	path=$(target_path 1.24 "$form" truth)
	same_plan --in 'main.*' "$path"
done
echo "$plans plans are the same from $other and $(uname -m)"
