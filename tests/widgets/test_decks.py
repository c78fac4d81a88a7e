"""Decks hold what the tables hold, arrive whole in the book and in JupyterLab, and bad files get a sentence each."""

import calendar
import csv
import datetime
import html.parser
import itertools
import json
import subprocess
import sys
from pathlib import Path

import comm
import pandas as pd
import playwright
import pytest

from peaceops import frameworks, lifecycle, motives, questions
from peaceops.datasets import DataError
from peaceops.widgets import LifecycleBoard, MissionClassifier, MotiveMatrix, Prediction, Quiz, _activity, _site

ROOT = Path(__file__).resolve().parent.parent.parent
# Playwright brings the engine that runs the book's scripts here without a browser.
NODE = Path(playwright.__file__).parent / "driver" / ("node.exe" if sys.platform == "win32" else "node")
HOSTILE = '</script><img src=x onerror="hurt()"> & “quotes” \' " \u2028 \u202eمرحبا 🕊 <!--'


def rows(name):
    """Read a table without the package."""
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CASES, CODINGS, FEEDBACK, QUESTIONS = map(rows, ("cases", "framework_codings", "feedback", "questions"))
EVENTS, PHASE_CARDS, PHASES = map(rows, ("events", "phase_cards", "phase_codings"))
MOTIVES, CELLS, READINGS = map(rows, ("motives", "motive_cells", "motive_codings"))
PACKAGE = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
PAIRS = ("un-eu", "nato-eu", "un-nato", "un-au", "eu-au", "nato-au")


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
        (lifecycle.deck, "un-oau", "nato-au"),
        (LifecycleBoard, "UN-NATO", "un-nato"),
        (motives.deck, "love", "legitimization"),
        (MotiveMatrix, "Learning", "learning"),
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


# ---- steps, dates and phases ----

PHASE_LABELS = {
    "none": "None yet",
    "courtship": "Courtship",
    "negotiation": "Negotiation",
    "start-up": "Start-up",
    "maintenance": "Maintenance",
    "ending": "Ending",
}
TEXTS, FIELD = {"declaration", "agreement"}, {"joint", "successive", "supported"}
BROKEN_OFF = {"dispute", "ending", "reversal"}


def label_of(pair):
    """Write the name of a relationship."""
    return pair.upper().replace("-", "–")


def position(day):
    """Return a day as a year and its part, as an axis places it."""
    day = datetime.date.fromisoformat(day)
    return day.year + (day.timetuple().tm_yday - 1) / (366 if calendar.isleap(day.year) else 365)


def day_of(year):
    """Return the day for which a year's phases are coded."""
    return min(f"{year}-12-31", PACKAGE["as_of"])


def steps_of(pair):
    """Return the rows of a relationship's steps in the order of time."""
    return sorted((row for row in EVENTS if row["dyad_id"] == pair), key=lambda row: row["date"])


def ruled(pair, rule, day):
    """Return what a rule makes of a relationship at a day, computed anew from the table of steps."""
    kinds = [row["kind"] for row in steps_of(pair) if row["predecessor"] == "no" and row["date"] <= day]
    texts, field = (sum(kind in group for kind in kinds) for group in (TEXTS, FIELD))
    first = next((number for number, kind in enumerate(kinds) if kind in TEXTS), len(kinds))
    founded, kept_up = {
        "text": (texts + field, texts and field and "mechanism" in kinds),
        "paper": (texts, texts > 1 or "mechanism" in kinds[first:]),
        "field": (field, field > 1),
    }[rule]
    if kept_up or founded:
        return "maintenance" if kept_up else "start-up"
    return "negotiation" if "negotiation" in kinds else "courtship" if set(kinds) - BROKEN_OFF else "none"


def test_steps_are_the_rows_of_the_table():
    """Catches a step that loses, swaps or invents a text, a date or its place, or stands with another relationship."""
    pairs = lifecycle.deck()["pairs"]
    assert [(pair["id"], pair["label"]) for pair in pairs] == [(pair, label_of(pair)) for pair in PAIRS]
    assert sum(len(pair["steps"]) for pair in pairs) == len(EVENTS) > 100
    for pair in pairs:
        assert [step["id"] for step in pair["steps"]] == [row["event_id"] for row in steps_of(pair["id"])]
        for step, row in zip(pair["steps"], steps_of(pair["id"]), strict=True):
            assert [step[part] for part in ("title", "summary", "sources")] == [
                row[part] for part in ("title", "summary", "sources")
            ]
            written, ended = (
                in_words(row[f"{part}date"], row[f"{part}precision"]) if row[f"{part}date"] else ""
                for part in ("", "end_")
            )
            assert step["written"] == written, row["event_id"]
            assert step["writtenEnd"] == ("" if ended == written else ended), row["event_id"]
            assert step["at"] == pytest.approx(position(row["date"]), abs=0.001)
            assert step["end"] == (pytest.approx(position(row["end_date"]), abs=0.001) if ended else None)
            unsure = row["unconfirmed"].split("; ") if row["unconfirmed"] else []
            assert step["lasts"] is (not ended and "end_date" not in unsure and row["kind"] in ("joint", "supported"))
            assert step["unconfirmed"] == (f"{', '.join(unsure)}.".replace("_", " ") if unsure else "")
            formal = {"yes": "paper", "no": "field"}[row["formal"]]
            assert step["place"] == ("broken" if row["kind"] in BROKEN_OFF else formal)
            assert step["predecessor"] is (row["predecessor"] == "yes")
            assert step["kind"] == lifecycle.KINDS[row["kind"]]


def test_dates_are_the_cards_of_the_table():
    """Catches a card of another date or relationship, one that loses its text, its codings or what is told of an option."""
    cards = {card["id"]: card for card in lifecycle.deck()["items"]}
    assert list(cards) == [row["item_id"] for row in PHASE_CARDS]
    assert {row["item_id"] for row in PHASE_CARDS} == {
        f"phase-{p}-{y}" for p in PAIRS for y in (1995, 2000, 2007, 2015, 2026)
    }
    order = ["haugevik_figure", "haugevik_text", "haugevik_rule", "course"]
    assert [coder["id"] for coder in lifecycle.deck()["coders"]] == order
    for row in PHASE_CARDS:
        card, year = cards[row["item_id"]], int(row["as_of"])
        when = f"at the end of {year}" if day_of(year).endswith("12-31") else f"on {in_words(day_of(year), 'day')}"
        assert card["title"] == f"{label_of(row['dyad_id'])} {when}"
        assert [card["pair"], card["year"], card["when"], card["summary"]] == [
            row["dyad_id"],
            year,
            when,
            row["summary"],
        ]
        assert card["until"] == pytest.approx(position(day_of(year)), abs=0.001)
        mine = [
            {name: cell for name, cell in coding.items() if name not in ("dyad_id", "as_of")}
            for coding in PHASES
            if (coding["dyad_id"], coding["as_of"]) == (row["dyad_id"], row["as_of"])
        ]
        assert card["codings"] == sorted(mine, key=lambda coding: order.index(coding["coder"]))
        assert card["feedback"] == said(card["id"])
        assert set(card["feedback"]) == set(PHASE_LABELS)


def test_a_date_is_contested_where_coders_or_rules_part():
    """Catches a card that calls an option fitting which one coder or one rule does not see, and the reverse."""
    deck, settled = lifecycle.deck(), 0
    for card in deck["items"]:
        codings = [coding["phase"].split("/") for coding in card["codings"]]
        made = {rule: ruled(card["pair"], rule, day_of(card["year"])) for rule in ("text", "paper", "field")}
        shared = set(PHASE_LABELS).intersection(*codings, *([phase] for phase in made.values()))
        assert len(shared) < 2, card["id"]
        assert card["contested"] is (not shared), card["id"]
        assert card["answer"] == (shared.pop() if shared else ""), card["id"]
        settled += not card["contested"]
        assert made["text"] in {c["phase"] for c in card["codings"] if c["coder"] == "haugevik_rule"}, card["id"]
        if card["contested"]:
            for coder in {coding["coder"] for coding in card["codings"]}:
                label = next(one["label"] for one in deck["coders"] if one["id"] == coder)
                (phase,) = (c["phase"] for c in card["codings"] if c["coder"] == coder)
                assert (
                    f"{label}: {' or '.join(PHASE_LABELS[part] for part in phase.split('/'))}" in card["contested_why"]
                )
            for rule, name in (("paper", "Paper first"), ("field", "Field first")):
                assert f"{name}: {PHASE_LABELS[made[rule]]}" in card["contested_why"]
        else:
            assert card["contested_why"] == ""
    assert 0 < settled < len(PHASE_CARDS)


def test_borders_are_the_steps_that_the_rules_name():
    """Catches a band on the board that begins at another step than the rule finds, or in another phase."""
    for pair in lifecycle.deck()["pairs"]:
        days = {row["event_id"]: row["date"] for row in steps_of(pair["id"])}
        for rule, bands in pair["rules"].items():
            assert bands[0] == {"from": 1990.0, "phase": "none", "step": ""}
            for before, band in itertools.pairwise(bands):
                day = days[band["step"]]
                assert band["from"] == pytest.approx(position(day), abs=0.001)
                assert ruled(pair["id"], rule, day) == band["phase"] != before["phase"]
            for row in steps_of(pair["id"]):
                reached = [band["phase"] for band in bands[1:] if days[band["step"]] <= row["date"]] or ["none"]
                assert ruled(pair["id"], rule, row["date"]) == reached[-1], (pair["id"], rule, row["event_id"])


# ---- motives and cells ----


def test_cells_are_the_rows_of_the_tables():
    """Catches a cell that loses its evidence, stands in another row or column, or carries another motive's definition."""
    deck = motives.deck()
    assert [(pair["id"], pair["label"]) for pair in deck["pairs"]] == [(pair, label_of(pair)) for pair in PAIRS]
    columns = {"id": "motive_id", "label": "name", "category": "category", "definition": "definition", "test": "test"}
    assert deck["motives"] == [{part: row[column] for part, column in columns.items()} for row in MOTIVES]
    names = {row["motive_id"]: row["name"] for row in MOTIVES}
    assert [(item["pair"], item["motive"]) for item in deck["items"]] == [
        (pair, motive) for pair in PAIRS for motive in names
    ]
    order = ["haugevik_figure", "haugevik_text", "course"]
    assert [coder["id"] for coder in deck["coders"]] == order
    cells = {row["cell_id"]: row for row in CELLS}
    assert {item["id"] for item in deck["items"]} == set(cells)
    for item in deck["items"]:
        row = cells[item["id"]]
        assert (item["pair"], item["motive"]) == (row["dyad_id"], row["motive_id"])
        assert item["title"] == f"{label_of(row['dyad_id'])}: {names[row['motive_id']]}"
        assert item["facts"] == [
            {"label": label, "text": row[column]}
            for column, label in (
                ("stated", "What they say"),
                ("revealed", "What they did"),
                ("analysts", "What others say"),
            )
        ]
        assert item["sources"] == row["sources"]
        mine = [
            {name: cell for name, cell in coding.items() if name not in ("dyad_id", "motive_id")}
            for coding in READINGS
            if (coding["dyad_id"], coding["motive_id"]) == (row["dyad_id"], row["motive_id"])
        ]
        assert item["codings"] == sorted(mine, key=lambda coding: order.index(coding["coder"]))
        assert item["feedback"] == said(item["id"])
        assert set(item["feedback"]) == {"yes", "no", "not_stated"}


def test_a_cell_is_contested_where_one_says_yes_and_another_does_not():
    """Catches a cell called settled in which figure, text and course part, and an answer that the course does not give."""
    contested = 0
    reasons = {row["cell_id"]: row["contested_why"] for row in CELLS}
    for item in motives.deck()["items"]:
        said_yes = {coding["present"] == "yes" for coding in item["codings"]}
        assert item["contested"] is (len(said_yes) == 2), item["id"]
        assert item["contested_why"] == (reasons[item["id"]] if item["contested"] else ""), item["id"]
        assert bool(item["contested_why"]) is item["contested"], item["id"]
        (course,) = (coding["present"] for coding in item["codings"] if coding["coder"] == "course")
        assert item["answer"] == ("" if item["contested"] else course), item["id"]
        contested += item["contested"]
    assert 0 < contested < len(CELLS)


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
    named += [(LifecycleBoard(scope), lifecycle.deck(scope)) for scope in ("all", *PAIRS)]
    named += [(MotiveMatrix(scope), motives.deck(scope)) for scope in motives.scopes()]
    done = run([place(widget) for widget, _ in named])
    assert sorted(done["rendering"]) == sorted(_site.ACTIVITIES)
    assert len(done["decks"]) == len(named) > 12
    for got, (_, wanted) in zip(done["decks"], named, strict=True):
        assert got == wanted, wanted["title"]
        assert list(got["items"] if "items" in got else got["item"]) == list(wanted.get("items") or wanted["item"])


def test_the_site_stores_every_case_once():
    """Catches decks that are stored with their cases over and over."""
    files = _site.site_files()
    assert sorted(files) == ["classifier", "css", "lifecycle", "motives", "prediction", "quiz"]
    stored = json.loads(files["classifier"]["deck"].split("=", 2)[2].rstrip(";"))
    assert list(stored["items"]) == [case["case_id"] for case in CASES]
    assert all(set(deck["items"]) <= set(stored["items"]) for deck in stored["decks"].values())
    assert stored["edition"] == PACKAGE["version"]
    for case in CASES:
        assert files["classifier"]["deck"].count(json.dumps(case["summary"], ensure_ascii=False)) == 1
    for name, texts in (
        ("lifecycle", [row["summary"] for row in [*EVENTS, *PHASE_CARDS]]),
        ("motives", [row["definition"] for row in MOTIVES] + [row["revealed"] for row in CELLS]),
    ):
        for text in set(texts):
            assert files[name]["deck"].count(json.dumps(text, ensure_ascii=False)) == texts.count(text), text


def test_every_style_sheet_and_script_reaches_the_page():
    """Catches a style sheet that no page gets, the shared one behind another, and a script that no activity loads."""
    static = Path(_activity.__file__).parent / "static"
    texts = {path.name: path.read_text(encoding="utf-8") for path in static.iterdir()}
    sheets = {name: text for name, text in texts.items() if name.endswith(".css")}
    shown = _site.site_files()["css"]
    assert shown.startswith(sheets["_shared.css"])
    assert {name: shown.count(text) for name, text in sheets.items()} == dict.fromkeys(sheets, 1)
    assert len(shown) == sum(map(len, sheets.values())) + len(sheets) - 1
    loaded = {name: _activity.script(name) for name in _site.ACTIVITIES}
    for name, text in texts.items():
        if name.endswith(".js"):
            users = {activity for activity, script in loaded.items() if text in script}
            whole = {"_shared.js": set(_site.ACTIVITIES), "_cards.js": {"classifier", "lifecycle", "motives"}}
            assert users == whole.get(name, {name.removesuffix(".js")}), name


PARTS = ("_shared.js", "_cards.js", "_shared.css", *(f"{name}.js" for name in _site.ACTIVITIES))


@pytest.mark.parametrize(
    "body", ["const render = 1;", "export default { render };\nexport default { render };", "export { render };"]
)
def test_a_script_without_its_export_is_refused(tmp_path, monkeypatch, body):
    """Catches an activity that the book would load, and never start."""
    for name in PARTS:
        (tmp_path / name).write_text("" if name.startswith("_") else "export default { render };\n", encoding="utf-8")
    monkeypatch.setattr(_activity, "_STATIC", tmp_path)
    _site.site_files()
    (tmp_path / "quiz.js").write_text(body, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^quiz\.js must end with its one “export default \{ render \};”\.$"):
        _site.site_files()


def test_a_script_that_goes_on_after_its_export_is_refused(tmp_path, monkeypatch):
    """Catches code behind the export, which the site's classic script would run after the activity was handed over."""
    for name in PARTS:
        text = "" if name.startswith("_") else "export default { render };\n"
        (tmp_path / name).write_text(text + "const late = 1;\n" * (name == "quiz.js"), encoding="utf-8")
    monkeypatch.setattr(_activity, "_STATIC", tmp_path)
    with pytest.raises(ValueError, match=r"^quiz\.js"):
        _site.site_files()


# ---- in the book and in JupyterLab ----

EACH = pytest.mark.parametrize(
    "make",
    [
        lambda: MissionClassifier("03"),
        lambda: LifecycleBoard("un-nato"),
        lambda: MotiveMatrix("values"),
        lambda: Prediction("p-01-1"),
        lambda: Quiz("01"),
    ],
    ids=_site.ACTIVITIES,
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
    decks = (
        MissionClassifier("03"),
        Quiz("01"),
        Prediction("p-01-1", look_back=True),
        LifecycleBoard(),
        MotiveMatrix("un-eu"),
    )
    for widget in decks:
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
            {
                "option": "support",
                "confidence": 80,
                "reason": "fuel",
                "at": "2026-11-01T09:01:30.500Z",
                "since": "a-step",
            },
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
    assert list(data) == ["item_id", "try", "option", "confidence", "reason", "at", "since", "view"]
    assert list(data["item_id"]) == ["one", "one", "two"]
    assert list(data["try"]) == [1, 2, 1]
    assert list(data["option"]) == ["none", "support", "parallel"]
    assert list(data["confidence"]) == [20, 80, 100]
    assert list(data["view"]) == ["both", "both", ""]
    assert data["since"].isna().tolist() == [True, False, True]
    assert data["since"].iloc[1] == "a-step"
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
