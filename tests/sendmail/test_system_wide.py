# SPDX-License-Identifier: MIT
"""One configuration for all users: a credential that only root can read, and
postrider.socket, which sends for the others (peers/system_service.py)."""
import re
import shutil
import subprocess

import pytest

from callers.mail import body_of, field_of
from peers.daemon import find_program
from peers.system_service import (MESSAGE, PATH, ROOT, SERVICE, SOCKET, UNITS,
                                  send)


def account_at(server, ca):
    return (f"host = localhost  port = {server.port}  user = alice "
            f'tls-trust-file = "{ca.pem}"')


@pytest.fixture
def server(make_server):
    return make_server(users={"alice": "secret"})


@pytest.fixture
def system(make_system, server, ca):
    return make_system(account_at(server, ca))


def test_a_user_sends_without_the_password(system, server):
    done = system.run(send() + 'echo "status $?"\n'
                      "as nobody "
                      'cat "$etc/password" /run/credentials/password\n'
                      "cat /run/credentials/log /run/log >&2")
    assert "status 0" in done.stdout, done
    assert "secret" not in done.stdout + done.stderr
    assert done.stderr.count("Permission denied") == 2, done
    assert "client-uid=65534" in done.stderr, done
    assert re.findall(r"died with code (\d+)", done.stderr) in ([], ["0"])
    message = server.messages[0]
    assert (message.user, message.sender) == ("alice", "box@corp.example")
    assert message.to == ["admin@corp.example"]
    assert field_of(message, "from") == b"Carol <box@corp.example>"
    assert field_of(message, "reply-to") == b"carol@corp.example"
    assert field_of(message, "to") == b"root <admin@corp.example>"
    assert body_of(message) == b"body\r\n"


def test_the_home_of_root_is_no_obstacle(system, server):
    """As with a cron that a shell of root has started."""
    done = system.run("mkdir -m 700 /run/root\n" + send(env="HOME=/run/root")
                      + 'echo "status $?"\n')
    assert "status 0" in done.stdout, done
    assert len(server.messages) == 1


def test_a_user_cannot_choose_the_sender(system, server):
    done = system.run(
        send("--set-from=never -f ceo@corp.example you@corp.example",
             "From: CEO <ceo@corp.example>\nSender: ceo@corp.example\n\nx\n")
        + 'echo "status $?"\n')
    assert "status 0" in done.stdout, done
    message = server.messages[0]
    assert message.sender == "box@corp.example"
    assert field_of(message, "from") == b"CEO <box@corp.example>"
    assert field_of(message, "sender") == b"ceo <box@corp.example>"


def test_what_the_provider_says_arrives(make_system, make_server, ca):
    server = make_server(users={"alice": "secret"},
                         faults={"rcpt": "550 5.1.1 no such user"})
    system = make_system(account_at(server, ca))
    done = system.run(send() + 'echo "status $?"\n')
    assert "status 67" in done.stdout, done
    assert "no such user" in done.stderr
    assert server.messages == []


CRON = """\
mkdir "$1/crontabs" "$1/cron.d"
printf 'SHELL=/bin/sh\\n@reboot echo out; pwd\\n' >"$1/crontabs/nobody"
chown nobody:crontab "$1/crontabs/nobody"; chmod 600 "$1/crontabs/nobody"
chgrp crontab "$1/crontabs"; chmod 1730 "$1/crontabs"
mount --bind "$1/crontabs" /var/spool/cron/crontabs
rm -rf /etc/crontab /etc/cron.d
mkdir /etc/cron.d; : >/etc/crontab
/usr/sbin/cron
for i in $(seq 500); do
    ! grep -qs accepted /run/credentials/log || break; sleep 0.02
done
cat /run/credentials/log
"""


def test_the_jobs_of_a_user_without_rights(system, server):
    find_program("cron")
    done = system.run(CRON)
    assert "client-uid=65534" in done.stdout, done
    message = server.messages[0]
    assert (message.sender, message.to) == ("box@corp.example",
                                            ["admin@corp.example"])
    assert field_of(message, "from") == b"Cron Daemon <box@corp.example>"
    assert field_of(message, "to") == b"nobody <admin@corp.example>"
    assert body_of(message).startswith(b"out\r\n/")


def test_check_works_for_users(system):
    done = system.run("as nobody "
                      '"$1/bin/postrider" check; echo "status $?"\n'
                      '"$1/bin/postrider" accounts\n'
                      "/usr/sbin/sendmail -bv root; cat /etc/hostname |"
                      '/usr/sbin/sendmail -v root 2>&1')
    assert "status 0" in done.stdout, done
    assert f"unix:{PATH}" in done.stdout
    for word in ("not encrypted", "DNS", "587"):
        assert word not in done.stdout


def test_without_the_service(system, server):
    done = system.run(send() + 'echo "status $?"\n', service=False)
    assert "status 75" in done.stdout, done
    assert "systemctl start postrider.socket" in done.stderr
    done = system.run(f"chmod 600 {PATH}\n" + send() + 'echo "status $?"\n')
    assert "status 78" in done.stdout, done
    assert "administrator" in done.stderr
    assert server.messages == []


@pytest.mark.parametrize("source", ["file:/etc/postrider/password",
                                    "systemd:password"])
def test_a_secret_of_root(system, server, source):
    """root and units can send; others hear how they can."""
    config = system.write("config", f"account system {{ {system.account} "
                          f'credential = "{source}" }}')
    done = system.run(
        config + "export CREDENTIALS_DIRECTORY=/run/credentials\n"
        f'/usr/sbin/sendmail -t <<"EOF"\n{MESSAGE}EOF\necho "root $?"\n'
        + send() + 'echo "user $?"\n', service=False)
    assert "root 0" in done.stdout, done
    assert "user 77" in done.stdout, done
    assert "postrider login" in done.stderr
    assert "postrider.socket" in done.stderr
    assert len(server.messages) == 1


def test_a_configuration_that_users_cannot_read(system):
    done = system.run(
        'chmod 600 "$etc/config"\n' + send() + 'echo "user $?"\n')
    assert "user 78" in done.stdout, done
    assert "all users must be able to read this file" in done.stderr


def test_the_units_are_valid(tmp_path, postrider):
    find_program("systemd-analyze")
    programs = {"/usr/bin/postrider": postrider.program,
                "/usr/libexec/postrider/postrider-queue":
                    postrider.program.with_name("postrider-queue")}
    for unit in UNITS.iterdir():
        text = unit.read_text()
        for usual, built in programs.items():
            text = text.replace(usual, str(built))
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *tmp_path.glob("*.*")],
        capture_output=True, text=True, timeout=60,
        env={**postrider.environment(), "SYSTEMD_LOG_LEVEL": "warning"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for line in ("DynamicUser=yes", "StandardInput=socket"):
        assert line in SERVICE.splitlines()
    assert "Accept=yes" in SOCKET.splitlines()


def test_the_units_are_installed_and_removed(tmp_path):
    make = ["make", "-s", f"BUILD={tmp_path}/none", "prefix=/opt/p",
            f"DESTDIR={tmp_path}/root", "-o", "install", "-o", "all"]
    subprocess.run([*make, "install-service"], cwd=ROOT, check=True,
                   capture_output=True, timeout=120)
    units = tmp_path / "root/opt/p/lib/systemd/system"
    text = (units / "postrider@.service").read_text()
    assert "ExecStart=/opt/p/bin/postrider -bs -C /etc/postrider/" in text
    assert sorted(path.name for path in units.iterdir()) == sorted(
        path.name for path in UNITS.iterdir())
    text = (units / "postrider-queue.service").read_text()
    assert "ExecStart=/opt/p/libexec/postrider/postrider-queue start" in text
    subprocess.run([*make, "uninstall"], cwd=ROOT, check=True,
                   capture_output=True, timeout=120)
    assert list(units.iterdir()) == []


@pytest.mark.parametrize("host", ["unix:", "unix:run/x", "unix:/" + "x" * 103])
def test_a_socket_needs_a_path(postrider, host):
    done = postrider.run("--host", host, "you@example.org", input=b"x\n")
    assert done.status == 64
    assert "isn't unix: and an absolute path" in done.err
