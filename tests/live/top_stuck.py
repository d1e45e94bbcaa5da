#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A terminal that does not read. Usage: top_stuck.py COMMAND...

Starts the command on it and reads until there is a screen, then no more: "stuck" says that nothing
can be written there any more. With a line of text from standard input it reads again, until that
text is drawn: "shown". It stops to read once more, and SIGTERM must end the command: "ended STATUS".
"""
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

PATIENCE = float(os.environ.get("SLICESTAT_PATIENCE", "120"))
END_S = 2


def read_until(regex):
    """^L has it drawn as a whole, so that a line is one piece."""
    deadline = time.monotonic() + PATIENCE
    seen = b""
    while not re.search(regex, seen):
        if time.monotonic() > deadline:
            sys.exit(f"/{regex.decode()}/ was not drawn: {seen[-3000:]!r}")
        if select.select([master], [], [], 0.2)[0]:
            seen = (seen + os.read(master, 65536))[-200000:]
        else:
            os.write(master, b"\f")


def takes_more():
    poll = select.poll()
    poll.register(slave, select.POLLOUT)
    return poll.poll(0)


def get_stuck():
    deadline = time.monotonic() + PATIENCE
    while takes_more():
        if time.monotonic() > deadline:
            sys.exit("the terminal took all that was written")
        os.write(master, b"\f")
        time.sleep(0.005)


master, slave = os.openpty()
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 300, 0, 0))
command = subprocess.Popen(
    sys.argv[1:], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
    env=dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8"))
try:
    read_until(rb"every [0-9.]+ s[^\r]*.*cost ")
    get_stuck()
    print("stuck", flush=True)
    read_until(sys.stdin.readline().strip().encode())
    print("shown", flush=True)
    get_stuck()
    command.send_signal(signal.SIGTERM)
    try:
        print("ended", command.wait(END_S), flush=True)
    except subprocess.TimeoutExpired:
        sys.exit(f"SIGTERM did not end it within {END_S} s")
finally:
    command.kill()
