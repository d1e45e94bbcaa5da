#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""hostile_receiver.py ADDRESS:PORT: answers what is posted in ways that no receiver should, one after
the other, and prints a line for each. hostile_receiver.py --names ADDRESS: takes what is asked of a
name server, and says nothing."""

import socket
import sys

MESSAGE = b"not these\x1b[2J"
PARTIAL = b"\x08\x03\x12" + bytes([len(MESSAGE)]) + MESSAGE  # of ExportMetricsServiceResponse
FOREVER = b"Retry-After: 9223372036854775807\r\n"
ANSWERS = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n" + b"\xff" * 1048576,
    b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n\x0a" % (len(PARTIAL) + 2)
    + bytes([len(PARTIAL)]) + PARTIAL,
    b"HTTP/1.1 429 Busy\r\nContent-Length: 0\r\nRetry-After: -1\r\n\r\n",
    b"HTTP/1.1 301 There\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    b"\r\n\r\nnothing of HTTP\x1b[2J",
    b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n" + FOREVER + b"\r\n",
]


def be_silent(address):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((address, 53))
    print("ready", flush=True)
    while True:
        s.recv(65536)
        print("asked", flush=True)


def more(s):
    data = s.recv(65536)
    if not data:
        sys.exit("a request ended early")
    return data


def read_request(s):
    data = b""
    while b"\r\n\r\n" not in data:
        data += more(s)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n")
                  if line.lower().startswith(b"content-length:"))
    if b"100-continue" in head.lower():
        s.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    while len(body) < length:
        body += more(s)


def main():
    if sys.argv[1] == "--names":
        be_silent(sys.argv[2])
    host, port = sys.argv[1].rsplit(":", 1)
    listener = socket.create_server((host, int(port)))
    print("ready", flush=True)
    for i in range(1000):
        s, _ = listener.accept()
        with s:
            read_request(s)
            s.sendall(ANSWERS[min(i, len(ANSWERS) - 1)])
        print("answered", i + 1, flush=True)


main()
