# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced. Emulated machines without devices but a console.

# run_machine ARCH ACCELERATOR CONSOLE_FILE PARAMETER OPTION...: until it turns itself off; PARAMETER
# is for the kernel's command line.
run_machine() {
	local arch=$1 accel=$2 console=$3 parameters="$4 loglevel=1 panic=-1"
	local words=()

	shift 4
	case $arch in
	amd64)
		# qemu 7.2 gets the flags of cmpxchg16b wrong.
		words=(qemu-system-x86_64 -cpu "max,-cx16")
		[ "$accel" != kvm ] || words=(qemu-system-x86_64 -cpu host)
		parameters+=" console=ttyS0"
		;;
	arm64)
		# The authentication of pointers is slow as the architecture has it.
		words=(qemu-system-aarch64 -M virt -cpu "max,pauth-impdef=on")
		[ "$accel" != kvm ] || words=(qemu-system-aarch64 -M virt -cpu host)
		parameters+=" console=ttyAMA0"
		;;
	esac
	"${words[@]}" -accel "$accel" -smp 2 -m 2048 -nodefaults -display none -no-reboot \
		-serial "file:$console" -append "$parameters" "$@" </dev/null
}

# accelerator ARCH KERNEL: for qemu. One thread of it runs all processors of a guest: with more, one may
# run what another has just overwritten, as the kernel does where it steps instructions. A machine may
# have /dev/kvm and yet not run guests with it: a kernel that finds no file system must have
# panicked soon, and so ended its machine.
accelerator() {
	if [ "$1" = "$(dpkg --print-architecture)" ] && [ -w /dev/kvm ] &&
		export -f run_machine && timeout 20 bash -c 'run_machine "$@"' run_machine \
		"$1" kvm /dev/null '' -kernel "$2" >/dev/null 2>&1; then
		echo kvm
	else
		echo tcg,thread=single
	fi
}
