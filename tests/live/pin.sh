#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What --pin pins goes with its slicestat, and stays when that is killed; what cannot be pinned, picked
# up or stopped is said in one line; a user with two capabilities can do all of it, without them
# nothing; the system's log has a line for each who traces, looks and stops.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_pins.sh"

readonly EVENTS=2000 NOBODY=65534
path=$(target_path 1.24 default truth)
turns=$WORK/turns
chmod 711 "$WORK"
cp "$SLICESTAT" "$WORK/slicestat"
export PATH=$PATH:/usr/sbin

# expect_usage REGEX ARG...
expect_usage() {
	local regex=$1 status=0 said

	shift
	said=$("$SLICESTAT" "$@" 2>&1 >/dev/null) || status=$?
	expect "exit status of slicestat $*" 2 "$status"
	expect_match "slicestat $*" "slicestat: [^"$'\n'"]*($regex)" "$said"
}

start() {
	rm -f "$WORK/truth"
	start_target "$@" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
}

finish() {
	tell_target
	await_target '^done$'
	"$@"
	tell_target
	await_target_end
}

no_stop() { :; }

# pinned ARG...: until it says so.
pinned() {
	trace -p "$TARGET_PID" --pin "$PIN" -o json -n 0 -w "$WORK/report" "$@" 1000
	await_line "$TRACER_ERR" "$TRACER_PID" "pinned until the end of this run: bpftool map dump pinned $PIN_PATH/counts" \
		>>"$WORK/tracer.err"
}

expect_names() {
	expect "names in $PIN_PATH" "$1" "$(find "$PIN_PATH" -mindepth 1 -printf '%P\n' | LC_ALL=C sort | xargs)"
}

usage() {
	expect_usage 'needs a place to be found again: --pin DIR' -p 1 --detach
	expect_usage 'takes processes .-p PID.' --pin "$PIN" --detach -e "$path"
	expect_usage 'takes processes .-p PID.' --pin "$PIN" --detach -- true
	expect_usage '--budget needs slicestat' --pin "$PIN" --detach -p 1 --budget 5
	expect_usage '--chains needs slicestat' --pin "$PIN" --detach -p 1 --chains cheap
	expect_usage 'there are no reports: give INTERVAL' --pin "$PIN" --detach -p 1 1
	expect_usage 'there are no reports: give INTERVAL' --pin "$PIN" --detach -p 1 -w /dev/null
	expect_usage 'name the DIR' attach
	expect_usage 'name the DIR' stop
	expect_usage 'one argument too many' stop "$PIN" 1
	expect_usage 'INTERVAL' attach "$PIN" none
}

places() {
	local cannot=("$SLICESTAT" -p "$TARGET_PID" --pin)

	expect_error "$WORK/pins lies on no BPF file system: name a directory below /sys/fs/bpf" \
		"${cannot[@]}" "$WORK/pins"
	# shellcheck disable=SC2016 # expanded by the inner shell
	expect_error 'no BPF file system is mounted: mount -t bpf bpf /sys/fs/bpf' in_own_mounts sh -c \
		'mount -t tmpfs none /sys/fs/bpf && exec "$@"' sh "${cannot[@]}" "$PIN"
	expect_error 'a BPF file system takes no dots' "${cannot[@]}" "$PIN.d"
	expect_error 'lies on no BPF file system' "${cannot[@]}" "$PIN/below/this"
	mkdir -p "$PIN_PATH/mine"
	expect_error "$PIN_PATH is not empty: slicestat stop ends a session" "${cannot[@]}" "$PIN"
	expect_error "$PIN_PATH holds no session of slicestat's" "$SLICESTAT" stop "$PIN"
	expect_error "$PIN_PATH holds no session of slicestat's" "$SLICESTAT" attach "$PIN"
	rmdir "$PIN_PATH/mine"
	bpftool map create "$PIN_PATH/session" type array key 4 value 8 entries 1 name session
	expect_error 'pinned by another version of slicestat' "$SLICESTAT" attach "$PIN"
	expect_error 'pinned by another version of slicestat' "$SLICESTAT" stop "$PIN"
	rm "$PIN_PATH/session"
	rmdir "$PIN_PATH"
	expect_error "there is no $PIN_PATH" "$SLICESTAT" attach "$PIN"
}

with_slicestat() {
	start "$path"
	places
	pinned
	expect_names 'bases_a bases_b control counts pending session targets traced windows'
	expect_error "slicestat, pid $TRACER_PID, runs and has pinned $PIN_PATH: end that one" \
		"$SLICESTAT" stop "$PIN"
	expect_error "$PIN_PATH was not detached: its slicestat, pid $TRACER_PID, has the reports" \
		"$SLICESTAT" attach "$PIN"
	expect_error "$PIN_PATH is not empty" "$SLICESTAT" -p "$TARGET_PID" --pin "$PIN" --detach
	finish end_tracer
	# shellcheck disable=SC2119 # no options
	compare
	[ ! -e "$PIN_PATH" ] || fail "$PIN_PATH is still there"
}

killed() {
	local pid

	start "$path"
	pinned --by site
	expect_names 'control counts pending session site_windows sites_a sites_b targets traced'
	pid=$TRACER_PID
	{ kill -KILL "$pid" && await_tracer_end; } 2>/dev/null
	expect_names 'control counts pending session site_windows sites_a sites_b targets traced'
	expect_error "$PIN_PATH was not detached: .* was killed, slicestat stop $PIN_PATH removes" \
		"$SLICESTAT" attach "$PIN"
	expect_match "what stop said" "^slicestat: removed what a slicestat that was killed, pid $pid, had left in \
$PIN_PATH; there are no totals\$" "$("$SLICESTAT" stop "$PIN" 2>&1)"
	[ ! -e "$PIN_PATH" ] || fail "$PIN_PATH is still there"
	finish no_stop
}

# Not even where a plan is another one's are names guessed.
another_plan() {
	local words

	start "$path"
	detach --stacks --by site
	expect_names 'control counts links links/0 links/1 links/2 links/3 pending session site_windows sites stacks targets traced'
	words=$(bpftool -j map dump pinned "$PIN_PATH/traced" | jq -r '.[0].value |
		(.[:-1] + [if .[-1] == "0x00" then "0x01" else "0x00" end])[]' | xargs)
	# shellcheck disable=SC2086 # words
	bpftool map update pinned "$PIN_PATH/traced" key hex 0 0 0 0 value $words
	expect_error "would probe $path in another way than the one that began: use that one" \
		"$SLICESTAT" stop "$PIN"
	expect_usage "'none' is not a key" attach "$PIN" -s none
	remove_pins
	detach
	expect_usage 'bytes copied are not kept by base' attach "$PIN" -s copied
	finish stop
	# shellcheck disable=SC2119 # no options
	compare
}

# The same process runs its program anew: that is another exec.
execed() {
	build_turns 1.24 "$turns"
	start_target "$turns" grow=10 say=ready wait grow=100 "exec=$turns" grow=1000 say=done wait
	await_target '^ready$'
	detach
	tell_target
	await_target '^done$'
	stop
	expect_match "what was said" "pid $TARGET_PID has run another program meanwhile" \
		"$(cat "$WORK/tracer.err")"
	expect_accounted 300
	tell_target
	await_target_end
}

# as_nobody CAPABILITIES COMMAND...
as_nobody() {
	setpriv --reuid $NOBODY --regid $NOBODY --clear-groups --inh-caps="-all$1" --ambient-caps="-all$1" "${@:2}"
}

rights() {
	local both=,+bpf,+perfmon own=$SLICESTAT

	start "$path"
	expect_error 'not permitted to use BPF' as_nobody '' "$WORK/slicestat" \
		-p "$TARGET_PID" --pin "$PIN" --detach
	detach
	expect_error "cannot open $PIN_PATH: Permission denied" as_nobody "$both" "$WORK/slicestat" attach "$PIN"
	expect_error "cannot open $PIN_PATH: Permission denied" as_nobody "$both" "$WORK/slicestat" stop "$PIN"
	finish stop
	cp "$path" "$WORK/truth.bin"
	rm -f "$WORK/report"
	chmod 1777 "$WORK"
	start setpriv --reuid $NOBODY --regid $NOBODY --clear-groups "$WORK/truth.bin"
	expect_error 'not permitted to use BPF' as_nobody '' "$WORK/slicestat" -p "$TARGET_PID" --pin "$PIN" --detach
	[ ! -e "$PIN_PATH" ] || fail "$PIN_PATH is there although nothing was pinned"
	as_nobody "$both" "$WORK/slicestat" -q -p "$TARGET_PID" --pin "$PIN" --detach
	expect_error "$PIN_PATH is of user $NOBODY: stop it as that user" "$SLICESTAT" stop "$PIN"
	timeout "$PATIENCE" "$SLICESTAT" attach "$PIN" -q -w /dev/null 0.05 1
	cat >"$WORK/as" <<-END
		#!/bin/sh
		exec setpriv --reuid $NOBODY --regid $NOBODY --clear-groups --inh-caps=-all$both \
			--ambient-caps=-all$both "$WORK/slicestat" "\$@"
	END
	chmod 755 "$WORK/as"
	SLICESTAT=$WORK/as
	finish stop
	SLICESTAT=$own
	# shellcheck disable=SC2119 # no options
	compare
}

usage
with_slicestat
killed
another_plan
execed
rights
echo "what is pinned goes with its slicestat, or is said"
