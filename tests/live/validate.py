#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""validate.py [VALIDATOR]: holds each JSON output of slicestat in the files named on stdin against
the schema that it names, of user/*/*.schema.json. An output is a line of its own; other lines are
passed over, and so is a last one that was cut off. Answers each file with a line: "valid N" for N
outputs, or what is wrong with the first bad one. Of a report with many rows some thousand are looked
at, from all over it; the rest of it always is. VALIDATOR is fastjsonschema (default), or jsonschema,
which is slow, and validates the schemas, too."""

import glob
import json
import mmap
import os
import sys

import fastjsonschema

OUTPUT = b'{"schema":"slicestat.'
ROWS = b'"rows":['
MANY_ROWS, LONG = 2000, 1 << 20


def slow_compile(schema):
    import jsonschema

    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)

    def check(output):
        for error in validator.iter_errors(output):
            raise ValueError(error.message)

    return check


def validators(compiler):
    """A function that validates, by the name of each schema."""
    user = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../user")
    found = {}
    for path in glob.glob(user + "/*/*.schema.json"):
        with open(path, encoding="utf-8") as f:
            schema = json.load(f)
        found[schema["title"]] = compiler(schema)
    return found


def refuse(constant):
    raise ValueError(constant + " is no number of JSON")


def outputs(text):
    """Where each line that is an output begins, and where it ends."""
    begin = 0
    if text[: len(OUTPUT)] != OUTPUT:
        begin = text.find(b"\n" + OUTPUT) + 1 or len(text)
    while (end := text.find(b"\n", begin)) >= 0:
        yield begin, end
        begin = text.find(b"\n" + OUTPUT, end) + 1 or len(text)


def thinned(text, begin, end):
    """That output with fewer rows. All rows have the same first key, which nothing in them has."""
    first = text.find(ROWS, begin, end) + len(ROWS)
    if end - begin < LONG or first < len(ROWS) or text[first : first + 1] != b"{":
        return text[begin:end]
    between = b"}," + text[first : text.find(b":", first) + 1]
    last = text.rfind(between, first, end)
    if last < 0:
        return text[begin:end]
    rows = []
    for at in range(first, last, 1 + (last - first) // MANY_ROWS):
        row = text.find(between, at)
        if row < last:
            rows.append(text[row + len(b"},") : text.find(between, row + 1) + 1])
    return text[begin:first] + b",".join(rows + [text[last + len(b"},") : end]])


def validate(line, schemas):
    output = json.loads(line.decode("utf-8"), parse_constant=refuse)
    name = output["schema"]
    if name not in schemas:
        raise ValueError("there is no schema " + name)
    schemas[name](output)


def contents(path):
    """Of a file; they are not copied."""
    with open(path, "rb") as f:
        if os.fstat(f.fileno()).st_size == 0:
            return b""
        return mmap.mmap(f.fileno(), 0, mmap.MAP_PRIVATE | mmap.MAP_POPULATE, mmap.PROT_READ)


def answer(path, schemas):
    text = contents(path)
    valid = 0
    for begin, end in outputs(text):
        try:
            validate(thinned(text, begin, end), schemas)
        except ValueError as wrong:
            number = text[:begin].count(b"\n") + 1
            return f"{path}:{number}: {wrong}"
        valid += 1
    return f"valid {valid}"


def main():
    slow = sys.argv[1:] == ["jsonschema"]
    schemas = validators(slow_compile if slow else fastjsonschema.compile)
    for path in sys.stdin:
        print(answer(path.rstrip("\n"), schemas), flush=True)


main()
