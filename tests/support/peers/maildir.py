# SPDX-License-Identifier: MIT
"""The mail that a server has delivered."""
from patience import wait_for


class Maildirs:
    """A server with a directory, where it delivers into mail/USER/, and a
    log."""

    def messages(self, user):
        """What the Maildir of alice, bob or other holds, as bytes."""
        return [path.read_bytes() for path in sorted(self._delivered(user))]

    def wait_for(self, user, token, seconds=10):
        """The message for user that has token somewhere in it."""
        if isinstance(token, str):
            token = token.encode()
        read = set()

        def find():
            for path in set(self._delivered(user)) - read:
                read.add(path)
                if token in (message := path.read_bytes()):
                    return message

        return wait_for(
            find, lambda: f"no message with {token!r} came for {user}; "
                          f"{type(self).__name__}: {self.log[-1500:]}", seconds)

    def _delivered(self, user):
        return (self.directory / "mail" / user / "new").glob("*")
