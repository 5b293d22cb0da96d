# SPDX-License-Identifier: MIT
"""A TUF repository with two targets on the loopback address, until it is killed. Writes its first root to root.json
in the working folder, and says where both are: URL=… ROOT=…"""
import os
import shlex
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tuf"))
from repository import Repository, Server  # noqa: E402

repository = Repository()
for name in ("trusted_root.json", "path/to/file"):
    repository.add_artifact("targets", name, f"content of {name}\n".encode())
repository.publish_all("targets")
with open("root.json", "wb") as file:
    file.write(repository.served["/metadata/1.root.json"])
server = Server()
server.repository = repository
print(f"URL={server.url} ROOT={shlex.quote(os.path.abspath('root.json'))}", flush=True)
while True:
    time.sleep(60)
