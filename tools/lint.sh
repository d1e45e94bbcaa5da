#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Formatting, static analysis, the manual, and the sizes of files and functions. Usage: lint.sh CPPFLAGS
set -euo pipefail
cd "$(dirname "$0")/.."

FILE_LINES=400
FUNCTION_LINES=60

cppflags=${1:?usage: lint.sh CPPFLAGS (make lint calls it)}
mapfile -t user < <(git ls-files -co --exclude-standard 'user/*.c')
mapfile -t tests < <(git ls-files -co --exclude-standard 'tests/*.c' | grep -v '\.bpf\.c$')
mapfile -t all < <(git ls-files -co --exclude-standard '*.c' '*.h' | grep -v '^vmlinux/')
mapfile -t scripts < <(git ls-files -co --exclude-standard '*.sh' .ci/run)

# The checks are called by their names below.
# shellcheck disable=SC2317
check_format() {
	clang-format --dry-run -Werror "${all[@]}"
}

# tidy CHECKS FILE...
# shellcheck disable=SC2317
tidy() {
	# shellcheck disable=SC2086 # the flags are words
	printf '%s\0' "${@:2}" |
		xargs -0 -P "$(nproc)" -I{} clang-tidy --quiet "--checks=$1" {} -- -std=gnu11 $cppflags \
			2>/dev/null
}

# Paths through tests are run with sanitizers, which take less time than their analysis.
# shellcheck disable=SC2317
check_tidy() {
	tidy '' "${user[@]}" && tidy '-clang-analyzer-*' "${tests[@]}"
}

# shellcheck disable=SC2317
check_cppcheck() {
	cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr -j "$(nproc)" -Iuser -Ibpf \
		--enable=warning,portability --suppress=missingIncludeSystem \
		-D__x86_64__ --include=build/gen/version.h \
		'-DLIBBPF_OPTS(type,name,...)=struct type name' \
		'-Dbpf_object__for_each_program(p,o)=for (; p;)' \
		'-Dbpf_object__for_each_map(m,o)=for (; m;)' user
}

# shellcheck disable=SC2317
check_files() {
	wc -l "${all[@]}" | awk -v max="$FILE_LINES" '
		$2 != "total" && $1 > max { print $2 ": " $1 " lines, at most " max; bad = 1 }
		END { exit bad }'
}

# shellcheck disable=SC2317
check_functions() {
	ctags -f - --fields=+ne --kinds-C=f "${all[@]}" | awk -F'\t' -v max="$FUNCTION_LINES" '
		{
			begin = end = 0
			for (i = 4; i <= NF; i++) {
				if ($i ~ /^line:/) begin = substr($i, 6)
				if ($i ~ /^end:/) end = substr($i, 5)
			}
			if (end - begin + 1 > max) {
				print $2 ": " $1 " has " end - begin + 1 " lines, at most " max
				bad = 1
			}
		}
		END { exit bad }'
}

# shellcheck disable=SC2317
check_scripts() {
	printf '%s\0' "${scripts[@]}" |
		xargs -0 -P "$(nproc)" -n 8 shellcheck -x -P SCRIPTDIR
}

# shellcheck disable=SC2317
check_manual() {
	mandoc -T lint -W warning docs/slicestat.8
}

failed=0
for check in format files functions scripts manual cppcheck tidy; do
	if "check_$check"; then
		echo "lint $check: ok"
	else
		echo "lint $check: FAILED"
		failed=1
	fi
done
exit $failed
