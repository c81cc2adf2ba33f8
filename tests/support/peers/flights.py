# SPDX-License-Identifier: MIT
"""A proxy that simulates a long round trip and counts the flights.

What one side sends while the other is silent is one flight, however many
packets it is: it is passed on once nothing more has come for a while.
"""
import select
import socket
import threading

QUIET = 0.05  # seconds without more: the flight is over


class Proxy:
    """A context manager. wires is the server's, so that it stands in for it."""

    def __init__(self, server):
        self.tls = server.tls
        self.wires = server.wires
        self.flights = []  # (who, bytes), in the order of their arrival
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._carry, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        # It accepts one connection; closing the listener ends the wait for it.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)
        self._listener.close()

    def _carry(self):
        try:
            client, _ = self._listener.accept()
        except OSError:
            return
        server = socket.create_connection(("127.0.0.1", self._server.port))
        names = {client: "client", server: "server"}
        while True:
            ready, _, _ = select.select(list(names), [], [])
            # When both speak at once, the server's word is the older one.
            speaker = server if server in ready else client
            flight = collect(speaker)
            if not flight:
                break
            self.flights.append((names[speaker], flight))
            (client if speaker is server else server).sendall(flight)
        for one in names:
            one.close()

    def turns(self):
        """The sides in the order of their flights."""
        turns = []
        for who, _ in self.flights:
            if turns[-1:] != [who]:
                turns.append(who)
        return turns

    def round_trips(self):
        """From SYN to the acceptance: what comes then is only the QUIT."""
        return 1 + self.turns().count("server")


def collect(speaker):
    flight = b""
    while select.select([speaker], [], [], QUIET if flight else None)[0]:
        try:
            piece = speaker.recv(65536)
        except OSError:
            piece = b""
        if not piece:
            break
        flight += piece
    return flight
