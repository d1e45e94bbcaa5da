#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# -e PATH --containers: every process that has its executable at a path which is not here, whichever
# container it is in; images that come while it runs, files that are replaced, deleted, mounted over
# others. What is at other paths is not traced, and what is no Go program is told of once.

. "$(dirname "$0")/lib.sh"

if [ -z "${SLICESTAT_OWN_MOUNTS:-}" ]; then
	SLICESTAT_OWN_MOUNTS=1 in_own_mounts "$0"
fi

# The kernel keeps room for 1024 that the loader has not looked at.
readonly EVENTS=500 FLOOD=1500 PROBED=64 IMAGES=70
readonly PROGRAM=/srv/app-$$/program # of nobody else on this machine
export GOGC=off
declare -A HOST_PID
AT=''    # a cgroup of this case
GROUP='' # that of containers that are started next; or none
trap 'leave_places' EXIT

# What is mounted below goes before the files.
leave_places() {
	rmdir "$AT" || true
	umount -R "$WORK"/root.* "$WORK/layers" 2>/dev/null || true
	cleanup
}

# image NAME FILE: a layer with that file at the path, and at another one.
image() {
	mkdir -p "$WORK/layers/$1${PROGRAM%/*}" "$WORK/layers/$1/opt" "$WORK/layers/$1/tmp"
	cp "$2" "$WORK/layers/$1$PROGRAM"
	cp "$2" "$WORK/layers/$1/opt/program"
	ln -s "$PROGRAM" "$WORK/layers/$1/run"
}

images() {
	mkdir -p "$WORK/layers"
	mount -t tmpfs none "$WORK/layers"
	gcc -static -O1 -o "$WORK/nothing" -x c - <<-'END'
		#include <stdio.h>
		int main(int argc, char **argv)
		{
			(void)argv;
			return argc > 1 && (puts("ready"), fflush(stdout), getchar()) < 0;
		}
	END
	image old "$(target_path 1.24 default truth)"
	image new "$(target_path 1.27 stripped truth)"
	image late "$(target_path 1.21 default truth)"
	image nothing "$WORK/nothing"
}

# container NAME IMAGE: an overlay of its own.
container() {
	local root=$WORK/root.$1 dirs=$WORK/layers/dirs.$1

	mkdir -p "$root" "$dirs/upper" "$dirs/work"
	mount -t overlay overlay -o "lowerdir=$WORK/layers/$2,upperdir=$dirs/upper,workdir=$dirs/work" \
		"$root"
}

# contain NAME PATH ARG...: becomes the program in that container, with mounts and pids of its own, as
# container runtimes start it.
contain() {
	# shellcheck disable=SC2016 # the inner shell's
	unshare_mounts --pid --fork bash -c '
		[ -z "$2" ] || echo 0 >"$2/cgroup.procs"
		cd "$1" && pivot_root . . && cd / && shift 2 && exec "$@"' - \
		"$WORK/root.$1" "$GROUP" "${@:2}"
}

# contain_by_chroot NAME PATH ARG...: its links show the path from here.
contain_by_chroot() {
	unshare_mounts --pid --fork chroot "$WORK/root.$1" "${@:2}"
}

# contain_mounted NAME PATH ARG...: another file is mounted over the path.
contain_mounted() {
	# shellcheck disable=SC2016 # the inner shell's
	unshare_mounts --pid --fork bash -c '
		mount --bind "$2" "$1$3" && cd "$1" && pivot_root . . && cd / && shift 2 && exec "$@"' - \
		"$WORK/root.$1" "$WORK/layers/mounted" "${@:2}"
}

child_of() {
	tr -d ' ' <"/proc/$1/task/$1/children"
}

# start_waiting NAME [HOW [PATH]]: one that waits to be told; its pid here is in HOST_PID[NAME].
start_waiting() {
	start_target "${2:-contain}" "$1" "${3:-$PROGRAM}" -events "$EVENTS" -out /truth.waiting
	await_target '^ready$'
	HOST_PID[$1]=$(child_of "$TARGET_PID")
}

# end_waiting NAME AS
end_waiting() {
	tell_target
	await_target '^done$'
	tell_target
	await_target_end
	mv "$WORK/root.$1/truth.waiting" "$WORK/truth.$2"
	echo "${HOST_PID[$1]}" >"$WORK/pid.$2"
}

# run_whole NAME AS [PATH]: from its beginning to its end, in a file that is followed.
run_whole() {
	(contain "$1" "${3:-$PROGRAM}" -auto -events "$EVENTS" -out /truth.run) >"$WORK/out" ||
		fail "$2 ended with status $?"
	mv "$WORK/root.$1/truth.run" "$WORK/truth.$2"
}

await_tracer() {
	await_line "$TRACER_ERR" "$TRACER_PID" "$1" >>"$WORK/tracer.err"
}

# await_followed NAME
await_followed() {
	await_tracer "^slicestat: following $PROGRAM as pid ${HOST_PID[$1]} has it"
}

# follow ARG...
follow() {
	trace -e "$PROGRAM" --containers -o json -n 0 -w "$WORK/report" "$@" 1000
}

# targets: "PID PATH CGROUP" of each, in their order.
targets() {
	tail -n 1 "$WORK/report" | sed 's/"counts".*//' | grep -o '{"pid":[^}]*}' |
		sed 's/.*"pid":\([0-9]*\),"exe":"\([^"]*\)".*"cgroup":"\([^"]*\)".*/\1 \2 \3/'
}

# seen_at PATH: how many of the targets have it.
seen_at() {
	targets | cut -d ' ' -f 2 | grep -c -x -F "$1" || true
}

# expect_exact NAME...: these processes, in the order in which they came, and no other.
expect_exact() {
	local name pids said

	mapfile -t pids < <(targets | cut -d ' ' -f 1)
	expect "targets" $# "${#pids[@]}"
	for name; do
		if [ -e "$WORK/pid.$name" ]; then
			expect "pid of $name" "$(<"$WORK/pid.$name")" "${pids[0]}"
		fi
		said=$("$COMPARE" "$WORK/truth.$name" "$WORK/report" --allow-extra "--pid=${pids[0]}" 2>&1) ||
			fail "$name: $said"
		pids=("${pids[@]:1}")
	done
	expect_accounted $((EVENTS * $#))
	rm -f "$WORK"/truth.* "$WORK"/pid.*
}

# trace_waiting NAME [HOW]: one whose file is not followed yet, which waits until it is.
trace_waiting() {
	start_waiting "$@"
	await_followed "$1"
	end_waiting "$1" "$1"
}

# trace_exactly NAME [HOW]: the same. It collects garbage before it is ready: were it followed before
# that, bases would come again which its truth knows nothing of.
trace_exactly() {
	kill -STOP "$TRACER_PID"
	start_waiting "$@"
	kill -CONT "$TRACER_PID"
	await_followed "$1"
	end_waiting "$1" "$1"
}

# Nobody runs it at first. Images come one after the other; the first processes of these wait, later
# ones are exact from their beginning, in other containers of the image too.
nobody_yet() {
	follow
	expect_match "what is said at the beginning" \
		"tracing nobody yet: $PROGRAM is waited for, in all containers" "$(<"$WORK/tracer.err")"
	GROUP=$AT
	trace_exactly a
	GROUP=''
	run_whole a again
	run_whole b other
	run_whole b elsewhere /opt/program
	run_whole b link /run
	kill -STOP "$TRACER_PID"
	start_waiting c contain_by_chroot
	kill -CONT "$TRACER_PID"
	await_followed c
	# Its path is known by now, which cannot be asked for when it has ended.
	kill -STOP "$TRACER_PID"
	end_waiting c c
	kill -CONT "$TRACER_PID"
	run_whole c rest
	end_tracer
	rm "$WORK/truth.elsewhere"
	expect "paths of the targets" "$(printf '%s\n' "$PROGRAM"{,,,} "$WORK/root.c$PROGRAM" "$PROGRAM")" \
		"$(targets | cut -d ' ' -f 2)"
	expect "cgroup of the first" "/${AT##*/}" "$(targets | head -n 1 | cut -d ' ' -f 3)"
	expect_exact a again other link c rest
}

# One runs before, another one of the same image comes.
already_running() {
	start_waiting a
	follow
	expect_match "what is said at the beginning" "tracing pid ${HOST_PID[a]} [(]$PROGRAM, go1.24" \
		"$(<"$WORK/tracer.err")"
	run_whole b other
	end_waiting a a
	end_tracer
	expect_exact a other
}

# Files that become others in a container, have no name any more, or are mounted over another.
changed_files() {
	start_waiting d
	rm "$WORK/root.d$PROGRAM"
	cp "$(target_path 1.27 default truth)" "$WORK/layers/mounted"
	follow
	end_waiting d deleted
	cp "$(target_path 1.24 stripped truth)" "$WORK/root.d$PROGRAM"
	trace_exactly d
	trace_exactly b contain_mounted
	trace_exactly a
	end_tracer
	expect_exact deleted d b a
}

# As many as run it, in two containers: one line. The first stays until it has been said; what ends at
# once may have gone before it can be looked at.
no_programs() {
	local i

	follow
	start_target contain e "$PROGRAM" stay
	await_target '^ready$'
	await_tracer 'is not traced'
	tell_target
	await_target_end
	for ((i = 0; i < 3; i++)); do
		(contain e "$PROGRAM")
		(contain f "$PROGRAM")
	done
	trace_exactly a
	end_tracer
	expect "warnings" 1 "$(grep -c 'is not traced' "$WORK/tracer.err")"
	expect_match "the warning" "pid [0-9]+, and what else runs its file, is not traced: $PROGRAM: " \
		"$(grep 'is not traced' "$WORK/tracer.err")"
	expect_exact a
}

# Processes of the same name, more than there is room to tell of, while slicestat does not get on; the
# one that matters is behind them.
flood() {
	local i

	mkdir -p "$WORK/flood"
	cp "$WORK/nothing" "$WORK/flood/program"
	follow -v
	trace_exactly a
	kill -STOP "$TRACER_PID"
	for ((i = 0; i < FLOOD; i++)); do
		"$WORK/flood/program"
	done
	run_whole b known
	start_waiting c
	kill -CONT "$TRACER_PID"
	await_tracer 'too many processes came at once'
	await_followed c
	end_waiting c c
	end_tracer
	expect_exact a known c
}

# More images than can be probed at a time, each in a container that goes when its process has ended.
# What is known of those that are not probed any more takes four fds.
many_images() {
	local i names=() fds

	follow
	for ((i = 0; i < IMAGES; i++)); do
		image "$i" "$(target_path 1.24 default truth)"
		container "$i" "$i"
		trace_exactly "$i"
		umount "$WORK/root.$i" || fail "container $i cannot go"
		rm -r "$WORK/layers/$i" "$WORK/layers/dirs.$i"
		names+=("$i")
		[ "$i" != "$PROBED" ] || fds=$(open_fds "$TRACER_PID")
	done
	await_fds "$TRACER_PID" $((fds + 4 * (IMAGES - PROBED)))
	end_tracer
	expect_exact "${names[@]}"
}

# with_rights CAPABILITY...: SLICESTAT is root's with these alone, as a pod that drops all others.
with_rights() {
	local caps=-all

	caps+=$(printf ',+%s' "$@")
	cat >"$WORK/with_rights" <<-END
		#!/bin/bash
		exec setpriv --bounding-set "$caps" "$ROOT/build/slicestat" "\$@"
	END
	chmod 755 "$WORK/with_rights"
	SLICESTAT=$WORK/with_rights
}

# Three capabilities are enough; without CAP_SYS_PTRACE, processes that have more are not seen.
rights() {
	with_rights bpf perfmon sys_ptrace
	nobody_yet
	with_rights bpf perfmon
	follow
	start_waiting a
	await_tracer "not permitted to look into process ${HOST_PID[a]}, .* with CAP_SYS_PTRACE"
	end_waiting a a
	end_tracer
	rm "$WORK/truth.a" "$WORK/pid.a"
	expect "events without CAP_SYS_PTRACE" 0 "$(count seen)"
	SLICESTAT=$ROOT/build/slicestat
}

# The verbs that trace; a file of options can say it.
verbs() {
	printf '%s\n' "exe = $PROGRAM" containers 'budget = off' 'listen = 127.0.0.1:0' >"$WORK/conf"
	trace serve --config "$WORK/conf" -o json -w "$WORK/report"
	trace_waiting a
	end_tracer
	expect_accounted "$EVENTS"
	trace record -O "$WORK/recording" -e "$PROGRAM" --containers
	trace_waiting a
	end_tracer
	"$SLICESTAT" report "$WORK/recording" --by process -o json -n 0 >"$WORK/report"
	expect_accounted "$EVENTS"
	expect "recorded targets" 1 "$(seen_at "$PROGRAM")"
	rm "$WORK/truth.a" "$WORK/pid.a"
}

AT=/sys/fs/cgroup
[ -e "$AT/cgroup.controllers" ] || AT+=/unified
AT+=/slicestat-$$
mkdir "$AT"
images
container a old
container b old
container c new
container d late
container e nothing
container f nothing
nobody_yet
already_running
changed_files
no_programs
flood
rights
verbs
many_images
echo "exact: $((6 + 2 + 4 + 1 + 3 + 6 + 2 + IMAGES)) processes of $((IMAGES + 6)) files in containers"
