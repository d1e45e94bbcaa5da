#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Go programs in every form that they are built in: each event exact by base, by site and type, and
# in a part of the program; or refused, in the words below. One row a cell.
#
#   SLICESTAT_FORMS, SLICESTAT_VERSIONS   words: the cells to be tested, of all that can be built;
#                                         either may be "all". Without them: what the tests build,
#                                         but for the forms that other cases test
#   SLICESTAT_EVENTS                      events of each program, default 10000
#   SLICESTAT_CELLS                       a file: rows go there too
#
# forms.sh --table FILE prints the rows in such files as the table of docs/go.md.
# shellcheck disable=SC2119 # compare has options, which are not wanted here

. "$(dirname "$0")/lib.sh"

readonly EVENTS=${SLICESTAT_EVENTS:-10000}
readonly ROOM=1048576

# as_noted FORM: how compare_sites is to be asked. Instrumented code is generic code of shapes, and
# without optimisation, as instrumented, append(s, make([]T, n)...) makes what it appends.
as_noted() {
	case $1 in
	race | msan | asan) echo --shapes --more ;;
	noopt | arm64-noopt) echo --more ;;
	esac
}

by_base() {
	start_target "$1" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	also whole --max-bases "$ROOM"
	also main --max-bases "$ROOM" --in 'main.*'
	run_target
	cp "$WORK/whole" "$WORK/report"
	compare
	same "$1" whole main
	cp "$WORK/main" "$WORK/report"
	compare
}

# by_site FORM PATH
by_site() {
	local said path=$2 options part='main.*'

	# Perf events cannot be had for all calls outside of main; and what is in reflect is outside.
	[ "${SLICESTAT_ATTACHES:-}" != perf ] || part=main.push1
	read -ra options <<<"$(as_noted "$1")"
	start_target "$path" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	also reflected --by site --ops grow,make,reflect
	also whole --by site
	also main --by site --in "$part"
	[ "$part" = main.push1 ] || also rest --by site --not-in "$part"
	run_target
	said=$("$ROOT/build/tests/compare_sites" ${options[@]+"${options[@]}"} "$WORK/truth" \
		"$WORK/reflected" 2>&1) || fail "$path: the sites differ from the truth:"$'\n'"$said"
	[ "${said%% *}" -ge "$EVENTS" ] || fail "$path: compared ${said%% *} of $EVENTS events"
	if [ "$part" = main.push1 ]; then
		same "$path" --in "$part" whole main
	else
		same "$path" whole main rest
	fi
}

# by_ops VERSION PATH
by_ops() {
	local ops=copy,nozero,reflect,bytes,string,conv

	# Go before 1.26 moves nothing.
	[ "${1#1.}" -lt 26 ] || ops+=,move
	trace_target --ops "$ops" --max-bases "$ROOM" 1000 -- "$2" -events "$EVENTS"
	compare
}

# exact VERSION FORM
exact() {
	by_base "$(target_path "$1" "$2" truth)"
	by_site "$2" "$(target_path "$1" "$2" sites)"
	by_ops "$1" "$(target_path "$1" "$2" ops)"
	echo "exact"
}

# refused PATH WORDS FILE_WORDS: as a process, and as a file.
refused() {
	start_target "$1" -events "$EVENTS"
	await_target '^ready$'
	expect_error "$2" "$SLICESTAT" -p "$TARGET_PID" 1 1
	expect_error "$3" "$SLICESTAT" plan "$1"
	echo "refused: its Go code lies in a library"
}

# The host is seen, where nothing happens.
plugin_unseen() {
	trace_target 1000 -- "$1" -events "$EVENTS"
	expect_match "what is said of the plugin" \
		"slicestat: pid [0-9]+: [^ ]*/truth\.so, a Go plugin .* are not seen" "$(cat "$WORK/tracer.err")"
	expect "events seen" 0 "$(count seen)"
	expect_match "the plan" 'slices of plugins' "$("$SLICESTAT" plan "$1")"
	echo "not seen, as a warning says: slices of the plugin's code"
}

# check VERSION FORM: its last line is the row's.
check() {
	case $2 in
	c-shared)
		refused "$(target_path "$1" "$2" truth)" \
			'not a Go executable; its Go code lies in [^ ]*/truth\.so' 'not a Go executable'
		;;
	plugin) plugin_unseen "$(target_path "$1" "$2" truth)" ;;
	*) exact "$1" "$2" ;;
	esac
}

# Those for this machine.
is_for_here() {
	case $(uname -m)/$1 in
	*/386) return 1 ;;
	aarch64/arm64*) return 0 ;;
	aarch64/* | */arm64*) return 1 ;;
	esac
}

is_tested_elsewhere() {
	case $1 in
	default | stripped | pie | pie-stripped) [ -z "${SLICESTAT_VERSIONS:-}${SLICESTAT_FORMS:-}" ] ;;
	*) return 1 ;;
	esac
}

# cells: VERSION/FORM a line.
cells() {
	local versions=${SLICESTAT_VERSIONS:-all} forms=${SLICESTAT_FORMS:-all} words=() cell

	[ -z "${SLICESTAT_VERSIONS:-}${SLICESTAT_FORMS:-}" ] || words+=(--matrix)
	[ "$versions" = all ] || read -ra versions <<<"$versions"
	[ "${versions[0]}" = all ] || words+=("${versions[@]}")
	for cell in $("$ROOT/tests/build-targets.sh" --list ${words[@]+"${words[@]}"}); do
		is_for_here "${cell#*/}" || continue
		! is_tested_elsewhere "${cell#*/}" || continue
		[ "$forms" = all ] || [[ " $forms " == *" ${cell#*/} "* ]] || continue
		echo "$cell"
	done
}

row() {
	printf '%-5s %-26s %s\n' "$@" | tee -a "${SLICESTAT_CELLS:-/dev/null}"
}

main() {
	local cell said n=0 failed=0

	for cell in $(cells); do
		n=$((n + 1))
		if said=$("$0" --cell "${cell%/*}" "${cell#*/}" 2>&1); then
			said=${said##*$'\n'}
		else
			failed=$((failed + 1))
			said="FAILED"$'\n'"$said"
		fi
		row "${cell%/*}" "${cell#*/}" "$said"
	done
	[ "$n" -gt 0 ] || fail "no such cells"
	[ "$failed" = 0 ] || fail "$failed of $n cells"
	echo "$n cells as expected"
}

# table FILE...: a line a form, in the order in which they first come; a column a version.
table() {
	sort -s -k 1,1V "$@" | awk '
		{ form = $2; version = $1; $1 = $2 = "" }
		!(form in forms) { forms[form] = nforms; order[nforms++] = form }
		!(version in versions) { versions[version] = nversions; columns[nversions++] = version }
		{ word = $0; sub(/^ +/, "", word); sub(/[,:].*/, "", word); cell[form, version] = word }
		END {
			printf "| form |"
			for (v = 0; v < nversions; v++)
				printf " %s |", columns[v]
			printf "\n|---|"
			for (v = 0; v < nversions; v++)
				printf "---|"
			for (f = 0; f < nforms; f++) {
				printf "\n| `%s` |", order[f]
				for (v = 0; v < nversions; v++)
					printf " %s |", cell[order[f], columns[v]]
			}
			print ""
		}'
}

case ${1:-} in
--cell) check "$2" "$3" ;;
--table) table "${@:2}" ;;
*) main ;;
esac
