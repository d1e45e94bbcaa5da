#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The first and only service of a guest: runs the cells that it finds in /cells, tells the console of
# them, and of what the kernel complained of ("KERNEL ..."), and turns the machine off.

export PATH=/usr/sbin:/usr/bin LANG=C HOME=/

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
ln -s /proc/self/fd /dev/fd
mount -t bpf bpf /sys/fs/bpf
mount -t securityfs securityfs /sys/kernel/security
mount -t tracefs tracefs /sys/kernel/tracing
exec </dev/null >/dev/console 2>&1

# Complaints about the emulated machine, while it boots, are none about what is traced.
complaints() {
	dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null |
		sed -n '/slicestat: begin/,$p' | grep -E 'BUG|WARNING|Oops|INFO: task|RIP:' | sed 's/^/KERNEL /'
}

echo "BOOT $(uname -r) $(uname -m)"
echo "slicestat: begin" >/dev/kmsg
# shellcheck source=/dev/null
. /environment
"$ROOT/tests/matrix/run_cells.sh" </cells
complaints
echo END
# Returns when the console has written all.
stty sane </dev/console
echo o >/proc/sysrq-trigger
read -r -t 60 <> <(:)
