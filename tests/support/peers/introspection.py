# SPDX-License-Identifier: MIT
"""The endpoint that tells Dovecot whether a token is valid (RFC 7662)."""
import http.server
import json
import threading
import urllib.parse


class Introspection:
    """tokens: token -> user name. May be changed while it runs."""

    def __init__(self, tokens):
        self.tokens = dict(tokens)
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/introspect"
        threading.Thread(target=self._server.serve_forever,
                         daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, token):
        user = self.tokens.get(token)
        if not user:
            return {"active": False}
        return {"active": True, "username": user, "scope": "smtp"}

    def _handler(self):
        answer = self.answer

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                form = urllib.parse.parse_qs(self.rfile.read(length).decode())
                body = json.dumps(answer(form.get("token", [""])[0])).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler
