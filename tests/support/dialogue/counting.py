# SPDX-License-Identifier: MIT
"""A submission server that knows how many sessions there were at once."""
import threading

from dialogue.submission import SubmissionServer


class Counting(SubmissionServer):
    def __init__(self, *arguments, **how):
        super().__init__(*arguments, **how)
        self.lock, self.open, self.most = threading.Lock(), set(), 0
        self.fail("quit", self._leave)

    def _play_session(self, wire):
        with self.lock:
            self.open.add(wire)
            self.most = max(self.most, len(self.open))
        try:
            super()._play_session(wire)
        finally:
            self._forget(wire)

    def _leave(self, session, line):
        """A session has ended when the server knows of its QUIT."""
        self._forget(session.wire)

    def _forget(self, wire):
        with self.lock:
            self.open.discard(wire)
