# SPDX-License-Identifier: MIT
"""Replies that are long, hostile or no plain text: the sentence that says why
is shown first, on one printable line of limited length, everywhere."""
import json
import re

import pytest

from callers import log
from callers.session import Submit

SAYS = "5.7.1 Your message was refused by policy 17."
STEPS = {"greeting": 69, "auth": 77, "mail": 69, "rcpt": 69, "dot": 69}

# The text of the reply after "550 ", and how it is shown.
LINES = "\n".join(f"550-{SAYS} Line {i} of 40." for i in range(39)) + "\n550 end"
REPLIES = {
    "a-megabyte-in-one-line": (f"{SAYS} " + "x" * (1 << 20), SAYS),
    "a-megabyte-of-lines": (f"{SAYS}" + f"\n550-{'y ' * 200}" * 2600 +
                            "\n550 end", SAYS),
    "40-lines": (f"{SAYS} \n{LINES}", f"{SAYS} Your message was"),
    "blank-lines": (f"5.7.1 \n550-5.7.1\n550-  \t \n550 {SAYS}", SAYS),
    "control-characters": (f"{SAYS} \x1b[2J\x1b]0;x\x07\x08\x9b1m",
                           SAYS + r" \x1B[2J\x1B]0;x\x07\x08"),
    "not-utf-8": (f"{SAYS} \udcff\udcc0\udc80 caf\udce9",
                  SAYS + r" \xFF\xC0\x80 caf\xE9"),
    "bidirectional": (f"{SAYS} \u202egnp.exe\u2066 \u061c \u200b",
                      SAYS + r" \xE2\x80\xAEgnp.exe\xE2\x81\xA6"),
    "html": ("5.7.1 <p>Your <b>message</b> was refused by&nbsp;policy&#32;17."
             "</p><br>See <a href='https://x.example/17'>why</a> "
             "&lt;alice@example.test&gt;.",
             f"{SAYS} See why (https://x.example/17) <alice@example.test>."),
    "html-lines": ("5.7.1 <html><head><style>p { color: red }</style>\n550-"
                   "</head><body>Your message was\n550-refused <i>by</i>\n550 "
                   "policy 17.</body></html>", SAYS),
}


def hostile(text):
    first, *rest = text.split("\n")
    lines = [f"550-{first}" if rest else f"550 {first}", *rest]
    if rest:
        lines = [line if line.startswith("550") else f"550-{line}"
                 for line in lines]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n"


def is_presentable(text, limit):
    assert len(text) < limit
    assert all(char.isprintable() for char in text), ascii(text)


@pytest.fixture
def outcome(request, postrider, ca, make_server):
    step, name = request.param
    text, shown = REPLIES[name]
    server = make_server(faults={step: hostile(text)})
    return step, shown, Submit(postrider, ca)(server, "-v", "--json")


@pytest.mark.parametrize("outcome", [
    (step, name) for step in STEPS for name in REPLIES],
    ids=lambda pair: "-".join(pair), indirect=True)
def test_the_sentence_is_first_and_printable(outcome):
    step, shown, result = outcome
    assert result.status == STEPS[step], result.err[-2000:]
    lines = result.err.splitlines()
    dialogue = [line for line in lines if re.match(r" *\d+ ms [<>*] ", line)]
    [error] = [line for line in lines if line.startswith("postrider: ")]
    assert f": 550 {shown}" in error
    for line in lines:
        is_presentable(line, 1100)
    assert len(dialogue) < 400

    [recipient] = json.loads(result.out)["recipients"]
    message = recipient["error"]["message"]
    assert f": 550 {shown}" in message
    assert recipient["error"]["enhanced_code"] == "5.7.1"
    assert recipient["error"]["step"] == step.replace("dot", "message")
    assert recipient["error"]["cause"]
    is_presentable(message, 800)

    assert result.log.count("\n") == 1 and result.log.isascii()
    is_presentable(result.log[:-1], 8000)
    [entry] = log.entries(result.log)
    assert f": 550 {shown}" in entry["error"]
    assert entry["cause"] == recipient["error"]["cause"]


def test_what_html_hides_is_classified(postrider, ca, make_server):
    reply = "535 5.7.8 Authentication&nbsp;Failed: wrong pass<wbr>word" \
        .replace("<wbr>", "<span></span>")
    server = make_server(faults={"auth": reply})
    result = Submit(postrider, ca)(server, "--json")
    [recipient] = json.loads(result.out)["recipients"]
    assert recipient["error"]["cause"] == "wrong-secret"
    assert recipient["error"]["message"].endswith("wrong password")


@pytest.mark.parametrize("echo", [
    "s&#101;cret-of-alice", "sec<b></b>ret-of-alice",
    "&#x73;ecret-<!-- x -->of-alice", "secret<br>-of-alice"])
def test_html_hides_no_secret(postrider, ca, make_server, echo):
    server = make_server(users={"alice": "secret-of-alice"},
                         faults={"rcpt": f"550 5.7.1 no mail with {echo}"})
    result = Submit(postrider, ca)(server, "-v", "--json",
                                   password="secret-of-alice")
    assert result.status == 69, result.err
    for text in (result.out, result.log,
                 *re.findall("^postrider: .*", result.err, re.M)):
        assert "cret" not in text and "alice\"" not in text.replace(
            '"alice"', "").replace("user=alice", "")
        assert "<redacted>" in text


def test_a_refusal_without_end_is_given_up(postrider, ca, make_server):
    def endless(session, line):
        while True:
            session.wire.send(b"550-no and no and no\r\n" * 1000)

    result = Submit(postrider, ca)(make_server(faults={"mail": endless}))
    assert result.status == 75
    assert "sent a reply of more than" in result.err
