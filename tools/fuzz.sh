#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/fuzz.sh build                    the targets, with ASan and UBSan, into build/fuzz/, and first
#                                        inputs, cut from the Go executables in build/targets
#               replay [TARGET]...       the regressions in tests/fuzz/regressions/TARGET
#               run SECONDS [TARGET]...  fuzzes each for so long, and notes it in tests/fuzz/log.tsv
#               coverage                 the lines that all inputs kept so far run through
#
# Inputs that found something new are kept in build/fuzz/corpus/TARGET. What fails is written to
# build/fuzz/findings/TARGET. FUZZ_SEED=N makes runs alike, FUZZ_LOG=FILE notes them elsewhere. See
# docs/fuzz.md.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly OUT=build/fuzz
readonly ROOMS=(log gobin plan symbol)
readonly PARSER=(ask frame_cache parsed parsed_check server wire) # all but what makes processes
readonly RECORDING=(report output recording) # rooms of the target of that name
readonly FLAGS=(-std=gnu11 -D_GNU_SOURCE -g -Wall -Wextra -Werror -Iuser -Ibpf -Itests/fuzz "-I$OUT/gen"
	"-DSLICESTAT_VERSION=\"fuzzed\"")
readonly SANITIZE=(-O1 -fno-omit-frame-pointer "-fsanitize=fuzzer-no-link,address,undefined"
	-fno-sanitize-recover=all)
readonly COVER=(-O1 -fprofile-instr-generate -fcoverage-mapping)
readonly LIBS=(-lelf -lcapstone -lprotobuf-c -ljansson -lz -lm)
readonly INPUT_SECONDS=5 INPUT_MB=512 # an input that takes more is a finding
readonly LOG=${FUZZ_LOG:-tests/fuzz/log.tsv}
CC=${CLANG:-clang}

die() {
	echo "fuzz.sh: $*" >&2
	exit 1
}

targets() {
	local source

	for source in tests/fuzz/fuzz_*.c; do
		source=${source#tests/fuzz/fuzz_}
		echo "${source%.c}"
	done
}

# compile DIRECTORY SOURCE FLAG...: the object, unless it is newer than the source and all headers.
compile() {
	local object=$1/obj/${2%.c}.o source=$2

	shift 2
	if [ -e "$object" ] && [ "$object" -nt "$source" ] && [ -z "$(
		find user bpf tests/fuzz tests/unit/go_image.h -name '*.h' -newer "$object" -print -quit
	)" ]; then
		return 0
	fi
	mkdir -p "${object%/*}"
	"$CC" "${FLAGS[@]}" "$@" -c -o "$object" "$source"
}

# objects_of DIRECTORY: those of the rooms, and of what all targets share.
objects_of() {
	local room

	for room in "${ROOMS[@]}"; do
		find "$1/obj/user/$room" -name '*.o'
	done
	find "$1/obj/tests/fuzz" -name '*.o' ! -name 'fuzz_*' ! -name 'seeds*'
}

# archive OUTPUT OBJECT...: of which each target takes what it needs, unless it is newer than all objects.
archive() {
	local object

	for object in "${@:2}"; do
		[ "$1" -nt "$object" ] || {
			rm -f "$1"
			ar rcs "$@"
			return
		}
	done
}

# link OUTPUT OBJECT... -- FLAG...: unless it is newer than all objects.
link() {
	local output=$1 objects=() object

	shift
	while [ "$1" != -- ]; do
		objects+=("$1")
		shift
	done
	shift
	for object in "${objects[@]}"; do
		[ "$output" -nt "$object" ] || {
			"$CC" "$@" -o "$output" "${objects[@]}" "${LIBS[@]}"
			return
		}
	done
}

# build_recording DIRECTORY FLAG...: an archive, of which only that target and seeds take something.
build_recording() {
	local directory=$1 room source

	shift
	for source in user/*/*.proto; do
		mkdir -p "$OUT/gen"
		[ "$OUT/gen/${source#user/}" -nt "$source" ] ||
			protoc-c --proto_path=user --c_out="$OUT/gen" "$source"
		touch "$OUT/gen/${source#user/}"
	done
	for room in "${RECORDING[@]}"; do
		for source in "user/$room"/*.c; do
			# What --schema prints is made by make.
			[ "$source" = user/output/schema.c ] || compile "$directory" "$source" "$@"
		done
	done
	for source in "$OUT"/gen/*/*.pb-c.c; do
		compile "$directory" "$source" "$@"
	done
	mapfile -t objects < <(find "${RECORDING[@]/#/$directory/obj/user/}" "$directory/obj/$OUT/gen" -name '*.o' | sort)
	archive "$directory/recording.a" "${objects[@]}"
}

# build_in DIRECTORY FLAG...
build_in() {
	local directory=$1 room source target objects

	shift
	for room in "${ROOMS[@]}"; do
		for source in "user/$room"/*.c; do
			compile "$directory" "$source" "$@"
		done
	done
	for source in "${PARSER[@]}"; do
		compile "$directory" "user/parser/$source.c" "$@"
	done
	for source in tests/fuzz/*.c; do
		compile "$directory" "$source" "$@"
	done
	build_recording "$directory" "$@"
	archive "$directory/parser.a" "$directory/obj/user/parser"/*.o
	mapfile -t objects < <(objects_of "$directory" | sort)
	objects+=("$directory/parser.a" "$directory/recording.a")
	for target in $(targets); do
		link "$directory/$target" "$directory/obj/tests/fuzz/fuzz_$target.o" \
			"${objects[@]}" -- "$@" -fsanitize=fuzzer
	done
	link "$directory/seeds" "$directory"/obj/tests/fuzz/seeds*.o "${objects[@]}" -- "$@"
}

check_compiler() {
	local runtime

	runtime=$("$CC" -print-file-name="libclang_rt.fuzzer-$(uname -m).a")
	[ -e "$runtime" ] || die "$CC has no libFuzzer; install it: apt-get install libclang-rt-dev"
}

build() {
	check_compiler
	build_in "$OUT" "${SANITIZE[@]}"
	seeds
}

# seeds: an executable of each Go version and form that is there gives some.
seeds() {
	local path name

	for path in build/targets/go*/{default,pie-stripped,noopt,cover-all,race,arm64{,-pie,-cover-all}}/truth; do
		[ -e "$path" ] || continue
		name=${path#build/targets/}
		name=${name%/truth}
		"$OUT/seeds" "$path" "$OUT/seed" "${name//\//-}"
	done
}

# Sizes of allocations that fail are a matter of the input, which may claim anything.
sanitizer_options() {
	export ASAN_OPTIONS=allocator_may_return_null=1:quarantine_size_mb=8:detect_leaks=1
	export UBSAN_OPTIONS=print_stacktrace=1
}

# replay TARGET...: fails with the first that fails.
replay() {
	local target inputs=()

	sanitizer_options
	for target; do
		mapfile -t inputs < <(find "tests/fuzz/regressions/$target" -type f 2>/dev/null | sort)
		[ "${#inputs[@]}" -gt 0 ] || continue
		"$OUT/$target" -timeout="$INPUT_SECONDS" -rss_limit_mb="$INPUT_MB" "${inputs[@]}" \
			>"$OUT/replay.out" 2>&1 || {
			cat "$OUT/replay.out" >&2
			die "a regression of $target fails"
		}
		echo "$target: ${#inputs[@]} regressions hold"
	done
}

# figure OUTPUT NAME: of libFuzzer's -print_final_stats.
figure() {
	sed -n "s/^stat::$2: *//p" "$1" | tail -n 1
}

# note TARGET SECONDS OUTPUT FINDINGS
note() {
	local edges

	edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$3" | tail -n 1)
	[ -e "$LOG" ] || printf 'date\ttarget\tseconds\texecutions\tedges\tfindings\n' >"$LOG"
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$(date -u +%Y-%m-%d)" "$1" "$2" \
		"$(figure "$3" number_of_executed_units)" "${edges:-0}" "$4" >>"$LOG"
}

# run_one SECONDS TARGET: fails with what the target has found, or where it ends early.
run_one() {
	local target=$2 corpus=$OUT/corpus/$2 findings=$OUT/findings/$2 output=$OUT/$2.out
	local begin=$SECONDS status=0 took n

	mkdir -p "$corpus" "$findings" "$OUT/seed/$target"
	touch "$findings.begin"
	"$OUT/$target" -max_total_time="$1" -timeout="$INPUT_SECONDS" -rss_limit_mb="$INPUT_MB" \
		-max_len=8192 -print_final_stats=1 ${FUZZ_SEED:+-seed="$FUZZ_SEED"} \
		-artifact_prefix="$findings/" "$corpus" "$OUT/seed/$target" >"$output" 2>&1 || status=$?
	took=$((SECONDS - begin))
	n=$(find "$findings" -type f -newer "$findings.begin" | wc -l)
	note "$target" "$took" "$output" "$n"
	echo "$target: $(figure "$output" number_of_executed_units) executions in $took s, $n findings"
	[ "$status" = 0 ] || tail -n 40 "$output" >&2
	return "$status"
}

# run SECONDS TARGET...
run() {
	local seconds=$1 target failed=0

	shift
	sanitizer_options
	for target; do
		run_one "$seconds" "$target" || failed=1
	done
	return "$failed"
}

# coverage: of all inputs kept, seeds and regressions.
coverage() {
	local directory=$OUT/cov target objects=()

	build_in "$directory" "${COVER[@]}"
	rm -f "$directory"/*.profraw
	for target in $(targets); do
		mkdir -p "$OUT/corpus/$target" "$OUT/seed/$target" "tests/fuzz/regressions/$target"
		LLVM_PROFILE_FILE=$directory/$target.profraw "$directory/$target" -runs=0 \
			"$OUT/corpus/$target" "$OUT/seed/$target" "tests/fuzz/regressions/$target" \
			>"$directory/$target.out" 2>&1
		objects+=(-object "$directory/$target")
	done
	llvm-profdata merge -o "$directory/all.profdata" "$directory"/*.profraw
	llvm-cov report "${objects[@]:1}" -instr-profile="$directory/all.profdata" \
		user/gobin user/plan user/symbol user/parser >"$directory/report"
	sum_coverage "$directory/report"
}

# sum_coverage REPORT: lines by file are in its columns 8 and 9, all and missed.
sum_coverage() {
	awk '
		$1 ~ /^(user\/)?(gobin|plan|symbol|parser)\// {
			sub(/^user\//, "", $1)
			split($1, path, "/")
			lines[path[1]] += $8
			missed[path[1]] += $9
		}
		END {
			for (room in lines)
				printf "user/%s: %d of %d lines, %.1f %%\n", room, lines[room] - missed[room],
					lines[room], 100 * (lines[room] - missed[room]) / lines[room]
		}' "$1" | sort
	echo "by file: $1"
}

[ $# -ge 1 ] || die "usage: fuzz.sh build|replay|run SECONDS|coverage [TARGET]..."
verb=$1
shift
case $verb in
build | coverage) "$verb" ;;
replay)
	mapfile -t all < <(targets)
	replay "${@:-${all[@]}}"
	;;
run)
	[ $# -ge 1 ] || die "usage: fuzz.sh run SECONDS [TARGET]..."
	seconds=$1
	shift
	mapfile -t all < <(targets)
	run "$seconds" "${@:-${all[@]}}"
	;;
*) die "no such verb: $verb" ;;
esac
