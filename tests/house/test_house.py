# SPDX-License-Identifier: MIT
"""The rules of the house that a reader of the source would otherwise have to
keep in mind: which layer may know which, who links what, how long things are.
"""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
SOURCES = sorted(ROOT.glob("src/*/*.c"))
HEADERS = sorted(ROOT.glob("src/*/*.h"))
BUILD = ROOT / os.environ.get("POSTRIDER_BUILD", "build")

# A layer may include itself and these.
MAY_INCLUDE = {
    "base": set(),
    "config": {"base"},
    "message": {"base"},
    "credential": {"base"},
    "tls": {"base"},
    "smtp": {"base", "tls"},
    "submit": {"base", "config", "credential", "message", "smtp", "spool",
               "tls"},
    "report": {"base", "smtp", "submit"},
    "queue": {"base", "config", "credential", "report", "smtp", "spool",
              "submit"},
    "server": {"base"},
    "spool": {"base"},
    "import": {"base", "config"},
    "cli": {"base", "config", "credential", "import", "message", "server",
            "report", "smtp", "spool", "submit"},
    "https": {"base", "tls"},
    "vault": {"base", "credential"},
    "oauth2": {"base", "config", "https", "tls"},
    "keeper": {"base", "config", "credential", "vault"},
    "compose": {"base", "message"},
    "online": {"base", "config", "credential", "https", "oauth2"},
}
# Written by make, and of no layer.
GENERATED = {"install-paths.h", "build.h"}

# Libraries by the beginning of their headers' names, and who may use them.
LIBRARIES = {
    "gnutls/": {"smtp", "tls", "https", "oauth2", "vault"},
    "gsasl": {"smtp"},
    "idn2": {"message", "smtp"},
    "confuse": {"config"},
    "libsecret/": {"vault"},
    "glib": {"vault"},
    "curl/": {"https", "online"},
    "jansson": {"https", "oauth2"},
    "microhttpd": {"oauth2"},
    "expat": {"online"},
    "gmime/": {"compose"},
    "magic": {"compose"},
}

# What may stand as NEEDED in a program, besides the C library's own parts.
MAY_LINK = {
    "postrider": {"libgnutls", "libgsasl", "libidn2", "libconfuse"},
    "postrider-queue": {"libgnutls", "libgsasl", "libidn2", "libconfuse"},
    "postrider-credential": {"libsecret-1", "libgio-2.0", "libgobject-2.0",
                             "libglib-2.0", "libconfuse"},
    "postrider-oauth2": {"libcurl-gnutls", "libcurl", "libjansson",
                         "libmicrohttpd", "libexpat", "libgnutls",
                         "libconfuse"},
    "postrider-compose": {"libgmime-3.0", "libmagic", "libidn2",
                          "libgobject-2.0", "libgio-2.0", "libglib-2.0"},
}
C_LIBRARY = {"libc", "libresolv", "libm", "libpthread"}
SANITIZERS = {"libasan", "libubsan"}
# Not even through another library.
MUST_NOT_LOAD = {
    "postrider": ("libcurl", "libsecret", "libglib", "libgio", "libgobject",
                  "libgmime", "libexpat"),
    "postrider-queue": ("libcurl", "libsecret", "libglib", "libgio",
                        "libgobject", "libgmime", "libexpat"),
    "postrider-credential": ("libcurl", "libjansson", "libmicrohttpd",
                             "libexpat"),
    "postrider-oauth2": ("libsecret", "libglib", "libgio", "libgobject",
                         "libdbus"),
    # GMime brings GIO and, for encrypted mail, GPGME.
    "postrider-compose": ("libcurl", "libgnutls", "libsecret", "libgsasl",
                          "libconfuse", "libjansson", "libmicrohttpd",
                          "libdbus", "libssl"),
}

LINES_OF_C, LINES_OF_H, LINES_OF_FUNCTION = 400, 120, 60

MACHINE_PATH = re.compile(r"/(?:home|Users)/[a-z]+/|/ro" r"ot/|/wo" r"rk/|"
                          r"/tm" r"p/wt")


def name_of(path):
    return str(path.relative_to(ROOT))


def includes(path, form):
    return re.findall(rf"^\s*#\s*include\s+{form}", path.read_text(), re.M)


@pytest.mark.parametrize("path", SOURCES + HEADERS, ids=name_of)
def test_a_layer_includes_only_what_it_may(path):
    layer = path.parent.name
    assert layer in MAY_INCLUDE, f"src/{layer} is no layer of the design"
    allowed = MAY_INCLUDE[layer] | {layer}
    for header in includes(path, '"([^"]+)"'):
        if header in GENERATED:
            continue
        other = header.partition("/")[0]
        assert other in allowed or header in allowed, (
            f"{layer} may not include {header}")
        assert (ROOT / "src" / header).exists(), f"{header} is no header"


@pytest.mark.parametrize("path", [path for path in HEADERS if re.search(
    r"for[\s*]+this[\s*]+layer[\s*]+only", path.read_text(), re.I)], ids=name_of)
def test_a_header_for_its_layer_only_is_included_there_only(path):
    header = str(path.relative_to(ROOT / "src"))
    layers = {other.parent.name for other in SOURCES + HEADERS
              if header in includes(other, '"([^"]+)"')}
    assert layers == {path.parent.name}


@pytest.mark.parametrize("layer", MAY_INCLUDE)
def test_every_rule_is_used(layer):
    """A rule for a layer, or for an include, that doesn't exist misleads."""
    files = [path for path in SOURCES + HEADERS if path.parent.name == layer]
    assert files, f"src/{layer} doesn't exist"
    used = {header.partition("/")[0] for path in files
            for header in includes(path, '"([^"]+)"')}
    assert MAY_INCLUDE[layer] <= used


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_layer_of_a_library_includes_it(library):
    using = {path.parent.name for path in SOURCES + HEADERS
             for header in includes(path, "<([^>]+)>")
             if header.startswith(library)}
    assert using == LIBRARIES[library]


@pytest.mark.parametrize("path", SOURCES + HEADERS, ids=name_of)
def test_a_library_is_used_only_where_it_belongs(path):
    layer = path.parent.name
    for header in includes(path, "<([^>]+)>"):
        for library, layers in LIBRARIES.items():
            assert not header.startswith(library) or layer in layers, (
                f"{layer} may not include <{header}>")


@pytest.mark.parametrize("path", SOURCES + HEADERS, ids=name_of)
def test_a_file_fits_in_the_head(path):
    limit = LINES_OF_C if path.suffix == ".c" else LINES_OF_H
    lines = len(path.read_text().splitlines())
    assert lines < limit, f"{lines} lines; under {limit} is the rule"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_function_fits_on_a_page(path):
    too_long = {name: lines for name, lines in functions(path.read_text())
                if lines > LINES_OF_FUNCTION}
    assert not too_long


def functions(text):
    """(name, lines of the body) by the house style: braces in column 0."""
    name, start = None, None
    for number, line in enumerate(text.splitlines()):
        if start is None and (called := re.match(r"(\w+)\(", line)):
            name = called[1]
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            yield name, number - start - 1
            start = None


@pytest.mark.parametrize("path", SOURCES + HEADERS, ids=name_of)
def test_a_file_says_its_licence_first(path):
    assert path.read_text().startswith("/* SPDX-License-Identifier: MIT")


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_function_that_writes_without_a_bound(path):
    code = re.sub(r"/\*.*?\*/|\"(\\.|[^\"])*\"", "", path.read_text(),
                  flags=re.S)
    assert not re.findall(r"\b(strcpy|strcat|sprintf|vsprintf|strtok|gets)\(",
                          code)


def test_nothing_names_a_place_of_one_machine():
    found = [f"{name_of(path)}:{number}: {line.strip()}"
             for path in files_of_the_tree()
             for number, line in enumerate(lines_of(path), 1)
             if MACHINE_PATH.search(line)]
    assert not found


def files_of_the_tree():
    listed = subprocess.run(["git", "-c", "safe.directory=*", "-C", ROOT,
                             "ls-files", "-z"],
                            capture_output=True, text=True, check=True)
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def lines_of(path):
    return path.read_text(errors="replace").splitlines()


@pytest.mark.parametrize("program", MAY_LINK)
def test_a_program_links_only_what_it_may(program):
    text = subprocess.run(["readelf", "-d", BUILD / program], check=True,
                          capture_output=True, text=True).stdout
    needed = {name.partition(".so")[0]
              for name in re.findall(r"\(NEEDED\).*\[(lib.+)\]", text)}
    assert needed, f"{program} links nothing?"
    assert needed - C_LIBRARY - SANITIZERS <= MAY_LINK[program]


@pytest.mark.parametrize("program", MUST_NOT_LOAD)
def test_a_program_loads_no_library_of_another(program):
    text = subprocess.run(["ldd", BUILD / program], check=True,
                          capture_output=True, text=True).stdout
    assert "libc.so" in text
    assert [name for name in MUST_NOT_LOAD[program] if name in text] == []


def test_the_top_level_is_what_it_is():
    tops = {path.relative_to(ROOT).parts[0] for path in files_of_the_tree()}
    allowed = {"src", "man", "tests", "completions", "Makefile",
               "configure.ac", "README", "COPYING"}
    assert {top for top in tops if top[0] != "."} <= allowed


def test_no_two_files_of_the_tests_have_one_name():
    """Except those whose names pytest and npm prescribe."""
    names = [path.name for path in files_of_the_tree()
             if path.relative_to(ROOT).parts[0] == "tests"
             and path.name not in ("conftest.py", "package.json",
                                   "package-lock.json")]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_the_lines_of_the_makefile_fit():
    assert [line for line in lines_of(ROOT / "Makefile")
            if len(line.expandtabs()) >= 100] == []
