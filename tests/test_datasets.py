"""The tables load, keep their types, and say in one sentence what is wrong with a broken copy."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package

from peaceops import datasets
from peaceops.datasets import DataError

ROOT = Path(__file__).resolve().parent.parent
NAMES = [
    resource["name"] for resource in json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))["resources"]
]
COLUMNS = {name: list(datasets.describe(name)["column"]) for name in NAMES}


@pytest.fixture
def data(tmp_path):
    """Give a copy of data/ that a test may break."""
    return shutil.copytree(ROOT / "data", tmp_path / "data")


def put(data, table, **cells):
    """Overwrite cells of the first row of a table, which is line 2 of its file."""
    path = data / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(cells) <= set(rows[0])
    rows[0].update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def edit(data, name, function):
    """Rewrite a file of the copy as text."""
    path = data / name
    path.write_text(function(path.read_text(encoding="utf-8")), encoding="utf-8")


def schema(data, table, function):
    """Change one table's entry in the copy's schema."""

    def change(text):
        package = json.loads(text)
        function(next(resource for resource in package["resources"] if resource["name"] == table))
        return json.dumps(package)

    edit(data, "datapackage.json", change)


def said(table, data):
    """Return the sentence that loading a broken table raises."""
    with pytest.raises(DataError) as caught:
        datasets.load(table, data)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


# ---- what is there ----


def test_all_tables_are_valid():
    """Catches a committed table that breaks its schema."""
    assert datasets.validate() == []


@pytest.mark.parametrize("name", NAMES)
def test_types_follow_the_schema(name):
    """Catches a column of another order or type than the schema says, such as a count read as float."""
    frame = datasets.load(name)
    types = dict(zip(COLUMNS[name], datasets.describe(name)["type"], strict=True))
    assert list(frame.columns) == COLUMNS[name]
    assert len(frame) > 0
    for column, kind in types.items():
        if kind == "date":
            assert pd.api.types.is_datetime64_any_dtype(frame[column]), column
        else:
            wanted = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}.get(kind, "string")
            assert frame[column].dtype == wanted, column


@pytest.mark.parametrize("name", NAMES)
def test_unknown_is_missing(name):
    """Catches an empty cell that becomes an empty text, a zero or a False."""
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        empty = [[cell == "" for cell in row] for row in csv.reader(file)][1:]
    assert datasets.load(name).isna().to_numpy().tolist() == empty


def test_a_caller_may_change_what_it_got():
    """Catches a cache that hands every caller the same table."""
    first = datasets.load("operations")
    first["acronym"] = "changed"
    first.pop("name")
    again = datasets.load("operations")
    assert "changed" not in set(again["acronym"])
    assert "name" in again.columns


def test_any_working_directory():
    """Catches tables that are found only from the repository's root."""
    code = "import peaceops; print(*(len(peaceops.load(name)) for name in peaceops.tables()['table']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(ROOT.anchor), capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.split() == [str(len(datasets.load(name))) for name in NAMES]


def test_independent_validation():
    """Catches a schema or a table that another reader of data packages refuses."""
    report = Package(str(ROOT / "data" / "datapackage.json")).validate()
    assert report.flatten(["type", "message"]) == []
    assert len(report.tasks) == len(NAMES)


def test_independent_validation_rejects(data):
    """Catches an independent validation that passes whatever the tables hold."""
    put(data, "operations", status="finished", lead="XYZ")
    report = Package(str(data / "datapackage.json")).validate()
    assert {"constraint-error", "foreign-key"} <= {kind for (kind,) in report.flatten(["type"])}


def test_describe_is_the_schema():
    """Catches a codebook that leaves out a column, what is allowed in it, or where it points."""
    codebook = datasets.describe("operation_organizations").set_index("column")
    assert codebook.at["role", "allowed"] == "lead, partner, support, successor"
    assert codebook.at["organization_id", "allowed"] == "an id of organizations"
    assert codebook.at["sources", "type"] == "list of string"
    assert not codebook["can_be_empty"].any()
    assert datasets.describe("operations").set_index("column").at["end_date", "can_be_empty"]


def test_tables_lists_all():
    """Catches a table that the list of tables does not name."""
    assert list(datasets.tables()["table"]) == NAMES
    assert not datasets.tables().isna().any(axis=None)


def test_excels_file_is_read(data):
    """Catches a file that Excel saved as “CSV UTF-8”, with a mark at its start and CRLF, being refused."""
    path = data / "organizations.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    pd.testing.assert_frame_equal(datasets.load("organizations", data), datasets.load("organizations"))


def test_a_table_without_rows_keeps_its_types(data):
    """Catches a table with a header only that fails, or loses its types."""
    edit(data, "handovers.csv", lambda text: text.splitlines()[0] + "\n")
    frame = datasets.load("handovers", data)
    assert len(frame) == 0
    assert (frame.dtypes == datasets.load("handovers").dtypes).all()


def test_an_edited_copy_is_read_anew(data):
    """Catches a cache that keeps showing an instructor the table as it was before the edit."""
    datasets.load("organizations", data)
    put(data, "organizations", name="Another name")
    assert datasets.load("organizations", data)["name"].iloc[0] == "Another name"


@pytest.mark.parametrize(
    ("cell", "items"),
    [("UN; AU", ["UN", "AU"]), ("UN", ["UN"]), ("", []), (" ", []), (pd.NA, []), ("a;;b", ["a", "", "b"])],
)
def test_split_list(cell, items):
    """Catches a list that is taken apart wrongly, or an empty cell that becomes a list of one empty item."""
    assert datasets.split_list(cell) == items


# ---- what is wrong, in one sentence ----


def test_a_wrong_name():
    """Catches a misspelt table that gets no suggestion, or a traceback for something that is no name."""
    known = f"The tables are: {', '.join(NAMES)}."
    with pytest.raises(DataError) as caught:
        datasets.load("operation")
    assert str(caught.value) == f"There is no table “operation”. Did you mean “operations”? {known}"
    for name in (None, 3, ["operations"], "", "../data/operations"):
        with pytest.raises(DataError, match="There is no table"):
            datasets.load(name)
        with pytest.raises(DataError, match="There is no table"):
            datasets.describe(name)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no datapackage.json in {}, so its tables are unknown."),
        (
            b'{"resources": [',
            "The schema datapackage.json in {} is not readable JSON (Expecting value: line 1 column 16 (char 15)).",
        ),
        (b"[]", "The schema datapackage.json in {} has no list “resources”, so its tables are unknown."),
        (b"{}", "The schema datapackage.json in {} has no list “resources”, so its tables are unknown."),
    ],
)
def test_a_broken_schema(data, content, sentence):
    """Catches a schema that is missing, cut off or something else, and gives a traceback."""
    path = data / "datapackage.json"
    path.unlink() if content is None else path.write_bytes(content)
    assert said("operations", data) == sentence.format(data)


def test_a_schema_that_is_not_utf8(data):
    """Catches a schema in another encoding."""
    edit(data, "datapackage.json", lambda text: text)
    (data / "datapackage.json").write_bytes('{"resources": ["é"]}'.encode("latin-1"))
    assert "is not readable JSON" in said("operations", data)


def test_a_file_for_a_folder(data):
    """Catches the path of a table, where its folder is asked for, giving a traceback."""
    path = data / "operations.csv"
    assert said("operations", path) == f"There is no datapackage.json in {path}, so its tables are unknown."


def _drop(column):
    def function(text):
        rows = list(csv.reader(text.splitlines()))
        at = rows[0].index(column)
        return "".join(",".join(cell for i, cell in enumerate(row) if i != at) + "\n" for row in rows)

    return function


TABLE = ", ".join(COLUMNS["handovers"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: "", f"handovers.csv is empty; its columns are: {TABLE}."),
        (
            lambda text: text.replace("rehatted", "re_hatted", 1),
            f"handovers.csv lacks the column “rehatted”; its columns are: {TABLE}.",
        ),
        (
            lambda text: text.replace("note\n", "note,remark\n", 1),
            f"handovers.csv has the unknown column “remark”; its columns are: {TABLE}.",
        ),
        (
            lambda text: text.replace("note\n", "note,date\n", 1),
            f"handovers.csv has twice the column “date”; its columns are: {TABLE}.",
        ),
        (
            lambda text: text.replace(",", ";"),
            f"handovers.csv lacks the column “from_operation”; its columns are: {TABLE}.",
        ),
        (
            lambda text: text.splitlines()[0] + "\nunavem-1,unavem-2\n",
            "handovers.csv, line 2: 2 cells, but the header has 7.",
        ),
        (
            lambda text: text + "\n",
            None,  # its line number depends on the table's length
        ),
        (
            lambda text: text.splitlines()[0] + '\nunavem-1,unavem-2,1991-05-30,day,no,S/RES/696 (1991),"one\ntwo"\n',
            "handovers.csv, line 2: a cell has a line break in it; a row must be one line.",
        ),
        (
            lambda text: text.splitlines()[0] + '\nunavem-1,"una"vem-2,1991-05-30,day,no,S/RES/696 (1991),\n',
            "handovers.csv is not a readable CSV file (',' expected after '\"').",
        ),
    ],
)
def test_a_broken_file(data, change, sentence):
    """Catches a file whose shape is wrong and that is read anyway, shifted, or with a traceback."""
    edit(data, "handovers.csv", change)
    lines = len(datasets.load("handovers")) + 2
    assert said("handovers", data) == (sentence or f"handovers.csv, line {lines}: 0 cells, but the header has 7.")


def test_a_file_that_is_not_utf8(data):
    """Catches a file saved in an old encoding, whose letters would come out wrong."""
    edit(data, "organizations.csv", lambda text: text)
    path = data / "organizations.csv"
    path.write_bytes(path.read_bytes() + b"\xe9")
    assert said("organizations", data) == "organizations.csv is not UTF-8 text; save it as “CSV UTF-8”."


def test_a_missing_file(data):
    """Catches a table without its file."""
    (data / "periods.csv").unlink()
    assert said("periods", data) == f"The file periods.csv is missing from {data}."


def test_a_missing_column(data):
    """Catches a table that lost a column."""
    edit(data, "operation_countries.csv", _drop("role"))
    assert said("operation_countries", data) == (
        "operation_countries.csv lacks the column “role”; its columns are: operation_id, country, role."
    )


@pytest.mark.parametrize(
    ("table", "key"),
    [("organizations", ["organization_id"]), ("handovers", ["from_operation", "to_operation"])],
)
def test_a_doubled_key(data, table, key):
    """Catches a row that is there twice."""
    edit(data, f"{table}.csv", lambda text: text + text.splitlines()[1] + "\n")
    first = datasets.load(table).iloc[0]
    assert said(table, data) == (
        f"{table}.csv, line {len(datasets.load(table)) + 2}: "
        f"the key “{', '.join(first[name] for name in key)}” is there twice."
    )


SOURCE = "which is neither a symbol like S/RES/1769 (2007) nor a key like haugevik2007: §3"


@pytest.mark.parametrize(
    ("table", "cells", "sentence"),
    [
        ("operations", {"lead": "XYZ"}, "lead “XYZ” is not an id of organizations"),
        ("operation_organizations", {"organization_id": "un"}, "organization_id “un” is not an id of organizations"),
        ("operation_countries", {"operation_id": "unfoo"}, "operation_id “unfoo” is not an id of operations"),
        ("operation_countries", {"country": "Mali"}, "country “Mali” does not have the form [A-Z]{3}"),
        ("operations", {"operation_id": "UNTSO"}, "operation_id “UNTSO” does not have the form [a-z0-9-]+"),
        ("operations", {"acronym": ""}, "acronym is empty, but must not be"),
        ("operations", {"sources": ""}, "sources is empty, but must not be"),
        ("operations", {"start_date": "29.05.1948"}, "start_date “29.05.1948” is not a date like 2007-07-31"),
        ("operations", {"start_date": "1948-5-29"}, "start_date “1948-5-29” is not a date like 2007-07-31"),
        ("operations", {"start_date": "1948-13-01"}, "start_date “1948-13-01” is not a date like 2007-07-31"),
        ("operations", {"start_date": "1949-02-29"}, "start_date “1949-02-29” is not a date like 2007-07-31"),
        ("operations", {"end_date": "1947-05-29"}, "end_date 1947-05-29 lies before start_date 1948-05-29"),
        ("operations", {"status": "finished"}, "status “finished” is not one of: running, ended, unknown"),
        ("operations", {"peak_uniformed": "many"}, "peak_uniformed “many” is not a whole number"),
        ("operations", {"peak_uniformed": "3.5"}, "peak_uniformed “3.5” is not a whole number"),
        ("operations", {"peak_uniformed": "1,500"}, "peak_uniformed “1,500” is not a whole number"),
        ("operations", {"peak_uniformed": "inf"}, "peak_uniformed “inf” is not a whole number"),
        ("operations", {"peak_uniformed": "-5"}, "peak_uniformed “-5” is less than 0"),
        (
            "operations",
            {"unconfirmed": "start_dat"},
            "unconfirmed “start_dat” names “start_dat”, which is not a column of this table",
        ),
        ("periods", {"printed_row": "17"}, "printed_row “17” is more than 16"),
        ("periods", {"start": "1988", "end": "1948"}, "end 1948 lies before start 1988"),
        ("indicators", {"value": "n/a"}, "value “n/a” is not a number"),
        ("indicators", {"value": "nan"}, "value “nan” is not a number"),
        ("indicators", {"value": "inf"}, "value “inf” is not a number"),
        ("resolutions", {"acting_ch7": "TRUE"}, "acting_ch7 “TRUE” is neither true nor false"),
        ("resolutions", {"acting_ch7": "0"}, "acting_ch7 “0” is neither true nor false"),
        ("organizations", {"sources": "charter; "}, "sources “charter; ” has an empty item"),
        ("organizations", {"sources": "charter;;charter"}, "sources “charter;;charter” has an empty item"),
        ("organizations", {"sources": "The web"}, f"sources “The web” names “The web”, {SOURCE}"),
        (
            "organizations",
            {"sources": "charter; S/RES/1769 2007"},
            f"sources “charter; S/RES/1769 2007” names “S/RES/1769 2007”, {SOURCE}",
        ),
        (
            "organizations",
            {"sources": "haugevik2007 §3"},
            f"sources “haugevik2007 §3” names “haugevik2007 §3”, {SOURCE}",
        ),
        ("organizations", {"sources": "haugevik2007:"}, f"sources “haugevik2007:” names “haugevik2007:”, {SOURCE}"),
    ],
)
def test_a_wrong_cell(data, table, cells, sentence):
    """Catches a cell that its column does not allow, and a sentence that does not say where, what and what is allowed."""
    put(data, table, **cells)
    assert said(table, data) == f"{table}.csv, line 2: {sentence}."


@pytest.mark.parametrize(
    "source",
    [
        "S/RES/1769 (2007)",
        "S/RES/1769 (2007): paragraph 5(a)",
        "A/RES/998 (ES-I)",
        "A/47/277",
        "S/PRST/2010/21",
        "S/25859",
        "charter",
        "un-mission-pages: past/unef1.html",
    ],
)
def test_sources_in_use_are_allowed(data, source):
    """Catches a rule for sources that refuses an instrument or a key with its place."""
    put(data, "organizations", sources=source)
    assert datasets.load("organizations", data)["sources"].iloc[0] == source


def test_an_unknown_organization_in_a_list(data):
    """Catches a list of ids in a cell of which one is no organization."""
    schema(data, "handovers", lambda entry: entry["schema"]["fields"][-1].update(list="organizations.organization_id"))
    put(data, "handovers", note="UN; XYZ")
    edit(data, "handovers.csv", lambda text: "\n".join(text.splitlines()[:2]) + "\n")
    assert said("handovers", data) == (
        "handovers.csv, line 2: note “UN; XYZ” names “XYZ”, which is not an id of organizations."
    )
    put(data, "handovers", note="UN; UN")
    assert datasets.load("handovers", data)["note"].iloc[0] == "UN; UN"


def test_a_link_to_an_unknown_table(data):
    """Catches a schema that links to a table that is not there."""
    schema(
        data,
        "operations",
        lambda entry: entry["schema"]["foreignKeys"][0]["reference"].update(resource="organisations"),
    )
    assert said("operations", data) == (
        f"There is no table “organisations”. Did you mean “organizations”? The tables are: {', '.join(NAMES)}."
    )


def test_a_sentence_names_the_line_of_the_editor(data):
    """Catches a line number that counts rows instead of lines, or from nought."""
    edit(data, "organizations.csv", lambda text: text + "ZZZ,Nobody,regional,none,1999-01-01,decade,charter,,\n")
    line = (
        (data / "organizations.csv")
        .read_text("utf-8")
        .splitlines()
        .index("ZZZ,Nobody,regional,none,1999-01-01,decade,charter,,")
    )
    assert said("organizations", data) == (
        f"organizations.csv, line {line + 1}: founded_precision “decade” is not one of: day, month, year."
    )


def test_validate_names_every_broken_table(data):
    """Catches a validation that stops at the first broken table, or that passes broken ones."""
    put(data, "periods", printed_row="0")
    put(data, "resolutions", year="")
    (data / "indicators.csv").unlink()
    assert datasets.validate(data) == [
        "periods.csv, line 2: printed_row “0” is less than 1.",
        f"The file indicators.csv is missing from {data}.",
        "resolutions.csv, line 2: year is empty, but must not be.",
    ]
