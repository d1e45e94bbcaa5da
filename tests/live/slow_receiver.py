#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""slow_receiver.py ADDRESS:PORT ADDRESS:PORT SECONDS: what is posted to the first place is handed on to the
second one, so much later each time, one after the other; its answer is the second one's."""

import http.client
import http.server
import sys
import time


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(float(sys.argv[3]))
        there = http.client.HTTPConnection(sys.argv[2])
        there.request("POST", self.path, body, {"Content-Type": self.headers["Content-Type"]})
        status = there.getresponse().status
        there.close()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


address, port = sys.argv[1].rsplit(":", 1)
server = http.server.HTTPServer((address, int(port)), Receiver)
print("ready", flush=True)
server.serve_forever()
