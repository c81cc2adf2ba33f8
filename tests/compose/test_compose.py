# SPDX-License-Identifier: MIT
"""The program postrider-compose by itself: its structure of parts, the types of
files, what it refuses, and its sandbox."""
import os
import pathlib
import subprocess

import pytest

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    "1f15c489")
HTML = b'<!DOCTYPE html>\n<p>Hello <img src="cid:logo.png"></p>\n'


def structure(part):
    """The media types of the tree."""
    if part.is_multipart():
        return [part.get_content_type(), *map(structure, part.iter_parts())]
    return part.get_content_type()


def test_a_text(compose):
    message = compose.message("--to", "you@example.org", "--subject", "Hi")
    assert (message["To"], message["Subject"]) == ("you@example.org", "Hi")
    assert message["MIME-Version"] == "1.0"
    assert message["Content-Type"] == (
        'text/plain; charset="us-ascii"; format="flowed"')
    assert message.get_content() == "hello\n"
    assert not {"From", "Date", "Message-ID", "Bcc"} & set(message.keys())


def test_every_part_has_its_place(compose):
    page = compose.file("page.html", HTML)
    compose.file("logo.png", PNG)
    compose.file("report.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    message = compose.message(
        "--body", "Hello", "--html", page, "--inline", "logo.png", "--attach",
        "report.pdf", "--attach", "logo.png")
    assert structure(message) == [
        "multipart/mixed", ["multipart/alternative", "text/plain",
                            ["multipart/related", "text/html", "image/png"]],
        "application/pdf", "image/png"]
    logo = message.get_payload()[0].get_payload()[1].get_payload()[1]
    assert logo["Content-ID"] == "<logo.png>"
    assert logo.get_content_disposition() == "inline"
    assert logo.get_content() == PNG
    assert [part.get_filename() for part in message.iter_attachments()] == [
        "report.pdf", "logo.png"]


@pytest.mark.parametrize("arguments,types", [
    (["--html", "page.html"], "text/html"),
    (["--html", "page.html", "--body", ""],
     ["multipart/alternative", "text/plain", "text/html"]),
    (["--html", "page.html", "--inline", "logo.png"],
     ["multipart/related", "text/html", "image/png"]),
    (["--attach", "logo.png", "--body", "x"],
     ["multipart/mixed", "text/plain", "image/png"]),
    (["--attach", "logo.png", "--html", "page.html"],
     ["multipart/mixed", "text/html", "image/png"]),
])
def test_no_part_is_made_for_nothing(compose, arguments, types):
    compose.file("page.html", HTML)
    compose.file("logo.png", PNG)
    assert structure(compose.message(*arguments, text=b"not read")) == types


def test_files_alone_need_no_text(compose):
    compose.file("logo.png", PNG)
    message = compose.message("--attach", "logo.png", text=b"")
    assert structure(message) == ["multipart/mixed", "image/png"]


@pytest.mark.parametrize("name,content,media_type", [
    ("empty.txt", b"", "application/octet-stream"),
    ("data.bin", bytes(range(255, -1, -1)) * 8, "application/octet-stream"),
    ("ascii.txt", b"hello\n", "text/plain; charset=us-ascii"),
    ("utf8.txt", "žluťoučký kůň\n".encode(), "text/plain; charset=utf-8"),
    ("latin.txt", "žluťoučký kůň\n".encode("iso-8859-2"),
     "application/octet-stream"),
    ("only-cr.txt", b"one\rtwo\rthree\r", "text/plain; charset=us-ascii"),
    ("mail.eml", b"From: a@example.org\nTo: b@example.org\nSubject: x\n\nx\n",
     "application/octet-stream"),
    ("page.html", HTML, "text/html; charset=us-ascii"),
    ("from", b"From here\n.\n..\nFrom there", "text/plain; charset=us-ascii"),
], ids=lambda value: "" if isinstance(value, bytes) else value)
def test_a_file_arrives_byte_for_byte(compose, name, content, media_type):
    compose.file(name, content)
    [part] = compose.message("--body", "x", "--attach",
                             name).iter_attachments()
    assert part.get_payload(decode=True) == content
    assert part["Content-Transfer-Encoding"] == "base64"
    assert (part.get_content_type(), part.get_filename()) == (
        media_type.partition(";")[0], name)
    assert (part.get_content_charset() or "") == media_type.partition("=")[2]


@pytest.mark.parametrize("text", [
    "x" * 5000, "word " * 1000, "žluťoučký kůň " * 300, "日本語" * 2000,
    "=\x1b\t. \n=20\n", "a\rb\r\nc\n", "no line end",
    "a line of a text that goes to a file\n" * 20000],
    ids=["word", "words", "latin", "japanese", "odd", "line ends", "no end",
         "long"])
def test_any_text_fits_into_lines(compose, text):
    data = compose.write("--subject", "x", text=text.encode())
    assert max(map(len, data.splitlines())) <= 998
    assert data.isascii()
    message = compose.message("--subject", "x", text=text.encode())
    lines = message.get_content().splitlines()
    joined = "".join(line if line.endswith(" ") else line + "\n"
                     for line in lines)
    expected = text.replace("\r\n", "\n").replace("\r", "\n").splitlines()
    assert joined == "".join(line.rstrip(" ") + "\n" for line in expected)


def test_separators_are_never_the_same(compose):
    compose.file("logo.png", PNG)
    arguments = ["--body", "x", "--attach", "logo.png"]
    found = {compose.message(*arguments).get_boundary() for _ in range(20)}
    assert len(found) == 20


def test_an_answer_names_the_message(compose):
    for given in ("<1@example.org>", "1@example.org"):
        message = compose.message("--in-reply-to", given)
        assert message["In-Reply-To"] == message["References"]
        assert message["References"] == "<1@example.org>"


def test_own_fields(compose):
    message = compose.message(
        "--header", "X-Job: 17", "--header", "X-Who:  žluťoučký kůň",
        "--header", "From: Žofie <zofie@example.org>")
    assert message["X-Job"] == "17"
    assert message["X-Who"] == "žluťoučký kůň"
    [sender] = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Žofie",
                                                       "zofie@example.org")


# ---- what it refuses --------------------------------------------------------

@pytest.mark.parametrize("status,arguments,message", [
    (65, ["--subject", "x\nBcc: eve@example.org"],
     '--subject "x Bcc: eve@example.org": contains a line end'),
    (65, ["--subject", "x\r"], '--subject "x ": contains a line end'),
    (65, ["--header", "X-A: b\nX-C: d"],
     '--header "X-A: b X-C: d": contains a line end'),
    (65, ["--to", "a@example.org\n b"],
     '--to "a@example.org  b": contains a line end'),
    (65, ["--subject", "\x1b[2J"],
     '--subject "\\x1B[2J": contains a control character'),
    (65, ["--subject", os.fsdecode(b"\xff")],
     '--subject "\\xFF": not UTF-8 text'),
    (65, ["--to", ""], '--to "": not an address'),
    (65, ["--in-reply-to", "a b"], '--in-reply-to "a b": not a Message-ID'),
    (64, ["--header", "X-A"], '--header "X-A": not a field'),
    (64, ["--header", "X A: b"], '--header "X A: b": not a field'),
    (64, ["--header", "content-type: text/html"],
     "--header content-type: postrider makes this field from the parts of the "
     "message"),
    (64, ["--header", "MIME-Version: 2"],
     "--header MIME-Version: postrider makes this field from the parts of the "
     "message"),
    (64, ["--header", "Bcc: eve@example.org"],
     "--header Bcc: an option sets this field"),
    (66, ["--attach", "missing"], "missing: No such file or directory"),
    (66, ["--attach", "/etc"], "/etc: is a directory"),
    (66, ["--attach", "/dev/null"], "/dev/null: not a regular file"),
    (66, ["--attach", "new\nline"], "new line: No such file or directory"),
    (64, ["--inline", "logo.png"],
     "--inline needs --html, which refers to the file"),
    (64, ["--nonsense", "x"], "--nonsense: no such option"),
    (64, ["--subject"], "--subject needs a value"),
    (64, ["--subject", "a", "--subject", "b"], "--subject is given twice"),
])
def test_what_is_refused(compose, status, arguments, message):
    compose.file("logo.png", PNG)
    assert compose.refuse(status, *arguments) == message


@pytest.mark.parametrize("status,text,message", [
    (64, b"", "standard input has no message"),
    (65, b"gr\xfc\xdfe", "standard input: not UTF-8 text"),
    (65, b"a\0b", "standard input: binary data is no text"),
    (65, b"x" * (1 << 20), "standard input: a line is too long for text"),
], ids=["empty", "latin", "nul", "long line"])
def test_a_text_that_is_refused(compose, status, text, message):
    assert compose.refuse(status, text=text) == message


@pytest.mark.parametrize("name", ["my logo.png", "žluť.png", "a%20b.png"])
def test_a_name_that_no_cid_can_have(compose, name):
    compose.file("page.html", HTML)
    compose.file(name, PNG)
    assert compose.refuse(64, "--html", "page.html", "--inline", name)


def test_an_unreadable_file(compose, run_directory):
    path = run_directory / "unreadable"
    path.write_bytes(b"x")
    path.chmod(0)
    done = subprocess.run([compose.program, "--attach", path], input=b"x",
                          capture_output=True, cwd="/", user=65534,
                          group=65534, extra_groups=[], timeout=60)
    assert done.returncode == 66
    assert done.stderr == (
        f"postrider-compose: {path}: Permission denied\n".encode())


def test_a_reader_that_is_gone(compose):
    compose.file("big", bytes(1 << 20))
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([compose.program, "--body", "x", "--attach", "big"],
                          stdout=writer, stderr=subprocess.PIPE,
                          cwd=compose.directory, timeout=60)
    os.close(writer)
    assert done.returncode == 74
    assert b"Broken pipe" in done.stderr


# ---- the sandbox ------------------------------------------------------------

def test_it_is_confined_when_it_writes(compose):
    compose.file("big", bytes(1 << 20))
    with subprocess.Popen([compose.program, "--body", "x", "--attach", "big"],
                          stdout=subprocess.PIPE,
                          cwd=compose.directory) as child:
        assert child.stdout.read(1)
        status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
        child.stdout.read()
    if b"__asan_init" not in compose.program.read_bytes():
        assert "\nSeccomp:\t2\n" in status


def test_it_neither_connects_nor_starts_a_program(compose, tmp_path):
    compose.file("logo.png", PNG)
    trace = tmp_path / "trace"
    subprocess.run(["strace", "-f", "-o", trace, "-e",
                    "trace=socket,connect,execve,fork,vfork",
                    compose.program, "--body", "x", "--attach", "logo.png"],
                   check=True, stdout=subprocess.DEVNULL, cwd=compose.directory,
                   timeout=60, env={**os.environ, "ASAN_OPTIONS":
                                    "detect_leaks=0"})
    calls = trace.read_text()
    assert calls.count("execve(") == 1
    assert "socket(" not in calls


# ---- usage ------------------------------------------------------------------

def test_help_names_every_option(compose):
    done = compose.run("--help")
    assert (done.returncode, done.stderr) == (0, b"")
    for name in (b"--subject", b"--to", b"--attach"):
        assert name in done.stdout
    assert b"postrider-compose(1)" in done.stdout


def test_the_version_is_that_of_postrider(compose, postrider):
    done = compose.run("--version")
    assert done.stdout.startswith(b"postrider-compose ")
    assert done.stdout.split()[1].decode() in postrider.run("--version").out


def test_help_that_cannot_be_written_is_an_error(compose):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([compose.program, "--help"], stdout=full,
                              env=compose.env, timeout=60)
    assert done.returncode == 74
