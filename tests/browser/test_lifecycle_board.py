"""The life-cycle board in the built book: by keyboard, in every state, and true to the tables."""

import functools
import json
from pathlib import Path

import pytest
from activity import (
    FEEDBACK,
    GRID,
    LOOKS,
    PAIRS,
    PHASES,
    ByKeyboard,
    States,
    answers_file,
    assert_all_reject,
    entry_of,
    in_words,
    keep,
    kept,
    label_of,
    one_try,
    opened,
    page_with,
    table,
)
from book_site import copy_of
from playwright.sync_api import expect
from visits import Visit, listen

from peaceops import lifecycle, load

pytestmark = pytest.mark.slow
HERE = "tests/browser/test_lifecycle_board.py"
CARDS = {row["item_id"]: row for row in table("phase_cards")}
STEPS = {row["event_id"]: row for row in table("events")}
CODINGS = {
    item: [row for row in table("phase_codings") if (row["dyad_id"], row["as_of"]) == (card["dyad_id"], card["as_of"])]
    for item, card in CARDS.items()
}
YEARS = sorted({int(card["as_of"]) for card in CARDS.values()})
TODAY = "2026-06-30"
CODERS = {
    "haugevik_figure": "Haugevik 2007, Figure 2",
    "haugevik_text": "Haugevik 2007, text",
    "haugevik_rule": "Rule made of Haugevik’s text",
    "course": "This course",
}
RULES = {"text": "Text (Haugevik’s)", "paper": "Paper first", "field": "Field first"}
BROKEN_OFF = {"dispute", "ending", "reversal"}
# Everything that one card shows, and what it tells of each of its options; folded lists are unfolded first.
TOLD = """(root, [index, options]) => {
  const shown = found => found.checkVisibility() ? found.textContent : null;
  const text = selector => [...root.querySelectorAll(selector)].map(shown)[0] ?? null;
  const grid = caption => {
    const found = [...root.querySelectorAll('table')].find(table => table.caption.textContent.startsWith(caption));
    return found ? [...found.tBodies[0].rows].map(row => [...row.cells].map(shown)) : null;
  };
  const select = root.querySelector('.po-progress .po-select');
  select.value = String(index);
  select.dispatchEvent(new Event('change'));
  root.querySelectorAll('.po-card details').forEach(one => (one.open = true));
  const seen = {title: text('.po-card__title'), summary: text('.po-card__summary'), legend: text('.po-options legend'), told: {}};
  seen.folds = [...root.querySelectorAll('.po-list > summary')].map(shown);
  seen.steps = [...root.querySelectorAll('.po-step')].map(step => [...step.querySelectorAll('summary > span, p')].map(shown));
  const sign = mark => [mark.title, [...mark.classList].filter(name => name.startsWith('po-mark--')).join(), mark.textContent];
  seen.marks = [...root.querySelectorAll('.po-card .po-mark')].map(sign);
  const since = root.querySelector('form select');
  seen.since = since ? [...since.options].map(option => [option.value, option.textContent]) : [];
  for (const option of options) {
    root.querySelector(`.po-options input[value='${option}']`).click();
    root.querySelector("input[value='60']").click();
    root.querySelector('button[type=submit]').click();
    const box = root.querySelector('.po-feedback-box');
    const told = [box.dataset.status, text('.po-feedback__message'), text('.po-feedback-box .po-source'),
                  root.querySelector('.po-feedback-box .po-source a')?.hash ?? null];
    const held = Boolean(grid('Who codes')); // not shown with what does not fit, before the reader asks
    [...box.querySelectorAll('button')].find(one => one.textContent === 'Show who codes it how')?.click();
    seen.told[option] = {told, held, why: box.textContent, codings: grid('Who codes'), rules: grid('What each rule')};
  }
  return seen;
}"""


@pytest.fixture(scope="session")
def board_page(site: Path) -> str:
    """Return the page that has the whole board."""
    return page_with(site, "lifecycle", scope="all")


def words(phase: str) -> str:
    """Write a phase, or two between which a coding lies."""
    return " or ".join(PHASES[part] for part in phase.split("/"))


def day_of(year: int) -> str:
    """Return the day for which a year's phases are coded."""
    return min(f"{year}-12-31", TODAY)


def steps_of(pair: str, day: str) -> list[dict]:
    """Return the rows of a relationship's steps up to a day, in the order of time."""
    return sorted(
        (row for row in STEPS.values() if row["dyad_id"] == pair and row["date"] <= day), key=lambda row: row["date"]
    )


def when(row: dict, day: str) -> str:
    """Write when a step was, as far as one could know at a day."""
    start = in_words(row["date"], row["precision"])
    end = in_words(row["end_date"], row["end_precision"]) if row["end_date"] else ""
    if not end and row["kind"] in ("joint", "supported") and "end_date" not in row["unconfirmed"].split("; "):
        return f"{start}, still going on"
    if end in ("", start):
        return start
    return f"{start} to {end}" if row["end_date"] <= day else f"{start}, still going on"


def unsure(row: dict) -> list[str]:
    """Write what nobody has confirmed of a step."""
    columns = [name.strip() for name in row["unconfirmed"].split(";") if name.strip()]
    return [f"Nobody has confirmed: {', '.join(columns)}.".replace("_", " ")] if columns else []


def named(step: str) -> str:
    """Write a step as tables name it: title and date."""
    return f"“{STEPS[step]['title']}” ({in_words(STEPS[step]['date'], STEPS[step]['precision'])})"


def places(locator: str) -> str:
    """Write where a coding stands: steps by their titles."""
    one = lambda part: named(part).replace(" (", ", ").rstrip(")") if part in STEPS else part  # noqa: E731
    return "; ".join(one(part) for part in locator.split("; "))


@functools.cache
def ruled(pair: str, year: int) -> list[list[str]]:
    """Return what each rule makes of a relationship by a year, as the page's tables have it; the steps are the table's."""
    rows = []
    for rule, label in RULES.items():
        found = lifecycle.phases(load("events"), rule, [year])
        at = found[found["dyad_id"] == pair]
        phase, step = (at["phase"].item(), at["event_id"].item()) if len(at) else ("none", None)
        rows.append([label, PHASES[phase], named(step) if isinstance(step, str) else "–"])
    return rows


def fitting(item: str) -> str:
    """Return the one phase that every coder and every rule names; nothing where they part."""
    card = CARDS[item]
    said = [set(words(coding["phase"]).split(" or ")) for coding in CODINGS[item]]
    said += [{phase} for _, phase, _ in ruled(card["dyad_id"], int(card["as_of"]))]
    shared = set.intersection(*said)
    return next((option for option, label in PHASES.items() if label in shared), "")


def of_pair(pair: str) -> list[str]:
    """Return the cards of a relationship."""
    return [item for item, card in CARDS.items() if card["dyad_id"] == pair]


def wrong_on_a_card(item: str, seen: dict) -> list[str]:
    """Return what a card shows otherwise than the tables have it."""
    card, wrong = CARDS[item], []
    pair, year = card["dyad_id"], int(card["as_of"])
    day, right = day_of(year), fitting(item)
    at = f"at the end of {year}" if day.endswith("12-31") else f"on {in_words(day, 'day')}"

    def same(what: str, shown: object, wanted: object) -> None:
        if shown != wanted:
            wrong.append(f"{item}: {what}: {shown!r}, not {wanted!r}")

    same("title", seen["title"], f"{label_of(pair)} {at}")
    same("summary", seen["summary"], card["summary"])
    same("legend", seen["legend"], f"Which phase had the relationship reached {at}?")
    steps = steps_of(pair, day)
    same("steps", [step[:2] for step in seen["steps"]], [[when(row, day), row["title"]] for row in steps])
    same(
        "texts",
        [step[3:] for step in seen["steps"]],
        [[row["summary"], f"Sources: {row['sources']}", *unsure(row)] for row in steps],
    )
    for step, row in zip(seen["steps"], steps, strict=False):
        same(f"predecessor of {row['event_id']}", step[2].endswith(", by a predecessor"), row["predecessor"] == "yes")
    counts = [int(fold.split(": ")[1].split()[0]) for fold in seen["folds"]]
    same("steps counted", sum(counts), len(steps))
    before = max((other for other in YEARS if other < year), default=1989)
    same("new steps", counts[-1], sum(row["date"] > day_of(before) for row in steps))
    written = [f"{in_words(row['date'], row['precision'])}: {row['title']}" for row in steps]
    signs = {
        title: (
            "●■✕"[("yes", "no", "").index("" if row["kind"] in BROKEN_OFF else row["formal"])]
            if row["predecessor"] == "no"
            else "○"
        )
        for title, row in zip(written, steps, strict=True)
    }
    same("marks", {title: sign for title, _, sign in seen["marks"]}, signs)
    options = [[row["event_id"], title] for row, title in zip(steps, written, strict=True)]
    same("steps to begin with", seen["since"], [["", "no step chosen"], *options] if steps else [])
    order = list(CODERS)
    codings = [
        [
            CODERS[row["coder"]],
            words(row["phase"]) + (" (inferred by the course)" if row["basis"] == "inferred_by_course" else ""),
            row["certainty"],
            f"{row['reason']} ({places(row['locator'])})",
        ]
        for row in sorted(CODINGS[item], key=lambda row: order.index(row["coder"]))
    ]
    for option in PHASES:
        said, told = FEEDBACK[item, option], seen["told"][option]
        status = "fits" if option == right else "misfits" if right else "contested"
        source = told["told"].pop(2)
        same(f"{option}", told["told"], [status, said["message"], entry_of(said["source"])])
        same(f"{option}, place", source.endswith(f", {said['locator']}"), True)
        same(f"{option}, codings", told["codings"], codings)
        same(f"{option}, codings at once", told["held"], status != "misfits")
        same(f"{option}, rules", told["rules"], ruled(pair, year))
        if status == "contested" and any(word in told["why"] for word in ("wrong", "Does not fit", "✗")):
            wrong.append(f"{item}, {option}: judged, though contested")
    return wrong


def test_what_is_shown_is_what_the_tables_say(context, address, board_page):
    """Fails if for any date, step, option or coding the visible text differs from the CSV."""
    _, player = opened(context, address + board_page, "lifecycle", scope="all")
    wrong, settled = [], 0
    for number, item in enumerate(CARDS):
        wrong += wrong_on_a_card(item, player.root.evaluate(TOLD, [number, list(PHASES)]))
        settled += bool(fitting(item))
    assert not wrong, "\n".join(wrong)
    assert 0 < settled < len(CARDS)


def go_on(player: ByKeyboard, title: str) -> None:
    """Go to the next card and find the focus on its title."""
    player.press("Next card")
    expect(player.root.locator(".po-card__title")).to_have_text(title)
    assert player.page.evaluate("document.activeElement.className") == "po-card__title"


def test_a_relationship_by_keyboard_alone(context, address, board_page, tmp_path):
    """Fails if a reader without a mouse cannot choose a part, decide, name a border, finish, reload, export, import, delete."""
    tab, player = opened(context, address + board_page, "lifecycle", scope="all")
    root, pair = player.root, "un-nato"
    items, clicked = of_pair(pair), {}
    player.enter()
    player.pick("What to go through", pair)
    expect(root.locator(".po-progress__where")).to_have_text(f"Card 1 of {len(items)}. 0 of {len(items)} decided.")
    player.pick("Go to a card", "1")
    player.pick("Go to a card", "0")
    for number, item in enumerate(items):
        day = day_of(int(CARDS[item]["as_of"]))
        steps = steps_of(pair, day)
        step = steps[number + 1]
        if number:
            at = f"at the end of {day[:4]}" if day.endswith("12-31") else f"on {in_words(day, 'day')}"
            go_on(player, f"{label_of(pair)} {at}")
        right = fitting(item)
        first = next(option for option in PHASES if option != right)
        # a step's own text is a key away
        player.tab_to(steps[-1]["title"], "summary")
        tab.keyboard.press("Enter")
        expect(root.get_by_text(steps[-1]["summary"])).to_be_visible()
        player.pick("With which step", step["event_id"])
        player.decide(PHASES[first], 80, reason="A guess & <b>no</b> more")
        player.expect_status("misfits" if right else "contested")
        clicked[item] = [(first, 80, step["event_id"])]
        expect(root.locator(f".po-scope option[value={pair}]")).to_contain_text(
            f"({number + 1} of {len(items)} decided)"
        )
        expect(player.feedback).to_contain_text(FEEDBACK[item, first]["message"])
        if right:
            # what names the fitting phase is held back until the reader asks
            assert "What each rule makes" not in player.feedback.inner_text()
            player.press("Show who codes it how")
            assert player.focused()["name"].startswith("Who codes this date how")
        expect(player.feedback).to_contain_text(f"You let {PHASES[first]} begin with {named(step['event_id'])}.")
        made = ruled(pair, int(day[:4]))[0]
        expect(player.feedback).to_contain_text(f", {made[1]}, began with {made[2]}.")
        if right:
            player.pick("With which step", "")
            player.decide(PHASES[right], 100, button="Decide again")
            player.expect_status("fits")
            clicked[item].append((right, 100, ""))
        else:
            for coding in CODINGS[item]:
                expect(player.feedback).to_contain_text(coding["reason"])
            player.tab_to("Which reading do you find stronger", "textarea")
            tab.keyboard.type("The dates.")
            player.press("Keep my view")
            expect(root.locator(".po-spoken")).to_have_text("Your view is kept.")
    player.press("To the report")
    assert tab.evaluate("document.activeElement.className") == "po-report__title"
    settled = [item for item in items if fitting(item)]
    expect(root.locator(".po-report")).to_contain_text(f"You decided {len(items)} of {len(items)} dates.")
    expect(root.locator(".po-report")).to_contain_text(f"your first answer fits 0 of {len(settled)}")
    expect(root.locator(".po-report")).to_contain_text(
        f"Contested: {len(items) - len(settled)}, which count neither way"
    )
    agreement = root.locator("table", has_text="How often your first answer agrees").evaluate(GRID)[1:]
    for (coder, label), row in zip(CODERS.items(), agreement, strict=True):
        both = [(clicked[item][0][0], c["phase"]) for item in items for c in CODINGS[item] if c["coder"] == coder]
        same = sum(own in theirs.split("/") for own, theirs in both)
        assert row[:3] == [label, str(len(both)), str(same)]
        assert row[4] == "–"  # fewer than ten have no kappa
    answers = kept(tab, "lifecycle", "all")["answers"]
    told = {
        item: [(t["option"], t["confidence"], t.get("since", "")) for t in a["tries"]] for item, a in answers.items()
    }
    assert told == clicked
    assert all(answers[item]["view"] == "The dates." for item in items if item not in settled)
    # her own borders: one of each decision, from the step named
    assert root.locator(".po-axis .po-lane", has_text="You").locator(".po-band").count() > 0

    tab.reload()
    expect(root.locator(".po-progress__where")).to_contain_text(f"{len(items)} of {len(CARDS)} decided")
    player.enter()
    player.pick("What to go through", pair)
    expect(root.locator(".po-progress__where")).to_have_text(
        f"Card 1 of {len(items)}. {len(items)} of {len(items)} decided."
    )
    assert root.locator("form select").input_value() == clicked[items[0]][0][2]
    player.press("Your answers: export")
    with tab.expect_download() as download:
        player.press("Export answers")
    file = tmp_path / "answers.json"
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["answers"] == answers
    player.press("Not you? Start fresh")
    player.press("Delete them")
    expect(root.locator(".po-outcome")).to_have_text("Deleted: you start with no answers.")
    assert kept(tab, "lifecycle", "all") is None
    expect(root.locator(".po-progress__where")).to_contain_text(f"0 of {len(items)} decided")
    expect(root.locator(f".po-scope option[value={pair}]")).to_contain_text(f"(0 of {len(items)} decided)")
    player.tab_to("Import answers")  # the browser's own window for files is not the page's
    root.locator("input[type=file]").set_input_files(file)
    expect(root.locator(".po-outcome")).to_contain_text(f"{len(items)} answers from “answers.json” added")
    assert kept(tab, "lifecycle", "all")["answers"] == answers


def compared(player: ByKeyboard, pairs: list[str], year: int) -> None:
    """Fail unless axes, lists, table and the sentence for screen readers show these relationships up to a year."""
    root, day = player.root, day_of(year)
    expect(root.locator(".po-range__value")).to_have_text(str(year))
    expect(root.locator(".po-compared .po-prompt")).to_have_text([f"{label_of(pair)} up to {year}" for pair in pairs])
    spoken = [f"{label_of(pair)}: {len(steps_of(pair, day))} step" for pair in pairs]
    for part in spoken:
        expect(root.locator(".po-spoken")).to_contain_text(part)
    for place, pair in zip(root.locator(".po-compared").all(), pairs, strict=True):
        steps = steps_of(pair, day)
        assert place.locator(".po-mark").count() == len(steps)
        expect(place.locator(".po-list > summary")).to_have_text(f"{len(steps)} step{'s' * (len(steps) != 1)} in words")
        shown = place.locator(".po-step").evaluate_all(
            "all => all.map(one => [...one.querySelectorAll('summary > span')].slice(0, 2).map(part => part.textContent))"
        )
        assert shown == [[when(row, day), row["title"]] for row in steps]
        points = place.locator(".po-lane", has_text="This course").locator(".po-point").all_text_contents()
        assert len(points) == sum(day_of(one) <= day for one in YEARS)
        for (rule, label), made in zip(RULES.items(), ruled(pair, year), strict=True):
            lane = place.locator(".po-lane").filter(has=player.page.get_by_text(label, exact=True)).first
            phase = lane.locator(".po-band").last.get_attribute("data-phase")
            assert PHASES[phase] == made[1], (pair, year, rule)
    rows = root.locator("table", has_text=f"What each rule makes of it by {year}").evaluate(GRID)[1:]
    wanted = [
        [rule[0][0], *(part for one in rule for part in one[1:])]
        for rule in zip(*(ruled(p, year) for p in pairs), strict=True)
    ]
    assert rows == wanted


def test_two_relationships_by_keyboard(context, address, board_page):
    """Fails if axis, list, rules or the spoken sentence do not follow the pair and the year that the arrow keys choose."""
    _, player = opened(context, address + board_page, "lifecycle", scope="all")
    root, page = player.root, player.page
    player.enter()
    player.press("Compare, and apply rules")
    assert page.evaluate("document.activeElement.className") == "po-report__title"
    player.pick("Relationship", "un-eu")
    player.pick("Compared with", "un-nato")
    compared(player, ["un-eu", "un-nato"], 2007)
    player.tab_to("Up to the end of the year", "range")
    for presses, key, year in ((1, "ArrowRight", 2008), (1, "End", 2026), (1, "Home", 1990), (5, "ArrowRight", 1995)):
        for _ in range(presses):
            page.keyboard.press(key)
        compared(player, ["un-eu", "un-nato"], year)
        assert player.focused()["kind"] == "range"
    player.pick("Relationship", "un-nato")
    compared(player, ["un-nato"], 1995)
    player.pick("Compared with", "nato-au")
    player.pick("Relationship", "nato-eu")
    compared(player, ["nato-eu", "nato-au"], 1995)
    player.press("1 step in words" if len(steps_of("nato-eu", day_of(1995))) == 1 else "steps in words")
    player.press("Back to the cards")
    assert page.evaluate("document.activeElement.className") == "po-card__title"
    # what was compared stays chosen
    player.press("Compare, and apply rules")
    expect(root.locator(".po-range__value")).to_have_text("1995")
    expect(root.locator(".po-compared .po-prompt").first).to_have_text("NATO–EU up to 1995")


def test_every_rule_of_every_year(context, address, board_page):
    """Fails if in any year the table of rules of any relationship differs from the rules of the package."""
    _, player = opened(context, address + board_page, "lifecycle", scope="all")
    player.root.get_by_role("button", name="Compare, and apply rules").click()
    seen = player.root.evaluate(
        """(root, [pairs, years]) => pairs.map(pair => years.map(year => {
          const selects = root.querySelectorAll('.po-two select');
          selects.forEach(select => (select.value = pair));
          const range = root.querySelector('.po-range');
          range.value = year;
          range.dispatchEvent(new Event('input'));
          const table = [...root.querySelectorAll('table')].at(-1);
          return [...table.tBodies[0].rows].map(row => row.cells[1].textContent);
        }))""",
        [list(PAIRS), list(range(1990, 2027))],
    )
    made = {rule: lifecycle.phases(load("events"), rule, list(range(1990, 2027))) for rule in RULES}
    for pair, years in zip(PAIRS, seen, strict=True):
        wanted = [made[rule][made[rule]["dyad_id"] == pair].set_index("as_of")["phase"] for rule in RULES]
        assert years == [[PHASES[one[year]] for one in wanted] for year in range(1990, 2027)], pair


@pytest.mark.parametrize("context", LOOKS, ids=str, indirect=True)
def test_every_state_is_accessible_and_fits(context, address, board_page):
    """Fails if axe finds something, the page scrolls sideways or an error is reported in any state of the activity."""
    tab, player = opened(context, address + board_page, "lifecycle", scope="all")
    seen, states, root = Visit(board_page), States(tab), player.root
    listen(tab, seen)
    tab.evaluate(
        "document.querySelectorAll('.po-activity:not([data-activity=lifecycle])').forEach(one => one.remove())"
    )
    root.locator(".po-scope").select_option("un-nato")
    root.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
    states.look("start, unfolded")
    root.get_by_role("button", name="Decide").click()
    expect(root.locator(".po-missing")).to_have_text("Choose an answer and how sure you are first.")
    root.locator("form select").select_option(index=2)
    player.click("start-up", 40)
    expect(player.feedback).to_have_attribute("data-status", "contested")
    states.look("contested, with a step")
    settled = next(item for item in of_pair("un-nato") if fitting(item))
    root.locator(".po-progress .po-select").select_option(index=of_pair("un-nato").index(settled))
    for option, status in (("ending", "misfits"), (fitting(settled), "fits")):
        player.click(option)
        expect(player.feedback).to_have_attribute("data-status", status)
        states.look(status)
    root.get_by_role("button", name="To the report").click()
    states.look("report")
    root.get_by_role("button", name="Back to the cards").click()
    root.get_by_role("button", name="Compare, and apply rules").click()
    root.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
    states.look("compare, tools open")
    assert not states.found
    assert not seen.console + seen.foreign


def bad(**changes) -> dict:
    """Return a file with one decision, changed as a test needs it."""
    item = of_pair("un-nato")[0]
    file = answers_file(
        "lifecycle", "all", {item: [one_try("start-up", since=steps_of("un-nato", TODAY)[0]["event_id"])]}
    )
    file["answers"][item]["tries"][0] |= changes.pop("tried", {})
    return file | changes


FILES = {
    "a number for a step": (bad(tried={"since": 5}), "names a step that is none"),
    "a list for a step": (bad(tried={"since": ["x"]}), "names a step that is none"),
    "a step too long": (bad(tried={"since": "x" * 201}), "names a step that is none"),
    "a framework": (bad(tried={"option": "parallel"}), "names “parallel”, which is not one of: none, courtship"),
    "the matrix's": (bad(activity="motives"), "it belongs to another activity (“motives”)"),
    "the classifier's": (bad(activity="classifier", deck="03"), "it belongs to another activity (“classifier”)"),
}


def test_a_bad_file_gets_one_sentence(context, address, board_page, tmp_path):
    """Fails if a file with a bad step, or of another activity, is taken; a step unknown here must change nothing but be kept."""
    tab, player = opened(context, address + board_page, "lifecycle", scope="all")
    item, other = of_pair("un-nato")[:2]
    root = player.root
    keep(tab, answers_file("lifecycle", "all", {item: [one_try("courtship")]}))
    tab.reload()
    expect(player.feedback).to_have_count(0)
    held = kept(tab, "lifecycle", "all")
    root.locator(".po-tools > summary").click()
    edition = tab.evaluate("window.peaceopsDecks.lifecycle.edition")

    def give(name: str, content: dict) -> None:
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(content | {"edition": edition}), encoding="utf-8")
        root.locator("input[type=file]").set_input_files(file)

    for name, (content, sentence) in FILES.items():
        give(name, content)
        expect(root.locator(".po-outcome")).to_contain_text(f"The file “{name}.json” was not taken: ")
        expect(root.locator(".po-outcome"), name).to_contain_text(sentence)
        assert kept(tab, "lifecycle", "all")["answers"] == held["answers"], name
    # a step that a later edition no longer has, or one after the card's date, is kept and draws no border
    for number, step in enumerate(("un-nato-gone-1999", steps_of("un-nato", TODAY)[-1]["event_id"])):
        file = answers_file(
            "lifecycle",
            "all",
            {(item, other)[number]: [one_try("courtship", since=step, at="2026-11-02T10:00:00.000Z")]},
        )
        give("later", file)
        expect(root.locator(".po-outcome")).to_contain_text("1 answer from “later.json” added")
        assert kept(tab, "lifecycle", "all")["answers"][(item, other)[number]]["tries"][-1]["since"] == step
        root.locator(".po-scope").select_option("un-nato")
        root.locator(".po-progress .po-select").select_option(index=number)
        assert root.locator("form select").input_value() == ""
        expect(player.feedback).to_be_visible()
    root.get_by_role("button", name="Report so far").click()
    expect(root.locator(".po-report .po-axis")).to_be_visible()


# ---- what the gates reject

SETTLED = next(item for item in CARDS if fitting(item))


def _changed(site: Path, part: str, old: str, new: str) -> None:
    """Change the stored deck or the script of the board."""
    (file,) = (site / "_static").glob(f"activity-lifecycle-{part}-*.js")
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _change_a_step(site: Path) -> None:
    """Let the book date a step otherwise than the table."""
    step = steps_of("un-nato", TODAY)[0]
    title = json.dumps(step["title"], ensure_ascii=False)
    _changed(site, "deck", f'"title": {title}', f'"title": {title[:-1]}!"')


def _lose_the_focus(site: Path) -> None:
    """Let an arrow key in the list of cards move the focus to the list of parts."""
    _changed(
        site,
        "script",
        'main.querySelector(".po-progress .po-select").focus()',
        'main.querySelector(".po-select").focus()',
    )


def _stand_still(site: Path) -> None:
    """Let the slider move the year and nothing else."""
    _changed(site, "script", "const until = Math.min(chosen.year + 0.9999, deck.last);", "const until = deck.last;")


def _forget_the_step(site: Path) -> None:
    """Let a step of any kind pass."""
    _changed(site, "script", 'if (!isText(one.since ?? "", LONGEST_NAME)) return "names a step that is none";', "")


BREAKS = (_change_a_step, _lose_the_focus, _stand_still, _forget_the_step)
WORDS = {
    "test_what_is_shown_is_what_the_tables_say": f"{of_pair('un-nato')[0]}: steps",
    "test_a_relationship_by_keyboard_alone": "moves the focus to",
    "test_two_relationships_by_keyboard": "AssertionError",
    "test_every_rule_of_every_year": "AssertionError: un-eu",
    "test_a_bad_file_gets_one_sentence": "was not taken",
}


def test_gates_reject(site, board_page, tmp_path):
    """Fails if a gate of this module lets a site pass that was broken for it; one broken copy serves all."""
    broken = copy_of(site, tmp_path / "site", keep=[board_page])
    for breaking in BREAKS:
        breaking(broken)
    assert_all_reject(HERE, broken, WORDS)
