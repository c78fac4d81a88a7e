"""The mission classifier in the built book: by keyboard, in every state, and true to the tables."""

import json
from pathlib import Path

import pytest
from activity import (
    CASES,
    CODINGS,
    FEEDBACK,
    LABELS,
    LOOKS,
    ByKeyboard,
    States,
    deck_of,
    fitting,
    kept,
    opened,
    other_than,
    page_with,
)
from book_site import assert_rejects, copy_of
from playwright.sync_api import expect
from visits import Visit, listen

pytestmark = pytest.mark.slow
HERE = "tests/browser/test_classifier.py"
SETTLED = next(case for case in deck_of("03") if CASES[case]["settled"] == "yes")
CONTESTED = next(case for case in deck_of("03") if CASES[case]["settled"] == "contested")
# Every option of every case: what is told, its source, its status, and what the card says, as far as it is visible.
TOLD = """async (root, [index, options]) => {
  const text = selector => {
    const found = root.querySelector(selector);
    return found && found.checkVisibility() ? found.textContent : null;
  };
  const select = root.querySelector('.po-select');
  select.value = String(index);
  select.dispatchEvent(new Event('change'));
  const seen = {card: text('.po-card'), told: {}};
  for (const option of options) {
    root.querySelector(`input[value=${option}]`).click();
    root.querySelector("input[value='60']").click();
    root.querySelector('button[type=submit]').click();
    seen.told[option] = [root.querySelector('.po-feedback-box').dataset.status, text('.po-feedback__message'),
                         text('.po-feedback-box .po-source'), root.querySelector('.po-source a')?.hash ?? null];
  }
  return seen;
}"""


@pytest.fixture(scope="session")
def full_page(site: Path) -> str:
    """Return the page that has the deck of all cases."""
    return page_with(site, "classifier", deck="all")


def go_to(player: ByKeyboard, case: str) -> None:
    """Choose a card by its title, as a reader does in the list of cards."""
    index = player.root.locator(".po-select option").evaluate_all(
        "(all, title) => all.findIndex(one => one.textContent.includes(title))", CASES[case]["title"]
    )
    player.root.locator(".po-select").select_option(index=index)


def test_a_blind_deck_tells_nothing_before_its_end(context, address, site):
    """Fails if who codes alone is told what the sources say before the last card is decided, or never."""
    page = page_with(site, "classifier", deck="04")
    _, player = opened(context, address + page, "classifier", deck="04")
    root, deck = player.root, deck_of("04")
    for number, case in enumerate(deck):
        player.click("parallel")
        last = number == len(deck) - 1
        settled = CASES[case]["settled"] == "yes"
        told = "contested" if not settled else "fits" if fitting(case) == "parallel" else "misfits"
        expect(player.feedback).to_have_attribute("data-status", told if last else "noted")
        shown = [coding["reason"] for coding in CODINGS[case] if coding["reason"] in root.inner_text()]
        assert bool(shown) == (last and told != "misfits")
        if number == 1:
            root.get_by_role("button", name="Report so far").click()
            expect(root.locator(".po-report")).to_contain_text("follows when you have decided all of them")
            assert root.locator("table").count() == 0
            root.get_by_role("button", name="Back to the cards").click()
        elif not last:
            root.get_by_role("button", name="Next card").click()
    go_to(player, deck[0])
    expect(player.feedback).not_to_have_attribute("data-status", "noted")


def test_a_deck_by_keyboard_alone(context, address, deck_page, tmp_path):
    """Fails if a reader without a mouse cannot decide, read, decide again, finish, reload, export, import, delete."""
    tab, player = opened(context, address + deck_page, "classifier", deck="03")
    root, deck = player.root, deck_of("03")
    player.enter()
    clicked = {}
    for number, case in enumerate(deck):
        expect(root.locator(".po-card__title")).to_have_text(CASES[case]["title"])
        assert number == 0 or tab.evaluate("document.activeElement.className") == "po-card__title"
        if CASES[case]["settled"] == "contested":
            player.decide(LABELS["parallel"], 60)
            player.expect_status("contested")
            for coding in CODINGS[case]:
                expect(player.feedback).to_contain_text(coding["reason"])
            for word in ("wrong", "Does not fit", "✗"):
                assert word not in player.feedback.inner_text()
            player.tab_to("Which reading do you find stronger", "textarea")
            tab.keyboard.type("The dates.")
            player.press("Keep my view")
            clicked[case] = [("parallel", 60)]
        else:
            right = fitting(case)
            player.decide(LABELS[other_than(right)], 80, reason="A guess & <b>no</b> more")
            player.expect_status("misfits")
            clicked[case] = [(other_than(right), 80)]
            if case != SETTLED:  # which stays missed
                player.decide(LABELS[right], 100, button="Decide again")
                player.expect_status("fits")
                clicked[case].append((right, 100))
        player.press("Next card" if case != deck[-1] else "To the report")
    settled = [case for case in deck if CASES[case]["settled"] == "yes"]
    expect(root.locator(".po-report")).to_contain_text(f"You decided {len(deck)} of {len(deck)} cases")
    expect(root.locator(".po-report")).to_contain_text(f"your first answer fits 0 of {len(settled)}")
    answers = kept(tab, "classifier", "03")["answers"]
    assert {case: [(t["option"], t["confidence"]) for t in a["tries"]] for case, a in answers.items()} == clicked
    assert all(answers[case]["view"] == "The dates." for case in deck if CASES[case]["settled"] == "contested")

    player.press("Review 1 missed card")
    expect(root.locator(".po-progress__where")).to_contain_text("Missed card 1 of 1")
    expect(root.locator(".po-card__title")).to_have_text(CASES[SETTLED]["title"])
    assert root.locator("input:checked").count() == 0, "the missed answer stands there already"

    tab.reload()
    expect(root.locator(".po-progress__where")).to_contain_text(f"{len(deck)} of {len(deck)} decided")
    player.enter()
    player.press("Your answers: export")
    with tab.expect_download() as download:
        player.press("Export answers")
    file = tmp_path / "answers.json"
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["answers"] == answers

    player.press("Not you? Start fresh")
    player.press("Delete them")
    expect(root.locator(".po-outcome")).to_have_text("Deleted: you start with no answers.")
    assert kept(tab, "classifier", "03") is None
    expect(root.locator(".po-progress__where")).to_contain_text(f"0 of {len(deck)} decided")

    player.tab_to("Import answers")  # the browser's own window for files is not the page's
    root.locator("input[type=file]").set_input_files(file)
    expect(root.locator(".po-outcome")).to_contain_text(f"{len(deck)} answers from “answers.json” added")
    assert kept(tab, "classifier", "03")["answers"] == answers


@pytest.mark.parametrize("context", LOOKS, ids=str, indirect=True)
def test_every_state_is_accessible_and_fits(context, address, deck_page):
    """Fails if axe finds something, the page scrolls sideways or an error is reported in any state of the activity."""
    tab, player = opened(context, address + deck_page, "classifier", deck="03")
    seen, states, root = Visit(deck_page), States(tab), player.root
    listen(tab, seen)
    states.look("start")
    root.get_by_role("button", name="Decide").click()
    expect(root.locator(".po-missing")).to_have_text("Choose an answer and how sure you are first.")
    states.look("nothing chosen")
    go_to(player, SETTLED)
    for option, status in ((other_than(fitting(SETTLED)), "misfits"), (fitting(SETTLED), "fits")):
        player.click(option)
        expect(player.feedback).to_have_attribute("data-status", status)
        states.look(status)
    go_to(player, CONTESTED)
    player.click("parallel", 40)
    expect(player.feedback).to_have_attribute("data-status", "contested")
    states.look("contested")
    root.get_by_role("button", name="Report so far").click()
    states.look("report")
    root.locator(".po-tools > summary").click()
    root.get_by_role("button", name="Not you?").click()
    states.look("tools open, asking")
    assert not states.found
    assert not seen.console + seen.foreign


def test_what_is_shown_is_what_the_tables_say(context, address, full_page):
    """Fails if for any case or option the visible text differs from the CSV, read without the course's package."""
    _, player = opened(context, address + full_page, "classifier", deck="all")
    wrong = []
    for number, (case, row) in enumerate(CASES.items()):
        seen = player.root.evaluate(TOLD, [number, list(LABELS)])
        card = " ".join(seen["card"].split())
        for column in ("title", "summary", "command", "mandate", "tie", "money"):
            if " ".join(row[column].split()) not in card:
                wrong.append(f"{case}: {column} is not on the card")
        for option in LABELS:
            said = FEEDBACK[case, option]
            status, message, source, link = seen["told"][option]
            right = "contested" if row["settled"] == "contested" else "fits" if option == fitting(case) else "misfits"
            entry = "#resolutions" if said["source"].startswith(("S/", "A/")) else f"#{said['source']}"
            if [status, message, link] != [right, said["message"], entry]:
                wrong.append(f"{case}, {option}: {status}, {link}, {message}")
            if not source.endswith(f", {said['locator']}"):
                wrong.append(f"{case}, {option}: {source}")
    assert not wrong, "\n".join(wrong)


def test_sources_lead_to_an_entry(tab, address):
    """Fails if the source of a message links to an entry that the page of references does not have."""
    tab.goto(address + "book/references.html")
    ids = set(tab.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)"))
    sources = {row["source"] for row in FEEDBACK.values()}
    assert {name for name in sources if not name.startswith(("S/", "A/"))} | {"resolutions"} <= ids


# ---- what the gates reject


def _change_a_message(site: Path) -> None:
    """Let the book say something else than the table."""
    (deck,) = (site / "_static").glob("activity-classifier-deck-*.js")
    message = json.dumps(FEEDBACK[SETTLED, "none"]["message"], ensure_ascii=False)
    text = deck.read_text(encoding="utf-8")
    assert message in text
    deck.write_text(text.replace(message, message.replace(" ", " not ", 1)), encoding="utf-8")


def _pale_feedback(site: Path) -> None:
    """Make what is told hard to read."""
    (look,) = (site / "_static").glob("activity-look-*.css")
    look.write_text(look.read_text(encoding="utf-8") + ".po-feedback-box p { color: #999 !important }")


BROKEN = {
    f"test_what_is_shown_is_what_the_tables_say: {SETTLED}, none": _change_a_message,
    "test_every_state_is_accessible_and_fits[(1280, 'light')]: color-contrast": _pale_feedback,
}


@pytest.mark.parametrize("case", BROKEN)
def test_gate_rejects(case, site, deck_page, full_page, tmp_path):
    """Fails if a gate of this module lets a site pass that was broken for it."""
    gate, word = case.split(": ", 1)
    broken = copy_of(site, tmp_path / "site", keep=[deck_page, full_page])
    BROKEN[case](broken)
    assert_rejects(f"{HERE}::{gate}", broken, word)
