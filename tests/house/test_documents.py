# SPDX-License-Identifier: MIT
"""The documents say what the program does: whatever help and the tables of the
source name is named in the manual pages and the completions.
"""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import time

import pytest

from callers.documents import is_configuration

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(ROOT, os.environ.get("POSTRIDER_BUILD", "build"))
COMPLETIONS = {name: BUILD / "completions" / name for name in
               ("postrider.bash", "_postrider", "postrider.fish")}
MANUALS = sorted(ROOT.glob("man/*.[157]"))
PROGRAM_PAGE = ROOT / "man/postrider.1"
CONFIGURATION_PAGE = ROOT / "man/postrider.5"
OUTPUT_PAGE = ROOT / "man/postrider-output.5"

PLACES = {"ALONE": "not in providers", "ANYWHERE": "everywhere",
          "SETTING_IN_ACCOUNT": "in accounts"}
TYPES = {"SETTING_TEXT": "text", "SETTING_PATH": "path",
         "SETTING_HOST_NAME": "host", "SETTING_SERVER": "host",
         "SETTING_SOURCE": "source",
         "SETTING_NUMBER": "number", "SETTING_RATE": "rate",
         "SETTING_DURATION": "time",
         "SETTING_BOOL": "yes/no", "SETTING_CHOICE": "choice",
         "SETTING_LIST": "list", "SETTING_ADDRESSES": "addresses",
         "SETTING_DIRECTORIES": "directories"}


def table(path, pattern):
    rows = re.findall(pattern, (ROOT / "src" / path).read_text(), re.S)
    assert len(rows) > 2, f"{path} no longer looks as this test thinks"
    return rows


def settings():
    """Name -> its row in the source."""
    rows = table("config/settings-table.c",
                 r"\[SETTING_\w+\] = \{\.name = \"([a-z-]+)\",(.*?)\},")
    boolean = r'.argument = "yes|no", .fallback = \1, .type = SETTING_BOOL'
    return {name: re.sub(r"YES_NO\((.*?)\)", boolean, row)
            for name, row in rows}


def cell(row, name, default=None):
    found = re.search(rf'\.{name} = "?([^",]+)"?', row)
    return found[1] if found else default


SETTINGS = settings()
FIELDS = table("config/provider.c", r'\[PROVIDER_\w+\] = \{"([a-z-]+)"')
VERBS = table("cli/verbs-table.c", r'\{\.name = "([a-z]+)"')
LETTERS = table("cli/options-table.c", r"\{'(\w)', (?:NULL|\"[a-z-]+\"), OPT")
LISTED_LETTERS = [letter for letter, row in
                  table("cli/options-table.c", r"\{'(\w)', (.*?)\},")
                  if re.search(r'"[^"]{8,}"$', row)]
NAMES = table("cli/options-table.c",
              r"\{(?:'\w'|0), \"([a-z-]+)\", OPTION_TAKES")
MECHANISMS = table("smtp/mechanisms.c", r'\{"([A-Z0-9-]+)", [A-Z]')
STATUSES = table("base/error.c", r'\{"([a-z-]+)", (EX_\w+), ')
OPERATION_ROW = r'\{"([a-z]+)", (?:true|false), '
HELPER_OPERATIONS = [
    (program, name) for program, source in (
        ("postrider-credential", "keeper/postrider-credential.c"),
        ("postrider-oauth2", "online/postrider-oauth2.c"))
    for name in table(source, OPERATION_ROW)]


def rendered(page):
    """A manual page as it is read, without overstrikes, one long line."""
    text = subprocess.run(["mandoc", "-Tutf8", page], capture_output=True,
                          text=True, check=True).stdout
    return re.sub(r"\s+", " ", re.sub(".\b", "", text))


@pytest.fixture(scope="module")
def program_page():
    return rendered(PROGRAM_PAGE)


@pytest.fixture(scope="module")
def configuration_page():
    return rendered(CONFIGURATION_PAGE)


@pytest.fixture(scope="module")
def help_text():
    return subprocess.run([BUILD / "postrider", "help", "options"],
                          check=True, capture_output=True, text=True).stdout


def entry(page, name):
    """The source of the page from the setting's .It to the next one."""
    found = re.search(rf"^\.It Cm {name} No = .*?(?=^\.It |^\.El)",
                      page.read_text(), re.M | re.S)
    assert found, f"{name} has no entry in {page.name}"
    return found[0]


@pytest.mark.parametrize("page", MANUALS, ids=lambda page: page.name)
def test_a_page_is_proper_mdoc(page):
    # Whether another manual is installed is no matter of the page.
    done = subprocess.run(["mandoc", "-Tlint", "-Wstyle", page],
                          capture_output=True, text=True)
    warnings = [line for line in (done.stdout + done.stderr).splitlines()
                if "referenced manual not found" not in line
                and "mandoc.db" not in line]
    assert warnings == []


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_is_described_as_the_table_has_it(setting):
    row, text = SETTINGS[setting], entry(CONFIGURATION_PAGE, setting)
    described = re.search(r"^\[(\S+)(?: ([^,\]]*))?, ([a-z ]+)\]", text, re.M)
    assert described, f"{setting}: no [type, place]"
    assert described[1] == TYPES[cell(row, "type", "SETTING_TEXT")]
    assert described[3] == PLACES[cell(row, "where")]
    if (default := cell(row, "fallback")) is not None:
        assert re.search(rf"Defaults to\n\.\w+ {re.escape(default)}\b", text)
    for word in cell(row, "words", "").split():
        assert re.search(rf"\b{word}\b", text)
    if described[1] == "number":
        assert f"from {cell(row, 'min')} to {cell(row, 'max')}" in text


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_is_an_option_everywhere(setting, help_text):
    if "in_file_only" in SETTINGS[setting]:
        assert f"--{setting}" not in help_text
        return
    assert re.search(rf"--{setting}\b(?!-)", help_text)
    for name in COMPLETIONS:
        assert completes_option(name, setting), f"{name}: --{setting}"


@pytest.mark.parametrize("option", NAMES)
def test_a_long_option_is_named_everywhere(option, program_page, help_text):
    assert f"--{option}" in help_text
    assert f"--{option}" in program_page
    for name in COMPLETIONS:
        assert completes_option(name, option), f"{name}: --{option}"


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_described(letter):
    heads = "\n".join(re.findall(r"^\.It (Fl .*)$", PROGRAM_PAGE.read_text(),
                                 re.M))
    assert re.search(rf"Fl {letter}", heads)


@pytest.mark.parametrize("letter", LISTED_LETTERS)
def test_a_letter_of_the_help_is_completed(letter, help_text):
    assert re.search(rf"^  -{letter}\b", help_text, re.M)
    for name, how in (("postrider.bash", rf"['\s]-{letter}\s"),
                      ("_postrider", rf"['\)]-{letter}[\[+]"),
                      ("postrider.fish", rf"-s {letter} ")):
        assert re.search(how, COMPLETIONS[name].read_text()), name


def completes_option(name, option):
    how = {"postrider.bash": rf"\s--{option}=?['\s]",
           "_postrider": rf"--{option}(=-?)?[\['}}]",
           "postrider.fish": rf"-l {option} "}[name]
    return re.search(how, COMPLETIONS[name].read_text())


@pytest.mark.parametrize("name", COMPLETIONS)
def test_no_completion_offers_what_is_no_option(name):
    form = r"complete .*? -l ([a-z-]+)" if name.endswith("fish") else r"--([a-z-]+[a-z])"
    offered = set(re.findall(form, COMPLETIONS[name].read_text()))
    # Comments name --tls and --help; a bool has a "--no-" form.
    known = set(NAMES) | set(SETTINGS) | {
        f"no-{setting}" for setting, row in SETTINGS.items()
        if cell(row, "type") == "SETTING_BOOL"}
    assert offered <= known


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_named_everywhere(verb):
    assert re.search(rf"^\.Ss (.* )?{verb}\b", PROGRAM_PAGE.read_text(), re.M)
    assert re.search(rf"^{verb}$",
                     COMPLETIONS["postrider.bash"].read_text(), re.M)
    assert f"'{verb}:" in COMPLETIONS["_postrider"].read_text()
    assert f"-a {verb} " in COMPLETIONS["postrider.fish"].read_text()


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_a_provider_is_described(field):
    assert entry(CONFIGURATION_PAGE, field)


def test_nothing_is_described_that_is_not_there():
    described = re.findall(r"^\.It Cm ([a-z-]+) No =",
                           CONFIGURATION_PAGE.read_text(), re.M)
    assert sorted(described) == sorted(
        [*SETTINGS, *FIELDS, "default-account"])


@pytest.mark.parametrize("setting", [name for name, row in SETTINGS.items()
                                     if cell(row, "words")])
def test_the_words_of_a_choice_are_completed(setting):
    words = cell(SETTINGS[setting], "words")
    for path in COMPLETIONS.values():
        assert words in path.read_text(), path.name


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_mechanism_is_named_everywhere(mechanism, program_page,
                                         configuration_page):
    assert mechanism in program_page
    assert re.search(rf"\b{mechanism.lower()}\b", configuration_page)
    for path in COMPLETIONS.values():
        assert re.search(rf"\b{mechanism.lower()}\b", path.read_text())


@pytest.mark.parametrize("code,exit_status", STATUSES)
def test_an_exit_status_is_described(code, exit_status):
    number = str(getattr(os, exit_status))
    found = re.search(rf"^\.It {number}\n(.*?)(?=^\.It|^\.El)",
                      PROGRAM_PAGE.read_text(), re.M | re.S)
    assert found, f"{exit_status} is {number}"
    assert code == "none" or f"[{code}]" in found[1]


@pytest.mark.parametrize("program,name", HELPER_OPERATIONS)
def test_an_operation_of_a_helper_program_is_described(program, name):
    page = (ROOT / "man" / f"{program}.1").read_text()
    assert f".It Cm {name}\n" in page
    shown = subprocess.run([BUILD / program, "--help"],
                           check=True, capture_output=True, text=True)
    assert re.search(rf"\b{name}\b", shown.stdout)


def configuration_examples():
    """Neither commands, programs nor samples of what is printed."""
    for page in MANUALS:
        if page == OUTPUT_PAGE:
            continue
        for example in re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed",
                                  page.read_text(), re.M | re.S):
            if is_configuration(page, example) and example[:2] != "#!":
                yield example


def test_the_examples_of_a_configuration_can_be_read(postrider):
    examples = list(configuration_examples())
    assert len(examples) > 5
    for example in examples:
        path = postrider.configure(example)
        listed = postrider.run("accounts", "--config", path)
        assert listed.status == 0, (example, listed.err)
        assert "isn't" not in listed.out, example


# ---- completion, in a real shell --------------------------------------------

ACCOUNTS = """\
account work { host = smtp.corp.example  user = me@corp.example }
account me@gmail.com { user = me@gmail.com }
"""


class Shell:
    """An interactive bash that has read the completion."""

    def __init__(self, env, directory):
        bash = shutil.which("bash")
        assert bash, "bash is missing"
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.chdir(directory)
            os.execve(bash, ["bash", "--norc", "--noprofile", "-i"], env)
        self.pid = pid
        self.send("bind 'set bell-style none'; unset HISTFILE; PS1='READY> '\n"
                  f"source '{COMPLETIONS['postrider.bash']}'; echo LOADED\n")
        self.wait_for("\nLOADED")

    def complete(self, line):
        """What Tab makes of the line."""
        # Ctrl-A, and the line becomes the argument of a harmless command.
        # Its name for "L" is one that the echo of the command doesn't show.
        self.send(f"{line}\t\x01printf '\\114INE[%s]' '\x05' END\n")
        return re.search(r"LINE\[(.*?)\]LINE\[END\]",
                         self.wait_for("LINE[END]"), re.S)[1]

    def send(self, text):
        os.write(self.terminal, text.encode())

    def wait_for(self, mark):
        seen, limit = "", time.monotonic() + 20
        while mark not in seen and time.monotonic() < limit:
            if select.select([self.terminal], [], [], 1)[0]:
                seen += os.read(self.terminal, 65536).decode()
        assert mark in seen, seen
        return seen

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


@pytest.fixture
def shell(postrider):
    postrider.configure(ACCOUNTS)
    (postrider.home / "a file").touch()
    env = postrider.environment({"TERM": "dumb"})
    env["PATH"] = f"{BUILD}:{env['PATH']}"
    shell = Shell(env, postrider.home)
    yield shell
    shell.close()


@pytest.mark.parametrize("line,completed", [
    ("postrider prov", "postrider providers "),
    ("postrider --tls=i", "postrider --tls=implicit "),
    ("postrider --tls i", "postrider --tls implicit "),
    ("postrider --dry", "postrider --dry-run "),
    ("postrider --retry-d", "postrider --retry-delay="),
    ("postrider --syslog=n", "postrider --syslog=no "),
    ("postrider --syslog --js", "postrider --syslog --json "),
    ("postrider --credential=sys", "postrider --credential=systemd:"),
    ("postrider -a w", "postrider -a work "),
    ("postrider --account=me@g", "postrider --account=me@gmail.com "),
    ("postrider login me@", "postrider login me@gmail.com "),
    ("postrider logout wo", "postrider logout work "),
    ("postrider check wo", "postrider check work "),
    ("postrider send --att", "postrider send --attach="),
    ("postrider send --attach=a", "postrider send --attach=a\\ file "),
    ("postrider send -a w", "postrider send -a work "),
    ("postrider -A a", "postrider -A a\\ file "),
    ("postrider token --min", "postrider token --min-valid="),
    ("postrider --grant=dev", "postrider --grant=device-code "),
    ("postrider --client-secret e", "postrider --client-secret env:"),
    ("postrider --provider fastm", "postrider --provider fastmail "),
    ("postrider providers icl", "postrider providers icloud "),
    ("postrider -R h", "postrider -R hdrs "),
    ("postrider --log-file=a", "postrider --log-file=a\\ file "),
])
def test_bash_completes(shell, line, completed):
    assert shell.complete(line) == completed


# ---- the READMEs ------------------------------------------------------------

def test_the_readme_names_targets_that_are_there():
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)",
                           (ROOT / "README").read_text()))
    assert {"check", "demo", "install"} <= named
    assert [target for target in sorted(named)
            if not re.search(rf"^{target}:", makefile, re.M)] == []


def test_the_readme_of_the_source_names_files_that_are_there():
    text = (ROOT / "src/README").read_text()
    named = set(re.findall(r"\b(?:tests/)?[a-z]+/[a-z/_-]+\.(?:[chp]y?|conf)\b",
                           text))
    assert len(named) > 20
    assert [name for name in sorted(named)
            if not (ROOT / "src" / name).exists()
            and not (ROOT / name).exists()] == []


def test_the_readme_of_the_source_names_every_layer():
    text = (ROOT / "src/README").read_text()
    for directory in ROOT.glob("src/*/"):
        assert re.search(rf"^{directory.name}/ ", text, re.M), directory.name


def test_the_diagnostics_of_the_keyring_are_messages_of_the_program():
    page = (ROOT / "man/postrider-credential.1").read_text()
    section = page.partition(".Sh DIAGNOSTICS\n")[2].partition("\n.Sh ")[0]
    messages = [re.sub(r"\b(USER|HOST)\b", "%s", line)
                for line in re.findall(r"^\.It (.*)", section, re.M)]
    source = "".join(path.read_text() for path in ROOT.glob("src/*/*.c"))
    literals = re.sub(r'"\s*\n\s*"', "", source)
    assert messages
    assert [text for text in messages if text not in literals] == []


# ---- words ------------------------------------------------------------------

OLD_WORDS = re.compile(r"\b(folders?|behind|nobody|shall|whoever|whom)\b", re.I)
# Names that contain such a word: a setting, a file, and a system account.
EXEMPT = re.compile(r'credential-folder|vault-folder|"nobody"')
TEXTS = [ROOT / "README", ROOT / "src/README", ROOT / "tests/README",
         *MANUALS, *sorted(ROOT.glob("src/*/*.conf"))]
SOURCES = sorted(ROOT.glob("src/*/*.[ch]"))


@pytest.mark.parametrize("path", TEXTS + SOURCES,
                         ids=lambda path: str(path.relative_to(ROOT)))
def test_the_english_is_plain(path):
    """Directory, after, no one and must; not folder, behind, nobody, shall."""
    assert [f"line {number}: {word}" for number, text in words_for_people(path)
            for word in OLD_WORDS.findall(EXEMPT.sub("", text))] == []


def words_for_people(path):
    """(line, text): the comments and string literals of a source file, the
    lines of any other file."""
    text = path.read_text()
    if path.suffix not in (".c", ".h"):
        yield from enumerate(text.splitlines(), 1)
        return
    for part in re.finditer(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', text, re.S):
        yield text.count("\n", 0, part.start()) + 1, part[0]


def test_every_cause_is_described():
    table = (ROOT / "src/base/cause.c").read_text()
    manual = (ROOT / "man/postrider.5").read_text()
    causes = re.findall(r'^    \{"([\w-]+)", \w+, \w+,\s+"([^"]+)"', table,
                        re.M)
    section = manual.partition(".Sh CAUSES\n")[2].partition("\n.Ss ")[0]
    described = re.findall(r"^\.It ([\w-]+)\n(.*)\.\n", section, re.M)
    assert described == [(name, text[0].upper() + text[1:])
                         for name, text in causes]


# ---- pages refer to each other ----------------------------------------------

@pytest.mark.parametrize("page", MANUALS, ids=lambda page: page.name)
def test_a_page_is_found(page):
    """From postrider(1) or (5), and from README if it is about a topic."""
    name, section = page.name.rsplit(".", 1)
    references = [path for path in (PROGRAM_PAGE, CONFIGURATION_PAGE)
                  if path != page]
    for path in references:
        if path == PROGRAM_PAGE or section in "57":
            assert (name, section) in see_also(path), path.name
    for path in references if section == "7" else ():
        assert tuple(path.name.split(".")) in see_also(page), path.name
    if section in "57":
        assert f"{name}({section})" in (ROOT / "README").read_text()


@pytest.mark.parametrize("page", MANUALS, ids=lambda page: page.name)
def test_a_page_refers_to_what_is_there(page):
    text = page.read_text()
    references = re.findall(r"^\.Xr (\S+) (\d)", text, re.M)
    assert {(name, section) for name, section in references
            if name.startswith("postrider")
            and not (ROOT / f"man/{name}.{section}").exists()} == set()
    listed = see_also(page)
    assert listed == sorted(listed, key=lambda row: row[::-1])
    here = page.name.split(".")[0]
    assert {name for name, _ in references if name.startswith("postrider")
            and name != here} <= {name for name, _ in listed}


IMPORTED = [(path.name, keyword)
            for path in sorted(ROOT.glob("src/import/import-*.c"))
            for keyword in re.findall(r'^    \{"([\w-]{3,})", ?\.\w',
                                      path.read_text(), re.M)]


@pytest.mark.parametrize("source,keyword", IMPORTED)
def test_a_keyword_of_another_program_is_described(source, keyword):
    text = (ROOT / "man/postrider-migrate.7").read_text()
    assert re.search(rf"(?<![\w-])(--)?{keyword}(?![\w-])", text, re.I)


def see_also(page):
    section = page.read_text().partition(".Sh SEE ALSO\n")[2]
    return re.findall(r"^\.Xr (\S+) (\d)", section.partition("\n.Sh ")[0],
                      re.M)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_in_the_synopsis(verb):
    synopsis = PROGRAM_PAGE.read_text().partition(".Sh DESCRIPTION")[0]
    assert re.search(rf"^\.Cm {verb}\b", synopsis, re.M)


def test_the_errors_of_the_oauth2_page_are_those_of_the_source():
    source = (ROOT / "src/config/endpoint-failures.c").read_text()
    ranges = [(int(first), int(last or first)) for numbers in
              re.findall(r'\.number = "([^"]*)"', source)
              for first, last in re.findall(r"(\d+)(?:-(\d+))?", numbers)]
    words = set(re.findall(r'[a-z]+_[a-z_]+', source))
    page = (ROOT / "man/postrider-oauth.7").read_text()
    heads = " ".join(re.findall(r"^\.It (.*)", page, re.M))
    numbers = [int(number) for number in re.findall(r"AADSTS(\d+)", heads)]
    assert len(numbers) > 20
    assert [number for number in numbers if not any(
        first <= number <= last for first, last in ranges)] == []
    assert set(re.findall(r"\b[a-z]+_[a-z_]+\b", heads)) <= words
