# SPDX-License-Identifier: MIT
"""providers --find shows the server that login would use, without signing in.

The autoconfig files here are those of broken and hostile web servers: each is
refused with a line that says why.
"""
import json
import threading

import pytest

from dialogue.https import Answer, HttpsServer
from peers.domains import AUTOCONFIG, FILES, Domains, file_of

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE clientConfig [
<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
%s]>
<clientConfig><emailProvider><outgoingServer type="smtp">
<hostname>&j;</hostname></outgoingServer></emailProvider></clientConfig>
""" % b"\n".join(b'<!ENTITY %c "%s">' % (new, b"&%c;" % old * 20)
                 for old, new in zip(b"abcdefghi", b"bcdefghij"))


@pytest.fixture
def domains(postrider, ca, tmp_path):
    with Domains(postrider, ca, tmp_path) as running:
        yield running


def find(domains, address, *words, status=0, **how):
    done = domains.run("providers", "--find", address, *words, **how)
    assert done.status == status, done
    return done


def asked(domains, address, status=0, **how):
    done = find(domains, address, "--json", status=status, **how)
    answer = json.loads(done.out)
    return answer, {one["place"]: one["problem"] or one["host"]
                    for one in answer["asked"]}


@pytest.mark.parametrize("address, lines", [
    ("me@srv.test", ["server     smtp.srv.test port 465, implicit TLS",
                     "user       me@srv.test",
                     "named by   SRV record _submissions._tcp.srv.test",
                     "sign in    postrider login me@srv.test"]),
    ("me@away.test", ["server     mail.hoster.test port 465, implicit TLS",
                      "named by   SRV record _submissions._tcp.away.test "
                      "(DNS, which anyone may forge)"]),
    ("me@starttls.test", ["server     smtp.starttls.test port 587, STARTTLS",
                          "the service is not offered"]),
    ("me@auto.test", ["server     smtp.auto.test port 465, implicit TLS",
                      "user       me",
                      "named by   "
                      "https://autoconfig.auto.test/mail/config-v1.1.xml"]),
    ("me@known.test", ["user       me@known.test"]),
    ("me@gmail.test", ["provider   gmail (Gmail)"]),
    ("me@company.test", ["provider   corp (Corp Mail)",
                         "named by   MX of company.test (DNS, which anyone "
                         "may forge)"]),
    ("me@gmail.com", ["provider   gmail (Gmail)",
                      "named by   domain gmail.com"])])
def test_what_is_found(domains, address, lines):
    done = find(domains, address)
    assert done.err == ""
    shown = [line.strip() for line in done.out.splitlines()]
    for line in lines:
        assert line in shown
    assert domains.implicit.commands + domains.starttls.commands == []


def test_json(domains):
    answer, places = asked(domains, "me@auto.test")
    assert (answer["host"], answer["port"], answer["tls"], answer["user"],
            answer["auth"], answer["provider"], answer["authenticated"]) == (
        "smtp.auto.test", 465, "implicit", "me", "password", None, True)
    assert places["SRV record _submissions._tcp.auto.test"] == "there is none"
    answer, places = asked(domains, "me@away.test")
    assert answer["authenticated"] is False


def test_nothing_is_found(domains):
    done = find(domains, "me@none.test", status=78)
    assert "no server is found for none.test" in done.err
    assert "postrider login --host=HOST me@none.test" in done.err
    answer, places = asked(domains, "me@none.test", status=78)
    assert answer["host"] is None
    assert len(places) == 4


def test_a_domain_that_does_not_exist(domains):
    done = find(domains, "me@nowhere.test", status=68)
    assert "check the spelling" in done.err


@pytest.mark.parametrize("words", [["x"], ["@corp.test"], ["me@"],
                                   ["me@corp.test", "gmail"]])
def test_wrong_words(postrider, words):
    done = postrider.run("providers", "--find", *words)
    assert (done.status, done.out) == (64, "")


# ---- files that are refused -------------------------------------------------

BAD = {
    "not XML": (Answer(200, b"hello"), "not an autoconfig file: line 1"),
    "empty": (Answer(200, b""), "not an autoconfig file"),
    "a web page": (Answer(200, b"<html><body>hi<br></body></html>"),
                   "not an autoconfig file: line 1: mismatched tag"),
    "not found": (Answer(404), "HTTP status 404"),
    "broken": (Answer(500, b"<h1>Oops</h1>"), "HTTP status 500"),
    "huge": (Answer(200, b"<clientConfig>" + b" " * 70000),
             "the response is longer than 64 KiB"),
    "endless headers": (Answer(200, b"", {f"X-{number}": "x" * 1000
                                          for number in range(100)}),
                        "the response is longer than 64 KiB"),
    "slow": (Answer(silent=True), "autoconfig.bad.test:"),
    "bomb": (Answer(200, BOMB), "document type, which is refused"),
    "outside entity": (
        Answer(200, b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'),
        "document type, which is refused"),
    "deep": (Answer(200, b"<a>" * 5000), "nested too deeply"),
    "redirect to http": (
        Answer(302, b"", {"Location": f"http://autoconfig.bad.test{AUTOCONFIG}"
                          }), "which is not https, is not followed"),
    "redirect to a file": (Answer(302, b"", {"Location": "file:///etc/passwd"}),
                           "which is not https, is not followed"),
    "redirect to itself": (Answer(302, b"", {"Location": AUTOCONFIG}),
                           "redirect, which is not followed"),
    "redirect to nowhere": (Answer(302), "a redirect to nowhere"),
    "without TLS": (file_of("bad.test", tls="plain"),
                    "it names smtp.auto.test without TLS, which is refused"),
    "no port": (file_of("bad.test", port=0), 'invalid port "0"'),
    "option as host": (file_of("bad.test", host="-oProxyCommand=x"),
                       "invalid host"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file(domains, kind):
    answer, problem = BAD[kind]
    domains.files.answer(AUTOCONFIG, answer)
    with domains.network.entered():
        clear = HttpsServer(answers={AUTOCONFIG: file_of("bad.test")},
                            tls=False, address=FILES, port=80)
    with clear:
        done, places = asked(domains, "me@bad.test", status=78)
    assert problem in places["https://autoconfig.bad.test/mail/config-v1.1.xml"]
    assert clear.requests == []


def test_a_good_file_after_a_bad_one(domains):
    domains.files.answer(AUTOCONFIG, Answer(200, b"hello"))
    domains.others.answer("*", file_of("bad.test"))
    answer, places = asked(domains, "me@known.test")
    assert answer["host"] == "smtp.auto.test"


def test_https_redirects_are_followed(domains):
    domains.files.answer(AUTOCONFIG, Answer(
        301, b"", {"Location": "https://known.test/.well-known/autoconfig/"
                               "mail/config-v1.1.xml"}))
    answer, _ = asked(domains, "me@bad.test")
    assert answer["host"] == "smtp.auto.test"
    assert domains.others.requests


def test_a_certificate_of_another_name(domains):
    answer, places = asked(domains, "me@wrong.test", status=78)
    assert set(places.values()) == {
        "there is none",
        "autoconfig.wrong.test: the certificate is issued for another name",
        "wrong.test: the certificate is issued for another name"}
    assert domains.wrong.requests == []


def test_a_certificate_of_an_unknown_authority(domains):
    answer, places = asked(domains, "me@auto.test", status=78,
                           env={"POSTRIDER_TOKEN_TRUST_FILE": None})
    assert "certificate" in places[
        "https://autoconfig.auto.test/mail/config-v1.1.xml"]
    assert domains.files.requests == []


def test_all_are_asked_in_parallel(domains):
    """Each web server answers only once both were asked."""
    both = threading.Barrier(2, timeout=10)

    def wait(request):
        both.wait()
        return Answer(404)

    domains.files.answer(AUTOCONFIG, wait)
    domains.others.answer("/.well-known/autoconfig/mail/config-v1.1.xml", wait)
    _, places = asked(domains, "me@bad.test", status=78)
    assert list(places.values())[2:] == ["HTTP status 404", "HTTP status 404"]
