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
import os
import sys

import fastjsonschema

OUTPUT = b'{"schema":"slicestat.'
ROWS = b'"rows":['
MANY_ROWS = 2000


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


def outputs(path):
    """The number of each line that is an output, and the line."""
    with open(path, "rb") as f:
        for number, line in enumerate(f, 1):
            if line.startswith(OUTPUT) and line.endswith(b"\n"):
                yield number, line


def thinned(line):
    """The same with fewer rows. All rows have the same first key, which nothing in them has."""
    begin = line.find(ROWS) + len(ROWS)
    if begin < len(ROWS) or line[begin : begin + 1] != b"{":
        return line
    between = b"}," + line[begin : line.index(b":", begin) + 1]
    rows = line[begin:].split(between)
    step = 1 + len(rows) // MANY_ROWS
    return line[:begin] + between.join(rows[:-1:step] + rows[-1:])


def validate(line, schemas):
    output = json.loads(thinned(line).decode("utf-8"), parse_constant=refuse)
    name = output["schema"]
    if name not in schemas:
        raise ValueError("there is no schema " + name)
    schemas[name](output)


def answer(path, schemas):
    valid = 0
    for number, line in outputs(path):
        try:
            validate(line, schemas)
        except ValueError as wrong:
            return f"{path}:{number}: {wrong}"
        valid += 1
    return f"valid {valid}"


def main():
    slow = sys.argv[1:] == ["jsonschema"]
    schemas = validators(slow_compile if slow else fastjsonschema.compile)
    for path in sys.stdin:
        print(answer(path.rstrip("\n"), schemas), flush=True)


main()
