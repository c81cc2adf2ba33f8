# SPDX-License-Identifier: MIT
"""The registry of providers: each block is complete and says where its facts
come from, and no two providers claim the same domain, MX or server.
"""
import json
import pathlib
import re

import pytest

FILES = sorted((pathlib.Path(__file__).parents[2] / "src/config/providers")
               .glob("*.conf"))
BLOCK = re.compile(r"^provider (\S+) \{\n(.*?)^\}$", re.M | re.S)
SOURCE = re.compile(r"\t# source: https://\S+, 20\d\d-[01]\d-[0-3]\d")
LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
HOST = re.compile(rf"(?:{LABEL}\.|\{{region\}}\.)+[a-z]{{2,}}")
COUNTRY = r"(?:[a-z]{2,}|(?:co|com|net|org|or|ne)\.[a-z]{2})"

# Domains that look like those of a provider, but belong to another one or to
# none, with the provider of which they really are.
FOREIGN = {
    "zohomail.ca": None, "passport.com": None,
    "yahoo.co.jp": "yahoo-jp", "yahoo.co.kr": None, "yahoo.com.cn": None,
    "yahoo.cn": None, "hotmail.ru": None, "hotmail.eu": None,
    "live.tv": None, "live.org": None, "outlook.org": None,
    "outlook.eu": None, "gmx.example": None, "gmx.xyz": None,
    "gmail.de": None, "gmail.co": None, "gmail.ru": None,
    "icloud.de": None, "mail.com.br": None, "mail.net": None,
    "mail.ru.com": None, "web.com": None, "aol.ru": None, "free.com": None,
    "orange.com": None, "sky.it": None, "proton.com": None,
    "oath.com": None, "163.net": None, "naver.net": None, "o2.de": None,
    "fastmail.ru": None, "zoho.ru": None, "yandex.org": None,
    "posteo.ru": None, "virgin.com": None, "tim.com": None, "one.com": None,
    "telekom.de": None,
}


def blocks():
    return [(file.stem, *found) for file in FILES
            for found in BLOCK.findall(file.read_text())]


NAMES = [name for _, name, _ in blocks()]


@pytest.fixture
def registry(postrider):
    done = postrider.run("providers", "--json")
    assert (done.status, done.err) == (0, "")
    return {one["name"]: one for one in json.loads(done.out)}


def test_there_are_many():
    assert len(NAMES) >= 200


def test_every_block_names_its_sources_and_the_day():
    for _, name, text in blocks():
        lines = text.splitlines()
        sources = [line for line in lines if "source:" in line]
        assert lines[0] in sources, name
        for line in sources:
            assert SOURCE.fullmatch(line), (name, line)


def test_the_program_knows_every_block_once(registry):
    assert sorted(registry) == sorted(NAMES)
    assert len(NAMES) == len(set(NAMES))
    for name in NAMES:
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name), name


def test_every_server_has_the_form_of_a_host(registry):
    for name, one in registry.items():
        if "unavailable" not in one and name != "proton-bridge":
            assert HOST.fullmatch(one["host"]), name


def test_every_domain_and_pattern_is_well_formed(registry):
    for name, one in registry.items():
        for domain in one.get("domains", []):
            assert re.fullmatch(rf"(?:{LABEL}\.)+(?:[a-z]{{2,}}|\*)",
                                domain), (name, domain)
        for mx in one.get("mx", []):
            assert re.fullmatch(rf"(?:\*\.)?(?:{LABEL}\.)+[a-z]{{2,}}",
                                mx), (name, mx)


def overlap(first, second, covers):
    return covers(first, second) or covers(second, first)


def covers_domain(pattern, domain):
    return pattern == domain or (pattern.endswith(".*") and re.fullmatch(
        re.escape(pattern[:-1]) + COUNTRY, domain))


def covers_mx(pattern, host):
    return pattern == host or (pattern.startswith("*.")
                               and host.endswith(pattern[1:]))


@pytest.mark.parametrize("field, covers", [("domains", covers_domain),
                                           ("mx", covers_mx)])
def test_no_two_providers_claim_the_same(registry, field, covers):
    claims = [(claim, name) for name, one in registry.items()
              for claim in one.get(field, [])]
    exact = {}
    for claim, name in claims:
        assert exact.setdefault(claim, name) == name and \
            claims.count((claim, name)) == 1, claim
    for pattern, name in claims:
        if "*" in pattern:
            for claim, other in claims:
                assert name == other or not overlap(pattern, claim, covers), \
                    (pattern, name, claim, other)


def test_no_two_providers_have_the_same_server(registry):
    seen = {}
    for name, one in registry.items():
        if "host" in one:
            place = (one["host"], one.get("port"))
            assert seen.setdefault(place, name) == name, place


def test_sign_in_and_its_help_agree(registry):
    for name, one in registry.items():
        if "unavailable" in one:
            assert not {"host", "sign-in", "tls"} & set(one), name
            continue
        made = {"app-password", "key"} & set(one["sign-in"])
        assert not made or one.get("credential-help"), name
        if one["user-form"] == "explicit":
            assert re.search(r"\buser\b", one["credential-help"]), name
        if "oauth2" in one["sign-in"] and "token-url" in one:
            assert one.get("scope") and one.get("client-help"), name
        assert one["tls"] == one["tls-modes"][0], name


def test_texts_are_short_sentences_without_full_stop(registry):
    for name, one in registry.items():
        for field in ("title", "credential-help", "limits", "note",
                      "smtp-switch", "sender-help", "unavailable"):
            text = one.get(field, "x")
            assert text == text.strip() and not text.endswith("."), name
            assert len(text) < 250 and "\n" not in text, (name, field)


@pytest.mark.parametrize("domain, owner", FOREIGN.items())
def test_a_domain_that_only_looks_like_a_providers(registry, domain, owner):
    claiming = [name for name, one in registry.items()
                for claim in one.get("domains", [])
                if covers_domain(claim, domain)
                and "unavailable" not in one]
    assert claiming == ([owner] if owner else [])
