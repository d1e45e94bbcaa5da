#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/profile_docs.sh: what docs/profiles.md shows of a real program, into docs/profiles: esbuild,
# bundling ten copies of three.js as in its own benchmark. Needs root, build/slicestat and what
# `tools/deps.sh test` installs; takes three minutes.
#
#   top.txt     what pprof -top says of slicestat's profile
#   cpu.txt     the lines with the most samples of growslice below them, in the CPU profile that
#               esbuild makes of itself, beside what slicestat counted there
#   flame.svg   a flame graph of the folded stacks, by bytes allocated

set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

readonly COPIES=10
readonly LINES_SHOWN=12
readonly CPU_PROFILES=4 # of 30 s each
readonly FLAMEGRAPH=/usr/share/perl5/Devel/NYTProf/flamegraph.pl
readonly SLICESTAT=$root/build/slicestat
readonly OUT=$root/docs/profiles

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The modules, as they are named in a bundle of $work/entry.js.
write_modules() {
	local three i

	three=$("$root/tools/bench_programs.sh" three)
	for ((i = 1; i <= COPIES; i++)); do
		cp -r "$three/package/src" "$work/copy$i"
		echo "import * as copy$i from './copy$i/Three.js'; export { copy$i }"
	done >"$work/entry.js"
}

pprof() {
	"$root/tools/go.sh" any tool pprof "$@" 2>/dev/null
}

# traced FORMAT FILE
traced() {
	"$SLICESTAT" -q -o "$1" -w "$work/$2" -- "${COMMAND[@]}"
}

# lines ARG...: "FILE:LINE VALUE", largest first.
lines() {
	pprof -unit="$1" -top -lines -nodecount=100000 -nodefraction=0 "${@:2}" | awk '
		$1 == "flat" { rows = 1; next }
		rows && $1 + 0 { sums[$NF ~ /^\((partial-)?inline\)$/ ? $(NF - 1) : $NF] += $1 }
		END { for (line in sums) printf "%s %.0f\n", line, sums[line] }' | sort -k 2,2rn
}

# short: names without what they all begin with.
short() { sed 's|github\.com/evanw/esbuild/internal/||g'; }

top() {
	pprof -top -nodecount="$LINES_SHOWN" -nodefraction=0 -trim "$work/slices.pb.gz" |
		grep -v '^Time: ' | short
}

# growths: what slicestat has of lines that grow, "FILE:LINE GROWTHS ALLOCATED COPIED".
growths() {
	local index

	for index in growths allocated copied; do
		lines B -tagfocus=op=grow -sample_index="$index" "$work/slices.pb.gz" | sort >"$work/$index"
	done
	join -a 1 -e 0 -o 0,1.2,2.2 "$work/growths" "$work/allocated" |
		join -a 1 -e 0 -o 0,1.2,1.3,2.2 - "$work/copied"
}

# cpu: each line with its figures, and its rank by them.
cpu() {
	lines ms -focus='^runtime\.growslice$' -hide='^runtime\.' "$work"/cpu*.pb.gz >"$work/samples"
	awk '{ sum += $2 } END { printf "CPU time below runtime.growslice: %.2f s\n\n", sum / 1000 }' "$work/samples"
	printf '%10s %16s %16s %16s  %s\n' 'CPU ms' 'growths' 'KiB allocated' 'KiB copied' 'line'
	growths >"$work/growing"
	awk -v shown="$LINES_SHOWN" '
		function rank(column, line,    other, n) {
			n = 1
			for (other in figures)
				n += figure[other, column] > figure[line, column]
			return n
		}
		NR == FNR { figures[$1]; for (i = 2; i <= 4; i++) figure[$1, i] = $i; next }
		FNR <= shown {
			printf "%10d %10d %4s %11.0f %4s %11.0f %4s  %s\n", $2,
				figure[$1, 2], "#" rank(2, $1), figure[$1, 3] / 1024, "#" rank(3, $1),
				figure[$1, 4] / 1024, "#" rank(4, $1), $1
		}' "$work/growing" "$work/samples" | short
}

# without_script: a picture. The script that flamegraph.pl puts into it is its authors', and pages that show
# a picture do not run it.
without_script() {
	sed -E -e '/<script/,/<\/script>/d' -e '/ id="(details|unzoom|search|matched)"/d' \
		-e 's/ on[a-z]+="[^"]*"//g'
}

flame() {
	short <"$work/slices.folded" |
		"$FLAMEGRAPH" --title "esbuild: bytes of slices allocated" --countname bytes \
			--minwidth 4 --hash | without_script
}

esbuild=$("$root/tools/programs.sh" --path esbuild)
write_modules
COMMAND=("$esbuild" --bundle --global-name=THREE --sourcemap --minify --log-level=error
	"$work/entry.js" "--outfile=$work/out.js")
mkdir -p "$OUT"
traced pprof slices.pb.gz
traced folded slices.folded
for ((i = 1; i <= CPU_PROFILES; i++)); do
	"${COMMAND[@]}" --cpuprofile="$work/cpu$i.pb.gz"
done
top >"$OUT/top.txt"
cpu >"$OUT/cpu.txt"
flame >"$OUT/flame.svg"
