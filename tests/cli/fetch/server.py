# SPDX-License-Identifier: MIT
"""A loopback server that answers well and badly. Prints its port, then serves until it is killed."""
import http.server
import time

BODY = b"the body\n"


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, body, length):
        self.send_response(200)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, target):
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def slow(self):
        self.answer(b"", 10)
        time.sleep(10)

    def do_GET(self):
        answers = {
            "/body": lambda: self.answer(BODY, len(BODY)),
            "/unannounced": lambda: self.answer(BODY, None),
            "/truncated": lambda: self.answer(BODY, len(BODY) + 1),
            "/headers": lambda: self.answer(bytes(self.headers), len(bytes(self.headers))),
            "/redirect/body": lambda: self.redirect("/body"),
            "/to-file": lambda: self.redirect("file:///etc/hostname"),
            "/to-private": lambda: self.redirect("http://10.0.0.1/body"),
            "/circle": lambda: self.redirect("/circle"),
            "/slow": self.slow,
        }
        answers.get(self.path, lambda: self.send_error(404))()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
