"""Use an activity by keyboard alone, in the book or in JupyterLab, and look at the states that it goes through."""

import calendar
import csv
import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from book_site import ROOT, pages
from playwright.sync_api import BrowserContext, Locator, Page, expect
from visits import WIDE

COURSE = "peacekeeping-partnerships"
LABELS = {
    "integrated": "Integrated",
    "parallel": "Parallel",
    "sequential": "Sequential",
    "support": "Support",
    "none": "None of these",
}
PHASES = {
    "none": "None yet",
    "courtship": "Courtship",
    "negotiation": "Negotiation",
    "start-up": "Start-up",
    "maintenance": "Maintenance",
    "ending": "Ending",
}
READINGS = {"yes": "Yes", "no": "No", "not_stated": "Not stated"}
PAIRS = ("un-eu", "nato-eu", "un-nato", "un-au", "eu-au", "nato-au")
WIDTHS = (360, 768, 1280)
LOOKS = [(360, "light"), (768, "dark"), (1280, "light")]  # where each state is looked at; its start in every look
# What a screen reader would call the element that has the focus.
FOCUSED = """root => {
  const e = document.activeElement;
  if (!e || !root.contains(e)) return null;
  const label = e.labels?.length ? [...e.labels].map(one => one.textContent).join(' ') : e.getAttribute('aria-label');
  const choice = e.closest('.po-choice')?.querySelector('.po-choice__label').textContent ?? '';
  return {kind: e.type ?? e.tagName.toLowerCase(), name: (label ?? e.textContent).trim(), group: e.name ?? '', choice,
          shown: Boolean(e.getClientRects().length)};
}"""
# Where the select that has the focus stands, and where the option of a value is.
PLACE = """value => {
  const e = document.activeElement;
  return [e.selectedIndex, [...e.options].findIndex(option => option.value === value)];
}"""
# What a table shows, cell by cell, its head first.
GRID = "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent))"
# Starts an activity that the page itself does not have; the page has another one of its kind.
MOUNT = """([activity, stored, deck, mark]) => {
  const place = document.createElement('div');
  Object.assign(place.dataset, {activity, mark, stored: JSON.stringify(stored)});
  if (deck) {
    const own = document.createElement('script');
    own.type = 'application/json';
    own.className = 'po-activity__deck';
    own.textContent = JSON.stringify(deck);
    place.append(own);
  }
  document.querySelector('article').prepend(place);
  window.peaceopsMount(place);
}"""
_mark = itertools.count()


def table(name: str) -> list[dict]:
    """Read a table as a spreadsheet would, without the course's package."""
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CASES = {row["case_id"]: row for row in table("cases")}
QUESTIONS = {row["question_id"]: row for row in table("questions")}
FEEDBACK = {(row["item_id"], row["option"]): row for row in table("feedback")}
CODINGS = {case: [row for row in table("framework_codings") if row["case_id"] == case] for case in CASES}


def label_of(pair: str) -> str:
    """Write the name of a relationship."""
    return pair.upper().replace("-", "–")


def in_words(day: str, precision: str) -> str:
    """Write a date as precisely as it is known."""
    year, month, day = day.split("-")
    month = calendar.month_name[int(month)]
    return {"day": f"{int(day)} {month} {year}", "month": f"{month} {year}", "year": year}[precision]


def entry_of(source: str) -> str:
    """Return the place of a source on the page of references."""
    return "#resolutions" if source.startswith(("S/", "A/")) else f"#{source}"


def deck_of(chapter: str) -> list[str]:
    """Return the ids of the cases of a chapter's deck, in its order."""
    return [case for case, row in CASES.items() if chapter in row["chapters"].split("; ")]


def fitting(case: str) -> str:
    """Return the framework of a settled case."""
    (framework,) = {row["framework"] for row in CODINGS[case]}
    return framework


def other_than(framework: str) -> str:
    """Return an option that does not fit."""
    return next(name for name in LABELS if name != framework)


def quiz_of(chapter: str) -> list[str]:
    """Return the ids of a chapter's quiz questions, in their order."""
    return [name for name, row in QUESTIONS.items() if row["kind"] == "quiz" and row["chapter"] == chapter]


def choices(question: str) -> dict[str, str]:
    """Return the options of a question: letter and text."""
    return {letter: text for letter in "abcd" if (text := QUESTIONS[question][f"option_{letter}"])}


def page_with(site: Path, *activities: str, **stored) -> str:
    """Find the lightest page of the book that has certain activities.

    Parameters
    ----------
    site : pathlib.Path
        The folder of a built book.
    *activities : str
        Their names.
    **stored
        What the page says of each, such as the name of its deck.

    Returns
    -------
    str
        The page's path inside the site.
    """
    said = json.dumps(stored)[1:-1].replace('"', "&quot;")
    wanted = [re.compile(f'data-activity="{name}" data-stored="[^"]*{re.escape(said)}') for name in activities]
    texts = {page: (site / page).read_text(encoding="utf-8") for page in pages(site)}
    found = [page for page, text in texts.items() if all(one.search(text) for one in wanted)]
    assert found, f"no page has {activities} {stored}"
    return min(found, key=lambda page: len(texts[page]))


def one_try(
    option: str, confidence: int = 60, at: str = "2026-11-01T10:00:00.000Z", reason: str = "", since: str = ""
) -> dict:
    """Return one decision as a file holds it; `since` is the step with which it lets a phase begin."""
    return {"option": option, "confidence": confidence, "reason": reason, "at": at} | (
        {"since": since} if since else {}
    )


def answers_file(activity: str, deck: str, answers: dict[str, list[dict]]) -> dict:
    """Return a file of answers: to each item its decisions."""
    held = {item: {"tries": tries, "view": ""} for item, tries in answers.items()}
    named = {"course": COURSE, "format": 1, "activity": activity, "deck": deck, "edition": "2026-06-30", "coder": ""}
    return {**named, "answers": held}


def key(activity: str, deck: str) -> str:
    """Return the name under which a browser keeps the answers to a deck."""
    return f"{COURSE}:{activity}:{deck}"


def keep(tab: Page, file: dict) -> None:
    """Put answers where a browser keeps them, as if they had been given before the next load."""
    name = key(file["activity"], file["deck"])
    tab.evaluate("([name, text]) => localStorage.setItem(name, text)", [name, json.dumps(file)])


def kept(tab: Page, activity: str, deck: str) -> dict | None:
    """Return what the browser keeps of a deck."""
    return json.loads(tab.evaluate("name => localStorage.getItem(name)", key(activity, deck)) or "null")


def opened(context: BrowserContext, url: str, activity: str, **stored) -> tuple[Page, "ByKeyboard"]:
    """Open a page and return it with its activity."""
    tab = context.new_page()
    tab.goto(url)
    said = "".join(f"[data-stored*='{json.dumps({name: value})[1:-1]}']" for name, value in stored.items())
    return tab, ByKeyboard(tab, tab.locator(f".po-activity[data-activity={activity}]{said} .po-activity-frame"))


def mounted(tab: Page, activity: str, stored: dict | None = None, deck: dict | None = None) -> "ByKeyboard":
    """Start one more activity on a page, at the start of its article."""
    mark = str(next(_mark))
    tab.evaluate(MOUNT, [activity, stored, deck, mark])
    return ByKeyboard(tab, tab.locator(f"[data-mark='{mark}'] .po-activity-frame"))


def complaints(tab: Page) -> list[str]:
    """Return what axe finds in the activities of a page, and whether the page scrolls sideways."""
    found = Axe().run(tab, context=".po-activity-frame", options={"preload": False}).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]] + tab.evaluate(WIDE)


def assert_all_reject(module: str, site: Path, words: dict[str, str]) -> None:
    """Assert that each of a module's gates fails on a site that was broken for all of them, and over its own word."""
    gates = [f"{module}::{gate}" for gate in words]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *gates]
    env = {**os.environ, "PEACEOPS_SITE": str(site)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    parts = re.split(r"^_{3,} (\w+)(?:\[.*\])? _{3,}$", done.stdout, flags=re.MULTILINE)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    for gate, word in words.items():
        assert gate in told, f"{gate} lets a broken site pass or does not run:\n{done.stdout}{done.stderr}"
        assert word in told[gate], f"{gate} fails, but not over {word!r}:\n{told[gate]}"


class States:
    """Look at an activity in each of its states, and gather what is wrong in one of them."""

    def __init__(self, tab: Page):
        self.tab, self.found, self.seen = tab, {}, []

    def look(self, state: str) -> None:
        """Judge what is shown now."""
        self.seen.append(state)
        if problems := complaints(self.tab):
            self.found[state] = problems


class ByKeyboard:
    """A reader without a mouse at one activity.

    Parameters
    ----------
    page : playwright.sync_api.Page
        The page that has it.
    root : playwright.sync_api.Locator
        The activity's frame.
    """

    def __init__(self, page: Page, root: Locator):
        self.page, self.root = page, root

    def focused(self) -> dict | None:
        """Return what has the focus inside the activity."""
        return self.root.evaluate(FOCUSED)

    def enter(self) -> None:
        """Put the focus where Tab would come in: before the activity's first control."""
        self.root.evaluate("""root => {
          const first = root.querySelector('select, input, button, summary');
          first.focus();
        }""")

    def tab_to(self, name: str, kind: str = "") -> None:
        """Press Tab until a control of that name has the focus, going round by Shift+Tab when it lies before."""
        for key in ("Tab", "Shift+Tab"):
            for _ in range(60):
                now = self.focused()
                if now and name in now["name"] and (not kind or now["kind"] == kind):
                    return
                self.page.keyboard.press(key)
                if self.focused() is None:
                    break
            if self.focused() is None:
                self.page.keyboard.press("Shift+Tab" if key == "Tab" else "Tab")
        raise AssertionError(f"the keyboard does not reach “{name}”; it stands on {self.focused()}")

    def press(self, name: str) -> None:
        """Go to a button and press Enter."""
        self.tab_to(name)
        self.page.keyboard.press("Enter")

    def choose(self, name: str) -> None:
        """Go to a group of radio buttons and move to one of them by the arrow keys."""
        self.tab_to_group(name)
        for _ in range(8):
            now = self.focused()
            if now["choice"] == name:
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrow keys do not reach “{name}”")

    def tab_to_group(self, name: str) -> None:
        """Press Tab until the group of the radio button of that name has the focus."""
        named = self.page.locator(".po-choice__label").get_by_text(name, exact=True)
        group = self.root.locator("label.po-choice", has=named).locator("input").first.get_attribute("name")
        for key in ("Tab", "Shift+Tab"):
            for _ in range(60):
                now = self.focused()
                if now and now["group"] == group:
                    return
                self.page.keyboard.press(key)
                if self.focused() is None:
                    break
            if self.focused() is None:
                self.page.keyboard.press("Shift+Tab" if key == "Tab" else "Tab")
        raise AssertionError(f"the keyboard does not reach the group of “{name}”")

    def pick(self, name: str, value: str) -> None:
        """Go to a select and move by the arrow keys to the option of a value, as often as the select must be found again."""
        self.tab_to(name, "select-one")
        for _ in range(120):
            now, wanted = self.page.evaluate(PLACE, value)
            assert wanted >= 0, f"“{name}” does not offer {value!r}"
            if now == wanted:
                return
            self.page.keyboard.press("ArrowDown" if now < wanted else "ArrowUp")
            held = self.focused()
            assert name in (held or {"name": ""})["name"], f"an arrow key in “{name}” moves the focus to {held}"
        raise AssertionError(f"the arrow keys do not lead “{name}” to {value!r}")

    def click(self, option: str, confidence: int = 60) -> None:
        """Decide by mouse what is shown."""
        self.page.bring_to_front()  # a tab in the background is drawn once a second
        self.root.locator(f".po-options input[value='{option}']").check()
        self.root.locator(f"input[value='{confidence}']").check()
        self.root.locator("button[type=submit]").click()

    def decide(self, option: str, confidence: int, button: str = "Decide", reason: str = "") -> None:
        """Choose an option and a confidence, give a reason, and submit."""
        self.choose(option)
        self.choose(f"{confidence}\u00a0%")
        if reason:
            self.tab_to("Your reason", "textarea")
            self.page.keyboard.type(reason)
        self.press(button)

    @property
    def feedback(self) -> Locator:
        """Return the box that answers the last decision."""
        return self.root.locator(".po-feedback-box")

    def expect_status(self, status: str) -> None:
        """Fail unless the answer to the last decision has that status and has the focus."""
        expect(self.feedback).to_have_attribute("data-status", status)
        assert self.root.evaluate("root => document.activeElement.classList.contains('po-feedback__head')")
