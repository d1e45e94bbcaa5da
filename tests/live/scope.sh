#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# --in and --not-in: what calls tell before they happen, capacities that were computed with it, is
# what the program noted, and what was found where the slices came out. Several slicestats trace one
# process at a time, so that they see the same events: one all of it, the others parts.

. "$(dirname "$0")/lib.sh"

VERSIONS=${SLICESTAT_VERSIONS:-1.21 1.24 1.26 1.27}
COMPARE_SITES=$ROOT/build/tests/compare_sites
readonly MODULES=400

# as_noted REPORT REGEX: the truth's lines in functions that match, and no others. Names are without
# type arguments. What the program calls by reflect is noted as its own lines', but is in no scope
# of theirs.
as_noted() {
	local said

	awk -F '\t' -v regex="$2" '$2 == "own" && $1 != "reflect" {
		func_name = substr($8, 1, index($8, " ") - 1)
		sub(/\[\.\.\.\]/, "", func_name)
		if (func_name ~ regex && func_name !~ /^main\.(appendValues?|growValue)$/)
			print
	}' "$WORK/truth" >"$WORK/truth.part"
	said=$("$COMPARE_SITES" "$WORK/truth.part" "$WORK/$1" 2>&1) ||
		fail "$1 differs from the truth of /$2/:"$'\n'"$said"
}

# The plan's figures are what is attached; the functions' own sites are not.
planned() {
	local plan calls behind

	plan=$("$SLICESTAT" plan --in 'main.*' "$1")
	calls=$(sed -n 's/^  \([0-9]*\) calls are probed.*/\1/p' <<<"$plan")
	behind=$(sed -nE 's/^  of these ([0-9]+) .*, ([0-9]+) .*/\1 emulated [+] \2 stepped/p' \
		<<<"$plan")
	[[ $plan != *grow_call* && $calls -ge 20 && $behind ]] || fail "the plan is: $plan"
	start_target "$1" ${SLICESTAT_EVENTS:+-events "$SLICESTAT_EVENTS"} -out "$WORK/truth"
	await_target '^ready$'
	also site --by site --in 'main.*'
	expect_match "what is traced by site" ": $calls calls in scope, emulated; " \
		"$(cat "$WORK/tracer.err")"
	also base --in 'main.*'
	expect_match "what is traced by base" \
		": $calls calls in scope, emulated, and behind them $behind; " \
		"$(cat "$WORK/tracer.err")"
	run_target
}

# Generic functions, closures, inlined bodies by their own names; type arguments left out or not.
by_site() {
	start_target "$1" ${SLICESTAT_EVENTS:+-events "$SLICESTAT_EVENTS"} -out "$WORK/truth"
	await_target '^ready$'
	also whole --by site
	also main --by site --in 'main.*'
	also rest --by site --not-in 'main.*'
	also one --by site --in main.push1
	also several --by site --in main.grow --in 'main.(*tree).add' --in '*/queue.*' \
		--not-in '*.Renew'
	also method --by site --in '*/queue.(*Of[...]).Push'
	run_target
	same "$1" whole main rest
	same "$1" --in main.push1 whole one
	same "$1" --in '*/queue.(*Of[...]).Push' whole method
	as_noted main '^main[.]'
	as_noted one '^main[.]push1$'
	as_noted several '^main[.]grow$|^main[.][(][*]tree[)]|/queue[.].*[^w]$'
	as_noted method '/queue[.][(][*]Of[)][.]Push$'
}

# Only what is in reflect itself is shown as another function's than that which chose it; and what
# is in functions that are skipped.
by_caller() {
	local skip=(--skip 'main.push*' --skip 'main.grow[...]')

	start_target "$1" ${SLICESTAT_EVENTS:+-events "$SLICESTAT_EVENTS"} -out "$WORK/truth"
	await_target '^ready$'
	also whole --by site
	also main --by site --in 'main.*Value*'
	also reflect --by site --in 'reflect.*'
	also skipped --by site "${skip[@]}"
	also skipped_main --by site "${skip[@]}" --in 'main.*'
	also skipped_rest --by site "${skip[@]}" --not-in 'main.*'
	also types --by type
	also types_in --by type --in '*'
	run_target
	same "$1: reflect" --in 'main.*Value*' whole main reflect
	same "$1: --skip" skipped skipped_main skipped_rest
	same "$1: types" types types_in
}

# by_base PATH [ARG]...: what the base adds, from behind the calls.
by_base() {
	start_target "$@" -events "${SLICESTAT_EVENTS:-20000}" -out "$WORK/truth"
	await_target '^ready$'
	also whole
	also main --in 'main.*'
	also appends --in 'main.append*'
	also others --not-in 'main.append*'
	run_target
	same "$*" whole main
	# Where bases are reused, a part does not see all that they were used for.
	[[ $* == *-gc* ]] || same "$*" whole appends others
	cp "$WORK/main" "$WORK/report"
	# shellcheck disable=SC2119 # no options
	compare
}

# Copies, growth from a buffer on the stack, and elements of any kind.
by_ops() {
	local ops=grow,make,copy

	start_target "$1" ${SLICESTAT_EVENTS:+-events "$SLICESTAT_EVENTS"} -out "$WORK/truth"
	await_target '^ready$'
	also whole --by site --ops "$ops"
	also all --by site --ops "$ops" --in '*'
	also bases --ops "$ops"
	also bases_in --ops "$ops" --in '*'
	run_target
	same "$1" whole all
	same "$1" bases bases_in
}

# A make that panics is counted when it begins, by base too.
by_panics() {
	local report

	start_target "$1" -events 100000 -out "$WORK/truth"
	await_target '^ready$'
	also main --in 'main.*'
	also site --by site --in 'main.*'
	run_target
	for report in main site; do
		cp "$WORK/$report" "$WORK/report"
		expect "folded and panicked, $report" "$(count seen)" \
			$(($(count folded) + $(count panicked) + $(count zero_size)))
		[ "$(count panicked)" -ge 1000 ] || fail "$report: $(count panicked) panicked"
	done
	cp "$WORK/main" "$WORK/report"
	# shellcheck disable=SC2119 # no options
	compare
}

# Module i imports two later ones, so that all hang on the first.
write_modules() {
	mkdir "$WORK/src"
	awk -v n="$MODULES" -v dir="$WORK/src" 'BEGIN {
		for (i = 0; i < n; i++) {
			file = dir "/m" i ".js"
			for (j = 2 * i + 1; j <= 2 * i + 2 && j < n; j++)
				printf "import { f%d } from \"./m%d.js\";\n", j, j >file
			printf "export const table%d = [", i >file
			for (k = 0; k < 40; k++)
				printf "{ id: %d, name: \"item %d of %d\", next: [%d, %d] },\n", \
					k, k, i, i + k, i * k >file
			printf "];\nexport function f%d(x) {\n  let sum = x;\n", i >file
			printf "  for (const { id, next: [a, b] } of table%d) sum += id * a ?? b;\n", i >file
			for (j = 2 * i + 1; j <= 2 * i + 2 && j < n; j++)
				printf "  sum += f%d(sum %% 7);\n", j >file
			printf "  return `${sum}` + %d;\n}\n", i >file
			close(file)
		}
	}'
}

# It reads what to do from its standard input, and is stopped until all are attached: its own first
# line, and then the end, come when it goes on.
start_esbuild() {
	local deadline=$((SECONDS + PATIENCE))

	rm -f "$WORK/go"
	mkfifo "$WORK/go"
	exec {GO}<>"$WORK/go"
	(read -r -t "$PATIENCE" -u "$GO" && cat "$WORK/src/m0.js") |
		(cd "$WORK/src" && exec "$ESBUILD" --bundle --minify --sourcemap --target=es2017 \
			--log-level=error --outfile="$WORK/out.js") {GO}>&- &
	TARGET_PID=$!
	until [ "$(readlink "/proc/$TARGET_PID/exe")" = "$ESBUILD" ]; do
		[ "$SECONDS" -lt "$deadline" ] || fail "esbuild did not start"
		sleep 0.01
	done
	kill -STOP "$TARGET_PID"
}

run_esbuild() {
	echo >&"$GO"
	kill -CONT "$TARGET_PID"
	await_end "$TARGET_PID"
	TARGET_PID=''
	expect "esbuild's exit status" 0 "$STATUS"
	exec {GO}>&-
	await_tracers
}

# All that a real program does, and a package of its that does one percent of it.
real_program() {
	local few='github.com/evanw/esbuild/internal/sourcemap.*'

	ESBUILD=$("$ROOT/tools/programs.sh" --path esbuild)
	write_modules
	start_esbuild
	also whole --by site
	also all --by site --in '*'
	also few --by site --in "$few"
	run_esbuild
	same 'esbuild by site' whole all
	same 'esbuild by site' --in "$few" whole few
	start_esbuild
	also whole --max-bases 1048576
	also all --max-bases 1048576 --in '*'
	run_esbuild
	same 'esbuild by base' --totals whole all
}

for version in $VERSIONS; do
	for form in default pie-stripped; do
		by_site "$(target_path "$version" "$form" sites)"
	done
	by_caller "$(target_path "$version" stripped sites)"
	by_base "$(target_path "$version" pie truth)"
	by_ops "$(target_path "$version" default ops)"
done
if [ -z "${SLICESTAT_VERSIONS:-}" ]; then
	by_base "$(target_path 1.27 default truth)" -gc
	by_panics "$(target_path 1.27 default panics)"
	planned "$(target_path 1.27 stripped truth)"
	real_program
fi
echo "$SAME events the same, in part and in whole: go $VERSIONS"
