"""What holds for every activity: it leaves nothing behind, and text is text, in each field and at each width."""

import csv
import json
from pathlib import Path

import pytest
from activity import LABELS, WIDTHS, ByKeyboard, mounted, page_with
from book_site import assert_rejects, copy_of
from playwright.sync_api import Page, expect
from visits import WIDE, reader

pytestmark = pytest.mark.slow
HERE = "tests/browser/test_activities.py"
KINDS = {"classifier": {"deck": "03"}, "quiz": {"chapter": "01"}, "prediction": {"question": "p-01-1"}}

# Starts, uses and ends an activity over and over.
OVER_AND_OVER = """([activity, stored, times]) => {
  const place = document.createElement('div');
  Object.assign(place.dataset, {activity, stored: JSON.stringify(stored)});
  document.body.append(place);
  for (let time = 0; time < times; time++) {
    const end = window.peaceopsMount(place);
    place.querySelector('.po-options input').click();
    place.querySelector("input[value='60']").click();
    place.querySelector('button[type=submit]').click();
    end();
  }
  place.remove();
}"""


@pytest.fixture(scope="session")
def home(site: Path) -> str:
    """Return a page that has each kind of activity."""
    return page_with(site, *KINDS)


@pytest.mark.parametrize("activity", KINDS)
def test_two_hundred_mounts_leave_nothing(context, address, home, activity):
    """Fails if an activity that was ended leaves nodes or listeners behind."""
    tab = context.new_page()
    tab.goto(address + home)
    protocol = context.new_cdp_session(tab)

    def counted(times: int) -> dict:
        # each round starts without answers: a longer list of them is no leak
        tab.evaluate("localStorage.clear()")
        tab.evaluate(OVER_AND_OVER, [activity, KINDS[activity], times])
        # a busy browser frees what it can free later: count until the count no longer falls
        counts = []
        while len(counts) < 3 or (len(counts) < 30 and counts[-1]["nodes"] < counts[-3]["nodes"]):
            tab.wait_for_timeout(200)
            protocol.send("HeapProfiler.collectGarbage")
            counts.append(protocol.send("Memory.getDOMCounters"))
        return counts[-1]

    before, after = counted(5), counted(200)
    left = {name: after[name] - before[name] for name in ("nodes", "jsEventListeners")}
    assert left["nodes"] <= 20, left
    assert left["jsEventListeners"] <= 5, left


HOSTILE = {
    "markup": '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b>bold</b>',
    "right to left": "\u202eמשימה بعثة\u202c after",
    "long": "W" * 10_000,
    "emoji": "👩🏽‍🚀🏳️‍🌈" * 200,
}


def hostile_decks(text: str, file: Path) -> dict[str, dict]:
    """Return a deck for each activity with this text wherever an author, a table or a reader can put one."""
    from peaceops import frameworks

    columns = ["title", "summary", "answer", "place", "period", "command", "mandate", "tie", "money", "source"]
    columns += [f"feedback_{name}" for name in LABELS]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerow([("parallel" if column == "answer" else text) for column in columns])
    cards = frameworks.read_deck(file)  # an instructor's own file, as the course reads it
    everywhere = {"message": text, "source": text, "locator": text}
    coding = {
        "coder": "bubna2009",
        "framework": text,
        "basis": text,
        "certainty": text,
        "reason": text,
        "locator": text,
    }
    contested = {
        **{field: text for field in ("title", "place", "period", "summary", "sources", "contested_why")},
        **{"id": "contested", "contested": True, "answer": "", "facts": [{"label": text, "text": text}]},
        **{"codings": [coding], "feedback": dict.fromkeys(LABELS, everywhere)},
    }
    settled = contested | {"id": "settled", "contested": False, "answer": "parallel"}
    options = [{"id": letter, "label": text} for letter in "abcd"]
    question = {"id": "q", "chapter": "01", "prompt": text, "options": options, "answer": "b"}
    question["feedback"] = dict.fromkeys("abcd", everywhere)
    named = {"title": text, "edition": "2026-06-30", "references": {text: text}}
    return {
        "classifier": cards
        | named
        | {
            "items": [*cards["items"], settled, contested],
            "options": [{"id": name, "label": text, "hint": text} for name in LABELS],
            "coders": [{"id": "bubna2009", "label": text}],
        },
        "quiz": {**named, "activity": "quiz", "deck": "quiz", "chapter": "01", "items": [question]},
        "prediction": {**named, "activity": "prediction", "deck": "q", "item": question, "look_back": False},
        "look back": {**named, "activity": "prediction", "deck": "q", "item": question, "look_back": True},
    }


def harm(tab: Page, player: ByKeyboard, text: str) -> list[str]:
    """Return what a hostile text has done to the page, now that it is shown."""
    found = tab.evaluate(WIDE)
    if tab.evaluate("window.hacked"):
        found.append("it was run")
    if player.root.locator("img, script, b").count():
        found.append("it was read as markup")
    if text not in player.root.text_content():
        found.append("it is not shown as it is")
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_hostile_text_is_text(browser, address, home, tmp_path, width):
    """Fails if text of an author, a table or a reader is run, read as markup, or breaks the layout."""
    found = {}
    with reader(browser, width, "light") as context:
        tab = context.new_page()
        tab.goto(address + home)
        for kind, text in HOSTILE.items():
            decks = hostile_decks(text, tmp_path / "deck.csv")

            def look(step: str, kind: str = kind, text: str = text) -> None:
                if problems := harm(tab, player, text):  # noqa: B023 - the activity in hand
                    found[f"{kind}, {step}"] = problems

            player = mounted(tab, "classifier", deck=decks["classifier"])
            root = player.root
            look("card")
            root.locator("textarea").first.fill(text)
            player.click("none")
            assert player.feedback.locator(".po-feedback__message").text_content() == text.strip()
            assert root.locator(".po-card__summary").text_content() == text.strip()
            look("feedback")
            root.get_by_role("button", name="Next card").click()
            player.click("none")
            root.get_by_role("button", name="Show who codes").click()
            look("codings")
            root.get_by_role("button", name="Next card").click()
            player.click("none")
            root.locator(".po-view textarea").fill(text)
            root.get_by_role("button", name="Keep my view").click()
            look("contested")
            root.get_by_role("button", name="To the report").click()
            root.locator(".po-tools > summary").click()
            root.get_by_label("Code name").fill(text[:200])
            look("report")

            player = mounted(tab, "quiz", deck=decks["quiz"])
            player.click("a")
            look("quiz")
            player = mounted(tab, "prediction", deck=decks["prediction"])
            player.click("a")
            look("prediction")
            player = mounted(tab, "prediction", deck=decks["look back"])
            player.root.locator("summary").click()
            expect(player.root.locator(".po-reading").first).to_be_visible()
            look("look back")
            tab.evaluate("localStorage.clear()")
            tab.evaluate("document.querySelectorAll('[data-mark]').forEach(one => one.remove())")
    assert not found, json.dumps(found, indent=1)


# ---- what the gates reject

BROKEN = {
    "test_two_hundred_mounts_leave_nothing[prediction]: jsEventListeners": (
        "      { signal },\n    );\n    // The same answers",
        "    );\n    // The same answers",
    ),
    "test_hostile_text_is_text[768]: window.hacked=1bold": (
        'element.append(...children.filter((child) => child || child === ""));',
        "for (const child of children.filter(Boolean)) child.nodeType ? element.append(child) : (element.innerHTML += child);",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_gate_rejects(case, site, home, tmp_path):
    """Fails if a gate of this module lets a site pass that was broken for it."""
    gate, word = case.split(": ", 1)
    broken = copy_of(site, tmp_path / "site", keep=[home])
    old, new = BROKEN[case]
    for script in (broken / "_static").glob("activity-*-script-*.js"):
        text = script.read_text(encoding="utf-8")
        assert old in text
        script.write_text(text.replace(old, new), encoding="utf-8")
    assert_rejects(f"{HERE}::{gate}", broken, word)
