#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The live view's process ends in the moment in which a key asks for other probes: there is nothing left
# to attach them to, and the last figures of those there were stay until q.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_screen.sh"

readonly EVENTS=2000
said=''

# seen: the events on the screen. It makes some more as it ends.
seen() {
	sed -n 's/^seen \([0-9,]*\),.*/\1/p' <<<"$SCREEN" | tr -d ,
}

# ended_while KEY VIEW_BEFORE VIEW_AFTER: slicestat is stopped meanwhile, so that the key comes first and
# the process has ended when it is looked at.
ended_while() {
	local before

	start_target "$(target_path 1.24 default truth)" -events "$EVENTS" -goroutines 1 -out "$WORK/truth"
	await_target '^ready$'
	start_top_alone -p "$TARGET_PID" --by "$2" 0.2
	tell_target
	await_target '^done$'
	await_screen 'seen 2,[0-9,]*, 0/s, lost 0,'
	before=$(seen)
	# No interval is over meanwhile, which would look for processes first.
	keys + + + + + +
	await_screen ', every 20 s: '
	stop_top
	keys "$1"
	await_keys 1
	tell_target
	await_target_end
	go_on_top
	await_screen 'the processes have ended: (these are the last figures|nothing else can be traced)'
	expect_match "the view after $1" "^slicestat by $3, " "$SCREEN"
	[ "$(seen)" -ge "$before" ] || fail "$(seen) events are left of $before"
	said+=" $(seen)"
	keys q
	await_alone 0
}

open_screen 120 24
ended_while b site site
ended_while s base base
echo "events still shown when the process had ended:$said"
