"""A little server on this machine that plays the network of somebody else."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Elsewhere(BaseHTTPRequestHandler):
    """Answers what `answers` says for a method and a path: a status, a type and a body; notes what was asked."""

    def do_GET(self):
        self.answer("GET", b"")

    def do_POST(self):
        self.answer("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def answer(self, method, body):
        self.server.asked.append((method, self.path, body))
        self.server.heard.append((method, self.path, body, dict(self.headers)))
        status, kind, content = self.server.answers.get((method, self.path.partition("?")[0]), (404, "text/plain", b""))
        content = content(body) if callable(content) else content
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status in {301, 302}:
            self.send_header("Location", content.decode())
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words):
        pass


@contextmanager
def elsewhere(answers=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    server.answers, server.asked, server.heard = answers or {}, [], []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def as_json(said):
    return json.dumps(said).encode()
