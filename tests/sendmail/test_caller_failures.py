# SPDX-License-Identifier: MIT
"""Programs that call sendmail, when the server refuses the recipient: each
exits with a failure and shows the server's reply."""
import subprocess

import pytest

from callers.mail import Mail
from dialogue.submission import SubmissionServer
from peers.daemon import find_program

# $1: postrider; $2: an empty directory.
CALLERS = {
    "neomutt": r"""
printf 'set sendmail="%s -oem -oi"\nset from=me@example.test\n' "$1" >"$2/rc"
echo x | neomutt -n -F "$2/rc" -e 'unset record; set copy=no' -s x \
    -- you@example.org""",
    "swaks": r"""
exec swaks --pipe "$1 -bs" -f me@example.test -t you@example.org""",
    "perl Email::Sender": r"""
exec perl -MEmail::Simple -MEmail::Sender::Simple \
    -MEmail::Sender::Transport::Sendmail -e '
my $mail = Email::Simple->create(header => [
    From => q(me@example.test), To => q(you@example.org)], body => "x\n");
Email::Sender::Simple->send($mail, {transport =>
    Email::Sender::Transport::Sendmail->new({sendmail => $ARGV[0]})});' "$1" """,
    "perl MIME::Lite": r"""
exec perl -MMIME::Lite -e '
MIME::Lite->new(From => q(me@example.test), To => q(you@example.org),
    Data => "x\n")->send("sendmail", "$ARGV[0] -t -oi")
    or exit 1;' "$1" """,
    "php Symfony": r"""
exec php -r '
require "Symfony/Component/Mailer/autoload.php";
$mail = (new Symfony\Component\Mime\Email())->from("me@example.test")
    ->to("you@example.org")->text("x");
(new Symfony\Component\Mailer\Mailer(
    Symfony\Component\Mailer\Transport::fromDsn(
        "sendmail://default?command=" . urlencode("$argv[1] -bs"))))
    ->send($mail);' "$1" """,
}


@pytest.mark.parametrize("name", CALLERS)
def test_the_reply_is_shown(postrider, tmp_path, name):
    find_program(name.partition(" ")[0])
    with SubmissionServer(tls="none", mechanisms=(), faults={
            "rcpt": "550 5.1.1 no mailbox of this name"}) as server:
        mail = Mail(postrider, server)
        done = subprocess.run(
            ["sh", "-c", CALLERS[name], "sh", postrider.program, tmp_path],
            env=mail.postrider.environment({"TERM": "dumb"}),
            capture_output=True, timeout=60)
        assert server.messages == []
    output = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode != 0, output
    assert "550 5.1.1 no mailbox of this name" in output
