# SPDX-License-Identifier: MIT
"""sendmail -bs between real clients, or their exact dialogues, and Postfix."""
import email.message
import email.policy
import os
import pathlib
import subprocess

import pytest

from callers.mail import Mail, body_of, field_of
from callers.smtp_client import Client, Server
from dialogue import faults
from dialogue.submission import SubmissionServer
from peers.daemon import find_program
from peers.postfix import body_of as body_in_mailbox, new_token
from peers.resident import children_of


@pytest.fixture
def serve(postrider, ca, postfix):
    postrider.env["POSTRIDER_PASSWORD"] = "secret"
    postrider.configure("account a { host = localhost port = %d "
                        "tls-trust-file = \"%s\" user = alice "
                        "from = alice@example.test }" % (postfix.port, ca.pem))

    def start(*arguments):
        return Server(postrider, *arguments)
    return start


def compose(token, text):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = "alice@example.test"
    message["To"] = "bob@example.test"
    message["Subject"] = token
    message.set_content(text, cte="8bit")
    return message


def test_python_and_postfix(serve, postfix):
    """Large messages, too: the file for them is opened before the sandbox."""
    tokens = [new_token() for _ in range(3)]
    texts = ["Grüße\n.\n..\n", "ä" * 70 + "\n", "kurz\n"]
    texts[1] *= 10000
    with serve() as server:
        client = Client(server)
        for token, text in zip(tokens, texts):
            assert client.send_message(compose(token, text)) == {}
        client.quit()
        assert server.process.wait(20) == 0
    for token, text in zip(tokens, texts):
        message = postfix.wait_for("bob", token)
        assert body_in_mailbox(message).decode() == text


def test_what_postfix_refuses_is_told_by_recipient(serve, postfix):
    token = new_token()
    with serve() as server:
        client = Client(server)
        refused = client.sendmail(
            "alice@example.test",
            ["bob@example.test", "nouser@example.test",
             "tempfail@example.test"], compose(token, "x\n").as_bytes())
        client.quit()
    assert {name: code for name, (code, _) in refused.items()} == {
        "nouser@example.test": 550, "tempfail@example.test": 450}
    assert refused["nouser@example.test"][1].startswith(b"5.1.1 ")
    postfix.wait_for("bob", token)


def test_a_refused_password(serve, postrider):
    postrider.env["POSTRIDER_PASSWORD"] = "wrong"
    with serve() as server:
        server.greet()
        reply = server.say("MAIL FROM:<alice@example.test>")
        assert reply.startswith("535-5.7.8 "), reply
        assert "localhost" in reply
        assert server.say("RCPT TO:<bob@example.test>")[:3] == "503"
        assert server.quit() == (0, "")


# As its SmtpTransport does over a ProcessStream, with "sendmail -bs".
SYMFONY = r"""
$process = proc_open($argv[1], [['pipe', 'r'], ['pipe', 'w']], $pipes);
function expect($code, $command = null) {
    global $pipes;
    if ($command !== null) { fwrite($pipes[0], $command); fflush($pipes[0]); }
    do { $line = fgets($pipes[1]); } while ($line[3] === '-');
    if ((int) $line !== $code) { fwrite(STDERR, $line); exit(1); }
    return $line;
}
expect(220);
expect(250, "HELO [127.0.0.1]\r\n");
foreach ([1, 2] as $number) {
    expect(250, "MAIL FROM:<me@example.test>\r\n");
    expect(250, "RCPT TO:<user$number@example.org>\r\n");
    expect(354, "DATA\r\n");
    fwrite($pipes[0], "From: Me <me@example.test>\r\nSubject: $number\r\n");
    fwrite($pipes[0], "\r\n..dot\r\n");
    echo expect(250, "\r\n.\r\n");
    expect(250, "NOOP\r\n");
}
expect(221, "QUIT\r\n");
fclose($pipes[0]); fclose($pipes[1]);
exit(proc_close($process));
"""

# Net::SMTP, which knows TCP only, is given a socket that is connected.
PERL = r"""
use strict; use Socket; use Net::SMTP; use IO::Handle;
socketpair(my $ours, my $theirs, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
if (fork == 0) {
    open(STDIN, '<&', $theirs); open(STDOUT, '>&', $theirs); close $ours;
    exec @ARGV or die;
}
close $theirs;
my $smtp = bless $ours, 'Net::SMTP';
$smtp->autoflush(1);
$smtp->response == 2 or die "greeting";
$smtp->hello('client.example') or die;
for my $number (1, 2) {
    $smtp->mail('me@example.test', Size => 100, Bits => '8') or die $smtp->message;
    my @good = $smtp->recipient("user$number\@example.org", 'gone@example.org', { SkipBad => 1 });
    print "@good\n";
    $smtp->data or die;
    $smtp->datasend("Subject: $number\n\n.\n.dot\n") or die;
    $smtp->dataend or die $smtp->message;
    print $smtp->code, ' ', $smtp->message;
}
$smtp->quit or die;
"""

# As c-client does in alpine, with "/usr/sbin/sendmail -bs -odb -oem".
ALPINE = ["EHLO host.example.test", "RSET",
          "MAIL FROM:<me@example.test> BODY=8BITMIME",
          "RCPT TO:<you@example.org> NOTIFY=NEVER"]


def test_php_as_symfony_mailer(mail):
    find_program("php")
    done = subprocess.run(
        ["php", "-r", SYMFONY, "--", f"{mail.postrider.program} -bs"],
        env=mail.postrider.environment(), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (b"250 2.0.0 queued as 1\r\n"
                           b"250 2.0.0 queued as 2\r\n")
    assert [message.to for message in mail.server.messages] == [
        ["user1@example.org"], ["user2@example.org"]]
    assert body_of(mail.server.messages[0]) == b".dot\r\n\r\n"


def test_the_dialogue_of_alpine(mail):
    with Server(mail.postrider, "-odb", "-oem") as server:
        server.reply()
        for line in ALPINE:
            assert server.say(line)[:3] == "250"
        assert server.say("DATA")[:3] == "354"
        server.write("Date: Fri, 20 Nov 2026 20:00:00 +0000 (UTC)",
                     "From: Me <me@example.test>", "To: you@example.org",
                     "Subject: =?UTF-8?Q?=C3=BC?=", "", "text")
        assert server.say(".")[:3] == "250"
        assert server.quit() == (0, "")
    message = mail.arrived()
    assert message.recipients == [("you@example.org", ["NOTIFY=NEVER"])]
    assert field_of(message, "date") == (
        b"Fri, 20 Nov 2026 20:00:00 +0000 (UTC)")


def test_a_shell_pipe_as_swaks_makes_it(mail):
    """Its two pipes, and a wait for each reply."""
    running = mail.start("-bs")

    def expect(code, line=None):
        if line is not None:
            running.stdin.write(line.encode() + b"\r\n")
            running.stdin.flush()
        while True:
            reply = running.stdout.readline().decode()
            assert reply.startswith(code), reply
            if reply[3] == " ":
                return
    expect("220")
    expect("250", "EHLO client.example")
    expect("250", "MAIL FROM:<me@example.test>")
    expect("250", "RCPT TO:<you@example.org>")
    expect("354", "DATA")
    expect("250", "Subject: test\r\n\r\nThis is a test mailing\r\n\r\n.")
    expect("221", "QUIT")
    out, err = running.communicate()
    assert (running.returncode, out, err) == (0, b"", b"")
    assert body_of(mail.arrived()) == b"This is a test mailing\r\n\r\n"


def status_of(pid, name):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])


def test_the_process_with_a_session_is_in_a_sandbox(mail):
    """Also when it handles further messages, and those with a large file."""
    with Server(mail.postrider) as server:
        server.greet()
        for lines in (1, 10000):
            text = b"Subject: x\r\n\r\n" + (b"x" * 70 + b"\r\n") * lines
            assert server.send(text)[:3] == "250"
        (child,) = children_of(server.process.pid)
        if b"__asan_init" not in mail.postrider.program.read_bytes():
            assert status_of(child, "Seccomp") == 2
            assert status_of(child, "NoNewPrivs") == 1
        sockets = [link for link in map(os.readlink, pathlib.Path(
            f"/proc/{server.process.pid}/fd").iterdir())
            if link.startswith("socket:")]
        assert len(set(sockets)) == 1  # of the client
        assert server.quit() == (0, "")
    assert len(mail.server.wires) == 1


def test_perl_net_smtp(postrider):
    refused = faults.for_recipient("gone@example.org", "550 5.1.1 unknown")
    with SubmissionServer(tls="none", mechanisms=(),
                          faults={"rcpt": refused}) as upstream:
        mail = Mail(postrider, upstream)
        done = subprocess.run(
            ["perl", "-e", PERL, mail.postrider.program, "-bs"],
            env=mail.postrider.environment(), capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (b"user1@example.org\n250 2.0.0 queued as 1\n"
                           b"user2@example.org\n250 2.0.0 queued as 2\n")
    assert [body_of(message) for message in upstream.messages] == [
        b".\r\n.dot\r\n"] * 2
