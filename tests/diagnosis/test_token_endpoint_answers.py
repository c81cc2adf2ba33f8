# SPDX-License-Identifier: MIT
"""Answers that token endpoints have really given to the renewal of a token:
what happened, and whether a retry can help. token-endpoint.tsv has lines of
HTTP status, body, provider, cause, retry (soon, later, never) and source; "|"
separates alternatives that are true, too."""
import pathlib

import pytest

from callers.credential import LATER, TRY_AGAIN, Endpoint, Keeper
from dialogue.https import Answer

TABLE = pathlib.Path(__file__).with_name("token-endpoint.tsv")
ROWS = [line.split("\t") for line in TABLE.read_text().splitlines()
        if line and not line.startswith("#")]
RETRIES = {TRY_AGAIN: "soon", LATER: "later"}


@pytest.fixture(scope="module")
def renew(tmp_path_factory, ca):
    """Renews a token with one answer of the endpoint."""
    with Endpoint(ca.server) as endpoint:
        keeper = Keeper(tmp_path_factory.mktemp("keeper"), ca)
        keeper.server = endpoint
        keeper.configure()

        def run(status, body):
            endpoint.token(Answer(status, body.encode()))
            keeper.keep()
            return keeper.get()

        yield run


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_an_answer_of_a_token_endpoint_is_understood(renew, row):
    status, body, _, causes, retries, _ = row
    result = renew(int(status), body)
    assert result.cause in causes.split("|"), result.err
    assert RETRIES.get(result.status, "never") in retries.split("|")
    assert result.hint and "%" not in result.hint
