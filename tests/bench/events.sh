#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What an event costs the thread that it happens on: CPU time of one live process, less that of the
# same events untraced, for all sides in turn. The floor is a BPF program that does nothing, at the
# instruction that slicestat probes.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

readonly SECTION=events
ROUNDS=${ROUNDS:-7}
readonly N=98304        # events a sample
readonly N_STEPPED=16384 # where each takes long

readonly HIT='growth, address known'
readonly NEW='growth, new address'
readonly SITE='growth, by site'
readonly MAKE='make, by base'
readonly MAKE_SITE='make, by site'
readonly PEER="growth, against bpftrace"

readonly FLOOR='floor: empty, same instruction'
readonly GROW='slicestat --ops grow'
readonly MANUAL='bpftrace, function, 3 maps'
readonly RESULT=growslice_result # what its name is for bpftrace
readonly BY_HAND='bpftrace, instruction, 1 map'

rules() {
	title "CPU time an event takes from the traced thread, less the untraced event's;" \
		"ratio to an empty BPF program at the same instruction"
	baseline '*' untraced
	reference '*' "$FLOOR"
	reference "$PEER" "$GROW"
	at_most "$HIT" "$GROW" 1.5
	at_most "$NEW" "$GROW" 1.8
	at_most "$SITE" 'slicestat --by site --ops grow' 1.4
	at_least "$PEER" "$MANUAL" 8
}

# measure SIDE N KIND CASE...: one sample, for all these cases.
measure() {
	local side=$1 n=$2 kind=$3 case

	shift 3
	ask_target "$kind" "$n"
	for case; do
		sample "$case" "$side" ns/event "$LINE"
	done
}

measure_untraced() {
	measure untraced "$N" hit "$HIT" "$SITE" "$PEER"
	measure untraced "$N" new "$NEW"
	measure untraced "$N" make "$MAKE" "$MAKE_SITE"
}

# floor ADDRESS...: until end_floor.
floor() {
	trace_with "$BENCH/floor" "$TARGET_PID" "$@"
	await_probed "$TARGET_PID" "$1"
}

end_floor() {
	kill_tracer
	await_unprobed "$TARGET_PID" "$1"
}

measure_floors() {
	floor "$GROW_CALL"
	measure "$FLOOR" "$N" new "$NEW"
	measure "$FLOOR" "$N" hit "$HIT" "$SITE"
	end_floor "$GROW_CALL"
	floor "$GROW_ENTRY" "$GROW_CALL+ret"
	measure 'empty, first instruction and ret' "$N_STEPPED" hit "$HIT"
	end_floor "$GROW_ENTRY"
	floor "$MAKE_ENTER" "$MAKE_RET"
	measure "$FLOOR" "$N_STEPPED" make "$MAKE"
	end_floor "$MAKE_ENTER"
	floor "$MAKE_ENTER"
	measure "$FLOOR" "$N" make "$MAKE_SITE"
	end_floor "$MAKE_ENTER"
}

# No report comes before the end.
slicestat() {
	trace -p "$TARGET_PID" -o json -n 1 -w "$WORK/report" "$@" 3600
}

end_slicestat() {
	end_tracer
	await_unprobed "$TARGET_PID" "$GROW_CALL"
	[ "$(jq '[.counts | to_entries[] | select(.key | startswith("lost_")) | .value] | add' \
		"$WORK/report")" = 0 ] || fail "events were lost: $(jq -c .counts "$WORK/report")"
}

measure_bases() {
	slicestat --ops grow
	measure "$GROW" "$N" hit "$HIT" "$PEER"
	end_slicestat
	KNOWN=$(jq -r '"\(.counts.seen) events on \(.other.rows + (.rows | length)) addresses"' \
		"$WORK/report")
	slicestat --ops grow
	measure "$GROW" "$N" new "$NEW"
	end_slicestat
	FRESH=$(jq -r '"\(.counts.seen) events on \(.other.rows + (.rows | length)) addresses"' \
		"$WORK/report")
	slicestat
	measure 'slicestat' "$N" new "$NEW"
	measure 'slicestat' "$N" hit "$HIT"
	measure 'slicestat' "$N_STEPPED" make "$MAKE"
	end_slicestat
}

measure_sites() {
	slicestat --by site --ops grow
	measure 'slicestat --by site --ops grow' "$N" hit "$SITE"
	end_slicestat
	slicestat --by site
	measure 'slicestat --by site' "$N" hit "$SITE"
	measure 'slicestat --by site' "$N" make "$MAKE_SITE"
	end_slicestat
	if has_scope; then
		slicestat --by site --ops grow --in 'main.*'
		measure "slicestat --by site --in 'main.*'" "$N" hit "$SITE"
		end_slicestat
	fi
	slicestat --by site --stacks --ops grow
	measure 'slicestat --by site --stacks' "$N" hit "$SITE"
	end_slicestat
}

# bpftrace ADDRESS SCRIPT: with room for as many keys as slicestat has by default. It attaches to
# ADDRESS.
bpftrace() {
	trace_with env BPFTRACE_MAP_KEYS_MAX=262144 bpftrace -p "$TARGET_PID" -e "$2"
	await_probed "$TARGET_PID" "$1"
}

end_bpftrace() {
	kill_tracer
	await_unprobed "$TARGET_PID" "$1"
}

measure_bpftrace() {
	bpftrace "$GROW_ENTRY" "uprobe:$TARGET:\"runtime.growslice\" {
		@n[reg(\"ax\")] = count();
		@len[reg(\"ax\")] = sum(reg(\"bx\"));
		@cap[reg(\"ax\")] = sum(reg(\"cx\"));
	}"
	measure "$MANUAL" "$N_STEPPED" hit "$HIT" "$PEER"
	end_bpftrace "$GROW_ENTRY"
	bpftrace "$GROW_CALL" "uprobe:$TARGET:$RESULT { @n[reg(\"ax\")] = count(); }"
	measure "$BY_HAND" "$N" new "$NEW"
	measure "$BY_HAND" "$N" hit "$HIT" "$PEER"
	end_bpftrace "$GROW_CALL"
}

# section PATH NAME FIELD: of readelf's line from the name on.
section() {
	readelf -SW "$1" | sed 's/^ *\[ *[0-9]*\] //' |
		awk -v name="$2" -v field="$3" '$1 == name { print $field }'
}

# name_instruction FROM TO ADDRESS NAME: a copy with a symbol there. Debian's bpftrace attaches to nothing else,
# nor to a symbol without a size, which objcopy cannot give: it is byte 16 of the symbol's 24.
name_instruction() {
	local index

	objcopy --add-symbol "$4=.text:$(($3 - 0x$(section "$1" .text 3))),function,global" "$1" "$2"
	index=$(readelf -sW "$2" | awk -v name="$4" '$8 == name { print $1 + 0 }')
	printf '\5' | dd of="$2" bs=1 conv=notrunc status=none \
		seek=$((0x$(section "$2" .symtab 4) + index * 24 + 16))
}

BUILT=$(build_target events)
TARGET=$WORK/events
GROW_CALL=$(planned "$BUILT" grow_call)
name_instruction "$BUILT" "$TARGET" "$GROW_CALL" "$RESULT"
GROW_ENTRY=$(planned "$TARGET" runtime.growslice)
GROW_ENTRY=${GROW_ENTRY%-*}
MAKE_ENTER=$(planned "$TARGET" make_enter)
MAKE_RET=$(planned "$TARGET" make_ret)

rules
start_target "$TARGET"
await_target '^ready$'
for kind in hit new make; do
	ask_target "$kind" "$N"
done
SIDES=(measure_untraced measure_floors measure_bases measure_sites measure_bpftrace)
# Each round begins with another one, so that none always runs behind the same.
for ((round = 0; round < ROUNDS; round++)); do
	say "events: round $((round + 1)) of $ROUNDS"
	for i in "${!SIDES[@]}"; do
		"${SIDES[(i + round) % ${#SIDES[@]}]}"
	done
done
end_target
note "$HIT: $KNOWN"
note "$NEW: $FRESH"
note "$(command bpftrace --version)"
