#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What the programs take the kernel's verifier, in each mode, is no more than what
# tests/verifier-cost.tsv keeps for this kernel series and architecture, and they are the same
# programs. A figure may be a tenth above, at least 10: compilers differ by that (clang 14, which it
# is kept for, 16 and 19); the same compiler's are the same each time. On a kernel for which nothing
# is kept all programs must load.
#
#   verifier.sh                 compares
#   verifier.sh --rows          prints the rows of this kernel
#   verifier.sh --write [FILE]  keeps them, or those that --rows has printed elsewhere

. "$(dirname "$0")/lib.sh"

KEPT=$ROOT/tests/verifier-cost.tsv
[[ $(uname -r) =~ ^[0-9]+[.][0-9]+ ]] || fail "what kernel is $(uname -r)"
KERNEL=${BASH_REMATCH[0]}$'\t'$(uname -m)

rows() {
	"$ROOT/build/tests/verifier_cost" >"$WORK/figures" || fail "not all programs load"
	sed "s/^/$KERNEL\t/" "$WORK/figures"
}

# write_rows FILE: those of other kernels stay; oldest first.
write_rows() {
	{
		head -n 1 "$KEPT"
		awk -F '\t' 'NR == FNR { new[$1, $2] } FNR > 1 && NR != FNR && !(($1, $2) in new)' \
			"$1" "$KEPT" | cat - "$1" | sort -s -t $'\t' -k 1,1V -k 2,2
	} >"$WORK/kept"
	cat "$WORK/kept" >"$KEPT"
}

# expect_cheap PROGRAM WHAT KEPT NOW
expect_cheap() {
	local more=$(($3 / 10))

	expect_at_most "$2 of $1 in the verifier ($3 are kept)" $(($3 + (more > 10 ? more : 10))) "$4"
}

# compare_rows: figures by "MODE PROGRAM" in ROWS with $WORK/now.
compare_rows() {
	local mode program insns states peak was

	while IFS=$'\t' read -r _ _ mode program insns states peak; do
		[ -n "${ROWS["$mode $program"]:-}" ] ||
			fail "$mode $program: no row for this kernel in tests/verifier-cost.tsv"
		IFS=$'\t' read -r -a was <<<"${ROWS["$mode $program"]}"
		unset "ROWS[$mode $program]"
		expect_cheap "$mode $program" instructions "${was[0]}" "$insns"
		expect_cheap "$mode $program" states "${was[1]}" "$states"
		expect_cheap "$mode $program" 'states at a time' "${was[2]}" "$peak"
	done <"$WORK/now"
	[ "${#ROWS[@]}" = 0 ] || fail "kept, but not loaded: ${!ROWS[*]}"
}

case ${1:-} in
--rows)
	rows
	exit
	;;
--write)
	[ -n "${2:-}" ] || rows >"$WORK/now"
	write_rows "${2:-$WORK/now}"
	exit
	;;
esac
rows >"$WORK/now"
declare -A ROWS=()
while IFS=$'\t' read -r kernel arch mode program figures; do
	[ "$kernel"$'\t'"$arch" != "$KERNEL" ] || ROWS["$mode $program"]=$figures
done <"$KEPT"
said="$(wc -l <"$WORK/now") programs load, at most"
said+=" $(sort -t $'\t' -k 5,5n "$WORK/now" | tail -n 1 | cut -f 5) instructions of 1000000"
if [ "${#ROWS[@]}" = 0 ]; then
	echo "$said; nothing is kept for $KERNEL"
	exit
fi
compare_rows
echo "$said, as kept for $KERNEL"
