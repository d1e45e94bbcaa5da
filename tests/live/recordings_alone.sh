#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A recording is read by a user without any right, where the kernel has no BPF for him, after the
# executable and its source are gone; and what is no recording, or none any more, is told in one line.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=2000
PLACE=$WORK/place # of nobody's, with no way to the rest

# as_nobody ARG...: slicestat, without capabilities and all that root has; it may not even call bpf(2).
as_nobody() {
	(cd "$PLACE" && exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs \
		--inh-caps=-all --bounding-set=-all "$PLACE/slicestat" "$@")
}

record_run() {
	cp "$(target_path 1.24 default truth)" "$WORK/program"
	start_target "$WORK/program" -events "$EVENTS" -out "$WORK/truth"
	await_target '^ready$'
	trace record -O "$PLACE/$1.rec" -p "$TARGET_PID" -o json -n 0 -w "$WORK/$1.live" "${@:2}"
	tell_target
	await_target '^done$'
	end_tracer
	tell_target
	await_target_end
	rm "$WORK/program"
}

# refused REGEX FILE: by each verb.
refused() {
	local verb

	for verb in report advise; do
		expect_error "$1" as_nobody "$verb" "$2"
	done
	expect_error "$1" as_nobody diff site.rec "$2"
	expect_error "$1" as_nobody diff "$2" site.rec
	SAID=$((SAID + 4))
}
SAID=0

PLAIN=$WORK/plain # what is in the recording, decompressed

# repack FILE: the same way back.
repack() {
	gzip -nc >"$PLACE/$1"
}

hostile() {
	local size i

	gzip -dc <"$PLACE/site.rec" >"$PLAIN"
	size=$(stat -c %s "$PLACE/site.rec")
	for i in 1 9 10 11 $((size / 2)) $((size - 8)) $((size - 1)); do
		head -c "$i" "$PLACE/site.rec" >"$PLACE/cut"
		refused 'cut is (cut off|damaged|no recording)' cut
	done
	: >"$PLACE/empty"
	refused 'empty is no recording' empty
	echo 'hello' >"$PLACE/text"
	refused 'text is no recording' text
	echo 'hello' | repack foreign
	refused 'foreign is no recording' foreign
	# Behind the schema (2 + 19 bytes) and the tag is the version.
	{ head -c 22 "$PLAIN" && printf '\2' && tail -c +24 "$PLAIN"; } | repack newer
	refused 'newer was recorded by a newer slicestat \(format 2, this one reads 1\)' newer
	head -c -20 "$PLAIN" | repack short
	refused 'short is damaged' short
	{ cat "$PLAIN" && printf '\xff\xff\xff'; } | repack tail
	refused 'tail is damaged' tail
	{ head -c 100 "$PLACE/site.rec" && printf 'xxxx' && tail -c +105 "$PLACE/site.rec"; } >"$PLACE/flipped"
	refused 'flipped is damaged' flipped
	# 300 MiB of zeros, behind what a recording begins with.
	{ head -c 23 "$PLAIN" && head -c 300M /dev/zero; } | repack bomb
	expect_error 'bomb is too large: over 256 MiB' as_nobody report bomb
	# Eight million empty rows (field 11), of two bytes each: 200 in memory.
	printf 'Z\0%.0s' {1..16384} >"$WORK/rows"
	for ((i = 0; i < 512; i++)); do cat "$WORK/rows"; done | cat "$PLAIN" - | repack rows
	expect_error 'rows is too large: over 1024 MiB in memory' as_nobody report rows
	chmod 0 "$PLACE/text"
	refused 'cannot read text: Permission denied' text
	refused 'cannot read gone' gone
	refused 'Is a directory' .
}

mkdir "$PLACE"
chmod 755 "$WORK" "$PLACE"
cp "$SLICESTAT" "$PLACE/slicestat"
record_run site --by site
record_run type --by type
record_run chains --chains=cheap
chmod 644 "$PLACE"/*.rec
expect_error '.' as_nobody -p 1
as_nobody report site.rec -o json -n 0 >"$WORK/again" || fail "report: status $?"
cmp "$WORK/site.live" "$WORK/again" || fail "the report differs"
as_nobody report type.rec --by type -o json -n 0 >"$WORK/again" || fail "report --by type: status $?"
cmp "$WORK/type.live" "$WORK/again" || fail "the report by type differs"
as_nobody report chains.rec -o json -n 0 >"$WORK/again" || fail "report of chains: status $?"
cmp "$WORK/chains.live" "$WORK/again" || fail "the report of chains differs"
as_nobody advise chains.rec >"$WORK/again" || fail "advise: status $?"
grep -q '^1\. main\.' "$WORK/again" || fail "no advice: $(head -n 5 "$WORK/again")"
as_nobody diff site.rec type.rec >"$WORK/again" || fail "diff: status $?"
expect_match "diff" '; 0 rows changed$' "$(tail -n 1 "$WORK/again")"
expect_error 'no chains to advise on: record with --chains' as_nobody advise site.rec
expect_error 'recorded by site: record with --by base' as_nobody report site.rec --by base
expect_error 'no stacks' as_nobody report site.rec --stacks
expect_error 'leave --by out' as_nobody report chains.rec --by site
expect_error 'rows by chain have no slack' as_nobody report chains.rec -s slack
hostile
echo "read without any right; $SAID times one line for what is no recording"
