"""Loading, describing and validating the course's tables."""

import csv
import difflib
import functools
import json
import re
from pathlib import Path

import pandas as pd

_HERE = Path(__file__).resolve().parent
# The wheel carries the tables in _data. An editable install has no such folder: it reads the repository's data/.
FOLDER = _HERE / "_data" if (_HERE / "_data").is_dir() else _HERE.parents[1] / "data"

# An instrument's symbol (S/RES/1769 (2007), A/47/277) or a key of book/references.md, with or without a place.
_SOURCE = re.compile(r"[SA]/[A-Z0-9/.\-]+(?: [A-Z])?(?: \([A-Z0-9\- ]+\))?(?:: .+)?|[a-z0-9]+(?:-[a-z0-9]+)*(?:: .+)?")
_DTYPES = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}


class DataError(ValueError):
    """A table that is not what its schema says; the message is one sentence."""


def load(table, folder=None):
    """Read one of the course's tables, checked against its schema.

    Parameters
    ----------
    table : str
        The table's name, such as ``"operations"``; `tables` lists them.
    folder : path-like, optional
        A folder with another ``datapackage.json`` and its CSV files, such as your own copy of ``data/``.

    Returns
    -------
    pandas.DataFrame
        One row per record, with the schema's columns in the schema's order. Text is ``string``, whole numbers
        ``Int64``, other numbers ``Float64``, yes/no ``boolean``, dates ``datetime64``. Unknown is missing,
        never 0.

    Raises
    ------
    DataError
        For a name that is not a table, and for a file that is missing, broken, or not what its schema says.

    Examples
    --------
    >>> load("operations").query("acronym == 'UNTSO'")["status"].item()
    'running'
    """
    # An edited copy is read anew each time; the course's own tables once.
    if folder is None and isinstance(table, str):
        return _load(table, FOLDER).copy()
    return _load.__wrapped__(table, Path(folder or FOLDER))


def describe(table, folder=None):
    """Show a table's codebook.

    Parameters
    ----------
    table : str
        The table's name.
    folder : path-like, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per column of the table: ``column``, ``type``, ``meaning``, ``allowed`` (the allowed values or the
        table it points to) and ``can_be_empty``.

    Raises
    ------
    DataError
        For a name that is not a table.

    Examples
    --------
    >>> list(describe("handovers")["column"][:2])
    ['from_operation', 'to_operation']
    """
    resource = _resource(table, Path(folder or FOLDER))
    targets = {key["fields"]: key["reference"]["resource"] for key in resource["schema"].get("foreignKeys", [])}
    rows = []
    for field in resource["schema"]["fields"]:
        limits = field.get("constraints", {})
        target = targets.get(field["name"])
        rows.append(
            {
                "column": field["name"],
                "type": "list of " + field["type"] if "list" in field else field["type"],
                "meaning": field["description"],
                "allowed": ", ".join(limits.get("enum", [])) or (f"an id of {target}" if target else ""),
                "can_be_empty": not limits.get("required", False),
            }
        )
    return pd.DataFrame(rows)


def tables(folder=None):
    """List the tables.

    Parameters
    ----------
    folder : path-like, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per table: ``table``, ``title`` and ``one_row_is``.

    Raises
    ------
    DataError
        When the folder has no readable ``datapackage.json``.

    Examples
    --------
    >>> "operations" in set(tables()["table"])
    True
    """
    resources = _package(Path(folder or FOLDER))["resources"]
    return pd.DataFrame([{"table": r["name"], "title": r["title"], "one_row_is": r["description"]} for r in resources])


def validate(folder=None):
    """Check every table of a folder.

    Parameters
    ----------
    folder : path-like, optional
        As for `load`.

    Returns
    -------
    list of str
        One sentence per table that fails, empty when all is well.

    Examples
    --------
    >>> validate()
    []
    """
    folder, problems = Path(folder or FOLDER), []
    for name in (resource["name"] for resource in _package(folder)["resources"]):
        try:
            _load.__wrapped__(name, folder)
        except DataError as error:
            problems.append(str(error))
    return problems


def split_list(cell):
    """Take a cell that holds a list apart.

    Parameters
    ----------
    cell : str or missing
        Items separated by ``;``.

    Returns
    -------
    list of str
        The items without the blanks around them; an empty cell gives an empty list.

    Examples
    --------
    >>> split_list("UN; AU")
    ['UN', 'AU']
    """
    return [] if pd.isna(cell) or not cell.strip() else [item.strip() for item in cell.split(";")]


def _package(folder):
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise DataError(f"There is no datapackage.json in {folder}, so its tables are unknown.") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DataError(f"The schema {path.name} in {folder} is not readable JSON ({error}).") from None
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        raise DataError(f"The schema {path.name} in {folder} has no list “resources”, so its tables are unknown.")
    return package


def _resource(table, folder):
    resources = {resource["name"]: resource for resource in _package(folder)["resources"]}
    if isinstance(table, str) and table in resources:
        return resources[table]
    close = difflib.get_close_matches(str(table), resources, n=1)
    meant = f" Did you mean “{close[0]}”?" if close else ""
    raise DataError(f"There is no table “{table}”.{meant} The tables are: {', '.join(resources)}.")


def _read(resource, folder):
    """Read a CSV as text, every cell a string or missing, after checking its shape."""
    path, expected = folder / resource["path"], [field["name"] for field in resource["schema"]["fields"]]
    try:
        # Excel's “CSV UTF-8” begins with a byte order mark.
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except FileNotFoundError:
        raise DataError(f"The file {resource['path']} is missing from {folder}.") from None
    except UnicodeDecodeError:
        raise DataError(f"{resource['path']} is not UTF-8 text; save it as “CSV UTF-8”.") from None
    except csv.Error as error:
        raise DataError(f"{resource['path']} is not a readable CSV file ({error}).") from None
    if not lines:
        raise DataError(f"{resource['path']} is empty; its columns are: {', '.join(expected)}.")
    header, *rows = lines
    for word, names in (
        ("lacks the column", [n for n in expected if n not in header]),
        ("has the unknown column", [n for n in header if n not in expected]),
        ("has twice the column", [n for n in expected if header.count(n) > 1]),
    ):
        if names:
            raise DataError(f"{resource['path']} {word} “{names[0]}”; its columns are: {', '.join(expected)}.")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise DataError(f"{resource['path']}, line {number}: {len(row)} cells, but the header has {len(header)}.")
        # One row is one line, so that the lines named here are those of an editor.
        if any("\n" in cell or "\r" in cell for cell in row):
            raise DataError(
                f"{resource['path']}, line {number}: a cell has a line break in it; a row must be one line."
            )
    frame = pd.DataFrame(rows, columns=header, dtype="string")[expected]
    return frame.mask(frame == "")


@functools.cache
def _load(table, folder):
    resource = _resource(table, folder)
    schema, text = resource["schema"], _read(resource, folder)
    fail = functools.partial(_fail, resource["path"])
    typed = {}
    for field in schema["fields"]:
        column, limits = text[field["name"]], field.get("constraints", {})
        if limits.get("required"):
            fail(column.isna(), field, column, "is empty, but must not be")
        if "enum" in limits:
            allowed = ", ".join(limits["enum"])
            fail(column.notna() & ~column.isin(limits["enum"]), field, column, f"is not one of: {allowed}")
        if "pattern" in limits:
            fits = column.str.fullmatch(limits["pattern"])
            fail(column.notna() & ~fits, field, column, f"does not have the form {limits['pattern']}")
        values = typed[field["name"]] = _convert(field, column, fail)
        if "minimum" in limits:
            fail((values < limits["minimum"]).fillna(False), field, column, f"is less than {limits['minimum']}")
        if "maximum" in limits:
            fail((values > limits["maximum"]).fillna(False), field, column, f"is more than {limits['maximum']}")
        if "list" in field:
            _check_list(field, column, list(text), folder, fail)
    frame = pd.DataFrame(typed)

    key = schema.get("primaryKey", [])
    key = [key] if isinstance(key, str) else key
    doubled = frame.duplicated(key, keep="first") if key else pd.Series(False, index=frame.index)
    if doubled.any():
        row = frame.index[doubled][0]
        value = ", ".join(str(text.at[row, name]) for name in key)
        raise DataError(f"{resource['path']}, line {row + 2}: the key “{value}” is there twice.")
    for link in schema.get("foreignKeys", []):
        _check_link(link, text, resource, folder, fail)
    for start, end in schema.get("order", []):
        wrong = frame[end] < frame[start]
        if wrong.fillna(False).any():
            row = frame.index[wrong.fillna(False)][0]
            raise DataError(
                f"{resource['path']}, line {row + 2}: {end} {text.at[row, end]} lies before "
                f"{start} {text.at[row, start]}."
            )
    return frame


def _fail(path, wrong, field, column, what):
    """Raise one sentence for the first cell that is wrong."""
    if wrong.any():
        row = column.index[wrong][0]
        given = f" “{column[row]}”" if pd.notna(column[row]) else ""
        raise DataError(f"{path}, line {row + 2}: {field['name']}{given} {what}.")


def _convert(field, column, fail):
    kind = field["type"]
    if kind == "date":
        dates = pd.to_datetime(column, format="%Y-%m-%d", errors="coerce")
        fail(
            column.notna() & (dates.isna() | (column.str.len() != 10)),
            field,
            column,
            "is not a date like 2007-07-31",
        )
        return dates.astype("datetime64[us]")
    if kind == "boolean":
        fail(column.notna() & ~column.isin(["true", "false"]), field, column, "is neither true nor false")
        return column.map({"true": True, "false": False}).astype("boolean")
    if kind in ("integer", "number"):
        numbers = pd.to_numeric(column, errors="coerce").replace([float("inf"), -float("inf")], pd.NA)
        wrong = numbers.isna() if kind == "number" else numbers.isna() | (numbers % 1 != 0)
        fail(column.notna() & wrong, field, column, f"is not {_A_NUMBER[kind]}")
        return numbers.astype(_DTYPES[kind])
    return column.astype("string")


_A_NUMBER = {"integer": "a whole number", "number": "a number"}


def _known(reference, folder):
    table, column = reference.split(".")
    return set(_read(_resource(table, folder), folder)[column].dropna())


def _check_list(field, column, columns, folder, fail):
    """Check the items of a column of lists: against another table's ids, this table's columns, a source's form."""
    items, of = column.map(split_list, na_action="ignore"), field["list"]
    filled = items[items.notna()]
    fail(items.map(lambda cell: "" in cell, na_action="ignore").eq(True), field, column, "has an empty item")
    if of == "sources":
        known = _SOURCE.fullmatch
        what = "names “%s”, which is neither a symbol like S/RES/1769 (2007) nor a key like haugevik2007: §3"
    elif of == "columns":
        known, what = columns.__contains__, "names “%s”, which is not a column of this table"
    elif "." in of:
        known, what = _known(of, folder).__contains__, f"names “%s”, which is not an id of {of.split('.')[0]}"
    else:
        return
    for row, cell in filled.items():
        for item in cell:
            if not known(item):
                fail(column.index == row, field, column, what.replace("%s", item))


def _check_link(link, text, resource, folder, fail):
    name, target = link["fields"], link["reference"]
    known = _known(f"{target['resource']}.{target['fields']}", folder)
    field = next(field for field in resource["schema"]["fields"] if field["name"] == name)
    column = text[name]
    fail(column.notna() & ~column.isin(known), field, column, f"is not an id of {target['resource']}")


AS_OF, VERSION = (_package(FOLDER)[key] for key in ("as_of", "version"))
