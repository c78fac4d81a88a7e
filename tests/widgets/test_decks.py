"""Decks hold what the tables hold, arrive whole in the book and in JupyterLab, and bad files get a sentence each."""

import calendar
import csv
import html.parser
import json
import subprocess
import sys
from pathlib import Path

import comm
import pandas as pd
import playwright
import pytest

from peaceops import frameworks, questions
from peaceops.datasets import DataError
from peaceops.widgets import MissionClassifier, Prediction, Quiz, _activity, _site

ROOT = Path(__file__).resolve().parent.parent.parent
# Playwright brings the engine that runs the book's scripts here without a browser.
NODE = Path(playwright.__file__).parent / "driver" / ("node.exe" if sys.platform == "win32" else "node")
HOSTILE = '</script><img src=x onerror="hurt()"> & “quotes” \' " \u2028 \u202eمرحبا 🕊 <!--'


def rows(name):
    """Read a table without the package."""
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CASES, CODINGS, FEEDBACK, QUESTIONS = map(rows, ("cases", "framework_codings", "feedback", "questions"))


def said(item):
    """Return what the table says of an item's options."""
    mine = [row for row in FEEDBACK if row["item_id"] == item]
    return {row["option"]: {part: row[part] for part in ("message", "source", "locator")} for row in mine}


# ---- cases ----


def test_cards_are_the_rows_of_the_table():
    """Catches a card that loses, cuts, swaps or invents a text of its case."""
    cards = {card["id"]: card for card in frameworks.deck("all")["items"]}
    assert list(cards) == [case["case_id"] for case in CASES]
    for case in CASES:
        card = cards[case["case_id"]]
        for column in ("title", "place", "summary", "sources", "contested_why"):
            assert card[column] == case[column]
        assert [fact["text"] for fact in card["facts"]] == [case[c] for c in ("command", "mandate", "tie", "money")]
        assert [fact["label"] for fact in card["facts"]] == ["Command", "Mandate", "Formal tie", "Who paid"]
        assert card["contested"] is (case["settled"] == "contested")
        assert card["feedback"] == said(case["case_id"])


def test_codings_and_answers_are_those_of_the_table():
    """Catches a coding given to another coder, and an answer marked as fitting that no coder gives."""
    for card in frameworks.deck("all")["items"]:
        mine = [{k: v for k, v in row.items() if k != "case_id"} for row in CODINGS if row["case_id"] == card["id"]]
        order = [coder for coder in frameworks.CODERS if coder in {row["coder"] for row in mine}]
        assert card["codings"] == sorted(mine, key=lambda row: order.index(row["coder"]))
        course = next(row["framework"] for row in mine if row["coder"] == "course")
        assert card["answer"] == ("" if card["contested"] else course)


def in_words(day, precision):
    """Write a date as precisely as it is known."""
    year, month, day = day.split("-")
    month = calendar.month_name[int(month)]
    return {"day": f"{int(day)} {month} {year}", "month": f"{month} {year}", "year": year}[precision]


def test_periods_are_as_exact_as_the_table():
    """Catches a card that names a day nobody knows, or an end of what still runs."""
    cards = {card["id"]: card["period"] for card in frameworks.deck("all")["items"]}
    for case in CASES:
        start = in_words(case["start_date"], case["start_precision"])
        end = in_words(case["end_date"], case["end_precision"]) if case["end_date"] else ""
        span = start if start == end else f"{start} to {end}"
        assert cards[case["case_id"]] == (span if end else f"since {start}"), case["case_id"]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (("1993-09-22", "day"), ("1997-09-30", "month"), "22 September 1993 to September 1997"),
        (("2004-01-01", "year"), ("2004-12-31", "year"), "2004"),
        (("2004-02-01", "month"), ("2004-02-29", "month"), "February 2004"),
        (("2003-01-01", "day"), (None, None), "since 1 January 2003"),
    ],
)
def test_period(start, end, words):
    """Catches a span that reads more exactly than it is known."""
    row = {"start_date": start[0], "start_precision": start[1], "end_date": end[0], "end_precision": end[1]}
    case = pd.Series(row | {name: pd.Timestamp(row[name]) for name in ("start_date", "end_date")})
    assert frameworks.period(case) == words


def test_the_course_has_these_decks():
    """Catches a deck that lost its cases, or that holds those of another chapter or theatre."""
    named = {row.deck: row for row in frameworks.decks().itertuples()}
    chapters = {chapter.strip() for case in CASES for chapter in case["chapters"].split(";")} - {""}
    assert set(named) == chapters | {"africa", "europe", "asia", "americas", "all"}
    assert {"03", "04"} <= chapters
    for name, row in named.items():
        deck = frameworks.deck(name)
        ids = [card["id"] for card in deck["items"]]
        wanted = [
            case["case_id"]
            for case in CASES
            if name in ("all", case["theatre"].lower(), *(c.strip() for c in case["chapters"].split(";")))
        ]
        assert ids == wanted, name
        assert row.cases == len(ids) > 0, name
        assert deck["title"] == f"Classify missions: {row.title}"


@pytest.mark.parametrize(
    ("ask", "given", "offered"),
    [
        (frameworks.deck, "99", "03"),
        (MissionClassifier, "Africa", "africa"),
        (questions.deck, "99", "01"),
        (Quiz, "1", "01"),
        (questions.prediction, "q-01-1", "p-"),
        (Prediction, "p-99-1", "p-"),
    ],
)
def test_an_unknown_deck_gets_one_sentence(ask, given, offered):
    """Catches a deck by a mistyped name that ends in a trace from inside pandas, or comes out empty."""
    with pytest.raises(ValueError, match=f"“{given}”") as told:
        ask(given)
    sentence = str(told.value)
    assert offered in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_the_coders_side_by_side():
    """Catches a coding that moved to another case or coder, and silence that became a framework."""
    codings = pd.DataFrame(CODINGS)
    wide = frameworks.by_coder(codings)
    assert list(wide.columns) == [coder for coder in frameworks.CODERS if coder in set(codings["coder"])]
    for row in CODINGS:
        assert wide.at[row["case_id"], row["coder"]] == row["framework"]
    assert wide.notna().sum().sum() == len(CODINGS)
    assert list(frameworks.by_coder(codings[codings["coder"] == "course"])) == ["course"]


def test_agreement_of_two_coders_is_counted():
    """Catches a table whose sides are swapped, or that counts cases only one of the two codes."""
    codings = pd.DataFrame(CODINGS)
    counts = frameworks.agreement_of(codings, "bubna2009", "course")
    bubna, course = (
        {row["case_id"]: row["framework"] for row in CODINGS if row["coder"] == coder}
        for coder in ("bubna2009", "course")
    )
    both = [(bubna[case], course[case]) for case in bubna if case in course]
    assert counts.to_numpy().sum() == len(both) > 5
    for one in counts.index:
        for other in counts.columns:
            assert counts.at[one, other] == both.count((one, other))
    assert counts.T.equals(frameworks.agreement_of(codings, "course", "bubna2009").rename_axis(columns="bubna2009"))
    with pytest.raises(ValueError, match=r"“nobody” codes none of these cases; .*course"):
        frameworks.agreement_of(codings, "course", "nobody")


# ---- questions ----


@pytest.mark.parametrize("kind", ["quiz", "prediction"])
def test_questions_are_the_rows_of_the_table(kind):
    """Catches a question that loses an option, its answer or its feedback, or that comes in another order."""
    wanted = [row for row in QUESTIONS if row["kind"] == kind]
    made = (
        questions.deck("01")["items"]
        if kind == "quiz"
        else [questions.prediction(row["question_id"])["item"] for row in wanted]
    )
    assert [item["id"] for item in made] == [row["question_id"] for row in wanted]
    for item, row in zip(made, wanted, strict=True):
        assert {part: item[part] for part in ("chapter", "prompt", "answer")} == {
            part: row[part] for part in ("chapter", "prompt", "answer")
        }
        texts = {letter: row[f"option_{letter}"] for letter in "abcd" if row[f"option_{letter}"]}
        assert {option["id"]: option["label"] for option in item["options"]} == texts
        assert item["feedback"] == said(item["id"])
        assert item["feedback"].keys() == texts.keys()


def test_every_chapter_with_questions_has_a_quiz():
    """Catches a chapter whose quiz starts empty."""
    for chapter in {row["chapter"] for row in QUESTIONS if row["kind"] == "quiz"}:
        deck = questions.deck(chapter)
        assert deck["title"] == f"Quiz of chapter {int(chapter)}"
        assert any(item["chapter"] == chapter for item in deck["items"])


# ---- what the site stores ----

# The book's own starter, run over places as the pages have them; render gives back the deck that it was handed.
RUN = """
const fs = require("node:fs"), vm = require("node:vm");
const { scripts, starter, places } = JSON.parse(fs.readFileSync(0, "utf-8"));
const got = [], page = { window: {}, console, AbortController, Math, Date, addEventListener() {} };
const element = { append() {}, remove() {} };
page.document = {
  createElement: () => element,
  querySelectorAll: () => places.map(([activity, stored, own]) => ({
    dataset: { activity, stored }, append() {},
    querySelector: () => (own ? { textContent: own } : null),
  })),
};
vm.createContext(page);
for (const script of scripts) vm.runInContext(script, page);
const rendering = Object.entries(page.window.peaceopsActivities).filter(([, one]) => typeof one.render === "function");
for (const [name, one] of rendering) one.render = ({ model }) => (got.push(model.get("deck")), () => {});
vm.runInContext(starter, page);
console.log(JSON.stringify({ rendering: rendering.map(([name]) => name), decks: got }));
"""


class Page(html.parser.HTMLParser):
    """Read a fragment as a browser does."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note an element; a script's text follows."""
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data):
        """Note a script's text."""
        if self.scripts and self.tags[-1][0] == "script":
            self.scripts[-1] += data


@pytest.fixture
def book(monkeypatch):
    """Build the book, as far as activities can tell; fail where one opens a line to a kernel."""

    def refuse(*args, **keywords):
        raise AssertionError("a comm was opened in the book")

    monkeypatch.setattr(comm, "create_comm", refuse)
    monkeypatch.setenv("PEACEOPS_BOOK", "1")


def place(widget):
    """Return an activity's placeholder in the book: its kind, what it needs of what is stored, its own deck."""
    shown = widget._repr_mimebundle_()
    assert list(shown) == ["text/html"]
    page = Page(shown["text/html"])
    found = next(attributes for tag, attributes in page.tags if tag == "div")
    return [found["data-activity"], found["data-stored"], page.scripts[0] if page.scripts else None]


def run(places):
    """Run what the site stores, then the book's starter, and return the decks that the activities were given."""
    files = _site.site_files()
    scripts = [files[name][part] for name in _site.ACTIVITIES for part in ("deck", "script")]
    starter = (ROOT / "book" / "_static" / "activities.js").read_text(encoding="utf-8")
    given = json.dumps({"scripts": scripts, "starter": starter, "places": places})
    done = subprocess.run([NODE, "-e", RUN], input=given, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_the_book_hands_out_the_decks_that_python_makes(book):
    """Catches a deck that the book's starter assembles otherwise than JupyterLab gets it: title, items, order."""
    named = [(MissionClassifier(name), frameworks.deck(name)) for name in frameworks.decks()["deck"]]
    chapters = sorted({row["chapter"] for row in QUESTIONS if row["kind"] == "quiz"})
    named += [(Quiz(chapter), questions.deck(chapter)) for chapter in chapters]
    for row in QUESTIONS:
        if row["kind"] == "prediction":
            for back in (False, True):
                named.append((Prediction(row["question_id"], back), questions.prediction(row["question_id"], back)))
    done = run([place(widget) for widget, _ in named])
    assert sorted(done["rendering"]) == sorted(_site.ACTIVITIES)
    assert len(done["decks"]) == len(named) > 12
    for got, (_, wanted) in zip(done["decks"], named, strict=True):
        assert got == wanted, wanted["title"]
        assert list(got["items"] if "items" in got else got["item"]) == list(wanted.get("items") or wanted["item"])


def test_the_site_stores_every_case_once():
    """Catches decks that are stored with their cases over and over."""
    files = _site.site_files()
    assert sorted(files) == ["classifier", "css", "prediction", "quiz"]
    stored = json.loads(files["classifier"]["deck"].split("=", 2)[2].rstrip(";"))
    assert list(stored["items"]) == [case["case_id"] for case in CASES]
    assert all(set(deck["items"]) <= set(stored["items"]) for deck in stored["decks"].values())
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert stored["edition"] == package["version"]
    for case in CASES:
        assert files["classifier"]["deck"].count(json.dumps(case["summary"], ensure_ascii=False)) == 1
    assert files["css"] == (Path(_activity.__file__).parent / "static" / "_shared.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "body", ["const render = 1;", "export default { render };\nexport default { render };", "export { render };"]
)
def test_a_script_without_its_export_is_refused(tmp_path, monkeypatch, body):
    """Catches an activity that the book would load, and never start."""
    for name in ("_shared.js", "_shared.css", "classifier.js", "prediction.js", "quiz.js"):
        (tmp_path / name).write_text("" if name.startswith("_") else "export default { render };\n", encoding="utf-8")
    monkeypatch.setattr(_activity, "_STATIC", tmp_path)
    _site.site_files()
    (tmp_path / "quiz.js").write_text(body, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^quiz\.js must end with its one “export default \{ render \};”\.$"):
        _site.site_files()


def test_a_script_that_goes_on_after_its_export_is_refused(tmp_path, monkeypatch):
    """Catches code behind the export, which the site's classic script would run after the activity was handed over."""
    for name in ("_shared.js", "_shared.css", "classifier.js", "prediction.js", "quiz.js"):
        text = "" if name.startswith("_") else "export default { render };\n"
        (tmp_path / name).write_text(text + "const late = 1;\n" * (name == "quiz.js"), encoding="utf-8")
    monkeypatch.setattr(_activity, "_STATIC", tmp_path)
    with pytest.raises(ValueError, match=r"^quiz\.js"):
        _site.site_files()


# ---- in the book and in JupyterLab ----

EACH = pytest.mark.parametrize(
    "make", [lambda: MissionClassifier("03"), lambda: Prediction("p-01-1"), lambda: Quiz("01")], ids=_site.ACTIVITIES
)


def own(tmp_path, **changed):
    """Return a deck of one's own with one case."""
    path = tmp_path / "own.csv"
    row = {"title": "A case", "summary": "Two forces.", "answer": "parallel"} | changed
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    return path


def test_hostile_texts_stay_text_in_the_book(book, tmp_path):
    """Catches a case whose text ends the page's script, opens an element, or arrives changed."""
    texts = dict.fromkeys(("title", "summary", "command", "source", "feedback_none"), HOSTILE)
    widget = MissionClassifier.from_csv(own(tmp_path, **texts))
    page = Page(widget._repr_mimebundle_()["text/html"])
    assert [tag for tag, _ in page.tags] == ["div", "script", "noscript", "p"]
    assert json.loads(page.scripts[0]) == widget.deck
    assert run([place(widget)])["decks"] == [widget.deck]
    assert widget.deck["items"][0]["summary"] == HOSTILE


def test_hostile_names_stay_text_in_the_book(book):
    """Catches a deck's name or an activity's that leaves its attribute."""
    widget = MissionClassifier("03")
    widget.deck = widget.deck | {"activity": f'classifier"{HOSTILE}'}
    widget._stored = {"deck": HOSTILE}
    page = Page(widget._repr_mimebundle_()["text/html"])
    assert [tag for tag, _ in page.tags] == ["div", "noscript", "p"]
    assert page.tags[0][1]["data-activity"] == f'classifier"{HOSTILE}'
    assert json.loads(page.tags[0][1]["data-stored"]) == {"deck": HOSTILE}


def test_the_book_carries_the_name_of_a_course_deck_only(book):
    """Catches pages that carry all cases again."""
    for widget in (MissionClassifier("03"), Quiz("01"), Prediction("p-01-1", look_back=True)):
        shown = widget._repr_mimebundle_()["text/html"]
        assert len(shown) < 500
        assert "<noscript>" in shown


@EACH
def test_a_line_to_a_kernel_would_be_seen(make, book, monkeypatch):
    """Catches tests of the book that would not notice an opened line."""
    make()
    monkeypatch.delenv("PEACEOPS_BOOK")
    with pytest.raises(AssertionError, match="a comm was opened"):
        make()


@EACH
def test_jupyterlab_gets_a_widget(make, monkeypatch):
    """Catches an activity that JupyterLab would show as text, or that never hears its answers."""
    opened, open_comm = [], comm.create_comm
    monkeypatch.setattr(comm, "create_comm", lambda *a, **k: opened.append(k) or open_comm(*a, **k))
    monkeypatch.delenv("PEACEOPS_BOOK", raising=False)
    widget = make()
    shown = widget._repr_mimebundle_()
    view = shown[0]["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == widget.model_id
    assert "text/html" not in shown[0]
    # one line for the layout that every widget has, one for the activity
    sent = opened[-1]["data"]["state"]
    assert sent["deck"] == widget.deck
    assert sent["answers"] == {}
    assert sent["_esm"].rstrip().endswith("export default { render };")
    assert ".po-activity-frame" in sent["_css"]


ANSWERS = {
    "one": {
        "tries": [
            {"option": "none", "confidence": 20, "reason": "", "at": "2026-11-01T09:00:00.000Z"},
            {"option": "support", "confidence": 80, "reason": "fuel", "at": "2026-11-01T09:01:30.500Z"},
        ],
        "view": "both",
        "viewed": "2026-11-01T09:02:00.000Z",
    },
    "two": {"tries": [{"option": "parallel", "confidence": 100, "reason": "", "at": "2026-11-02T09:00:00.000Z"}]},
}


def answered(answers):
    """Return the table of answers given to an activity."""
    widget = MissionClassifier("03")
    widget.answers = answers
    return widget.data


def test_answers_arrive_as_a_table():
    """Catches a decision that is lost, a first try that is not the first, and a time without its zone."""
    data = answered(ANSWERS)
    assert list(data) == ["item_id", "try", "option", "confidence", "reason", "at", "view"]
    assert list(data["item_id"]) == ["one", "one", "two"]
    assert list(data["try"]) == [1, 2, 1]
    assert list(data["option"]) == ["none", "support", "parallel"]
    assert list(data["confidence"]) == [20, 80, 100]
    assert list(data["view"]) == ["both", "both", ""]
    assert data["at"].iloc[1] == pd.Timestamp("2026-11-01T09:01:30.500", tz="UTC")
    assert str(data["at"].dt.tz) == "UTC"


def test_the_table_has_its_columns_and_types_before_the_first_answer():
    """Catches code that works on answers and breaks, or compares nothing, before there are any."""
    empty, full = answered({}), answered(ANSWERS)
    assert empty.empty
    assert list(empty) == list(full)
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_the_numbers_and_times_have_their_types():
    """Catches a confidence that turned into text, and times that cannot be subtracted, with answers or without."""
    for data in (answered({}), answered(ANSWERS)):
        assert data["try"].dtype == data["confidence"].dtype == "Int64"
        assert isinstance(data["at"].dtype, pd.DatetimeTZDtype)


# ---- an instructor's own cases ----

GOOD = "title,summary,answer\nA,One force.,none\nB,Two forces.,contested\n"


def written(tmp_path, content, name="my cases.csv"):
    """Write a file of cases."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_every_bad_row_is_named_at_once(tmp_path):
    """Catches a row with a missing cell that hides what is wrong with the others."""
    path = written(tmp_path, GOOD + "C,x\nD,y,paralell\n")
    with pytest.raises(DataError) as raised:
        frameworks.read_deck(path)
    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == [
        "my cases.csv, row 4",
        "my cases.csv, row 5",
    ]


def test_semicolons_separate_too(tmp_path):
    """Catches a file refused that a spreadsheet saved where a comma divides decimals, or cut at a comma in a text."""
    deck = frameworks.read_deck(written(tmp_path, "title;summary;answer\nA;One force, alone.;none\n"))
    assert [item["summary"] for item in deck["items"]] == ["One force, alone."]


def test_the_template_for_own_cases_works():
    """Catches a template that instructors would copy and that the course then refuses."""
    path = ROOT / "book" / "instructor" / "own_cases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    deck = frameworks.read_deck(path)
    assert deck["deck"] == "own-own-cases"
    assert [item["title"] for item in deck["items"]] == [row["title"] for row in given]
    for item, row in zip(deck["items"], given, strict=True):
        assert item["answer"] == row["answer"]
        assert {name: one["message"] for name, one in item["feedback"].items()} == {
            name: row[f"feedback_{name}"] for name in frameworks.FRAMEWORKS
        }
    assert deck.keys() == frameworks.deck("all").keys()
    assert deck["items"][0].keys() == frameworks.deck("all")["items"][0].keys()


@pytest.mark.parametrize("content", [GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD + "\n,,\n"])
def test_a_good_file_becomes_a_deck(tmp_path, content):
    """Catches a file as Excel saves it that is refused, and a blank line taken for a case."""
    deck = frameworks.read_deck(written(tmp_path, content))
    assert deck["deck"] == "own-my-cases"
    assert deck["title"] == "Classify missions: my cases"
    assert [(item["id"], item["title"], item["answer"], item["contested"]) for item in deck["items"]] == [
        ("a", "A", "none", False),
        ("b", "B", "", True),
    ]
    assert all(set(item["feedback"]) == set(frameworks.FRAMEWORKS) for item in deck["items"])
    assert MissionClassifier(deck).deck == deck


BAD_FILES = {
    "empty": ("", "is empty"),
    "not UTF-8": ("title,summary,answer\nKöln,x,none\n".encode("latin-1"), "not UTF-8"),
    "UTF-16": (GOOD.encode("utf-16"), "not UTF-8"),
    "an open quote": ('title,summary,answer\n"A,x,none\n', "not a readable CSV"),
    "no case": ("title,summary,answer\n\n", "no case below it"),
    "missing column": ("title,summary\nA,x\n", "lacks the column “answer”"),
    "unknown column": ("title,summary,answer,anwser\nA,x,none,none\n", "unknown column “anwser”"),
    "double column": ("title,summary,answer,title\nA,x,none,A\n", "twice the column “title”"),
    "tabs": ("title\tsummary\tanswer\nA\tx\tnone\n", "lacks the column “title”"),
    "too few cells": (GOOD + "C,x\n", "row 4: 2 cells"),
    "too many cells": (GOOD + "C,x,none,none\n", "row 4: 4 cells"),
    "empty title": (GOOD + ",x,none\n", "row 4: title is empty"),
    "empty answer": (GOOD + "C,x, \n", "row 4: answer is empty"),
    "unknown answer": (GOOD + "C,x,hybrid\n", "row 4: answer “hybrid” is not one of: integrated"),
    "answer in capitals": (GOOD + "C,x,None\n", "row 4: answer “None” is not one of"),
    "double case": (GOOD + "a,x,none\n", "row 4: the case “a” is there twice"),
    "too long": (GOOD + f"C,{'x' * 10_001},none\n", "row 4: summary has 10001 characters"),
    "too many": ("title,summary,answer\n" + "".join(f"{n},x,none\n" for n in range(501)), "has 501 cases"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_gets_one_sentence(tmp_path, kind):
    """Catches a bad file that becomes a deck, or that is answered with a trace from inside a library."""
    content, told = BAD_FILES[kind]
    with pytest.raises(DataError) as raised:
        frameworks.read_deck(written(tmp_path, content))
    sentence = str(raised.value)
    assert told in sentence
    assert sentence.startswith(("my cases.csv", "There is no file"))
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert str(tmp_path) not in sentence


def test_a_file_that_is_not_there_gets_one_sentence(tmp_path):
    """Catches a mistyped name, or a folder's, that ends in a trace."""
    with pytest.raises(DataError, match=r"^There is no file no\.csv there\.$"):
        frameworks.read_deck(tmp_path / "no.csv")
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataError, match=r"^folder cannot be read as a file\.$"):
        MissionClassifier.from_csv(str(tmp_path / "folder"))


def test_two_bad_rows_get_two_sentences(tmp_path):
    """Catches a report that stops at the first bad row, so that the file is mended row by row."""
    with pytest.raises(DataError) as raised:
        frameworks.read_deck(written(tmp_path, GOOD + "C,,none\nD,x,maybe\nE,x,none\n"))
    first, second = str(raised.value).split("\n")
    assert first.startswith("my cases.csv, row 4: summary")
    assert second.startswith("my cases.csv, row 5: answer “maybe”")
