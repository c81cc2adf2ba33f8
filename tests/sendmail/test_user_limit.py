# SPDX-License-Identifier: MIT
"""recipients-per-user: no user of postrider.socket can use up what the provider
allows. The users are real: the kernel says who connects."""
import re

import pytest

from peers.system_service import STATE, send

FILES = f"{STATE}/.local/state/postrider/recipients"
STATUS = 'echo "$?"\n'
TO = "To: {}\nSubject: x\n\nx\n"


@pytest.fixture
def server(make_server):
    return make_server(users={"alice": "secret"})


@pytest.fixture
def system(make_system, server, ca):
    def make(rate, more=""):
        return make_system(
            f"host = localhost  port = {server.port}  user = alice "
            f'tls-trust-file = "{ca.pem}"  recipients-per-user = {rate} {more}')

    return make


def mail(user="nobody", to=("you@example.org",)):
    return send(text=TO.format(", ".join(to)), user=user) + STATUS


def statuses(done):
    return re.findall(r"^(\d+)$", done.stdout, re.M)


def test_each_user_has_a_limit(system, server):
    done = system("2/h").run(3 * mail() + 3 * mail("games") + mail()
                             + f"ls -l {FILES}; cat /run/credentials/log")
    assert statuses(done) == ["0", "0", "75", "0", "0", "75", "75"], done
    assert ("user nobody may send to 2 recipients an hour, which are used up; "
            "try again in 6") in done.stderr
    assert "user games may send" in done.stderr
    assert re.search(r"hint: wait [^;]+; this computer limits",
                     done.stderr), done
    assert len(server.messages) == 4
    assert len(re.findall(r"^-rw------- 1 daemon ", done.stdout, re.M)) == 2
    assert "client-uid=65534" in done.stdout
    assert "which are used up" in done.stdout


def test_no_session_begins_beyond_the_limit(system, server):
    system("1/h").run(mail() + mail() + mail())
    assert len(server.wires) == 1


def test_what_is_beyond_the_limit_can_wait(system, server):
    """In the queue of the user; without a home directory, there is none."""
    queue = "POSTRIDER_QUEUE= HOME=/run/home"
    done = system("1/h").run(
        "mkdir -m 777 /run/home\n"
        + 2 * (send(text=TO.format("you@example.org"), env=queue) + STATUS)
        + f'as nobody {queue} "$1/bin/postrider" queue list\n'
        + send(text=TO.format("you@example.org"), env="POSTRIDER_QUEUE=")
        + STATUS)
    assert statuses(done) == ["0", "0", "75"], done
    assert "which are used up" in done.stdout
    assert "in 1 Request" in done.stdout
    assert len(server.messages) == 1


def test_recipients_are_counted(system, server):
    """Those beyond the limit get nothing; a message is still sent to others."""
    done = system("3/d").run(
        mail(to=("a@example.org", "b@example.org"))
        + mail(to=("c@example.org", "d@example.org")))
    assert statuses(done) == ["0", "75"], done
    assert "d@example.org" in done.stderr and "a day" in done.stderr
    assert [one.to for one in server.messages] == [
        ["a@example.org", "b@example.org"], ["c@example.org"]]


def test_a_recipient_that_is_named_twice_counts_once(system, server):
    done = system("1/d").run(mail(to=("a@example.org", "A@example.org",
                                      "a@example.org")))
    assert statuses(done) == ["75"], done  # a and A may be two
    done = system("2/d").run(mail(to=("a@example.org", "a@example.org"))
                             + mail(to=("b@example.org",)))
    assert statuses(done) == ["0", "0"], done


def test_root_and_the_service_itself_have_no_limit(system, server):
    done = system("1/h").run("umask 077\n" + 3 * mail("root")
                             + 2 * mail("daemon") + mail() + mail())
    assert statuses(done) == ["0", "0", "0", "0", "0", "0", "75"], done


def test_unknown_users_share_a_limit(system):
    """A user can have 65,536 user IDs of a user namespace."""
    done = system("2/h").run(mail("100000") + mail("100001") + mail("100002")
                             + mail())
    assert statuses(done) == ["0", "0", "75", "0"], done
    assert "unknown users may send" in done.stderr


def test_the_limit_is_kept_between_many_at_once(system, server):
    done = system("7/h").run(
        "for i in $(seq 20); do (" + send(
            text=TO.format("you@example.org")) + ") 2>/dev/null &\n"
        'pids="$pids $!"; done; wait $pids; true\n')
    assert len(server.messages) == 7, done


def test_it_ends_with_the_period(system, server):
    """The numbers of an hour ago no longer count."""
    past = (f"sed -i -E 's/^([0-9]+)/echo $((\\1 - 3660))/e' {FILES}/65534\n")
    done = system("1/h").run(mail() + mail() + past + mail() + mail())
    assert statuses(done) == ["0", "75", "0", "75"], done


@pytest.mark.parametrize("content", [
    "garbage\\n", "99999999999999999999 5\\n", "1 2 3", "\\0\\0\\n", "9999999999 9\\n"])
def test_a_damaged_file(system, content):
    done = system("1/h").run(
        f"in_service mkdir -p {FILES}\n"
        f"in_service sh -c 'printf \"{content}\" >{FILES}/65534'\n"
        + mail() + mail())
    assert statuses(done) == ["0", "75"], done


def test_without_a_file_only_root_sends(system, server):
    done = system("1/h").run(
        f"mkdir -p {FILES}; chmod 755 {FILES}\n" + mail() + mail("root"))
    assert statuses(done) == ["75", "0"], done
    assert "the mail service of this computer cannot send" in done.stderr


def test_a_dialogue_counts_each_message(system, server):
    """One connection, several messages, also after the session has ended."""
    one = ("MAIL FROM:<a@corp.example>\\r\\nRCPT TO:<you@example.org>\\r\\n"
           "DATA\\r\\n\\r\\nx\\r\\n.\\r\\n")
    done = system("2/h").run(
        "cat >/run/talk.py <<'END'\n"
        "import socket\ns = socket.socket(socket.AF_UNIX)\n"
        "s.connect('/run/postrider/submit')\nf = s.makefile('rw', newline='')\n"
        "f.readline()\nf.write('HELO x\\r\\n'); f.flush(); f.readline()\n"
        "for i in range(3):\n"
        "    for line in ('MAIL FROM:<a@corp.example>',"
        " 'RCPT TO:<you@example.org>', 'DATA', 'Subject: x\\r\\n\\r\\nx\\r\\n.'):\n"
        "        f.write(line + '\\r\\n'); f.flush()\n"
        "        print(f.readline().strip())\n"
        "END\nas nobody python3 /run/talk.py\n")
    assert len(server.messages) == 2, done
    assert len(re.findall(r"^451 4\.7\.0 user nobody may send", done.stdout,
                          re.M)) == 1, done


@pytest.mark.parametrize("rate", ["0/h", "1", "1/", "/h", "1/w", "-1/h",
                                  "1000001/d", "1 /h"])
def test_a_rate_that_is_none(postrider, rate):
    postrider.configure(f'recipients-per-user = "{rate}"\n'
                        "account a { host = localhost }\n")
    done = postrider.run("accounts")
    assert done.status == 78
    assert "recipients-per-user" in done.err
    assert "rate such as 100/h" in done.err


def test_it_is_no_option(postrider):
    done = postrider.run("--recipients-per-user=1/h", "you@example.org")
    assert done.status == 64
