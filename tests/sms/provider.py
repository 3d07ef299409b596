"""A provider of text messages: a real HTTP server on a loopback port of its own."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "s3cret-token"


class Provider:
    """`got` holds the requests; `answer` tells what the next ones are answered: a status, or a function of the request."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}/send"
        self.got = []
        self.answer = 202


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, _request, _client_address):
        """A caller that was killed or gave up waiting is what some tests are about."""


@contextmanager
def a_provider():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            provider.got.append((self.headers["Authorization"], message))
            status = provider.answer(message) if callable(provider.answer) else provider.answer
            body = b'{"id": "m-1"}'
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    provider = Provider(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
