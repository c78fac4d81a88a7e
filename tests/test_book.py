"""The book as files: it builds, its links lead somewhere, it asks no other host, every page says its edition."""

import json
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from book_site import FRONT_DOOR, assert_rejects, broken_links, copy_of, foreign_addresses, insert, pages, soup

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "book" / "_ext"))

import course_assets  # noqa: E402 - Sphinx finds it on this path too
from data_dictionary import data_dictionary  # noqa: E402

PAGE = "book/about.html"
ADDRESS = "https://github.com/OWNER/NAME"
PACKAGE = {
    "resources": [
        {
            "name": "operations",
            "path": "operations.csv",
            "description": "One row is a peace operation.",
            "sources": [{"title": "A list", "path": "https://example.org/"}, {"title": "A book"}],
            "schema": {
                "fields": [
                    {
                        "name": "lead",
                        "title": "Lead",
                        "type": "string",
                        "description": "Leads | pays.",
                        "constraints": {"required": True, "enum": ["UN", "AU"]},
                    },
                    {
                        "name": "troops",
                        "title": "Troops",
                        "type": "integer",
                        "description": "In persons.",
                        "constraints": {"minimum": 0},
                    },
                ],
                "primaryKey": ["lead", "troops"],
                "foreignKeys": [
                    {"fields": "lead", "reference": {"resource": "organizations", "fields": "organization_id"}}
                ],
            },
        }
    ]
}


def build(folder: Path) -> subprocess.CompletedProcess:
    """Build the book of a copy of the repository by the launcher's own command."""
    # notebooks that ran with the same data and code need not run again
    if (ROOT / "_build" / ".jupyter_cache").is_dir():
        shutil.copytree(ROOT / "_build" / ".jupyter_cache", folder / "_build" / ".jupyter_cache")
    command = runpy.run_path(str(ROOT / "course.py"))["book_command"]()
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has no {old!r} to replace"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ---- the data dictionary


def test_dictionary_says_what_the_schema_says():
    """Fails if a column, its allowed values, its key or its sources are lost on the way to the page."""
    text = data_dictionary(PACKAGE)
    assert "## operations" in text
    assert r"| `lead` | **Lead** (text). Leads \| pays. One of `UN`, `AU`. |" in text
    assert "| `troops` | **Troops** (whole number). In persons. At least 0. May be empty. |" in text
    assert "- Key: `lead`, `troops`" in text
    assert "- `lead` refers to `organization_id` of [organizations](#organizations)" in text
    assert "- Sources: [A list](https://example.org/); A book" in text


def test_dictionary_refuses_a_hole():
    """Fails if a column without a description gets a page all the same."""
    package = json.loads(json.dumps(PACKAGE))
    del package["resources"][0]["schema"]["fields"][1]["description"]
    with pytest.raises(KeyError, match="description"):
        data_dictionary(package)


def check_dictionary(folder: Path) -> subprocess.CompletedProcess:
    """Compare a copy's page with its schema by the script's own command."""
    command = [sys.executable, folder / "book" / "_ext" / "data_dictionary.py", "--check"]
    return subprocess.run(command, capture_output=True, text=True)


def test_dictionary_is_up_to_date():
    """Fails if the schema was changed and the page was not made anew, or the page was edited by hand."""
    done = check_dictionary(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_dictionary_drift_is_rejected(tmp_path):
    """Fails if the comparison lets a changed schema pass."""
    for name in ("data/datapackage.json", "book/data_dictionary.md", "book/_ext/data_dictionary.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    replace(tmp_path / "data" / "datapackage.json", '"description": "One row is', '"description": "A row is')
    done = check_dictionary(tmp_path)
    assert done.returncode == 1
    assert "differs from" in done.stdout


# ---- the extension


def test_cache_key_follows_data_and_code(tmp_path):
    """Fails if changed data or package code would leave stale outputs in the book."""
    for name in ("data/a.csv", "src/peaceops/b.py", "requirements/all.txt", "src/peaceops/__pycache__/b.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    first = course_assets.inputs_digest(tmp_path)
    (tmp_path / "src/peaceops/__pycache__/b.pyc").write_text("2")
    assert course_assets.inputs_digest(tmp_path) == first
    keys = {first}
    for name in ("data/a.csv", "src/peaceops/b.py", "requirements/all.txt"):
        (tmp_path / name).write_text("2")
        keys.add(course_assets.inputs_digest(tmp_path))
    (tmp_path / "data/a.csv").rename(tmp_path / "data/c.csv")
    keys.add(course_assets.inputs_digest(tmp_path))
    assert len(keys) == 5


@pytest.mark.parametrize("package", ['{"as_of": "last week"}', "{}", None])
def test_edition_is_never_left_out(tmp_path, package):
    """Fails if a book could be built that does not say the date of its data."""
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    if package is not None:
        (tmp_path / "data" / "datapackage.json").write_text(package)
    with pytest.raises(course_assets.ConfigError, match="as_of"):
        course_assets.edition(tmp_path)


def test_front_page_and_contents_agree():
    """Fails if the landing page calls a chapter ready that the contents do not have, or the reverse."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    chapters = next(part["chapters"] for part in toc["parts"] if part["caption"] == "Chapters")
    listed = re.findall(r"^- .*?\(\.\./(notebooks/[^)]+)\.ipynb\).*\n.*", _index(), re.MULTILINE)
    ready = re.findall(r"^- .*?\(\.\./(notebooks/[^)]+)\.ipynb\).*\n.*\{\.po-ready\}$", _index(), re.MULTILINE)
    assert listed == ready == [chapter["file"] for chapter in chapters]
    numbers = [int(number) for number in re.findall(r"^- \[(\d\d)\]", _index(), re.MULTILINE)]
    assert numbers == list(range(15))


def _index() -> str:
    return (ROOT / "book" / "index.md").read_text(encoding="utf-8")


# ---- the built site


@pytest.mark.slow
def test_pages_are_those_of_the_contents(site):
    """Fails if a chapter, an exercise set, a datasheet or a reference page is missing from the site."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    entries = [entry for part in toc["parts"] for entry in part["chapters"]]
    entries += [below for entry in entries for below in entry.get("sections", [])]
    wanted = {f"{entry['file']}.html" for entry in entries if "file" in entry} | {f"{toc['root']}.html"}
    wanted |= {f"data/datasheets/{sheet.stem}.html" for sheet in (ROOT / "data" / "datasheets").glob("*.md")}
    assert set(pages(site)) == wanted | {"search.html"}


@pytest.mark.slow
def test_links(site):
    """Fails if a link of the site, in text or in an output, leads nowhere."""
    assert not (wrong := broken_links(site)), "\n".join(wrong)


@pytest.mark.slow
def test_no_other_host(site):
    """Fails if a page would fetch a script, style, picture or font from elsewhere."""
    assert not (found := foreign_addresses(site)), "\n".join(found)


@pytest.mark.slow
def test_search_knows_every_page(site):
    """Fails if the search index is missing, broken or lacks a page."""
    text = (site / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(re.fullmatch(r"Search\.setIndex\((.*)\)", text, re.DOTALL)[1])
    assert {f"{name}.html" for name in index["docnames"]} == set(pages(site)) - {"search.html"}
    assert index["terms"]


@pytest.mark.slow
def test_edition_on_every_page(site):
    """Fails if a page does not say the version of the course and the date of its data."""
    as_of, version = course_assets.edition(ROOT)
    for page in pages(site):
        line = soup(site / page).select_one("footer .po-edition")
        assert line, f"{page} has no edition line"
        assert line.time["datetime"] == as_of, page
        assert line.get_text() == f"Version {version}. Data as of {course_assets.written(as_of)}.", page


def notebook_buttons(site: Path) -> dict[str, list[str]]:
    """Map each notebook's page to the addresses of its Binder buttons."""
    return {
        page: [link["href"] for link in soup(site / page).select('a[href*="mybinder.org"]')]
        for page in pages(site)
        if page.startswith(("notebooks/", "exercises/"))
    }


@pytest.mark.slow
def test_binder_button_only_with_a_repository(site):
    """Fails if pages have a dead Binder button, or none although _config.yml names a repository."""
    address = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    buttons = notebook_buttons(site)
    assert buttons
    assert all(bool(links) == bool(address) for links in buttons.values()), buttons


@pytest.mark.slow
def test_binder_button_appears_with_one_setting(copy, site):
    """Fails if setting the repository's address is not enough, or breaks the build."""
    config = copy / "_config.yml"
    config.write_text(re.sub(r"(?m)^  url: .*$", f"  url: {ADDRESS}", config.read_text(encoding="utf-8"), count=1))
    done = build(copy)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for page, links in notebook_buttons(copy / "_build" / "html").items():
        notebook = page.replace(".html", ".ipynb")
        assert links == [f"https://mybinder.org/v2/gh/OWNER/NAME/main?urlpath=lab/tree/{notebook}"]


# ---- what the gates reject


@pytest.mark.slow
def test_build_rejects_a_broken_link_and_a_failing_cell(copy, site):
    """Fails if `-W -n` lets a link to nowhere pass, or a notebook that raises."""
    replace(copy / "book" / "about.md", "(references.md)", "(references.md#nobody1900)")
    chapter = next((copy / "notebooks").glob("00_*.ipynb"))
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["source"] = "raise RuntimeError('broken on purpose')"
    chapter.write_text(json.dumps(notebook), encoding="utf-8")
    done = build(copy)
    assert done.returncode != 0
    assert "broken on purpose" in done.stdout + done.stderr
    # the failing cell ends the build, so the link gets its own
    shutil.copy(next((ROOT / "notebooks").glob("00_*.ipynb")), chapter)
    shutil.rmtree(copy / "_build")
    done = build(copy)
    assert done.returncode != 0
    assert "nobody1900" in done.stdout + done.stderr


def _remove_search_index(site):
    (site / "searchindex.js").unlink()


def _forget_a_page(site):
    replace(site / "searchindex.js", '"book/about"', '"book/lost"')


def _drop_edition(site):
    replace(site / PAGE, "po-edition", "po-nothing")


def _old_edition(site):
    replace(site / PAGE, '<time datetime="', '<time datetime="1999-01-01" title="')


BROKEN = {
    "test_links: no file": lambda site: insert(site / PAGE, '<a href="nowhere.html">x</a>'),
    "test_links: no place": lambda site: insert(
        site / PAGE, '<div class="output"><a href="index.html#x-y">x</a></div>'
    ),
    "test_links: none.svg": lambda site: insert(site / PAGE, '<img src="none.svg" alt="">'),
    "test_no_other_host: example.org/a.js": lambda site: insert(
        site / PAGE, '<script src="https://example.org/a.js"></script>'
    ),
    "test_no_other_host: example.org/b.css": lambda site: insert(
        site / PAGE, '<style>@import "//example.org/b.css";</style>'
    ),
    "test_no_other_host: example.org/c.png": lambda site: insert(
        site / PAGE, '<p style="background:url(http://example.org/c.png)">x</p>'
    ),
    "test_search_knows_every_page: searchindex.js": _remove_search_index,
    "test_search_knows_every_page: book/lost": _forget_a_page,
    "test_edition_on_every_page: no edition line": _drop_edition,
    "test_edition_on_every_page: 1999-01-01": _old_edition,
    "test_pages_are_those_of_the_contents: book/glossary.html": lambda site: (site / "book/glossary.html").unlink(),
    "test_binder_button_only_with_a_repository: mybinder": lambda site: insert(
        site / next(iter(notebook_buttons(site))), '<a href="https://mybinder.org/v2/gh/">Binder</a>'
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", BROKEN)
def test_gate_rejects(case, site, tmp_path):
    """Fails if a gate of this module lets a site pass that was broken for it."""
    gate, word = case.split(": ", 1)
    broken = copy_of(site, tmp_path / "site", keep=pages(site))
    BROKEN[case](broken)
    assert_rejects(f"tests/test_book.py::{gate}", broken, word)


@pytest.mark.slow
def test_front_door_leads_to_the_landing_page(site):
    """Fails if the file that a reader opens first does not lead anywhere."""
    door = soup(site / FRONT_DOOR)
    assert door.a["href"] == "book/index.html"
    assert door.find("meta", attrs={"http-equiv": "refresh"})["content"] == "0; url=book/index.html"


def figures_lacking(site: Path) -> list[str]:
    """List the charts of a site without a title, description, source or table, and the tables without named heads."""
    lacking = []
    for page in pages(site):
        text = soup(site / page)
        for figure in text.select("figure.po-chart"):
            for part in ("title", "description", "source", "data table"):
                found = figure.select_one(f".po-chart__{part}")
                if not found or not found.get_text(strip=True):
                    lacking.append(f"{page}, {figure.get('id')}: no {part}")
        lacking += [
            f"{page}: a table's head without scope" for head in text.select(".po-table th") if not head.get("scope")
        ]
    return lacking


@pytest.mark.slow
def test_each_chart_has_its_words(site):
    """Catches a chart in the built book without title, description, source or table, or a table's head without scope."""
    assert sum(len(soup(site / page).select("figure.po-chart")) for page in pages(site)) >= 6
    assert figures_lacking(site) == []


@pytest.mark.slow
@pytest.mark.parametrize("part", ['class="po-chart__source"', 'class="po-chart__description"', ' scope="col"'])
def test_a_chart_without_its_words_is_seen(site, tmp_path, part):
    """Catches a look at the built charts that finds nothing."""
    copy = copy_of(site, tmp_path / "copy", ["notebooks/00_welcome.html"])
    page = copy / "notebooks" / "00_welcome.html"
    text = page.read_text(encoding="utf-8")
    assert part in text
    page.write_text(text.replace(part, ""), encoding="utf-8")
    assert figures_lacking(copy)
