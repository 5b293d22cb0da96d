# SPDX-License-Identifier: MIT
"""A time-stamping authority (RFC 3161) made with `openssl ts`, behind http on the loopback interface. Its paths answer
well (/) and badly: /old gives the answer to an earlier question, /status an error, /long too much, /none 404."""
import http.server
import os
import subprocess
import threading

CONFIG = """[req]
distinguished_name = name
[name]
[tsa]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/ca.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamp]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


def openssl(*words, folder):
    return subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True).stdout


class Authority:
    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "tsa.cnf"), "w") as file:
            file.write(CONFIG.format(folder=folder))
        with open(os.path.join(folder, "serial"), "w") as file:
            file.write("01\n")
        self.certify("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self.first = None
        handler = type("Handler", (Answers,), {"authority": self})
        self.server = Server(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def certify(self, *curve):
        openssl("req", "-x509", *curve, "-days", "30", "-subj", "/CN=Test CA", "-config", "tsa.cnf", "-extensions", "ca",
                "-keyout", "ca.key", "-out", "ca.pem", folder=self.folder)
        openssl("req", *curve, "-subj", "/CN=Test TSA", "-config", "tsa.cnf", "-keyout", "tsa.key", "-out", "tsa.csr",
                folder=self.folder)
        openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
                "-extfile", "tsa.cnf", "-extensions", "stamp", "-out", "tsa.pem", folder=self.folder)

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def reply(self, question):
        query = os.path.join(self.folder, f"query-{threading.get_ident()}")
        with open(query, "wb") as file:
            file.write(question)
        return openssl("ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", query, folder=self.folder)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """Who asked may have left."""


class Answers(http.server.BaseHTTPRequestHandler):
    authority = None

    def do_POST(self):
        question = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/timestamp-query" or self.path == "/none":
            self.send_error(404)
            return
        answer = self.authority.reply(question if self.path != "/status" else b"0\x03\x02\x01\x01")
        self.authority.first = self.authority.first or answer
        answer = {"/old": self.authority.first, "/long": b"0" * (2 << 20)}.get(self.path, answer)
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass
