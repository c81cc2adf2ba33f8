# SPDX-License-Identifier: MIT
"""The selection of account and provider, and the precedence of settings."""
import json
import os
import subprocess

import pytest

from peers.daemon import find_program, require_root

RCPT = "you@example.org"
HEADERLESS = b"Subject: x\n\nbody\n"


def shown(postrider, *arguments, input=HEADERLESS, env=None):
    """The output of --dry-run, as JSON."""
    done = postrider.run("--dry-run", "--json", *arguments, RCPT, input=input,
                         env=env)
    assert (done.status, done.err) == (0, ""), done.err
    assert done.out.count("\n") == 1
    return json.loads(done.out)


def failure(postrider, *arguments, **how):
    how.setdefault("input", HEADERLESS)
    done = postrider.run("--dry-run", "--json", *arguments, **how)
    assert done.out.count("\n") == 1
    answer = json.loads(done.out)
    assert answer["status"] == "failed"
    assert answer["exit_status"] == done.status != 0
    assert answer["error"]["message"] in done.err
    return answer


# ---- precedence -------------------------------------------------------------

LAYERS = """\
provider corp {
	host = provider.example.test
	port = 1
	domains = { corp.test }
}
%s
account a {
	provider = corp
	user = u@corp.test
	%s
}
"""


@pytest.mark.parametrize("flag, env, account, defaults, port", [
    (6, 5, 4, 3, 6), (None, 5, 4, 3, 5), (None, None, 4, 3, 4),
    (None, None, None, 3, 3), (None, None, None, None, 1),
    (6, None, None, None, 6), (None, 5, None, None, 5)])
def test_flags_environment_account_defaults_provider(
        postrider, flag, env, account, defaults, port):
    postrider.configure(LAYERS % (f"port = {defaults}" if defaults else "",
                                  f"port = {account}" if account else ""))
    arguments = [f"--port={flag}"] if flag else []
    answer = shown(postrider, *arguments,
                   env={"POSTRIDER_PORT": env} if env else None)
    assert answer["port"] == port
    assert answer["host"] == "provider.example.test"
    assert answer["account"] == "a"


def test_an_empty_variable_is_none(postrider):
    postrider.configure(LAYERS % ("", "port = 4"))
    assert shown(postrider, env={"POSTRIDER_PORT": ""})["port"] == 4


# ---- account selection ------------------------------------------------------

THREE = """\
account first { host = first.test user = me@first.test }
account second {
	host = second.test
	from = { me@second.test, team@second.test, "*@pattern.test" }
	user = "number two"
}
account default { host = third.test user = me@third.test }
"""


@pytest.mark.parametrize("arguments, header, name", [
    (["-a", "first"], b"", "first"),
    (["-asecond"], b"From: me@first.test\n", "second"),
    (["--account=second"], b"", "second"),
    (["-f", "me@first.test"], b"", "first"),
    (["-f", "ME@first.test"], b"", "default"),
    (["-f", "me@FIRST.test"], b"", "first"),
    (["-f", "team@second.test"], b"From: me@first.test\n", "second"),
    (["-f", "x@pattern.test"], b"", "second"),
    ([], b"From: Me <me@first.test>\n", "first"),
    ([], b"From: \"a, b\" <team@second.test>\n", "second"),
    ([], b"From: x@pattern.test\n", "second"),
    ([], b"From: stranger@example.test\n", "default"),
    ([], b"From: root (Cron Daemon)\n", "default"),
    ([], b"", "default"),
    (["-f", "<>"], b"", "default"),
])
def test_the_account_is_found(postrider, arguments, header, name):
    postrider.configure(THREE)
    assert shown(postrider, *arguments, input=header + HEADERLESS)[
        "account"] == name


def test_the_environment_names_an_account(postrider):
    postrider.configure(THREE)
    env = {"POSTRIDER_ACCOUNT": "second"}
    assert shown(postrider, env=env)["account"] == "second"
    assert shown(postrider, "-a", "first", env=env)["account"] == "first"


def test_default_account_comes_before_the_name_default(postrider):
    postrider.configure("default-account = second\n" + THREE)
    assert shown(postrider)["account"] == "second"


def test_a_single_account_is_the_default(postrider):
    postrider.configure("account only { host = only.test from = a@only.test }")
    assert shown(postrider)["account"] == "only"


def test_no_such_account_tells_which_there_are(postrider):
    postrider.configure(THREE)
    answer = failure(postrider, "-a", "nowhere", RCPT)
    assert answer["exit_status"] == 78
    assert "nowhere" in answer["error"]["message"]
    assert answer["error"]["hint"].endswith(
        " first (me@first.test), second (me@second.test), "
        "default (me@third.test)")


def test_several_accounts_and_no_default_is_told(postrider):
    postrider.configure("account a { host = a.test }\n"
                        "account b { host = b.test }\n")
    assert failure(postrider, RCPT)["exit_status"] == 78


# ---- provider selection -----------------------------------------------------

@pytest.mark.parametrize("user, provider, host", [
    ("me@gmail.com", "gmail", "smtp.gmail.com"),
    ("me@GMAIL.COM", "gmail", "smtp.gmail.com"),
    ("me@icloud.com", "icloud", "smtp.mail.me.com"),
    ("me@outlook.com", "outlook", "smtp-mail.outlook.com"),
])
def test_a_provider_is_known_by_the_domain(postrider, user, provider, host):
    for arguments in ([f"--user={user}"], [f"--from={user}"], ["-f", user]):
        answer = shown(postrider, *arguments)
        assert (answer["provider"], answer["host"]) == (provider, host)
        assert answer["sender"].lower() == user.lower()


def test_the_one_command_of_the_manual(postrider):
    done = postrider.run("--dry-run", "--user", "me@gmail.com", RCPT,
                         input=b"Subject: hello\n\nIt works.\n")
    assert (done.status, done.err) == (0, "")
    for part in ("smtp.gmail.com port 587, starttls", "as me@gmail.com",
                 "sender     <me@gmail.com>", f"recipient  <{RCPT}>",
                 "It works."):
        assert part in done.out


def test_a_provider_is_overridden_field_by_field(postrider):
    postrider.configure("provider gmail { port = 465 tls = implicit }\n")
    answer = shown(postrider, "--user=me@gmail.com")
    assert answer["host"] == "smtp.gmail.com"
    assert (answer["port"], answer["tls"]) == (465, "implicit")
    listed = json.loads(postrider.run("providers", "gmail", "--json").out)
    assert listed[0]["port"] == "465"
    assert listed[0]["host"] == "smtp.gmail.com"


def test_a_provider_of_ones_own(postrider):
    postrider.configure("provider corp { host = smtp.corp.test "
                        "domains = { corp.test } }\n")
    answer = shown(postrider, "--user=me@corp.test")
    assert (answer["provider"], answer["host"]) == ("corp", "smtp.corp.test")


def test_no_such_provider_is_explained(postrider):
    answer = failure(postrider, "--provider=gmial", RCPT)
    assert "gmail" in answer["error"]["hint"]
    assert answer["exit_status"] in (64, 78)


def test_a_user_is_never_combined_with_clear_text(postrider):
    answer = failure(postrider, "--host=x.test", "--user=me", "--tls=none",
                     "--from=a@x.test", RCPT)
    assert answer["exit_status"] == 78


# ---- lists ------------------------------------------------------------------

def test_accounts_are_listed(postrider):
    postrider.configure(THREE + "account odd { provider = nobody }\n")
    done = postrider.run("accounts")
    assert (done.status, done.err) == (0, "")
    assert "me@first.test" in done.out
    assert done.out.count("(default)") == 1
    done = postrider.run("accounts", "--json")
    assert done.out.count("\n") == 1
    accounts = {one["name"]: one for one in json.loads(done.out)}
    assert list(accounts) == ["first", "second", "default", "odd"]
    assert accounts["default"]["default"] is True
    assert accounts["second"]["from"] == ["me@second.test",
                                          "team@second.test",
                                          "*@pattern.test"]
    assert "nobody" in accounts["odd"]["error"]


def test_the_directory_of_credentials_is_named(postrider):
    directory = postrider.home / "tokens"
    postrider.configure(f"""
account a {{ host = a.test user = a credential-folder = ~/tokens
    credential-encrypt = plain-text }}
account b {{ host = b.test user = b }}
account c {{ host = c.test user = c credential-folder = ~/tokens
    credential-encrypt = plain-text credential = "env:C" }}
""")
    listed = json.loads(postrider.run("accounts", "--json").out)
    assert [one["directory"] for one in listed] == [str(directory), None, None]


def test_no_accounts_are_an_empty_list(postrider):
    done = postrider.run("accounts", "--json")
    assert (done.status, json.loads(done.out)) == (0, [])
    done = postrider.run("accounts")
    assert (done.status, done.out) == (0, "")
    assert "postrider login" in done.err


def test_providers_are_listed(postrider):
    done = postrider.run("providers")
    assert (done.status, done.err) == (0, "")
    assert len(done.out.splitlines()) > 20
    done = postrider.run("providers", "--json")
    assert done.out.count("\n") == 1
    providers = {one["name"]: one for one in json.loads(done.out)}
    assert providers["gmail"]["host"] == "smtp.gmail.com"
    assert "gmail.com" in providers["gmail"]["domains"]
    one = json.loads(postrider.run("providers", "icloud", "--json").out)
    assert one == [providers["icloud"]]
    assert "smtp.mail.me.com" in postrider.run("providers", "icloud").out


# ---- JSON, also on failure --------------------------------------------------

@pytest.mark.parametrize("words, status", [
    (["--json"], 64),
    (["--json", "-z", RCPT], 64),
    (["-z", "--json", RCPT], 64),
    (["--json", "-f"], 64),
    (["--json", "--host=x.test", "--from=a@x.test", "@@@"], 65),
    (["--json", RCPT], 78),
    (["--json", "-C", "/nowhere/at/all", RCPT], 78),
    (["accounts", "--json", "-C", "/nowhere/at/all"], 78),
    (["accounts", "--json", "more"], 64),
    (["providers", "--json", "nobody"], 64),
    (["providers", "-C", "/nowhere/at/all", "--json"], 78),
    (["login", "--json"], 64),
    (["login", "me", "--json"], 64),
    (["login", "-C", "/nowhere", "me@gmail.com", "--json"], 78),
    (["--json", "--host=127.0.0.1", "--port=1", "--retries=0", "--tls=none",
      "--from=a@x.test", RCPT], 75),
    (["--json", "--host=no-such-host.invalid", "--retries=0",
      "--from=a@x.test", "--timeout=2s", RCPT], None),
    (["--json", "-oeq", "-t"], 78),
    (["--json", "-f", "\xff@x.test", "--host=x.test", "--dry-run", RCPT],
     None),
])
def test_json_is_one_line_also_on_failure(postrider, words, status):
    done = postrider.run(*(word.encode("latin-1") for word in words),
                         input=HEADERLESS)
    assert done.out.count("\n") == 1, (done.out, done.err)
    answer = json.loads(done.out)
    assert answer["exit_status"] == done.status != 0
    assert answer["status"] == "failed"
    if status:
        assert done.status == status, done.err
    if "-oeq" in words:
        assert done.err == ""


# ---- MX ---------------------------------------------------------------------

# $1: the test's directory.
RESOLVE = """\
set -e
ip link set lo up
mount --bind "$1/resolv.conf" /etc/resolv.conf
if [ -e "$1/dnsmasq.conf" ]; then
	dnsmasq --conf-file="$1/dnsmasq.conf" --pid-file="$1/dnsmasq.pid"
fi
shift
exec "$@"
"""
DNSMASQ = """\
user=root
port=53
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
local=/test/
mx-host=company.test,aspmx.l.google.com,1
mx-host=company.test,alt1.aspmx.l.google.com,5
mx-host=second.test,mail.nobody.test,1
mx-host=second.test,ALT2.ASPMX.L.GOOGLE.COM,5
mx-host=unknown.test,mail.nobody.test,1
host-record=nomx.test,192.0.2.1
"""


@pytest.fixture
def resolve(postrider, tmp_path):
    """Runs postrider with dnsmasq as the only name server, or without any."""
    require_root("a name server on port 53")
    find_program("dnsmasq")
    (tmp_path / "resolv.conf").write_text(
        "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")

    def run(*arguments, server=True, input=HEADERLESS):
        if server:
            (tmp_path / "dnsmasq.conf").write_text(DNSMASQ)
        done = subprocess.run(
            ["unshare", "-m", "-n", "-p", "-f", "--kill-child", "sh", "-c",
             RESOLVE, "sh", tmp_path,
             *postrider.command("--dry-run", "--json", *arguments, RCPT)],
            input=input, capture_output=True, timeout=60,
            env=postrider.environment(
                {"PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}))
        assert done.stdout.count(b"\n") == 1, done.stderr
        return json.loads(done.stdout)
    return run


@pytest.mark.parametrize("domain", ["company.test", "COMPANY.TEST",
                                    "second.test"])
def test_a_provider_is_known_by_the_mx(resolve, domain):
    answer = resolve(f"--user=me@{domain}")
    assert answer["provider"] == "gmail"
    assert answer["host"] == "smtp.gmail.com"
    assert answer["user"] == f"me@{domain}"
    assert f"MX of {domain}" in answer["found_by"]


@pytest.mark.parametrize("domain, status, message", [
    ("unknown.test", 78, "or its MX mail.nobody.test"),
    ("nomx.test", 78, "no known mail provider"),
    ("missing.test", 68, "no such domain"),
])
def test_an_mx_that_does_not_help(resolve, domain, status, message):
    answer = resolve(f"--user=me@{domain}")
    assert answer["exit_status"] == status
    assert message in answer["error"]["message"]
    assert "--host" in answer["error"]["hint"]


def test_the_sender_of_no_account_needs_a_default(resolve, postrider):
    postrider.configure("account a { host = a.test }\n"
                        "account b { host = b.test }\n")
    answer = resolve("-f", "root@missing.test")
    assert answer["exit_status"] == 78
    assert answer["error"]["message"] == (
        "no account has the address root@missing.test, and none of the 2 "
        "accounts is the default")
    assert answer["error"]["hint"].endswith(": a, b")


def test_accounts_are_listed_while_no_name_server_answers(resolve, postrider):
    postrider.configure("account a { host = a.test  user = me@a.test }\n"
                        "account me@b.test { user = me@b.test }\n"
                        "account c { host = c.test }\n")
    answer = resolve("-f", "me@company.test", server=False)
    assert answer["exit_status"] == 75
    assert answer["error"]["hint"] == (
        "check the network; to send through one of the accounts, use "
        "-a NAME: a (me@a.test), me@b.test, c")


def test_a_name_server_that_is_down_is_temporary(resolve):
    answer = resolve("--user=me@company.test", "--timeout=1s", server=False)
    assert answer["exit_status"] == 75
    assert answer["error"]["temporary"] is True


def test_no_name_server_is_asked_where_the_host_is_known(resolve):
    answer = resolve("--user=me@company.test", "--host=smtp.company.test",
                     server=False)
    assert answer["host"] == "smtp.company.test"


@pytest.mark.parametrize("name, state, said", [
    ("smtp", "there", "in the systemd credential smtp"),
    ("other", "missing",
     "the systemd credential other is available only to the systemd unit"),
])
def test_a_credential_of_systemd_is_there_only_in_its_unit(
        postrider, tmp_path, name, state, said):
    postrider.configure(f'account a {{ host = x.test user = me@x.test '
                        f'credential = "systemd:{name}" }}\n')
    (tmp_path / "smtp").write_text("secret\n")
    unit = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    [account] = json.loads(postrider.run("accounts", "--json", env=unit).out)
    assert (account["state"], account["detail"]) == (state, said)
    assert f"password: {said}\n" in postrider.run("accounts", env=unit).out
    assert "available only to the systemd unit" in postrider.run("accounts").out
