# SPDX-License-Identifier: MIT
"""Names, subjects, texts and files in twelve scripts come back from two other
implementations of MIME: Python's email package and Courier's reformime."""
import email.header
import email.utils
import subprocess

import pytest

from callers.compose import parse

SCRIPTS = {
    "latin": "Žofie Størmærkænnyħ Ðürst ıÇığ ąęśćżź Ơ",
    "greek": "Ωραία Ελληνικά και ὀξεῖα",
    "cyrillic": "Съешь ещё этих мягких французских булок",
    "hebrew": "דג סקרן שט בים מאוכזב",
    "arabic": "صِف خَلقَ خَودِ كَمِثلِ الشَمسِ",
    "devanagari": "ऋषियों को सताने वाले दुष्ट राक्षसों",
    "thai": "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า",
    "chinese": "視野無限廣窗外有藍天",
    "japanese": "いろはにほへとちりぬるを 色は匂へど",
    "korean": "키스의 고유조건은 입술끼리 만나야 하고",
    "armenian": "Բել դղյակի ձախ ժամն օֆ ազգությանը",
    "georgian": "ჩქარი ყვავილი ყანჩაბუდეში",
    "emoji": "🐎 📮 👩‍👩‍👧‍👦 🏳️‍🌈",
}
ODD = {
    "quotes": 'he said "yes" \\ \'no\'',
    "only quotes": '"""',
    "specials": "a,b;c:d<e>(f)[g]@h",
    "percent": "100%20 =?utf-8?q?x?= =20",
    "spaces": "two  spaces   and\ttab",
    "long word": "x" * 1200,
    "long words": "word " * 200 + "end",
    "long japanese": "日本語の長い件名" * 30,
    "mixed": "Re: [list] Größe: 日本 & more",
    "from": "From here",
    "dot": ".",
}
TEXTS = {**SCRIPTS, **ODD}


def reformime(data, *arguments):
    """Decoded as UTF-8."""
    return subprocess.run(["reformime", *arguments], input=data, check=True,
                          capture_output=True, timeout=60).stdout


def raw_field(data, name):
    """The value of a field, unfolded."""
    head = data.partition(b"\n\n")[0].replace(b"\n ", b" ")
    [line] = [line for line in head.split(b"\n")
              if line.startswith(name + b": ")]
    return line.partition(b": ")[2]


def check_header_lines(data):
    head = data.partition(b"\n\n")[0]
    assert head.isascii()
    for line in head.split(b"\n"):
        assert len(line) <= 76 or b"=?" not in line  # RFC 2047 section 2
        assert len(line) <= 998
        assert line.strip()
    for word in head.split():
        assert not word.startswith(b"=?") or len(word) <= 75


def addresses(data, name):
    """Addresses.display_name has a space between two encoded words of a word,
    in Python 3.11; this has not."""
    pairs = email.utils.getaddresses([raw_field(data, name).decode()])
    return [(str(email.header.make_header(email.header.decode_header(name))),
             address) for name, address in pairs]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_subject(compose, text):
    data = compose.write("--to", "you@example.org", "--subject", text)
    check_header_lines(data)
    assert parse(data)["Subject"] == text
    decoded = reformime(b"", "-c", "utf-8", "-h", raw_field(data, b"Subject"))
    assert decoded.decode().rstrip("\n") == text


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_name(compose, text):
    data = compose.write(
        "--to", f"{text} <you@example.org>, {text} <other@example.org>",
        "--cc", f'"{text}, Dr." <doctor@example.org>')
    check_header_lines(data)
    assert addresses(data, b"To") == [(text, "you@example.org"),
                                      (text, "other@example.org")]
    assert addresses(data, b"Cc") == [(f"{text}, Dr.", "doctor@example.org")]
    decoded = reformime(b"", "-c", "utf-8", "-H", raw_field(data, b"To"))
    assert decoded.decode().count(text) == 2
    assert "<other@example.org>" in decoded.decode()


# Too long for a name of a file, or Python decodes what is no encoded word.
NAMES = [name for name in TEXTS if "long" not in name and name != "percent"]


@pytest.mark.parametrize("text", [TEXTS[name] for name in NAMES], ids=NAMES)
def test_a_file(compose, text):
    name = text.replace("\t", " ") + ".txt"
    content = (text + "\r\nand so on\n").encode()
    compose.file(name, content)
    data = compose.write("--body", "x", "--attach", name)
    [part] = parse(data).iter_attachments()
    assert part.get_filename() == name
    assert part["Content-Type"].params["name"] == name
    assert part.get_payload(decode=True) == content
    listed = reformime(data, "-i").decode()
    if name.isascii():  # it shows a quoted string as it is
        name = name.replace("\\", "\\\\").replace('"', '\\"')
    assert f"content-disposition-filename: {name}\n" in listed
    assert reformime(data, "-s", "1.2", "-e") == content


@pytest.mark.parametrize("name", [
    "a" * 255, "ж" * 127 + "x", "日" * 85, "\\\"" * 127, "a b" * 85,
    ".hidden", "-dash", "😀" * 63])
def test_the_longest_names(compose, name):
    compose.file(name, b"content")
    data = compose.write("--body", "x", "--attach", compose.directory / name)
    [part] = parse(data).iter_attachments()
    assert part.get_filename() == name
    assert max(map(len, data.splitlines())) <= 998
    assert name in reformime(data, "-i").decode()


@pytest.mark.parametrize("name,expected", [
    (b"latin-\xe4.txt", "latin-_.txt"), (b"new\nline", "new_line"),
    (b"esc\x1b[2J", "esc_[2J"), (b"cut-\xe6\x97", "cut-__")])
def test_a_name_that_cannot_be_sent(compose, name, expected):
    path = bytes(compose.directory) + b"/" + name
    with open(path, "wb") as file:
        file.write(b"content")
    done = subprocess.run([compose.program, "--body", "x", "--attach", path],
                          capture_output=True, check=True, timeout=60)
    [part] = parse(done.stdout).iter_attachments()
    assert part.get_filename() == expected


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_text(compose, text):
    lines = [text, "", f"> {text}", f" {text}", "From here", ".", "-- ", text]
    data = compose.write(text="\n".join(lines).encode())
    assert data.isascii()
    content = parse(data).get_content().splitlines()
    decoded = reformime(data, "-s", "1", "-e").decode().splitlines()
    assert content == decoded
    unstuffed = [line[1:] if line.startswith(" ") else line
                 for line in content]
    assert unstuffed == lines


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_html(compose, text):
    page = f"<!DOCTYPE html>\n<title>{text}</title>\n" + "<p>x" * 1000
    compose.file("page.html", page.encode())
    data = compose.write("--html", "page.html", "--body", text)
    assert data.isascii()
    assert max(map(len, data.splitlines())) <= 998
    plain, html = parse(data).iter_parts()
    assert html.get_content().rstrip("\n") == page
    decoded = reformime(data, "-s", "1.2", "-e").decode()
    assert decoded.replace("\r\n", "\n").rstrip("\n") == page
