"""Stores on this machine that URIs lead to: a whole one, one that refuses, one whose connection breaks."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_SERVER = """
import sys, time
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


@contextmanager
def s3_store() -> Iterator[int]:
    """Give the port of an S3 store without a bucket; a process of its own, so that its warnings are its own."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield int(next(line for line in server.stdout if line.strip().isdigit()))
        server.terminate()


Answer = Callable[[str, str], tuple[int, dict[str, str], bytes]]


@contextmanager
def answering(answer: Answer) -> Iterator[int]:
    """Give the port of an HTTP server that answers (method, path) as told."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            status, headers, body = answer(self.command, self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = _answer  # noqa: N815  # names that http.server asks for

        def log_message(self, format: str, *arguments: Any) -> None:
            del format, arguments

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def breaking(port: int, most: int) -> Iterator[int]:
    """Give the port of a proxy to another that goes away, for good, once it has handed back `most` bytes."""
    left = most
    listener = socket.create_server(("127.0.0.1", 0))
    ends: list[socket.socket] = []

    def close_all() -> None:
        for end in (listener, *ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def pump(source: socket.socket, target: socket.socket, counted: bool) -> None:
        nonlocal left
        with suppress(OSError):
            while data := source.recv(1 << 12):
                if counted:
                    target.sendall(data[: max(0, left)])
                    left -= len(data)
                    if left <= 0:
                        close_all()
                        return
                else:
                    target.sendall(data)

    def accept() -> None:
        with suppress(OSError):
            while True:
                here, _ = listener.accept()
                there = socket.create_connection(("127.0.0.1", port))
                ends.extend((here, there))
                threading.Thread(target=pump, args=(here, there, False), daemon=True).start()
                threading.Thread(target=pump, args=(there, here, True), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        close_all()
        thread.join()


def unused_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
