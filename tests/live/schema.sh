#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What --schema prints is a JSON schema, which the output of each view keeps to and which wrong ones do
# not: two validators say so. That all other cases' outputs are held against it is in lib.sh; a case
# that leaves a wrong one fails.

. "$(dirname "$0")/lib.sh"

readonly EVENTS=2000

# expect_schema NAME VERB...: the file, as the program prints it.
expect_schema() {
	local name=$1

	shift
	"$SLICESTAT" "$@" --schema >"$WORK/$name.schema.json"
	cmp "$WORK/$name.schema.json" "$ROOT/user/output/$name.schema.json" ||
		fail "slicestat $* --schema is not $name.schema.json"
}

# view NAME OPTION...: several reports of it, with rows.
view() {
	local name=$1

	shift
	"$SLICESTAT" -q -o json -w "$WORK/$name" "$@" 0.05 -- "$TRUTH" -auto -events "$EVENTS" \
		>"$WORK/command.out"
	tail -n 1 "$WORK/$name" >"$WORK/$name.json"
	grep -q '"rows":\[{' "$WORK/$name.json" || fail "$name: no rows"
}

# advice: as what else has been seen tells it.
advice() {
	start_target "$(target_path 1.24 default logfreq)" -steps 20
	await_target '^ready$'
	start_tracer advise -o json -w "$WORK/advice.json" -p "$TARGET_PID"
	await_tracing
	tell_target
	await_target '^truth '
	end_tracer
	tell_target
	tell_target
	await_target_end
	grep -q '"advice":\[{' "$WORK/advice.json" || fail "no advice"
}

# wrong NAME EXPRESSION: the output of that name, changed by sed.
wrong() {
	local file=$WORK/$1.${#WRONG[@]}.json

	sed -E "$2" "$WORK/$1.json" >"$file"
	! cmp -s "$WORK/$1.json" "$file" || fail "$1: '$2' changes nothing"
	WRONG+=("$file")
	EXPRESSIONS+=("$2")
}
WRONG=()
EXPRESSIONS=()

# expect_valid VALIDATOR FILE...
expect_valid() {
	local said

	while read -r said; do
		[[ $said =~ ^valid\ [1-9] ]] || fail "$1: $said"
	done < <(printf '%s\n' "${@:2}" | "$ROOT/tests/live/validate.py" "$1")
}

# expect_refused VALIDATOR: each of the wrong ones.
expect_refused() {
	local said i=0

	while read -r said; do
		[[ $said == "${WRONG[i]}":1:* ]] ||
			fail "$1: after '${EXPRESSIONS[i]}' ${WRONG[i]} is $said"
		i=$((i + 1))
	done < <(printf '%s\n' "${WRONG[@]}" | "$ROOT/tests/live/validate.py" "$1")
	expect "$1: wrong outputs looked at" "${#WRONG[@]}" "$i"
}

expect_schema report
expect_schema advice advise
expect_schema diff diff
TRUTH=$(target_path 1.24 default truth)
readonly VIEWS=(base site stack type process chain budget)
view base
view site --by site
view stack --by site --stacks
view type --by type
view process --by process
view chain --chains exact
view budget --by site --budget 5
advice
for validator in fastjsonschema jsonschema; do
	expect_valid "$validator" "${VIEWS[@]/#/$WORK/}" "$WORK/advice.json"
done
expect_valid_outputs

for name in "${VIEWS[@]}"; do
	wrong "$name" 's/,"final":true//'
	wrong "$name" 's/"rows":/"extra":1,&/'
	wrong "$name" 's/("rows":\[\{)/\1"extra":1,/'
	wrong "$name" 's/"rows":\[\{"[a-z]+":[^,]+,/"rows":[{/'
	wrong "$name" 's/"seen":/"lost-events":/'
done
wrong base 's/("rows":.*"len_sum":)/\1-/'
wrong base 's/("rows":\[\{[^}]*"events":)[0-9]+/\10/'
wrong base 's/("rows":.*"cap":)([0-9]+)/\1"\2"/'
wrong base 's/"base":"0x/"base":"/'
wrong base 's/"op":"(grow|make)"/"op":"shrink"/'
wrong base 's/"site":\{"pc"/"site":{"address"/'
wrong base 's/"elapsed_s":[0-9.]+/"elapsed_s":NaN/'
wrong base 's/"time":"[^"]*"/"time":"yesterday"/'
wrong base 's/"by":"base"/"by":"site"/'
wrong base 's/report\/1"/report\/2"/'
wrong base 's/"arch":"[a-z0-9]*"/"arch":"vax"/'
wrong base 's/,"other":.*/}/'
wrong site 's/"by":"site"/"by":"type"/'
wrong site 's/"lens":\[\[/&1,/'
wrong site 's/"line":[0-9]+/"line":0/'
wrong stack 's/"stacks":\{[^}]*\},//'
wrong chain 's/"total":/"other":/'
wrong chain 's/"ends":\[\[/&1,/'
wrong budget 's/"exposure":[0-9.e-]+/"exposure":1.5/'
wrong budget 's/"exposure":[0-9.e-]+,//'
wrong advice 's/"kind":"[a-z]*"/"kind":"pray"/'
wrong advice 's/"share":[0-9.e-]+/"share":-0.1/'
wrong advice 's/"sites":/"rows":/'
for validator in fastjsonschema jsonschema; do
	expect_refused "$validator"
done

# One that a case leaves behind.
said=$(cp "${WRONG[0]}" "$WORK/wrong" && bash -c '. "$0/lib.sh" && cp "$1" "$WORK/output"' \
	"$ROOT/tests/live" "$WORK/wrong" 2>&1) && fail "a case may leave a wrong output"
expect_match "the case" '^not as its schema says: .*/output:1: ' "$said"
rm "${WRONG[@]}" "$WORK/wrong"
echo "${#WRONG[@]} wrong outputs refused, each view's own valid"
