#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What becomes of a session without a loader when its target ends, its file goes or is another one,
# its pid is another process's, or two stop it at once: totals stay exact, and nothing is left.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_pins.sh"

readonly EVENTS=2000
path=$(target_path 1.24 default truth)
other=$(target_path 1.27 default truth)
mkdir "$WORK/bin"

# until_ended: the copy of the target is traced by the kernel alone, and ends.
until_ended() {
	rm -f "$WORK/truth"
	cp "$path" "$WORK/bin/target"
	start_target "$WORK/bin/target" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	# shellcheck disable=SC2119 # no options
	detach
	tell_target
	await_target '^done$'
	tell_target
	await_target_end
}

# until_stopped OPTION...: the target is traced by the kernel alone, and does not end before.
until_stopped() {
	rm -f "$WORK/truth"
	start_target "$path" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	detach "$@"
	tell_target
	await_target '^done$'
	stop
	tell_target
	await_target_end
}

# expect_exact: that the events are the truth. What Go does at the end of a program is counted too.
expect_exact() {
	compare --allow-extra
	expect_accounted "$EVENTS"
}

expect_names() {
	expect_exact
	grep -q '"func":"main\.' "$WORK/report" || fail "no place has a name"
}

expect_addresses() {
	expect_exact
	grep -q '"site":{"pc":"0x[0-9a-f]*"}' "$WORK/report" || fail "no place is an address"
	! grep -q '"func":' "$WORK/report" || fail "a place has a name"
}

# expect_said REGEX
expect_said() {
	expect_match "what was said" "$1" "$(cat "$WORK/tracer.err")"
}

echo "the target has ended"
until_ended
timeout "$PATIENCE" "$SLICESTAT" attach "$PIN" -o json -n 0 -w "$WORK/looked" 0.05 2>"$WORK/tracer.err"
expect "reports of what has ended" 1 "$(wc -l <"$WORK/looked")"
expect_said 'tracing 0 of 1 processes'
stop
expect_names

echo "its file is gone"
until_ended
rm "$WORK/bin/target"
stop
expect_addresses
expect_said 'bin/target is not there any more'

echo "its file is another one"
until_ended
cp "$other" "$WORK/bin/new"
mv "$WORK/bin/new" "$WORK/bin/target"
stop
expect_addresses
until_ended
cp "$other" "$WORK/bin/target"
stop
expect_addresses

echo "its file is gone, but it runs"
cp "$path" "$WORK/bin/target"
rm -f "$WORK/truth"
start_target "$WORK/bin/target" -events "$EVENTS" -out "$WORK/truth"
await_target '^ready$'
# shellcheck disable=SC2119 # no options
detach
rm "$WORK/bin/target"
tell_target
await_target '^done$'
stop
tell_target
await_target_end
expect_names

# In a pid namespace of its own a number can be given away again.
echo "its number is another process's"
cat >"$WORK/reuse" <<END
. "$ROOT/tests/live/lib.sh"
rm -r "\$WORK"
WORK=$WORK
start_target "$path" -events $EVENTS -out "$WORK/truth"
await_target '^ready\$'
"$SLICESTAT" -q -p "\$TARGET_PID" --pin "$PIN" --detach
tell_target
await_target '^done\$'
tell_target
pid=\$TARGET_PID
await_target_end
mkfifo "$WORK/in" "$WORK/out"
exec 7<>"$WORK/in" 8<>"$WORK/out"
for ((i = 0; i < 100 && TARGET_PID != pid; i++)); do
	[ -z "\$TARGET_PID" ] || { kill -KILL "\$TARGET_PID" && wait "\$TARGET_PID"; } 2>/dev/null || true
	echo \$((pid - 1)) >/proc/sys/kernel/ns_last_pid
	"$other" -events $EVENTS <&7 >&8 &
	TARGET_PID=\$!
done
await_line 8 "\$TARGET_PID" '^ready\$' >/dev/null
"$SLICESTAT" attach "$PIN" -o json -n 0 -w "$WORK/looked" 0.05 2>"$WORK/tracer.err"
"$SLICESTAT" stop "$PIN" -q -o json -n 0 -w "$WORK/report"
[ "\$TARGET_PID" = "\$pid" ] && kill -0 "\$pid"
trap - EXIT
kill -KILL "\$pid"
END
rm "$WORK/truth"
(unshare_mounts --pid --fork --mount-proc bash "$WORK/reuse") || fail "the number was not given away again"
expect_said 'tracing 0 of 1 processes'
expect_names

echo "two stop it at once"
for ((i = 0; i < 5; i++)); do
	until_ended
	statuses=''
	"$SLICESTAT" stop "$PIN" -q -o json -n 0 -w "$WORK/one" 2>"$WORK/one.err" &
	one=$!
	"$SLICESTAT" stop "$PIN" -q -o json -n 0 -w "$WORK/two" 2>"$WORK/two.err" &
	two=$!
	for pid in "$one" "$two"; do
		await_end "$pid"
		statuses+=$STATUS
	done
	case $statuses in
	01) winner=one loser=two ;;
	10) winner=two loser=one ;;
	*) fail "two at once ended with $statuses: $(cat "$WORK/one.err" "$WORK/two.err")" ;;
	esac
	expect "what the first said" "" "$(cat "$WORK/$winner.err")"
	expect_match "what the second said" "^slicestat: (another slicestat stops $PIN_PATH already|\
$PIN_PATH has been stopped|there is no $PIN_PATH)[^"$'\n'"]*\$" "$(cat "$WORK/$loser.err")"
	cp "$WORK/$winner" "$WORK/report"
	expect_names
done
expect_error "there is no $PIN_PATH" "$SLICESTAT" stop "$PIN"

echo "the report cannot be written"
until_ended
expect_error 'No space left' "$SLICESTAT" stop "$PIN" -q -o json -w /dev/full
expect_error "$PIN_PATH has been stopped: slicestat stop" "$SLICESTAT" attach "$PIN"
stop
expect_names

echo "there is no room for all"
until_stopped --max-bases 64
compare --lossy
[ "$(count lost_bases_full)" -gt 0 ] || fail "nothing was lost in a table of 64 bases"
expect "seen, and folded, without room and of no size" "$(count seen)" \
	$(($(count folded) + $(count lost_bases_full) + $(count zero_size)))
echo "exact after ends, changes of files and of numbers, and two stops at once"
