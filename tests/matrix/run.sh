#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/matrix/run.sh [--quick | --full] [VERSION/ARCH | host]...: the live cases on Debian's stock
# kernels, in emulated machines, and on this machine's own kernel. Prints a table of all cells
# (cells.sh) and what failed; exit status 1 if one did, or was not run. Default: all kernels.
#
#   --quick  a few cells of two kernels
#   --full   every case with every Go in every form, on every kernel: hours
#
# What each guest said stays in build/matrix, or in $SLICESTAT_MATRIX. `make` and, for arm64,
# `make ARCH=arm64` and `make ARCH=arm64 live` have built what is tested. JOBS=N guests run at a
# time (default 2).

set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=cells.sh
. "$root/tests/matrix/cells.sh"
# shellcheck source-path=SCRIPTDIR source=machine.sh
. "$root/tests/matrix/machine.sh"

readonly QUICK=(6.1/amd64 6.12/arm64) # of stable suites, which do not go on to another
readonly CASES=(check privileges verifier static detach exact sites types ops func chains scope follow
	perf_events forms)
readonly OUT=${SLICESTAT_MATRIX:-$root/build/matrix}
readonly JOBS=${JOBS:-2}
native=$(dpkg --print-architecture)
readonly native

declare -A ACCELERATORS=() # of qemu, by architecture
mode=usual
kernels=()

parse_options() {
	local word

	for word; do
		case $word in
		--quick | --full) mode=${word#--} ;;
		-*)
			echo "usage: run.sh [--quick | --full] [VERSION/ARCH | host]..." >&2
			exit 2
			;;
		*) kernels+=("$word") ;;
		esac
	done
	[ "${#kernels[@]}" -eq 0 ] || return 0
	if [ "$mode" = quick ]; then
		kernels=("${QUICK[@]}")
	else
		mapfile -t kernels < <("$root/tools/kernels.sh" --names)
		kernels=(host "${kernels[@]}")
	fi
}

# version_of KERNEL, arch_of KERNEL: the host's own have names, too.
version_of() {
	case $1 in
	host) uname -r | sed 's/^\([0-9]*[.][0-9]*\).*/\1/' ;;
	*) echo "${1%/*}" ;;
	esac
}

arch_of() {
	case $1 in
	host) echo "$native" ;;
	*) echo "${1#*/}" ;;
	esac
}

# kernel_cells KERNEL
kernel_cells() {
	cells "$mode" "$(version_of "$1")" "$(arch_of "$1")"
}

# A guest for each version of Go, so that each is small: writes the cells of all, and prints
# "KERNEL DIRECTORY" of each.
write_guests() {
	local kernel cell dir

	for kernel in "${kernels[@]}"; do
		kernel_cells "$kernel" | while read -ra cell; do
			dir=$OUT/$(arch_of "$kernel")/${kernel%/*}/go${cell[1]}
			mkdir -p "$dir"
			echo "${cell[*]}" >>"$dir/cells"
			echo "$kernel $dir"
		done
	done | awk '!seen[$0]++'
}

# The targets of all cells, as build-targets.sh wants them.
wanted_targets() {
	local kernel arch cell go form

	for kernel in "${kernels[@]}"; do
		arch=$(arch_of "$kernel")
		kernel_cells "$kernel" | while read -ra cell; do
			programs_of "${cell[@]}"
		done | while read -r go form _; do
			echo "$go/$(target_form "$arch" "$form")"
		done
	done | sort -u
}

# All that guests share is made before the first one starts.
prepare() {
	local kernel arch targets

	mapfile -t targets < <(wanted_targets)
	"$root/tests/build-targets.sh" "${targets[@]}"
	for kernel in "${kernels[@]}"; do
		[ "$kernel" != host ] || continue
		arch=$(arch_of "$kernel")
		"$root/tools/kernels.sh" "$kernel"
		"$root/tests/matrix/userland.sh" "$arch" >/dev/null
		[ -n "${ACCELERATORS[$arch]:-}" ] ||
			ACCELERATORS[$arch]=$(accelerator "$arch" "$("$root/tools/kernels.sh" --path "$kernel")")
	done
}

# On this machine, as in a guest.
run_host() {
	local attaches

	attaches=$(attaches_by "$(version_of host)")
	{
		echo "BOOT $(uname -r) $(uname -m)"
		SLICESTAT_ATTACHES=$attaches "$root/tests/matrix/run_cells.sh" <"$1/cells" || true
		echo END
	} >"$1/console"
}

# run_guest KERNEL DIRECTORY
run_guest() {
	local begin=$SECONDS

	: >"$2/console" 2>"$2/log"
	if [ "$1" = host ]; then
		run_host "$2"
	else
		SLICESTAT_ACCEL=${ACCELERATORS[${1#*/}]} "$root/tests/matrix/guest.sh" "$1" "$2" \
			2>"$2/log" || true
	fi
	echo "$1 ${2##*/}: $((SECONDS - begin)) s" >&2
}

# run_guests <GUESTS: JOBS at a time.
run_guests() {
	local kernel dir running=0

	while read -r kernel dir; do
		if [ "$running" -ge "$JOBS" ]; then
			wait -n
			running=$((running - 1))
		fi
		run_guest "$kernel" "$dir" &
		running=$((running + 1))
	done
	wait
}

# A guest's lines; what it did not say has failed.
# guest_results KERNEL DIRECTORY: prints "KERNEL ARCH CASE GO FORM STATE SECONDS TEXT".
guest_results() {
	local kernel=${1%/*} arch cell state seconds text

	arch=$(arch_of "$1")
	while read -r cell; do
		if IFS=$'\t' read -r state seconds text < <(said_of "$cell" "$2"); then
			[[ $text != refused* ]] || state=refused
		else
			state=FAILED seconds=- text="not run: $(why_not_run "$2")"
		fi
		echo "$kernel $arch $cell $state $seconds $text"
	done <"$2/cells"
	tr -d '\r' <"$2/console" | sed -n "s/^KERNEL /$kernel $arch kernel - - FAILED - /p"
}

# said_of CELL DIRECTORY: STATE, SECONDS and TEXT; nothing if there is no such line.
said_of() {
	tr -d '\r' <"$2/console" | awk -v cell="$1" '
		$1 == "CELL" && $3 " " $4 " " $5 == cell {
			print $2 "\t" $6 "\t" substr($0, index($0, cell " " $6) + length(cell " " $6) + 1)
		}'
}

# why_not_run DIRECTORY: the last that was heard, or why the kernel panicked.
why_not_run() {
	cat "$1/console" "$1/log" | tr -d '\r' |
		awk '/./ { last = $0 } /Kernel panic/ { panic = $0 } END { print panic ? panic : last }'
}

# print_table <RESULTS: a row for each kernel, Go and form, a column for each case.
print_table() {
	awk -v cases="${CASES[*]}" '
		BEGIN {
			n = split(cases, names)
			printf "%-6s %-6s %-5s %-14s", "KERNEL", "ARCH", "GO", "FORM"
			for (i = 1; i <= n; i++)
				printf " %-11s", names[i]
			print ""
		}
		$3 == "kernel" { next }
		{
			row = sprintf("%-6s %-6s %-5s %-14s", $1, $2, $4, $5)
			if (!(row in seen)) {
				seen[row] = 1
				rows[++m] = row
			}
			field[row, $3] = $6 == "ok" ? "ok " $7 " s" : $6
		}
		END {
			for (r = 1; r <= m; r++) {
				printf "%s", rows[r]
				for (i = 1; i <= n; i++)
					printf " %-11s", field[rows[r], names[i]]
				print ""
			}
		}' | sed 's/ *$//'
}

# print_failures <RESULTS
print_failures() {
	local kernel arch case go form state seconds text

	while read -r kernel arch case go form state seconds text; do
		[ "$state" = FAILED ] || continue
		echo "FAILED: $kernel/$arch $case $go $form: $text"
		output_of "$case $go $form" "$OUT/$arch/$kernel/go$go/console"
	done
}

# output_of CELL CONSOLE: what went before the cell's line.
output_of() {
	[ -r "$2" ] || return 0
	tr -d '\r' <"$2" | awk -v cell="$1" '
		$1 == "OUT" { lines[++n] = substr($0, 5); next }
		$1 == "CELL" && $3 " " $4 " " $5 == cell {
			for (i = 1; i <= n; i++)
				print "        " lines[i]
		}
		{ n = 0 }'
}

main() {
	local kernel dir failed

	parse_options "$@"
	rm -rf "$OUT"
	mkdir -p "$OUT"
	prepare
	write_guests >"$OUT/guests"
	export SLICESTAT_EVENTS=${SLICESTAT_EVENTS:-10000}
	run_guests <"$OUT/guests"
	while read -r kernel dir; do
		guest_results "$kernel" "$dir"
	done <"$OUT/guests" >"$OUT/results"
	print_table <"$OUT/results"
	print_failures <"$OUT/results"
	failed=$(grep -c ' FAILED ' "$OUT/results" || true)
	echo "$(wc -l <"$OUT/results") cells, $failed failed"
	[ "$failed" = 0 ] && [ -s "$OUT/results" ]
}

main "$@"
