"""Write book/data_dictionary.md from data/datapackage.json; with --check only compare."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INTRODUCTION = """\
# Data dictionary

<!-- Generated from data/datapackage.json by book/_ext/data_dictionary.py; edit the schema, not this page. -->

Every table of the course, column by column. In a notebook `peaceops.load("{first}")` gives a table and
`peaceops.describe("{first}")` its columns. Each table is one CSV file (UTF-8). Its datasheet says who made
it, why, what counts, what is left out and how sure we are.

An empty cell means *unknown*: never zero, never "no". Lists inside a cell are separated by `;`. A date stands
in full even where only the month or the year is known; the column for its precision says which.
"""
# Frictionless types in words; a type without a word here stops the page.
TYPES = {
    "boolean": "true or false",
    "date": "date",
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "year": "year",
}


def _names(value: str | list[str]) -> str:
    """Column names as code, whether the schema has one or a list."""
    return ", ".join(f"`{name}`" for name in ([value] if isinstance(value, str) else value))


def _link(item: dict) -> str:
    """A source or licence, linked where the schema has its address."""
    title = item.get("title") or item["name"]
    return f"[{title}]({item['path']})" if item.get("path", "").startswith("http") else title


def _rules(field: dict) -> str:
    """What a column allows, in words."""
    constraints, rules = field.get("constraints", {}), []
    if "enum" in constraints:
        rules.append("One of " + ", ".join(f"`{value}`" for value in constraints["enum"]) + ".")
    if "pattern" in constraints:
        rules.append(f"Pattern `{constraints['pattern']}`.")
    low, high = constraints.get("minimum"), constraints.get("maximum")
    if low is not None and high is not None:
        rules.append(f"From {low} to {high}.")
    elif low is not None:
        rules.append(f"At least {low}.")
    elif high is not None:
        rules.append(f"At most {high}.")
    if constraints.get("unique"):
        rules.append("No value twice.")
    if not constraints.get("required"):
        rules.append("May be empty.")
    return " ".join(rules)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|").replace("\n", " ") for cell in cells) + " |"


def _table(resource: dict) -> str:
    """One resource as a section: what a row is, keys, columns, sources, licence."""
    schema, lines = resource["schema"], [f"## {resource['name']}", "", resource["description"], ""]
    if key := schema.get("primaryKey"):
        lines.append(f"- Key: {_names(key)}")
    for foreign in schema.get("foreignKeys", []):
        there = foreign["reference"]
        target = there["resource"] or resource["name"]
        lines.append(f"- {_names(foreign['fields'])} refers to {_names(there['fields'])} of [{target}](#{target})")
    if sources := resource.get("sources"):
        lines.append(f"- Sources: {'; '.join(map(_link, sources))}")
    if licences := resource.get("licenses"):
        lines.append(f"- Licence: {'; '.join(map(_link, licences))}")
    links = f"[{resource['path']}](../data/{resource['path']})"
    if sheet := resource.get("datasheet"):
        links += f", [datasheet](../data/{sheet})"
    lines += [f"- Files: {links}", "", _row("Column", "What it holds"), "|:--|:--|"]
    for field in schema["fields"]:
        kind = TYPES[field["type"]]
        about = f"**{field['title']}** ({kind}). {field['description']} {_rules(field)}".strip()
        lines.append(_row(f"`{field['name']}`", about))
    return "\n".join(lines) + "\n"


def data_dictionary(package: dict) -> str:
    """Describe every table of a data package.

    Parameters
    ----------
    package : dict
        A Frictionless data package; each resource has ``name``, ``path``, ``description`` and ``schema``,
        each field ``name``, ``title``, ``type`` and ``description``.

    Returns
    -------
    str
        A Markdown page with one section per table, headed by the table's name.

    Raises
    ------
    KeyError
        If a table or column lacks one of these, or its type has no word in `TYPES`.
    """
    tables = package["resources"]
    return "\n".join([INTRODUCTION.format(first=tables[0]["name"]), *map(_table, tables)])


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` say whether the committed one is up to date."""
    page = ROOT / "book" / "data_dictionary.md"
    text = data_dictionary(json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8")))
    if arguments == ["--check"]:
        if page.is_file() and page.read_text(encoding="utf-8") == text:
            return 0
        print("book/data_dictionary.md differs from data/datapackage.json: run book/_ext/data_dictionary.py")
        return 1
    if arguments:
        print("usage: python book/_ext/data_dictionary.py [--check]")
        return 2
    page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
