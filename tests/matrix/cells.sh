# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced. What is tested where. A cell is a line "CASE GO FORM": a case of tests/live, or
# check.sh here, a version of Go and a form of tests/build-targets.sh. The form "-" stands for all
# that the case knows.

readonly GO=1.24     # of every kernel, in the forms that all cases know
readonly GO_NEW=1.27 # of every kernel, in the other forms
readonly GO_ALL=(1.21 1.22 1.23 1.24 1.25 1.26 1.27)
readonly FORMS=(default stripped pie pie-stripped)

# The kernel on which all versions of Go are tested.
readonly KERNEL_OF_ALL_GO=6.12

# attaches_by KERNEL: what slicestat must say of it.
attaches_by() {
	if [ "$(printf '%s\n' 5.15 "$1" | sort -V | head -n 1)" != 5.15 ]; then
		echo none
	elif [ "$(printf '%s\n' 6.10 "$1" | sort -V | head -n 1)" != 6.10 ]; then
		echo perf
	else
		echo uprobe_multi
	fi
}

# other_forms KERNEL ARCH: those that forms.sh alone knows, but for what an emulated processor is too
# slow for, as sanitizers, or lacks, as GOAMD64=v3. The kernel sees little of them: one has all.
other_forms() {
	case $1/$2 in
	"$KERNEL_OF_ALL_GO"/amd64) echo noopt cover pgo cgo external external-pie c-shared plugin ;;
	"$KERNEL_OF_ALL_GO"/arm64) echo arm64-noopt arm64-cover arm64-pgo ;;
	*/amd64) echo noopt external-pie c-shared ;;
	*/arm64) echo arm64-noopt ;;
	esac
}

# cells_of GO FORM: what depends on the kernel, as far as there are programs for it.
cells_of() {
	printf "%s $1 $2\n" exact sites
	case $1/$2 in
	1.21/default | 1.24/default | 1.27/default) printf "%s $1 $2\n" types ops func chains ;;
	1.24/pie-stripped) echo "chains $1 $2" ;;
	*/default) echo "ops $1 $2" ;;
	esac
}

# cells_of_parts KERNEL GO: perf events cannot be had for as many calls as scope.sh chooses.
cells_of_parts() {
	[ "$(attaches_by "$1")" = perf ] || echo "scope $2 -"
	case $1/$2 in
	6.1/"$GO" | "$KERNEL_OF_ALL_GO/$GO") echo "perf_events $2 -" ;;
	esac
}

# usual_cells KERNEL ARCH
usual_cells() {
	local form go

	printf "%s $GO default\n" check privileges verifier static detach
	for form in "${FORMS[@]}"; do
		cells_of "$GO" "$form"
	done
	cells_of_parts "$1" "$GO"
	echo "follow $GO -"
	for form in $(other_forms "$1" "$2"); do
		echo "forms $GO_NEW $form"
	done
	[ "$1" = "$KERNEL_OF_ALL_GO" ] || return 0
	for go in "${GO_ALL[@]}"; do
		[ "$go" = "$GO" ] || cells_of "$go" default
	done
}

# forms_of ARCH GO: all that go build can make for it there, of those that forms.sh tests.
forms_of() {
	"${BASH_SOURCE[0]%/*}/../build-targets.sh" --list --matrix "$2" | sed 's,.*/,,' |
		grep -vxE 'default|stripped|pie|pie-stripped|386' | case $1 in
	amd64) grep -vxE 'v3|arm64.*' ;;
	*) grep "^$1-" | grep -vxE "$1-(stripped|pie|pie-stripped)" ;;
	esac
}

# full_cells KERNEL ARCH
full_cells() {
	local form go

	for go in "${GO_ALL[@]}"; do
		printf "%s $go default\n" check privileges verifier static
		[ "$go" != "$GO" ] || echo "follow $go -"
		for form in "${FORMS[@]}"; do
			{ cells_of "$go" "$form" && echo "ops $go $form"; } | sort -u
			case $go/$form in
			*/default) ;;
			1.21/* | 1.24/* | 1.27/*) printf "%s $go $form\n" types func ;;
			esac
		done
		cells_of_parts "$1" "$go"
		for form in $(forms_of "$2" "$go"); do
			echo "forms $go $form"
		done
	done
}

# shellcheck disable=SC2317 # called by name
quick_cells() {
	printf "%s $GO default\n" check exact static
}

# cells MODE KERNEL ARCH: MODE is usual, full or quick.
cells() {
	if [ "$(attaches_by "$2")" = none ]; then
		echo "check $GO default"
	else
		"$1_cells" "$2" "$3"
	fi
}

# programs_of CASE GO FORM: what a cell runs, a line "GO FORM PROGRAM" each.
programs_of() {
	case $1 in
	verifier) ;;
	check | privileges | exact | static) echo "$2 $3 truth" ;;
	follow)
		printf '%s truth\n' '1.21 default' '1.24 default' '1.24 pie' '1.27 default' \
			'1.27 pie-stripped'
		;;
	sites | types | ops) echo "$2 $3 $1" ;;
	func) echo "$2 $3 record" ;;
	detach) printf "$2 $3 %s\n" truth sites ;;
	chains) echo "$2 $3 lives" ;;
	forms) printf "$2 $3 %s\n" truth truth.so sites ops ;;
	perf_events)
		printf '%s\n' "$2 default truth" "$2 pie-stripped truth" "$2 pie truth" \
			"$2 default load" "$2 default types"
		;;
	scope)
		printf '%s\n' "$2 default sites" "$2 pie-stripped sites" "$2 stripped sites" \
			"$2 pie truth" "$2 default ops"
		;;
	esac
}

# target_form ARCH FORM: its name among the targets of this machine.
target_form() {
	case $1/$2 in
	"$(dpkg --print-architecture)"/* | */"$1"*) echo "$2" ;;
	*/default) echo "$1" ;;
	*) echo "$1-$2" ;;
	esac
}
