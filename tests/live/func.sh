#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# --func: the calls of functions of the program's own, by base and by site, with slices that the
# runtime has not made. What cannot be recorded is refused, with the reason.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=${SLICESTAT_EVENTS:-20000}
readonly PLAIN=(main.Record main.sum main.behind:3 main.last:6 main.switched:1 main.descend:1
	'main.(*ring).push:1')
readonly GENERIC=(main.RecordAny 'main.(*Ring).Push:2' 'main.Stack[...].Note')

# as_options FUNCTION...: into OPTIONS.
as_options() {
	local func

	OPTIONS=()
	for func; do
		OPTIONS+=(--func "$func")
	done
}

# sum_of KEY: over all rows of the final report.
sum_of() {
	tail -n 1 "$WORK/report" | sed 's/.*"rows":\[//' | grep -o "\"$1\":[0-9]*" |
		awk -F : '{ sum += $2 } END { print sum + 0 }'
}

# values_of KEY: of the rows of the final report, each once. Strings and null only.
values_of() {
	tail -n 1 "$WORK/report" | sed 's/.*"rows":\[//; s/,"other":.*//' |
		grep -o "\"$1\":[^,}]*" | cut -d : -f 2- | sort -u | paste -s -d ' '
}

expect_unknown_types() {
	expect ops '"func"' "$(values_of op)"
	expect 'element types' '"?"' "$(values_of elem)"
	expect 'element sizes' null "$(values_of elem_size)"
	expect 'bytes allocated' null "$(values_of bytes_allocated)"
	expect 'bytes of slack' null "$(values_of bytes_slack)"
}

# by_base TARGET [ARG]...
by_base() {
	trace_target "${OPTIONS[@]}" -- "$@" -events "$EVENTS"
	compare --allow-extra=0
	expect_unknown_types
}

# by_site CALLERS TARGET [ARG]...
by_site() {
	local callers=$1 _ events

	shift
	trace_target --by site "${OPTIONS[@]}" -- "$@" -events "$EVENTS"
	read -r _ _ events _ _ _ _ _ _ _ _ _ len_sum _ cap_sum <"$WORK/truth"
	expect events "$events" "$(sum_of events)"
	expect len_sum "$len_sum" "$(sum_of len_sum)"
	expect cap_sum "$cap_sum" "$(sum_of cap_sum)"
	expect_accounted "$events"
	expect_unknown_types
	expect callers "$callers" "$(values_of func)"
}


# refused REGEX FUNCTION [PATH]
refused() {
	expect_error "$1" "$SLICESTAT" plan --func "$2" "${3:-$TARGET}"
}

# misused REGEX OPTION...
misused() {
	local regex=$1 status=0 said

	shift
	said=$("$SLICESTAT" plan "$@" "$TARGET" 2>&1 >/dev/null) || status=$?
	expect "exit status of plan $*" 2 "$status"
	expect_match "plan $*" "$regex" "$said"
}

for version in ${SLICESTAT_VERSIONS:-1.21 1.24 1.27}; do
	for form in ${SLICESTAT_FORMS:-default pie-stripped}; do
		path=$(target_path "$version" "$form" record)
		echo "go $version $form"
		as_options "${PLAIN[@]}"
		by_base "$path"
		# A nil slice at every other call of main.Record.
		expect_match unallocated '^[1-9]' "$(count unallocated)"
		by_site '"main.(*worker).descents.func1" "main.(*worker).functions" "main.(*worker).loops" "main.descend"' \
			"$path"
		as_options "${GENERIC[@]}"
		by_base "$path" -generic
		by_site '"main.(*Ring[...]).Push" "main.(*worker).generics" "main.RecordAny[...]"' \
			"$path" -generic
	done
done

if [ -n "${SLICESTAT_VERSIONS:-}" ]; then
	echo "all equal: ${PLAIN[*]} ${GENERIC[*]}"
	exit
fi
TARGET=$(target_path 1.24 default record)
refused 'main.onStack cannot be recorded: .* passed on the stack' main.onStack:7
refused 'main.RecordAny cannot be recorded: .* passed on the stack' main.RecordAny:6
refused 'main.inlined cannot be recorded: no such function .*//go:noinline' main.inlined
refused 'no such function' 'main.RecordAny[int]'
refused 'word 0 is its receiver' 'main.(*ring).push'
refused 'only word 0 can be' main.Stack.Note:1
refused 'written in assembly' runtime.memmove
refused 'FIPS program' 'crypto/internal/fips140/sha256.(*Digest).Write:1' \
	"$(target_path 1.24 default fips)"
expect_error 'main.nothing cannot be recorded' "$SLICESTAT" --func main.nothing -- "$TARGET" -auto
misused 'not a number' --func main.Record:
misused 'not a number' --func main.Record:1x
misused 'names no function' --func :1
as_options main.{a,b,c,d,e,f,g,h,i}
misused 'at most 8' "${OPTIONS[@]}"
echo "all equal: ${PLAIN[*]} ${GENERIC[*]}"
