# SPDX-License-Identifier: MIT
"""A loopback server that answers well and badly until it is killed; with --tls it has a certificate of its own
for 127.0.0.1, made in the working folder. Says where it is: PORT=… CERTIFICATE=…"""
import http.server
import os
import shlex
import ssl
import subprocess
import sys
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

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        answers = {
            "/echo": lambda: self.answer(self.headers["Content-Type"].encode() + b" " + sent, None),
            "/redirect": lambda: self.redirect("/echo"),
        }
        answers.get(self.path, lambda: self.send_error(404))()

    def log_message(self, *_):
        pass


def certified(socket):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "server.key",
                    "-out", "server.pem"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("server.pem", "server.key")
    return context.wrap_socket(socket, server_side=True)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if sys.argv[1:] == ["--tls"]:
    server.socket = certified(server.socket)
server.handle_error = lambda *_: None  # a client that refuses the certificate is what is wanted
print(f"PORT={server.server_address[1]} CERTIFICATE={shlex.quote(os.path.abspath('server.pem'))}", flush=True)
server.serve_forever()
