# SPDX-License-Identifier: MIT
"""What the tests of this machine's faults share."""
import pytest

from dialogue.submission import SubmissionServer
from sendmail.mail import Mail


@pytest.fixture
def mail(postrider):
    """postrider, and the friendly server that its one account sends to."""
    with SubmissionServer(tls="none", mechanisms=()) as server:
        yield Mail(postrider, server)
