# SPDX-License-Identifier: MIT
"""sendmail's options: what each does, and that none reads or writes a file."""
import email.header
import subprocess

import pytest

from dialogue.submission import SubmissionServer
from callers.mail import (HEADER, MESSAGE, Mail, body_of, field_of, fields_of,
                           no_leak_check, run_without_input)

NO_FROM = b"To: you@example.org\nSubject: x\n\nbody\n"
DOT = HEADER + b"\none\n.\ntwo\n"
DOT_CRLF = DOT.replace(b"\n", b"\r\n")
RCPT = "you@example.org"


# ---- -t ---------------------------------------------------------------------

LISTS = b"""\
From: me@example.test
To: a@example.org, B <b@example.org>
Cc: c@example.org
Bcc: d@example.org

body
"""


def test_t_takes_the_recipients_of_all_three_fields(mail):
    assert mail.send("-t", input=LISTS).to == [
        "a@example.org", "b@example.org", "c@example.org", "d@example.org"]


def test_t_adds_those_on_the_command_line_each_once(mail):
    message = mail.send("-t", "b@example.org", "e@example.org", input=LISTS)
    assert sorted(message.to) == [f"{name}@example.org" for name in "abcde"]


def test_t_leaves_those_on_the_command_line_out_if_told_to(mail):
    message = mail.send("-t", "--extract-addresses=remove", "b@example.org",
                        "D@EXAMPLE.ORG", "d@EXAMPLE.org", input=LISTS)
    assert message.to == ["a@example.org", "c@example.org"]


def test_t_takes_the_resent_fields_alone_where_there_are_some(mail):
    again = (b"Resent-To: r@example.org\nResent-Cc: s@example.org\n"
             b"Resent-Bcc: t@example.org\n")
    message = mail.send("-t", input=again + LISTS)
    assert message.to == ["r@example.org", "s@example.org", "t@example.org"]
    assert b"t@example.org" not in message.data
    assert b"d@example.org" not in message.data


@pytest.mark.parametrize("header", [
    b"Subject: nobody\n",
    b"To: \n",
    b"To: undisclosed-recipients:;\n",
    b"To: (only a comment)\nCc: friends: ;\n",
])
def test_t_with_nobody_to_send_to_is_an_error(mail, header):
    assert "no recipients" in mail.refuse(64, "-t", input=header + b"\nx\n")


def test_no_recipients_and_no_t_is_an_error_before_reading(mail):
    done = run_without_input(mail.postrider, "-i")
    assert done.returncode == 64
    assert b"no recipients" in done.stderr


# ---- -i ---------------------------------------------------------------------

@pytest.mark.parametrize("message", [DOT, DOT_CRLF])
@pytest.mark.parametrize("option", [
    ["-i"], ["-oi"], ["-oitrue"], ["-oiTrue"], ["-oi", "-oem"], ["-ti"],
    ["-it"], ["-o", "i"]])
def test_i_keeps_a_lone_dot(mail, option, message):
    sent = mail.send(*option, "--", RCPT, input=message)
    assert body_of(sent) == b"one\r\n.\r\ntwo\r\n"


@pytest.mark.parametrize("message", [DOT, DOT_CRLF])
@pytest.mark.parametrize("option", [[], ["-t"], ["-oem"], ["-om"]])
def test_without_i_a_lone_dot_ends_the_message(mail, option, message):
    assert body_of(mail.send(*option, RCPT, input=message)) == b"one\r\n"


@pytest.mark.parametrize("line", [b"..", b". ", b" .", b".x", b"x."])
def test_only_a_lone_dot_ends_the_message(mail, line):
    text = HEADER + b"\n" + line + b"\nmore\n"
    assert body_of(mail.send(RCPT, input=text)) == line + b"\r\nmore\r\n"


def test_without_i_nothing_is_awaited_behind_the_dot(mail):
    running = mail.start(RCPT)
    running.stdin.write(DOT)
    running.stdin.flush()
    assert running.wait(20) == 0  # though its input is still open
    out, err = running.communicate()
    assert (out, err) == (b"", b"")
    assert body_of(mail.arrived()) == b"one\r\n"


# ---- -f, -r, -F -------------------------------------------------------------

@pytest.mark.parametrize("arguments", [
    ["-f", "s@example.net"], ["-fs@example.net"], ["-r", "s@example.net"],
    ["-rs@example.net"], ["-ifs@example.net"], ["-tifs@example.net"],
    ["-f", "<s@example.net>"], ["-f", "Some One <s@example.net>"]])
def test_f_is_the_envelope_sender(mail, arguments):
    assert mail.send(*arguments, RCPT).sender == "s@example.net"


@pytest.mark.parametrize("arguments", [
    ["-f", "<>"], ["-f<>"], ["-f", ""], ["-r", "<>"]])
def test_the_null_sender_leaves_from_a_real_address(mail, arguments):
    message = mail.send(*arguments, RCPT, input=NO_FROM)
    assert message.sender == ""
    assert field_of(message, "from") == b"Me <me@example.test>"


@pytest.mark.parametrize("arguments", [
    ["-f", "a@example.net", "-f", "b@example.net"],
    ["-fa@example.net", "-ra@example.net"],
    ["-f", "<>", "-f", "a@example.net"]])
def test_f_twice_is_an_error(mail, arguments):
    assert "already" in mail.refuse(64, *arguments, RCPT)


def test_f_takes_one_address(mail):
    mail.refuse(64, "-f", "a@example.net, b@example.net", RCPT)


@pytest.mark.parametrize("name, written", [
    ("Jane Doe", b"Jane Doe"),
    ("J. Doe", b'"J. Doe"'),
    ('Jane "JD" Doe', b'"Jane \\"JD\\" Doe"'),
    ("back\\slash", b'"back\\\\slash"'),
    ("Doe, Jane (home)", b'"Doe, Jane (home)"'),
    ("a@b.test", b'"a@b.test"'),
])
def test_F_is_quoted_as_it_must_be(mail, name, written):
    for arguments in (["-F", name], ["-F" + name]):
        message = mail.send(*arguments, RCPT, input=NO_FROM)
        assert field_of(message, "from") == written + b" <me@example.test>"


def test_F_outside_ascii_is_an_encoded_word(mail):
    name = 'Jürgen "Jü" Groß, ' + "ж" * 60
    message = mail.send("-F", name, RCPT, input=NO_FROM)
    written = field_of(message, "from").decode("ascii")
    words, _, address = written.rpartition(" ")
    assert address == "<me@example.test>"
    assert all(len(word) <= 75 for word in words.split())
    decoded = email.header.make_header(email.header.decode_header(words))
    assert str(decoded) == name


def test_F_changes_no_from_that_is_there(mail):
    message = mail.send("-F", "Other", RCPT)
    assert field_of(message, "from") == b"me@example.test"


def test_name_in_the_environment_is_the_full_name(mail):
    mail.postrider.configure(
        "account a { host = 127.0.0.1 port = %d tls = none "
        "from = me@example.test }" % mail.server.port)
    message = mail.send(RCPT, input=NO_FROM, env={"NAME": "Env Name"})
    assert field_of(message, "from") == b"Env Name <me@example.test>"


# ---- -N, -R, -V, -B ---------------------------------------------------------

def reports_of(mail, *arguments):
    message = mail.send(*arguments, RCPT)
    mail_words = [word for word in message.sender_parameters
                  if word.startswith(("RET", "ENVID"))]
    return mail_words, [word for word in message.recipients[0][1]
                        if word.startswith("NOTIFY")]


@pytest.mark.parametrize("arguments, of_mail, of_rcpt", [
    ([], [], []),
    (["-N", "never"], [], ["NOTIFY=NEVER"]),
    (["-Nsuccess,delay"], [], ["NOTIFY=SUCCESS,DELAY"]),
    (["-N", "FAILURE"], [], ["NOTIFY=FAILURE"]),
    (["-R", "hdrs"], ["RET=HDRS"], []),
    (["-Rfull"], ["RET=FULL"], []),
    (["-V", "id-1"], ["ENVID=id-1"], []),
    (["-Va+b=c d"], ["ENVID=a+2Bb+3Dc+20d"], []),
    (["-Nnever", "-Rhdrs", "-Vx"], ["RET=HDRS", "ENVID=x"],
     ["NOTIFY=NEVER"]),
])
def test_N_R_and_V_reach_the_server(mail, arguments, of_mail, of_rcpt):
    assert reports_of(mail, *arguments) == (of_mail, of_rcpt)


BAD_REPORTS = [
    ["-N", "sometimes"], ["-N", "never,success"], ["-N", ""],
    ["-N", "success,"], ["-R", "half"], ["-R", ""], ["-V", ""],
    ["-V", "a\nb"], ["-V", "ä"], ["-B", "9BIT"], ["-B", "8bit"], ["-B", ""],
]


@pytest.mark.parametrize("arguments", BAD_REPORTS)
def test_bad_values_are_an_error(mail, arguments):
    assert arguments[0] in mail.refuse(64, *arguments, RCPT)


@pytest.mark.parametrize("arguments", BAD_REPORTS)
def test_bad_values_are_the_first_thing_that_is_said(postrider, arguments):
    """They are reported before standard input or the configuration is read."""
    done = run_without_input(postrider, *arguments, RCPT)
    assert done.returncode == 64


def test_a_server_without_dsn_is_no_failure(postrider):
    with SubmissionServer(tls="none", mechanisms=(),
                          extensions=["8BITMIME"]) as server:
        mail = Mail(postrider, server)
        message = mail.send("-Nnever", "-Rhdrs", "-Vx", RCPT)
        assert message.recipients == [(RCPT, [])]
        done = mail.run("-v", "-Nnever", RCPT)
        assert done.status == 0
        assert "DSN" in done.err


@pytest.mark.parametrize("kind", ["7BIT", "8BITMIME", "8bitmime"])
def test_B_takes_both_types(mail, kind):
    mail.send("-B", kind, RCPT)
    mail.send("-B" + kind, RCPT)


# ---- modes ------------------------------------------------------------------

def test_bm_is_the_default(mail):
    assert mail.send("-bm", RCPT).to == [RCPT]


@pytest.mark.parametrize("arguments", [["-bp"], ["-bp", "-v"]])
def test_bp_shows_the_queue_without_reading(mail, arguments):
    done = run_without_input(mail.postrider, *arguments)
    assert (done.returncode, done.stdout) == (0, b"Mail queue is empty\n")


@pytest.mark.parametrize("word", ["-bi", "-I", "-q", "-q15m", "-qIx", "-qf"])
def test_queue_and_alias_runs_are_silent(mail, word):
    done = mail.run(word, input=b"")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert mail.server.messages == []


@pytest.mark.parametrize("letter", ["d", "D", "h", "H", "t", "a",
                                    "P", "z", "x", "", "mm"])
def test_the_other_modes_are_an_error(mail, letter):
    output = mail.refuse(64, "-b" + letter, *([RCPT] if letter else []))
    assert "-b" + letter in output
    assert len(output.splitlines()[0]) < 80


# ---- errors and options that other sendmails have ---------------------------

@pytest.mark.parametrize("arguments", [
    ["-oem"], ["-oep"], ["-oee"], ["-oew"], ["-em"], ["-ep"], ["-ee"],
    ["-ew"], ["-odb"], ["-odi"], ["-om"], ["-oo"], ["-or0s"],
    ["-o7"], ["-o8"], ["-G"], ["-U"], ["-n"], ["-m"], ["-x"], ["-E"],
    ["-7"], ["-8"], ["-Ac"], ["-Am"], ["-d"], ["-d0.1"],
    ["-h", "3"], ["-h3"], ["-L", "tag"], ["-Ltag"], ["-p", "smtp:here"],
    ["-psmtp"], ["-D", "file"], ["-im8Gn"]])
def test_harmless_letters_are_accepted(mail, arguments):
    assert mail.send(*arguments, RCPT).to == [RCPT]


@pytest.mark.parametrize("mode", ["m", "p", "e", "w"])
@pytest.mark.parametrize("form", ["-oe", "-e"])
def test_error_modes_keep_the_true_status(mail, form, mode):
    mail.refuse(64, form + mode, "-t", input=b"Subject: x\n\nx\n")


@pytest.mark.parametrize("form", ["-oeq", "-eq"])
def test_the_quiet_error_mode_says_nothing(mail, form):
    done = mail.run(form, "-t", input=b"Subject: x\n\nx\n")
    assert (done.status, done.out, done.err) == (64, "", "")


@pytest.mark.parametrize("word", ["-Q", "-Qreason", "-Mid", "-s", "-T", "-u",
                                  "-W", "-z", "-1", "--no-such-option",
                                  "--host-name=x", "-ti?"])
def test_what_can_not_be_meant_is_an_error(mail, word):
    mail.refuse(64, word, RCPT)


@pytest.mark.parametrize("word, name", [
    ("--usr=x", "user"), ("--dryrun", "dry-run"), ("--tls-trust=x", None)])
def test_a_name_that_is_mistyped_is_recognised(mail, word, name):
    output = mail.refuse(64, word, RCPT)
    assert f"{word.partition('=')[0]}: no such option" in output
    assert name is None or f"did you mean --{name}?" in output


@pytest.mark.parametrize("word", ["-f", "-F", "-N", "-B", "-C", "-h", "-L",
                                  "-p", "-D", "-X", "-O", "-o", "-a",
                                  "--host", "--account"])
def test_a_value_that_is_missing_is_named(mail, word):
    assert f"{word} needs a value" in mail.refuse(64, word)


# ---- no option writes or reads a file ---------------------------------------

@pytest.mark.parametrize("arguments", [
    ["-X", "{}"], ["-X{}"], ["-O", "QueueDirectory={}"],
    ["-OQueueDirectory={}"], ["-oQ{}"], ["-oA{}"], ["-o", "A{}"],
    ["-D", "{}"], ["-D{}"], ["-oL{}"], ["-oX{}"], ["-O", "LogFile={}"],
    ["-h", "{}"], ["-L", "{}"], ["-p", "{}"], ["-d{}"]])
def test_no_option_touches_a_file(mail, tmp_path, arguments):
    directory = tmp_path / "victim"
    directory.mkdir()
    (directory / "there").write_text("as it was\n")
    trace = tmp_path / "trace"
    for name in ("there", "new"):
        command = mail.postrider.command(
            *(word.format(directory / name) for word in arguments), RCPT)
        done = subprocess.run(
            ["strace", "-f", "-qq", "-e", "trace=%file", "-o", trace,
             *command], input=MESSAGE, capture_output=True, timeout=60,
            env=mail.postrider.environment(no_leak_check()))
        assert done.returncode == 0
        assert str(directory) not in trace.read_text()
    assert [path.name for path in directory.iterdir()] == ["there"]
    assert (directory / "there").read_text() == "as it was\n"
    assert mail.arrived(2).to == [RCPT]


def test_C_is_read_and_never_written(mail, tmp_path):
    other = tmp_path / "other"
    other.write_text("this is nothing\n")
    output = mail.refuse(78, "-C", other, RCPT)
    assert f"{other}:1" in output
    assert other.read_text() == "this is nothing\n"
    mail.refuse(78, "-C", tmp_path / "missing", RCPT)
    assert not (tmp_path / "missing").exists()


# ---- words ------------------------------------------------------------------

def test_two_dashes_end_the_options(mail):
    message = mail.send("-oi", "--", "-f@example.org", "-t@example.org")
    assert message.to == ["-f@example.org", "-t@example.org"]


@pytest.mark.parametrize("arguments", [["a@x.test", "-i"], ["a@x.test", "-f"],
                                       ["a@x.test", "--dry-run"],
                                       ["--", "a@x.test", "--"]])
def test_words_behind_a_recipient_are_recipients(mail, arguments):
    mail.configure("\tdomain = local.example.test\n")
    shown = mail.run("--dry-run", *arguments).out
    last = arguments[-1]
    assert f"recipient  <{last}@" in shown


def test_a_word_is_a_list_of_addresses(mail):
    message = mail.send("a@x.test, B <b@x.test>",
                        '"C, D" <c@x.test>,d@x.test (e@x.test)',
                        "group: f@x.test, g@x.test;")
    assert message.to == [f"{name}@x.test" for name in "abcdfg"]


def test_the_same_recipient_twice_is_one(mail):
    message = mail.send("a@x.test", "A <a@X.TEST>", "b@x.test, a@x.test")
    assert message.to == ["a@x.test", "b@x.test"]


@pytest.mark.parametrize("word", ["", "  ", "a@", "@x.test", "a@x..test",
                                  "a b@x.test", "<a@x.test", "a@x.test>",
                                  "a@x.test,,@", '"a@x.test', "a@[1.2.3.4",
                                  "a@x.test;rm"])
def test_a_word_that_is_no_address_is_refused(mail, word):
    done = mail.run(word)
    assert done.status in (64, 65), done.err
    assert mail.server.messages == []


def test_v_shows_the_dialogue_on_stderr(mail):
    done = mail.run("-v", RCPT)
    assert (done.status, done.out) == (0, "")
    assert "RCPT TO:<you@example.org>" in done.err
    assert "250 2.0.0 queued" in done.err


def test_nothing_is_added_to_a_complete_header(mail):
    complete = HEADER + (b"Date: Thu, 1 Jan 2026 00:00:00 +0000\n"
                         b"Message-ID: <1@example.test>\n\nbody\n")
    message = mail.send(RCPT, input=complete)
    assert [name for name, _ in fields_of(message)] == [
        "from", "to", "subject", "date", "message-id"]
