#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""complete.py SHELL SCRIPT: types each line of stdin, and a tab, into an interactive shell that has read
the script, and prints what the shell made of it."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "bind 'set bell-style none'"),
    "zsh": (["zsh", "-f", "-i"], "unsetopt beep; autoload -U compinit; compinit -u -D"),
    "fish": (["fish", "--no-config", "-i"], "true"),
}
PATIENCE = 60
TO_THE_BEGIN = "\x01"


def await_match(fd, pattern):
    seen = ""
    while not re.search(pattern, seen):
        if not select.select([fd], [], [], PATIENCE)[0]:
            sys.exit(f"no {pattern} within {PATIENCE} s in {seen!r}")
        seen += os.read(fd, 65536).decode("utf-8", "replace")
    return re.search(pattern, seen).group(1)


def main():
    command, setup = SHELLS[sys.argv[1]]
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.execvp(command[0], command)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 100, 500, 0, 0))
    # The shell's answer is not what has been typed: that is echoed.
    os.write(fd, f"{setup}; source {sys.argv[2]}; echo re''ady\r".encode())
    await_match(fd, r"(ready)\r")
    for line in sys.stdin:
        typed = line.rstrip("\n") + "\t" + TO_THE_BEGIN + "echo li''ne: \r"
        os.write(fd, typed.encode())
        print(await_match(fd, r"line: ([^\r]*)\r"), flush=True)
    os.close(fd)
    os.waitpid(pid, 0)


main()
