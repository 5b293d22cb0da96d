# SPDX-License-Identifier: MIT
"""The folder that holds the case over http on the loopback address, until it is killed: URL=…"""
import functools
import http.server


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory="."))
print(f"URL=http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
