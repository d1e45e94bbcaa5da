#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""clients.py ADDRESS:PORT STUCK RATE SECONDS: asks for /metrics so many times a second, each time on
a connection of its own, beside clients that are stuck and come again when they are thrown out: some
say nothing, some half a request, some a byte a second, some ask and do not read. Prints how many
answers were whole, how many were not, and how long the slowest took, in ms."""

import socket
import sys
import threading
import time

REQUEST = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"


def connect(place, buffer=None):
    s = socket.socket()
    if buffer:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    s.settimeout(30)
    s.connect(place)
    return s


def be_stuck(place, kind, stop):
    """Until it is thrown out."""
    with connect(place, 1024) as s:
        s.settimeout(1)
        if kind == 1:
            s.sendall(REQUEST[:-5])
        elif kind == 3:
            s.sendall(REQUEST)
        sent = 0
        while not stop.is_set():
            if kind == 2:
                s.sendall(b"GET /metrics HTTP/1.1\r\nX: "[sent:sent + 1] or b"x")
                sent += 1
            if kind == 3:
                stop.wait(1)
                continue
            try:
                if not s.recv(1):
                    return
            except TimeoutError:
                pass


def stay_stuck(place, kind, stop):
    while not stop.is_set():
        try:
            be_stuck(place, kind, stop)
        except OSError:
            pass


def ask(place):
    """The answer is whole."""
    data = b""
    with connect(place) as s:
        s.sendall(REQUEST)
        while part := s.recv(65536):
            data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return head.startswith(b"HTTP/1.1 200") and len(body) == int(length[0].split(b":")[1])


def ask_often(place, times, results):
    for at in times:
        delay = at - time.monotonic()
        if delay > 0:
            time.sleep(delay)
        begin = time.monotonic()
        try:
            whole = ask(place)
        except OSError:
            whole = False
        results.append((whole, time.monotonic() - begin))


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    place = (host, int(port))
    stuck, rate, seconds = int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    stop = threading.Event()
    threads = [threading.Thread(target=stay_stuck, args=(place, i % 4, stop), daemon=True)
               for i in range(stuck)]
    results = []
    askers = 8
    begin = time.monotonic()
    times = [begin + i / rate for i in range(int(rate * seconds))]
    asking = [threading.Thread(target=ask_often, args=(place, times[i::askers], results))
              for i in range(askers)]
    for t in threads + asking:
        t.start()
    for t in asking:
        t.join()
    stop.set()
    whole = sum(1 for ok, _ in results if ok)
    print(whole, len(results) - whole, round(1000 * max(took for _, took in results)))


main()
