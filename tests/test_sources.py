"""Every source that a table names has an entry, every link to an entry arrives, and every datasheet is up to date."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

PAGES = ("references", "glossary")
_LINK = re.compile(r"\b(references|glossary)\.md#([\w.-]*)")
_SYMBOL = re.compile(r"[SA]/")


def _headings(root, page):
    """Return the headings of a page that entries have, as their anchors."""
    text = (root / "book" / f"{page}.md").read_text(encoding="utf-8")
    titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
    return [re.sub(r"[^\w -]", "", title).replace(" ", "-") for title in titles]


def _tables(root):
    """Yield each table's schema and rows."""
    package = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        with (root / "data" / resource["path"]).open(encoding="utf-8", newline="") as file:
            yield resource, list(csv.DictReader(file))


def _prose(root):
    """Yield the name and the text of all that links to a page: Markdown, Markdown cells, the package's code."""
    for folder in ("book", "data", "src"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".md", ".py"):
                yield path.name, path.read_text(encoding="utf-8")
    for folder in ("notebooks", "solutions"):
        for path in sorted((root / folder).rglob("*.ipynb")):
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            yield path.name, "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_every_source_of_a_row_has_an_entry(root):
    """Catch a key in a column of sources that nobody can look up."""
    known, named = set(_headings(root, "references")), set()
    for resource, rows in _tables(root):
        for column in (f["name"] for f in resource["schema"]["fields"] if f.get("list") == "sources"):
            for item in (item.strip() for row in rows for item in row[column].split(";")):
                if item and not _SYMBOL.match(item):
                    named.add((resource["name"], item.split(":")[0]))
    assert len(named) > 20
    assert not sorted(entry for entry in named if entry[1] not in known)


@pytest.mark.parametrize("page", PAGES)
def test_headings_can_be_linked_to(root, page):
    """Catch a heading that JupyterLab and the book would turn into different anchors, and one that is there twice."""
    text = (root / "book" / f"{page}.md").read_text(encoding="utf-8")
    titles = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
    allowed = re.compile(r"[a-z0-9-]+" if page == "references" else r"[a-z0-9 -]+")
    assert not [title for title in titles if not allowed.fullmatch(title)]
    assert titles == sorted(set(titles))


def test_every_link_to_an_entry_arrives(root):
    """Catch a link to a reference or a term that does not exist."""
    anchors, links = {page: set(_headings(root, page)) for page in PAGES}, set()
    for name, text in _prose(root):
        links |= {(name, *link) for link in _LINK.findall(text)}
        page = name.removesuffix(".md")
        if page in PAGES:
            links |= {(name, page, anchor) for anchor in re.findall(r"\]\(#([\w.-]*)\)", text)}
    assert len(links) > 50
    assert not sorted(link for link in links if link[2] not in anchors[link[1]])


def test_every_reference_says_what_was_seen(root):
    """Catch an entry that leaves open how much of the work was read."""
    text = (root / "book" / "references.md").read_text(encoding="utf-8")
    entries = re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", text, re.MULTILINE)
    assert not [key for key, entry in entries if "Seen: " not in entry]


def test_datasheets_state_the_present_numbers(root):
    """Catch a datasheet that was forgotten when rows were added or a value was confirmed."""
    for resource, rows in _tables(root):
        text = (root / "data" / resource["datasheet"]).read_text(encoding="utf-8")
        line = f"Rows: {len(rows)}."
        if "unconfirmed" in rows[0]:
            line += f" Rows with an unconfirmed value: {sum(bool(row['unconfirmed']) for row in rows)}."
        assert f"\n{line}\n" in text, f"{resource['datasheet']} should say “{line}”"
        assert "\n## Rechecks\n" in text, f"{resource['datasheet']} has no heading Rechecks"


BREAKS = {
    "a source without an entry": ("data/handovers.csv", "uia-yearbook:", "uia-yearbok:", "uia-yearbok"),
    "a link to a missing reference": ("book/glossary.md", "#oneill-rees", "#kenkel-2031", "kenkel-2031"),
    "a link to a missing term": ("book/glossary.md", "(#impartiality)", "(#impartialty)", "impartialty"),
    "a heading with capitals": ("book/references.md", "## kenkel-2013", "## Kenkel-2013", "Kenkel-2013"),
    "an entry that is there twice": ("book/glossary.md", "## ssr", "## ddr", "ddr"),
    "an entry that does not say what was seen": ("book/references.md", "Seen: ", "Read: ", "aa-unama"),
    "a datasheet with an old number": ("data/datasheets/handovers.md", "Rows: ", "Rows: 1", "handovers.md"),
}


@pytest.mark.parametrize("case", BREAKS)
def test_a_broken_copy_is_rejected(root, tmp_path, case):
    """Catch a check above that lets its own kind of error pass."""
    for folder in ("book", "data", "src", "notebooks", "solutions"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "_build"))
    (tmp_path / "tests").mkdir()
    for name in ("pyproject.toml", "tests/conftest.py", "tests/test_sources.py"):
        shutil.copy(root / name, tmp_path / name)
    file, right, wrong, named = BREAKS[case]
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert right in text
    (tmp_path / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "tests/test_sources.py", "-k", "not broken_copy", "-vv"]
    quick = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=quick, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    assert named in done.stdout
