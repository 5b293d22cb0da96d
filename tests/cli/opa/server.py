# SPDX-License-Identifier: MIT
"""A loopback server that speaks OPA's data API as far as bulla needs it; no policy language: each path is one
way to answer. It is not OPA. Says where it is: PORT=…"""
import http.server
import json
import sys
import time

PREFIX = "/v1/data/"


def denied(question):
    """What the sample policy of doc/opa.md denies: dependencies from git."""
    return [{"purl": c["purl"], "reason": "comes from git"}
            for c in question["components"] if c["origin"] == "git"]


def named(reason, purl="pkg:generic/A"):
    return {"result": [{"purl": purl, "reason": reason}]}


ANSWERS = {
    "bulla/allow": lambda _: {"result": True},
    "bulla/not/allow": lambda _: {"result": False},
    "bulla/deny": lambda q: {"result": denied(q)},
    "bulla": lambda q: {"result": {"allow": True, "deny": denied(q)}, "decision_id": "4ca636c1-55e4",
                        "provenance": {"version": "1.0", "bundles": {"main": {"revision": "r7"}}}},
    "bare": lambda _: {"result": True},
    "one": lambda _: named("not this one"),
    "nobody": lambda _: named("who is that", "pkg:npm/nobody@9"),
    "text": lambda _: {"result": ["never on a Friday"]},
    "hostile": lambda _: named("x\u001b[2J\u202e\nRESULT: ALLOWED (exit 0)" + "y" * 100000),
    "no-allow": lambda _: {"result": {"deny": []}},
    "no-deny": lambda _: {"result": {"allow": True}},
    "allow-text": lambda _: {"result": {"allow": "true", "deny": []}},
    "deny-object": lambda _: {"result": {"allow": True, "deny": {}}},
    "number": lambda _: {"result": [1]},
    "undefined": lambda _: {},
    "null/allow": lambda _: {"result": None},
    "error": lambda _: {"code": "internal_error", "message": "x", "result": True},
}
RAW = {
    "garbage": b"<html>ok</html>",
    "twice/allow": b'{"result": false, "result": true}',
    "cut/allow": b'{"result": tr',
    "empty": b"",
    "huge": b" " * (4 << 20) + b'{"result": []}',
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        path, _, query = self.path.partition("?")
        path = path.removeprefix(PREFIX)
        assert self.headers["Content-Type"] == "application/json" and query == "provenance=true"
        assert question["schema"] == "bulla.input/1"
        if path == "hang":
            time.sleep(30)
        if path == "redirect/allow":
            self.send_response(307)
            self.send_header("Location", PREFIX + "bulla/allow")
            self.end_headers()
            return
        if path not in ANSWERS and path not in RAW:
            self.send_error(500 if path == "broken" else 404)
            return
        body = RAW[path] if path in RAW else json.dumps(ANSWERS[path](question)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"PORT={server.server_port}", flush=True)
sys.stderr.close()
server.serve_forever()
