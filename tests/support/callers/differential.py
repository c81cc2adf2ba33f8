# SPDX-License-Identifier: MIT
"""Runs the calls of awkward.py by two sendmails, and compares what came.

A difference is an aspect and what each did. The aspects:

    outcome       sent or refused
    output        text although the message was sent
    sender        of the envelope
    parameters    of MAIL
    notify        the parameters of RCPT
    recipients    of the envelope
    field NAME    what the fields of that name contain, or that there is none
    order         of the fields of the message, if all are the same
    body          all after the empty line
"""
import concurrent.futures
import dataclasses
import re

# What a relay adds: its trace, and whom the sender named (RFC 3461).
IGNORED = {"received"}
ORIGINAL = "ORCPT="
SIZE = re.compile(r"SIZE=\d+")
WORKERS = 4


@dataclasses.dataclass
class Outcome:
    is_sent: bool
    output: str
    sender: str = ""
    parameters: tuple = ()
    notify: tuple = ()
    recipients: tuple = ()
    fields: tuple = ()  # (lower-case name, the field with its line ends)
    body: bytes = b""


def run_all(calls, send, server, flush=lambda: None):
    """Sends all; name -> Outcome. send(arguments, message) returns the exit
    status and the output."""
    words = {f"q{number:03}q": call for number, call in enumerate(calls)}
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        done = dict(zip(words, pool.map(
            lambda word: send(*words[word].marked(word)), words)))
    flush()
    arrived = {word: [] for word in words}
    for message in server.messages:
        word = re.search("(?i)q[0-9]{3}q", " ".join(message.to))
        if word:  # else it is a bounce, to the sender
            arrived[word.group().lower()].append(message)
    return {call.name: outcome_of(*done[word], arrived[word], word, call)
            for word, call in words.items()}


def outcome_of(status, output, messages, word, call):
    outcome = Outcome(bool(messages), output if status == 0 else "")
    if not messages:
        return outcome
    first = messages[0]
    header, body = split(first.data)
    outcome.sender = first.sender
    outcome.parameters = tuple(sorted(
        one for one in first.sender_parameters if not SIZE.match(one)))
    pairs = [pair for message in messages for pair in message.recipients]
    outcome.recipients = tuple(sorted(unmark(name, word) for name, _ in pairs))
    outcome.notify = tuple(sorted({one for _, parameters in pairs
                                   for one in parameters
                                   if not one.startswith(ORIGINAL)}))
    outcome.fields = tuple(
        (name, generated(name, value, call)) for name, value in
        fields_of(unmark(header, word)) if name not in IGNORED)
    outcome.body = unmark(body, word)
    return outcome


def unmark(text, word):
    if isinstance(text, bytes):
        return re.sub(word.encode(), b"~", text, flags=re.IGNORECASE)
    return re.sub(word, "~", text, flags=re.IGNORECASE)


def split(data):
    """A header field must not contain an empty line, so the first ends it."""
    if data.startswith(b"\r\n"):
        return b"", data[2:]
    header, end, body = data.partition(b"\r\n\r\n")
    return (header + b"\r\n" if end else header), body


def fields_of(header):
    lines = re.split(rb"\r\n(?![ \t])", header.removesuffix(b"\r\n"))
    return [(line.partition(b":")[0].decode("latin-1").strip().lower(), line)
            for line in lines if line]


def generated(name, value, call):
    """A Date and a Message-ID that weren't in the message differ."""
    kind = name.removeprefix("resent-")
    if kind in ("date", "message-id") and b"2026 10:00" not in value and (
            value.partition(b":")[2].strip() not in call.message
            or not value.partition(b":")[2].strip()):
        return b"generated" if value.partition(b":")[2].strip() else value
    return value


def differences(call, ours, theirs):
    """aspect -> (ours, theirs)"""
    if ours.is_sent != theirs.is_sent:
        return {"outcome": ("sent" if ours.is_sent else "refused",
                            "sent" if theirs.is_sent else "refused")}
    found = {}
    for aspect in ("output", "sender", "parameters", "notify", "recipients",
                   "body"):
        pair = getattr(ours, aspect), getattr(theirs, aspect)
        if pair[0] != pair[1]:
            found[aspect] = pair
    found.update(differing_fields(call, ours.fields, theirs.fields))
    return found


def differing_fields(call, ours, theirs):
    kept = {value for _, value in fields_of(split(
        re.sub(rb"\r?\n", b"\r\n", call.message))[0])}
    names = {name for name, _ in ours + theirs}
    found = {}
    for name in names:
        pair = tuple([value for one, value in fields if one == name]
                     for fields in (ours, theirs))
        if pair[0] != pair[1]:
            found[f"field {name}"] = pair
    orders = [[name for name, value in fields if value in kept]
              for fields in (ours, theirs)]
    if not found and orders[0] != orders[1]:
        found["order"] = tuple(orders)
    return found
