# SPDX-License-Identifier: MIT
"""Checks JSON against a JSON Schema (draft 2020-12): the keywords that
src/report/output.schema.json uses, and no others. Debian's python3-jsonschema
would do it, too, but is not needed for anything else.

    problems(schema, value) gives texts, none if the value is valid.
"""
import json
import pathlib
import re

PATH = pathlib.Path(__file__).parents[3] / "src/report/output.schema.json"
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool,
         "null": type(None), "integer": int, "number": (int, float)}
NOTES = {"$schema", "$defs", "title", "description"}


class Schema:
    def __init__(self, root):
        self.root = root
        check_keywords(root)

    def problems(self, value):
        return list(self._problems(self.root, value, "$"))

    def _problems(self, schema, value, place):
        for keyword, argument in schema.items():
            if keyword not in NOTES:
                yield from KEYWORDS[keyword](self, schema, argument, value,
                                             place)

    def _ref(self, schema, target, value, place):
        prefix, _, name = target.rpartition("/")
        assert prefix == "#/$defs", target
        yield from self._problems(self.root["$defs"][name], value, place)

    def _type(self, schema, names, value, place):
        names = [names] if isinstance(names, str) else names
        if not any(is_a(value, name) for name in names):
            yield f"{place}: {value!r} is not of type {' or '.join(names)}"

    def _enum(self, schema, values, value, place):
        if not any(value == one and type(value) is type(one) for one in values):
            yield f"{place}: {value!r} is none of {values}"

    def _pattern(self, schema, pattern, value, place):
        if isinstance(value, str) and not re.search(pattern, value, re.ASCII):
            yield f"{place}: {value!r} does not match {pattern}"

    def _minimum(self, schema, least, value, place):
        if is_a(value, "number") and value < least:
            yield f"{place}: {value} is less than {least}"

    def _maximum(self, schema, most, value, place):
        if is_a(value, "number") and value > most:
            yield f"{place}: {value} is more than {most}"

    def _items(self, schema, items, value, place):
        for i, element in enumerate(value if is_a(value, "array") else ()):
            yield from self._problems(items, element, f"{place}[{i}]")

    def _required(self, schema, names, value, place):
        for name in names if is_a(value, "object") else ():
            if name not in value:
                yield f"{place}: {name} is missing"

    def _properties(self, schema, properties, value, place):
        for name, property in properties.items():
            if is_a(value, "object") and name in value:
                yield from self._problems(property, value[name],
                                          f"{place}.{name}")

    def _additional(self, schema, rest, value, place):
        known = schema.get("properties", {})
        for name in value if is_a(value, "object") else ():
            if name not in known and rest is False:
                yield f"{place}: {name} is not in the schema"
            elif name not in known:
                yield from self._problems(rest, value[name], f"{place}.{name}")

    def _any_of(self, schema, alternatives, value, place):
        """Tells what is wrong with the alternative that is nearest."""
        found = [list(self._problems(one, value, place))
                 for one in alternatives]
        if all(found):
            yield from min(found, key=lambda one: (
                any(text.startswith(f"{place}: ") and "of type" in text
                    for text in one),
                any(" is none of " in text for text in one), len(one)))


KEYWORDS = {
    "$ref": Schema._ref, "type": Schema._type, "enum": Schema._enum,
    "pattern": Schema._pattern, "minimum": Schema._minimum,
    "maximum": Schema._maximum, "items": Schema._items,
    "required": Schema._required, "properties": Schema._properties,
    "additionalProperties": Schema._additional, "anyOf": Schema._any_of}


def is_a(value, name):
    """A boolean is no number, although Python says so."""
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def check_keywords(schema):
    """A keyword that is not known here would be ignored."""
    for keyword, argument in schema.items():
        assert keyword in NOTES or keyword in KEYWORDS, keyword
        if keyword in ("$defs", "properties"):
            parts = list(argument.values())
        elif keyword == "anyOf":
            parts = argument
        elif keyword in ("items", "additionalProperties"):
            parts = [argument] if argument is not False else []
        else:
            parts = []
        for part in parts:
            check_keywords(part)


OUTPUT = Schema(json.loads(PATH.read_text()))


def check_output(arguments, output):
    """Checks what a run with --json has printed; each line is a document."""
    arguments = [str(argument) for argument in arguments]
    if "--" in arguments:
        arguments = arguments[:arguments.index("--")]
    if "--json" not in arguments:
        return
    for line in output.splitlines():
        problems = OUTPUT.problems(json.loads(line))
        assert not problems, f"{PATH.name}: {problems}\n{line}"
