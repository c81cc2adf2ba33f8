# SPDX-License-Identifier: MIT
"""Calls of sendmail of every awkward kind: a name, the arguments, the message.

Every recipient has the mark "~", which is replaced by a word of the case.
"""
import dataclasses

RCPT = "you~@example.org"
HEADER = b"From: root@example.test\nTo: you~@example.org\nSubject: s\n"
DATED = HEADER + (b"Date: Sun, 29 Nov 2026 10:00:00 +0000\n"
                  b"Message-ID: <1@example.test>\n")


@dataclasses.dataclass(frozen=True)
class Call:
    name: str
    arguments: list
    message: bytes

    def marked(self, word):
        """The arguments and the message with word instead of the mark."""
        return ([argument.replace("~", word) for argument in self.arguments],
                self.message.replace(b"~", word.encode()))


# ---- the body ---------------------------------------------------------------

BODIES = {
    "line-lf": b"one\ntwo\n",
    "line-crlf": b"one\r\ntwo\r\n",
    "line-mixed": b"one\r\ntwo\nthree\r\n",
    "line-unfinished": b"one\ntwo",
    "line-unfinished-crlf": b"one\r\ntwo",
    "line-cr": b"one\rtwo\rthree\n",
    "line-cr-cr-lf": b"one\r\r\ntwo\n",
    "line-lf-cr": b"one\n\rtwo\n",
    "line-cr-at-end": b"one\r",
    "line-empty": b"\n",
    "line-empty-crlf": b"\r\n",
    "line-many-empty": b"\n\n\n\none\n\n\n\n",
    "line-spaces": b"  one  \n \n\t\n",
    "line-form-feed": b"one\n\f\ntwo\v\n",
    "body-empty": b"",
    "body-from": b"From here on\n>From there\n",
    "body-header": b"Bcc: someone@example.org\nSubject: no\n",
    "body-nul": b"one\0two\n",
    "body-nul-alone": b"\0\n",
    "body-nul-many": b"\0" * 100 + b"\n",
    "body-control": bytes(range(1, 9)) + b"\x1b[31m\x7f\n",
    "body-latin1": b"Gr\xfc\xdfe\n",
    "body-utf8": "Grüße\n".encode(),
    "body-bom": b"\xef\xbb\xbfone\n",
    "body-bytes": bytes(range(128, 256)) + b"\n",
    "body-utf8-broken": b"\xc3\n\xe2\x82\n",
    "dot": b".\n",
    "dot-dot": b"..\n",
    "dots": b"...\n.x\n..x\nx.\n",
    "dot-within": b"one\n.\ntwo\n",
    "dot-within-crlf": b"one\r\n.\r\ntwo\r\n",
    "dot-within-cr": b"one\n.\rtwo\n",
    "dot-cr-within": b"one\r.\rtwo\n",
    "dot-unfinished": b"one\n.",
    "dot-unfinished-cr": b"one\n.\r",
    "dot-space": b"one\n. \ntwo\n",
    "dot-last": b"one\n.\n",
    "dot-smuggled": b"one\n.\r\nMAIL FROM:<x@example.test>\r\n",
    "dot-many": b".\n.\n.\n.\n",
    "long-dots": b"." * 3000 + b"\n",
}
for _length in (78, 511, 512, 990, 997, 998, 999, 1000, 2047, 2048, 2049,
                4096, 10000, 100000):
    BODIES[f"long-{_length}"] = b"x" * _length + b"\n"
BODIES["long-utf8"] = "ü".encode() * 1500 + b"\n"
BODIES["long-words"] = b"word " * 400 + b"\n"
BODIES["long-dot-after"] = b"x" * 997 + b"\n.\n" + b"x" * 998 + b".\n"
WITHOUT_I = [name for name in BODIES if name.startswith(("dot", "line"))]

# ---- the header -------------------------------------------------------------

FROM, TO = b"From: root@example.test\n", b"To: you~@example.org\n"
HEADERS = {
    "empty": b"",
    "newline": b"\n",
    "newlines": b"\n\n\n",
    "header-unfinished": b"Subject: s",
    "header-only": HEADER,
    "header-without-body": HEADER + b"\n",
    "no-header": b"\nbody\n",
    "no-header-text": b"just text\nmore text\n",
    "no-header-colon": b"no field: text\n\nbody\n",
    "no-header-dash": b"--\nnote\n",
    "no-empty-line": HEADER + b"text\nmore\n",
    "mbox": b"From root Sun Nov 29 10:00:00 2026\n" + HEADER + b"\nbody\n",
    "mbox-quoted": b">From root Sun Nov 29 10:00:00 2026\n" + HEADER
                   + b"\nbody\n",
    "mbox-crlf": (b"From root Sun Nov 29 10:00:00 2026\n" + HEADER
                  + b"\nbody\n").replace(b"\n", b"\r\n"),
    "mbox-within": FROM + b"From root Sun Nov 29 10:00:00 2026\n" + TO
                   + b"\nbody\n",
    "mbox-twice": b"From a Sun Nov 29 10:00:00 2026\n" * 2 + HEADER
                  + b"\nbody\n",
    "crlf": (HEADER + b"\nbody\n").replace(b"\n", b"\r\n"),
    "crlf-header": HEADER.replace(b"\n", b"\r\n") + b"\r\nbody\n",
    "crlf-mixed": FROM + TO.replace(b"\n", b"\r\n") + b"\nbody\r\n",
    "cr-in-field": FROM + TO + b"Subject: a\rb\n\nbody\n",
    "nul-in-field": FROM + TO + b"Subject: a\0b\n\nbody\n",
    "nul-in-name": FROM + TO + b"Sub\0ject: a\n\nbody\n",
    "control-in-field": FROM + TO + b"Subject: a\x01\x1bb\n\nbody\n",
    "latin1-in-field": FROM + TO + b"Subject: Gr\xfc\xdfe\n\nbody\n",
    "utf8-in-field": FROM + TO + "Subject: Grüße\n\nbody\n".encode(),
    "utf8-in-from": "From: Jürgen <root@example.test>\n".encode() + TO
                    + b"\nbody\n",
    "utf8-in-name": FROM + TO + "Grüße: x\n\nbody\n".encode(),
    "mime-8bit": HEADER + b"MIME-Version: 1.0\nContent-Type: text/plain; "
                 b"charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
                 + "Grüße\n".encode(),
    "mime-7bit-lie": HEADER + b"MIME-Version: 1.0\n"
                     b"Content-Transfer-Encoding: 7bit\n\n"
                     + "Grüße\n".encode(),
    "mime-multipart": HEADER + b"MIME-Version: 1.0\nContent-Type: "
                      b"multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n",
    "mime-binary": HEADER + b"MIME-Version: 1.0\n"
                   b"Content-Transfer-Encoding: binary\n\n\0\xff\r\n",
    "space-before-colon": FROM + TO + b"Subject : s\n\nbody\n",
    "tab-before-colon": FROM + TO + b"Subject\t: s\n\nbody\n",
    "no-space-after-colon": FROM + TO + b"Subject:s\n\nbody\n",
    "tab-after-colon": FROM + TO + b"Subject:\ts\n\nbody\n",
    "spaces-after-value": FROM + TO + b"Subject: s  \t\n\nbody\n",
    "lower-case": b"from: root@example.test\nto: you~@example.org\n"
                  b"subject: s\n\nbody\n",
    "upper-case": b"FROM: root@example.test\nTO: you~@example.org\n"
                  b"SUBJECT: s\n\nbody\n",
    "field-empty": FROM + TO + b"Subject:\n\nbody\n",
    "field-spaces": FROM + TO + b"Subject:   \n\nbody\n",
    "field-odd-name": FROM + TO + b"X_y.z!#$: 1\n\nbody\n",
    "field-name-alone": FROM + TO + b":\n\nbody\n",
    "field-without-name": FROM + TO + b": value\n\nbody\n",
    "field-long-name": FROM + TO + b"X-" + b"y" * 500 + b": 1\n\nbody\n",
    "folded": FROM + TO + b"Subject: one\n two\n\tthree\n\nbody\n",
    "folded-blank": FROM + TO + b"Subject: one\n \n two\n\nbody\n",
    "folded-at-once": FROM + TO + b"Subject:\n one\n\nbody\n",
    "folded-crlf": (FROM + TO + b"Subject: one\n two\n").replace(
        b"\n", b"\r\n") + b"\r\nbody\r\n",
    "folded-first": b" folded\n" + HEADER + b"\nbody\n",
    "folded-deep": FROM + TO + b"X:\n" + b" y\n" * 500 + b"\nbody\n",
    "folded-end": FROM + TO + b"Subject: s\n \n\nbody\n",
    "many-fields": HEADER + b"".join(b"X-%d: y\n" % number
                                     for number in range(500)) + b"\nbody\n",
    "missing-from": TO + b"Subject: s\n\nbody\n",
    "missing-to": FROM + b"Subject: s\n\nbody\n",
    "missing-from-to": b"Subject: s\n\nbody\n",
    "missing-all": b"X-One: 1\n\nbody\n",
    "missing-date": HEADER + b"Message-ID: <1@example.test>\n\nbody\n",
    "missing-id": HEADER + b"Date: Sun, 29 Nov 2026 10:00:00 +0000\n"
                  b"\nbody\n",
    "missing-nothing": DATED + b"\nbody\n",
    "date-odd": HEADER + b"Date: yesterday\n\nbody\n",
    "date-empty": HEADER + b"Date:\n\nbody\n",
    "id-odd": HEADER + b"Message-ID: one two\n\nbody\n",
    "id-empty": HEADER + b"Message-ID:\n\nbody\n",
    "from-empty": b"From:\n" + TO + b"\nbody\n",
    "from-no-address": b"From: nobody at all\n" + TO + b"\nbody\n",
    "from-no-domain": b"From: root\n" + TO + b"\nbody\n",
    "from-cron": b'From: "(Cron Daemon)" <root>\n' + TO + b"\nbody\n",
    "from-cron-old": b"From: root (Cron Daemon)\n" + TO + b"\nbody\n",
    "from-two": b"From: root@example.test, two@example.test\n" + TO
                + b"\nbody\n",
    "from-angle-empty": b"From: <>\n" + TO + b"\nbody\n",
    "twice-from": FROM + FROM + TO + b"\nbody\n",
    "twice-to": FROM + TO + b"To: two~@example.org\n\nbody\n",
    "twice-subject": HEADER + b"Subject: t\n\nbody\n",
    "twice-date": DATED + b"Date: Mon, 30 Nov 2026 10:00:00 +0000\n\nbody\n",
    "twice-id": DATED + b"Message-ID: <2@example.test>\n\nbody\n",
    "bcc": HEADER + b"Bcc: hidden~@example.org\n\nbody\n",
    "bcc-twice": HEADER + b"Bcc: a~@example.org\nBCC: b~@example.org\n"
                 b"\nbody\n",
    "bcc-folded": HEADER + b"Bcc: a~@example.org,\n b~@example.org\n"
                  b"\nbody\n",
    "bcc-space": HEADER + b"Bcc : hidden~@example.org\n\nbody\n",
    "bcc-alone": FROM + b"Bcc: hidden~@example.org\n\nbody\n",
    "bcc-empty": HEADER + b"Bcc:\n\nbody\n",
    "bcc-late": HEADER + b"not a field\nBcc: hidden~@example.org\n\nbody\n",
    "cc": HEADER + b"Cc: two~@example.org\n\nbody\n",
    "cc-same": HEADER + b"Cc: you~@example.org\n\nbody\n",
    "cc-alone": FROM + b"Cc: two~@example.org\n\nbody\n",
    "resent": HEADER + b"Resent-From: root@example.test\n"
              b"Resent-To: again~@example.org\n\nbody\n",
    "resent-cc": HEADER + b"Resent-Cc: again~@example.org\n\nbody\n",
    "resent-bcc": HEADER + b"Resent-To: a~@example.org\n"
                  b"Resent-Bcc: hidden~@example.org\n\nbody\n",
    "resent-bcc-alone": HEADER + b"Resent-Bcc: hidden~@example.org\n\nbody\n",
    "resent-complete": HEADER + b"Resent-From: root@example.test\n"
                       b"Resent-To: again~@example.org\n"
                       b"Resent-Date: Sun, 29 Nov 2026 10:00:00 +0000\n"
                       b"Resent-Message-ID: <3@example.test>\n\nbody\n",
    "return-path": b"Return-Path: <x@example.net>\n" + HEADER + b"\nbody\n",
    "content-length": HEADER + b"Content-Length: 5\n\nbody\n",
    "received": b"Received: from a by b; Sun, 29 Nov 2026 10:00:00 +0000\n"
                + HEADER + b"\nbody\n",
    "sender": HEADER + b"Sender: two@example.test\n\nbody\n",
    "reply-to": HEADER + b"Reply-To: two@example.test\n\nbody\n",
    "delivered-to": HEADER + b"Delivered-To: x@example.net\n\nbody\n",
    "status": HEADER + b"Status: RO\nX-Status: F\n\nbody\n",
    "errors-to": HEADER + b"Errors-To: two@example.test\n\nbody\n",
    "apparently-to": HEADER + b"Apparently-To: two~@example.org\n\nbody\n",
    "receipt": HEADER + b"Return-Receipt-To: root@example.test\n\nbody\n",
    "precedence": HEADER + b"Precedence: bulk\nAuto-Submitted: yes\n\nbody\n",
    "dkim": b"DKIM-Signature: v=1; a=x;\n\tb=abc\n" + HEADER + b"\nbody\n",
}
for _length in (78, 511, 998, 999, 2000, 3000):
    HEADERS[f"long-field-{_length}"] = (
        FROM + TO + b"Subject: " + b"x" * (_length - 9) + b"\n\nbody\n")
HEADERS["long-field-words"] = (FROM + TO + b"Subject: " + b"word " * 300
                               + b"\n\nbody\n")
WITH_T = [name for name in HEADERS if name.startswith((
    "bcc", "cc", "resent", "twice-to", "missing", "crlf", "mbox", "apparently",
    "empty", "no-", "lower", "upper", "folded", "receipt", "nul"))]

# ---- addresses --------------------------------------------------------------

ADDRESSES = {
    "plain": "you~@example.org",
    "angle": "<you~@example.org>",
    "name": "You There <you~@example.org>",
    "name-quoted": '"There, You" <you~@example.org>',
    "name-escaped": r'"a \" b" <you~@example.org>',
    "name-dot": "J. R. You <you~@example.org>",
    "name-utf8": "Jürgen <you~@example.org>",
    "name-encoded": "=?utf-8?q?J=C3=BCrgen?= <you~@example.org>",
    "name-apostrophe": "O'You <you~@example.org>",
    "name-at": '"you@home" <you~@example.org>',
    "name-at-bare": "you@home <you~@example.org>",
    "comment": "you~@example.org (You, There)",
    "comment-first": "(You) you~@example.org",
    "comment-nested": "you~@example.org (a (b) c)",
    "comment-within": "you~(x)@example.org",
    "comment-angle": "(a@example.net) <you~@example.org>",
    "two": "you~@example.org, two~@example.org",
    "two-tight": "you~@example.org,two~@example.org",
    "two-words": "you~@example.org two~@example.org",
    "two-semicolon": "you~@example.org; two~@example.org",
    "two-names": "You <you~@example.org>, Two <two~@example.org>",
    "two-domains": "you~@example.org, you~@example.net",
    "comma-first": ", you~@example.org",
    "comma-last": "you~@example.org,",
    "comma-twice": "you~@example.org,, two~@example.org",
    "group": "friends: you~@example.org, two~@example.org;",
    "group-empty": "undisclosed-recipients:;",
    "group-and-address": "none:;, you~@example.org",
    "group-open": "friends: you~@example.org",
    "duplicate": "you~@example.org, you~@example.org",
    "duplicate-domain": "you~@example.org, you~@EXAMPLE.org",
    "duplicate-local": "you~@example.org, YOU~@example.org",
    "upper-domain": "you~@EXAMPLE.ORG",
    "plus": "you~+tag@example.org",
    "equals": "a=b~@example.org",
    "slash": "a/b~@example.org",
    "percent": "you~%example.net@example.org",
    "bang": "host!you~@example.org",
    "underscore": "you_~@exa_mple.org",
    "dash": "-you~@example.org",
    "dot-first": ".you~@example.org",
    "dot-last": "you~.@example.org",
    "dot-twice": "you..~@example.org",
    "dot-root": "you~@example.org.",
    "dot-domain": "you~@example..org",
    "quoted-local": '"you~"@example.org',
    "quoted-space": '"you ~"@example.org',
    "quoted-at": '"a@b~"@example.org',
    "quoted-comma": '"a,b~"@example.org',
    "quoted-escape": r'"a\"b~"@example.org',
    "quoted-angle": '"a<b~"@example.org',
    "route": "<@example.net:you~@example.org>",
    "literal": "you~@[192.0.2.1]",
    "literal-6": "you~@[IPv6:2001:db8::1]",
    "utf8-local": "jürgen~@example.org",
    "utf8-domain": "you~@bücher.example",
    "punycode": "you~@xn--bcher-kva.example",
    "no-domain": "you~",
    "no-local": "@example~.org",
    "no-dot": "you~@localhost",
    "angle-open": "<you~@example.org",
    "angle-close": "you~@example.org>",
    "angle-twice": "<<you~@example.org>>",
    "angle-spaces": "< you~@example.org >",
    "angle-text-after": "<you~@example.org> You",
    "spaces-around-at": "you~ @ example.org",
    "quote-open": '"You <you~@example.org>',
    "mailto": "mailto:you~@example.org",
    "at-twice": "you~@home@example.org",
    "long-local": "y" * 70 + "~@example.org",
    "long-domain": "you~@" + ".".join(["d" * 60] * 5) + ".org",
    "tab": "you~@example.org,\ttwo~@example.org",
    "folded": "you~@example.org,\n two~@example.org",
    "folded-name": "You\n There <you~@example.org>",
    "hundred": ", ".join(f"u{number}~@example.org" for number in range(100)),
}
AS_ARGUMENT = [name for name in ADDRESSES if name not in
               ("hundred", "no-local", "folded", "folded-name", "dash")]

# ---- options ----------------------------------------------------------------

NO_FROM = TO + b"Subject: s\n\nbody\n"
PLAIN = HEADER + b"\nbody\n"
OPTIONS = {
    "f": ["-f", "alice@example.test", RCPT],
    "f-attached": ["-falice@example.test", RCPT],
    "f-angle": ["-f", "<alice@example.test>", RCPT],
    "f-name": ["-f", "Alice <alice@example.test>", RCPT],
    "f-null": ["-f", "<>", RCPT],
    "f-empty": ["-f", "", RCPT],
    "f-local": ["-f", "alice", RCPT],
    "f-plus": ["-f", "alice+x=y@example.test", RCPT],
    "f-quoted": ["-f", '"a b"@example.test', RCPT],
    "f-utf8": ["-f", "jürgen@example.test", RCPT],
    "f-at-end": [RCPT, "-f", "alice@example.test"],
    "f-two": ["-f", "alice@example.test, bob@example.test", RCPT],
    "r": ["-r", "alice@example.test", RCPT],
    "r-attached": ["-ralice@example.test", RCPT],
    "N-never": ["-N", "never", RCPT],
    "N-attached": ["-Nsuccess,failure", RCPT],
    "N-delay": ["-N", "delay", RCPT],
    "N-upper": ["-N", "NEVER", RCPT],
    "N-bad": ["-N", "sometimes", RCPT],
    "N-never-and": ["-N", "never,success", RCPT],
    "R-hdrs": ["-R", "hdrs", RCPT],
    "R-full": ["-R", "full", RCPT],
    "R-bad": ["-R", "half", RCPT],
    "V": ["-V", "id-1", RCPT],
    "V-odd": ["-V", "a+b=c d", RCPT],
    "B-8": ["-B8BITMIME", RCPT],
    "B-7": ["-B", "7BIT", RCPT],
    "B-bad": ["-B9BIT", RCPT],
    "bm": ["-bm", RCPT],
    "cron": ["-FCronDaemon", "-i", "-B8BITMIME", "-oem", RCPT],
    "cronie": ["-FCronDaemon", "-i", "-odi", "-oem", "-oi", "-t", "-f",
               "root"],
    "vixie": ["-FCronDaemon", "-odi", "-oem", "-or0s", RCPT],
    "mutt": ["-oem", "-oi", "-f", "alice@example.test", "--", RCPT],
    "alpine": ["-oem", "-t", "-oi"],
    "joined": ["-oi", "you~@example.org, Two <two~@example.org>"],
    "dashes": ["-i", "--", RCPT],
    "dashes-dash": ["-i", "--", "-you~@example.org"],
    "odq": ["-odq", RCPT],
    "o-many": ["-odb", "-odi", "-om", "-oo", "-o7", RCPT],
    "e-many": ["-em", "-oee", RCPT],
    "O": ["-O", "ErrorMode=m", RCPT],
    "X": ["-X", "/nonexistent/log", RCPT],
    "L": ["-L", "tag", RCPT],
    "h": ["-h", "5", RCPT],
    "n": ["-n", RCPT],
    "G": ["-G", RCPT],
    "U": ["-U", RCPT],
    "m": ["-m", RCPT],
    "x": ["-x", RCPT],
    "s": ["-s", RCPT],
    "Z": ["-Z", RCPT],
    "t-and-argument": ["-t", "more~@example.org"],
    "t-and-same": ["-t", RCPT],
    "ti": ["-ti"],
    "it": ["-it"],
    "nobody": [],
    "argument-empty": ["", RCPT],
    "argument-newline": ["you~@example.org\nRCPT TO:<x@example.org>"],
    "argument-cr": ["you~@example.org\r"],
    "f-newline": ["-f", "a@example.test>\nRCPT TO:<x@example.org", RCPT],
    "f-space": ["-f", "a@example.test -oQ/tmp", RCPT],
    "F-newline": ["-F", "A\nBcc: x@example.org", RCPT],
}
NAMES = {
    "F": ["-F", "Alice", RCPT],
    "F-attached": ["-FAlice", RCPT],
    "F-words": ["-F", "Alice B. C", RCPT],
    "F-comma": ["-F", "Alice, Bob", RCPT],
    "F-quotes": ["-F", 'Alice "Al" B', RCPT],
    "F-parens": ["-F", "Alice (Al)", RCPT],
    "F-backslash": ["-F", "a\\b", RCPT],
    "F-utf8": ["-F", "Jürgen", RCPT],
    "F-empty": ["-F", "", RCPT],
    "F-angle": ["-F", "<x@example.org>", RCPT],
    "F-and-f": ["-F", "Alice", "-f", "alice@example.test", RCPT],
}


def _address_message(address):
    return FROM + b"To: " + address.encode() + b"\nSubject: s\n\nbody\n"


def _calls():
    for name, body in BODIES.items():
        yield Call(f"i {name}", ["-i", RCPT], HEADER + b"\n" + body)
    for name in WITHOUT_I:
        yield Call(f"bare {name}", [RCPT], HEADER + b"\n" + BODIES[name])
    for name, message in HEADERS.items():
        yield Call(f"header {name}", ["-i", RCPT], message)
    for name in WITH_T:
        yield Call(f"t {name}", ["-t", "-i"], HEADERS[name])
    for name, address in ADDRESSES.items():
        yield Call(f"to {name}", ["-t", "-i"], _address_message(address))
    for name in AS_ARGUMENT:
        yield Call(f"argument {name}", ["-i", ADDRESSES[name]], PLAIN)
    for name, arguments in OPTIONS.items():
        yield Call(f"option {name}", arguments, PLAIN)
    for name, arguments in NAMES.items():
        yield Call(f"name {name}", arguments, NO_FROM)


CALLS = list(_calls())
assert len({call.name for call in CALLS}) == len(CALLS)
