#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A program's own heap profile, of every allocation: on lines that do nothing but make or grow
# slices it has as many objects as slicestat's profile has growths, and the same bytes, as rounded
# up by Go's allocator.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/profiles/lib.sh"

readonly VERSIONS=${SLICESTAT_VERSIONS:-1.21 1.24 1.27}
readonly SOURCE=$ROOT/tests/live/profiles/allocate.go

# run VERSION: the profiles are then in $WORK/profile, before and after.
run() {
	build_profiled "$1"
	start_target "$PROFILES/go$1" -heap "$WORK/before,$WORK/after"
	await_target '^ready$'
	trace_profile
	tell_target
	await_target '^done$'
	end_tracer
	tell_target
	await_target_end
}

# marked: "FILE:LINE MARKS" of each line that allocates nothing but slices.
marked() {
	awk '{ at = index($0, "// slices") }
		at { marks = substr($0, at + 9); gsub(/ /, "", marks)
			printf "slicestat.test/profiles/allocate.go:%d %s,\n", NR, marks }' "$SOURCE" | sort
}

# size_classes VERSION: from Go's own source.
size_classes() {
	local goroot table

	goroot=$("$ROOT/tools/go.sh" "$1" env GOROOT)
	table=$(cat "$goroot/src/runtime/sizeclasses.go" \
		"$goroot/src/internal/runtime/gc/sizeclasses.go" 2>/dev/null) || true
	sed -nE 's/^var (class_to_size|SizeClassToSize) *= .*\{(.*)\}$/\2/p' <<<"$table" | tr -d ,
}

# compare VERSION: a line of $WORK/lines has marks, growths, bytes allocated, objects and their bytes.
compare() {
	awk -v classes="$(size_classes "$1")" -v minor="${1#1.}" '
		# Go 1.22 and newer: what has pointers and is larger than 512 bytes begins with a header.
		function rounded(size, pointers,    i) {
			if (minor >= 22 && pointers && size > 512 && size <= 32760)
				size += 8
			for (i = 1; i <= n; i++)
				if (class[i] >= size)
					return class[i]
			return int((size + 8191) / 8192) * 8192
		}
		BEGIN { n = split(classes, class, " ") }
		{ bytes = $4 }
		$2 ~ /onesize/ { bytes = $3 * rounded($4 / $3, $2 ~ /pointers/); sized++ }
		$3 != $5 || bytes != $6 {
			print $1 ": " $3 " growths, " $5 " objects; " bytes " bytes rounded up, " $6 " of objects"
			bad = 1
		}
		{ growths += $3; rounding += bytes > $4 }
		END {
			if (n < 50 || NR < 25 || sized < 25 || rounding < 10) {
				print n " size classes, " NR " lines, " sized " of one size, " rounding " rounded"
				bad = 1
			}
			print NR " lines, " growths " growths"
			exit bad
		}' "$WORK/lines"
}

# check VERSION
check() {
	local index said

	PPROF_VERSION=$1
	run "$1"
	marked >"$WORK/lines"
	for index in growths allocated; do
		lines_of "$index" "$WORK/profile" | join "$WORK/lines" - >"$WORK/joined"
		mv "$WORK/joined" "$WORK/lines"
	done
	for index in alloc_objects alloc_space; do
		lines_of "$index" -base "$WORK/before" "$WORK/after" | join "$WORK/lines" - >"$WORK/joined"
		mv "$WORK/joined" "$WORK/lines"
	done
	expect "marked lines in both profiles" "$(marked | wc -l)" "$(wc -l <"$WORK/lines")"
	said=$(compare "$1") || fail "Go $1: the heap profile differs:"$'\n'"$said"
	total=$said
}

for version in $VERSIONS; do
	check "$version"
done
echo "$total each as in the heap profile: go $VERSIONS"
