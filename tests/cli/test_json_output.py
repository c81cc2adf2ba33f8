# SPDX-License-Identifier: MIT
"""The schema of what --json prints. Every run of the program in the tests is
checked against it (support/peers/program.py); here is what checks it."""
import json
import re
import subprocess
import pathlib

import pytest

from callers import log
from callers.json_schema import OUTPUT, PATH, Schema, check_output

ROOT = pathlib.Path(__file__).parents[2]

# A schema, values that are valid, and values that are not.
CASES = [
    ({"type": "string"}, ["", "a"], [None, 1, True, [], {}]),
    ({"type": "integer"}, [0, -1], ["1", None, True, 1.5]),
    ({"type": ["string", "null"]}, ["", None], [0, False]),
    ({"type": "boolean"}, [True], [1, "true"]),
    ({"type": "array", "items": {"type": "integer"}}, [[], [1, 2]],
     [["a"], [1, "a"], {}]),
    ({"enum": ["a", 1]}, ["a", 1], ["b", True, None]),
    ({"type": "string", "pattern": "^[a-z]+$"}, ["a"], ["", "A", "a1"]),
    ({"type": "integer", "minimum": 1, "maximum": 3}, [1, 3], [0, 4]),
    ({"type": "object", "properties": {"a": {"type": "integer"}},
      "required": ["a"], "additionalProperties": False},
     [{"a": 1}], [{}, {"a": "1"}, {"a": 1, "b": 2}, [], None]),
    ({"type": "object", "properties": {"a": {"type": "integer"}},
      "additionalProperties": {"type": "string"}},
     [{}, {"a": 1, "b": "2"}], [{"b": 2}]),
    ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, [1, None], ["a"]),
    ({"$ref": "#/$defs/word", "$defs": {"word": {"enum": ["a"]}}},
     ["a"], ["b"]),
]


@pytest.mark.parametrize("schema, valid, invalid", CASES)
def test_values_are_judged(schema, valid, invalid):
    schema = Schema(schema)
    for value in valid:
        assert schema.problems(value) == []
    for value in invalid:
        assert schema.problems(value)


def test_the_nearest_alternative_is_named():
    words = [{"type": "object", "properties": {
        "status": {"enum": [status]}, name: {"type": "integer"}},
        "required": ["status", name], "additionalProperties": False}
        for status, name in (("a", "x"), ("b", "y"))]
    assert Schema({"anyOf": words}).problems({"status": "b", "y": "z"}) == [
        "$.y: 'z' is not of type integer"]


@pytest.mark.parametrize("schema", [
    {"format": "date"}, {"items": {"minLength": 1}},
    {"properties": {"a": {"not": {}}}}, {"anyOf": [{"const": 1}]},
    {"$defs": {"a": {"oneOf": []}}}, {"additionalProperties": {"if": {}}}])
def test_an_unknown_keyword_is_refused(schema):
    with pytest.raises(AssertionError):
        Schema(schema)


def test_every_definition_is_used_and_there():
    text = PATH.read_text()
    used = set(re.findall(r'"#/\$defs/(\w+)"', text))
    assert used == set(OUTPUT.root["$defs"])
    assert OUTPUT.root["$schema"] == \
        "https://json-schema.org/draft/2020-12/schema"


def test_objects_are_closed():
    """A member that the schema doesn't know would pass otherwise."""
    def objects(schema):
        if isinstance(schema, dict):
            if schema.get("type") == "object":
                yield schema
            for part in schema.values():
                yield from objects(part)
        if isinstance(schema, list):
            for part in schema:
                yield from objects(part)

    assert all("additionalProperties" in schema
               for schema in objects(OUTPUT.root))


def test_runs_are_checked(postrider):
    check_output(["-t"], "not JSON")
    check_output(["-t", "--", "--json"], "not JSON")
    with pytest.raises(json.JSONDecodeError):
        check_output(["-t", "--json"], "not JSON")
    with pytest.raises(AssertionError, match="output.schema.json"):
        check_output(["-t", "--json"], '{"status": "failed"}')

    postrider.configure("account a { host = localhost }")
    printed = postrider.run("accounts", "--json").out
    assert json.loads(printed)[0]["name"] == "a"
    with pytest.raises(AssertionError, match="stray is not in the schema"):
        check_output(["--json"], printed.replace("{", '{"stray": 1, ', 1))


def test_error_codes_are_those_of_the_program():
    source = (ROOT / "src/base/error.c").read_text()
    names = re.findall(r'\[ERROR_\w+\] = \{"([\w-]+)"', source)
    names.remove("none")
    error = OUTPUT.root["$defs"]["error"]["properties"]
    assert set(error["code"]["enum"]) == set(names)


def test_the_schema_is_installed(tmp_path):
    subprocess.run(["make", "-s", "install", "BUILD=build",
                    f"DESTDIR={tmp_path}", "prefix=/usr"],
                   cwd=ROOT, check=True, capture_output=True)
    installed = tmp_path / "usr/share/postrider/output.schema.json"
    assert installed.read_text() == PATH.read_text()
    subprocess.run(["make", "-s", "uninstall", "BUILD=build",
                    f"DESTDIR={tmp_path}", "prefix=/usr"],
                   cwd=ROOT, check=True, capture_output=True)
    assert not installed.parent.exists()


# ---- postrider-output(5) ----------------------------------------------------

PAGE = (ROOT / "man/postrider-output.5").read_text()
SAMPLES = re.findall(r"^\.Bd -literal.*\n((?:(?!\.Ed).*\n)*)", PAGE, re.M)


def test_the_sample_of_a_message_is_valid():
    check_output(["--json"], SAMPLES[0].replace("\n", "") + "\n")


def test_the_sample_of_the_log_can_be_read():
    line = re.sub(r" \\e\n +", " ", SAMPLES[1])
    fields, = log.entries(line)
    assert fields["recipients"] == ["you@example.org"]


def members(schema, depth=0):
    """The members of an object, of what it contains and refers to."""
    if "$ref" in schema:
        schema = OUTPUT.root["$defs"][schema["$ref"].rpartition("/")[2]]
    for part in [*schema.get("anyOf", []), schema.get("items", {})]:
        if part and depth < 6:
            yield from members(part, depth + 1)
    for name, part in schema.get("properties", {}).items():
        yield name
        yield from members(part, depth + 1)


@pytest.mark.parametrize("kind", sorted(set(OUTPUT.root["$defs"]) - {
    "check_step", "check", "chain", "providers"}))
def test_a_member_is_described(kind):
    """All but the details of the steps of a check, and what is in
    postrider(5): the fields of providers."""
    described = set(re.findall(r"^\.(?:It )?(?:Dq|Do) (\w+)", PAGE, re.M)) | set(
        re.findall(r" Do (\w+) Dc", PAGE)) | set(
        re.findall(r" , (\w+)$", PAGE, re.M))
    assert set(members({"$ref": f"#/$defs/{kind}"})) - described == set()
