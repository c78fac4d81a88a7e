"""Predictions in the built book: made before the evidence, looked back at afterwards, on the same page or another."""

import json
from pathlib import Path

import pytest
from activity import (
    FEEDBACK,
    LOOKS,
    QUESTIONS,
    ByKeyboard,
    States,
    answers_file,
    choices,
    keep,
    kept,
    mounted,
    one_try,
    page_with,
)
from book_site import assert_rejects, copy_of
from playwright.sync_api import Page, expect
from visits import Visit, listen

pytestmark = pytest.mark.slow
HERE = "tests/browser/test_prediction.py"
PREDICTIONS = [name for name, row in QUESTIONS.items() if row["kind"] == "prediction"]
# What is told of each answer, as far as it is visible.
READ = """root => {
  const text = (from, selector) => {
    const found = from.querySelector(selector);
    return found && found.checkVisibility() ? found.textContent : null;
  };
  root.querySelectorAll('details').forEach(box => (box.open = true));
  return {
    prompt: text(root, '.po-prompt'), head: text(root, '.po-feedback__head'),
    own: [text(root, '.po-feedback__message'), text(root, '.po-feedback-box .po-source')],
    others: [...root.querySelectorAll('.po-reading')].map(one => [text(one, 'p'), text(one, '.po-source')]),
  };
}"""


@pytest.fixture(scope="session")
def predicted(site: Path) -> tuple[str, str]:
    """Return a prediction that a page asks for and looks back at, and that page."""
    for question in PREDICTIONS:
        asks, looks = (page_with(site, "prediction", question=question, look_back=back) for back in (False, True))
        if asks == looks:
            return question, asks
    raise AssertionError("no page asks for a prediction and looks back at it")


def both(tab: Page, question: str) -> tuple[ByKeyboard, ByKeyboard]:
    """Return the place of a page that asks for a prediction, and the one that looks back."""
    said = ".po-activity[data-activity=prediction][data-stored*='{}'][data-stored*='{}'] .po-activity-frame"
    return tuple(ByKeyboard(tab, tab.locator(said.format(question, back))) for back in ("false", "true"))


def test_a_prediction_by_keyboard_alone(context, address, predicted):
    """Fails if a reader without a mouse cannot predict, change it, and read both after a reload and on another load."""
    question, page = predicted
    tab = context.new_page()
    tab.goto(address + page)
    ask, look = both(tab, question)
    (first, label), (second, other) = list(choices(question).items())[:2]
    expect(look.root).to_contain_text("You made no prediction in this browser")
    assert FEEDBACK[question, first]["message"] not in ask.root.text_content(), "the evidence stands before the answer"
    ask.enter()
    ask.press("Keep my prediction")
    expect(ask.root.locator(".po-missing")).to_have_text("Choose an answer and how sure you are first.")
    ask.decide(label, 80, button="Keep my prediction")
    ask.expect_status("noted")
    expect(ask.feedback).to_contain_text(f"You predicted: {label} (80 % sure).")
    expect(look.root.locator(".po-feedback__head")).to_contain_text(f"You predicted: {label} (80 % sure).")
    ask.choose(other)
    ask.tab_to("Because", "textarea")
    tab.keyboard.type("I thought again.")
    ask.press("Keep my prediction")
    expect(ask.feedback).to_contain_text(f"You predicted: {other}")
    tries = kept(tab, "prediction", question)["answers"][question]["tries"]
    assert [(one["option"], one["confidence"], one["reason"]) for one in tries] == [
        (first, 80, ""),
        (second, 80, "I thought again."),
    ]

    later = context.new_page()
    later.goto(address + page)
    ask, look = both(later, question)
    expect(ask.feedback).to_contain_text(f"You predicted: {other}")
    # the first prediction is what the evidence is held against: the second may have seen it
    expect(look.feedback).to_contain_text(f"You predicted: {label} (80 % sure).")
    expect(look.feedback).to_contain_text(FEEDBACK[question, first]["message"])
    look.enter()
    look.tab_to("What speaks for the other answers")
    later.keyboard.press("Enter")
    expect(look.root.get_by_text(FEEDBACK[question, second]["message"])).to_be_visible()
    ask.enter()
    ask.press("Your answers: export")
    with later.expect_download() as download:
        ask.press("Export answers")
    exported = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert exported["answers"][question]["tries"] == tries
    ask.press("Not you? Start fresh")
    ask.press("Delete them")
    expect(look.root).to_contain_text("You made no prediction in this browser")
    assert kept(later, "prediction", question) is None


@pytest.mark.parametrize("storage", ["kept", "forbidden"])
def test_both_on_one_screen(tab, address, predicted, storage):
    """Fails if a look back that is in view the whole time, or without storage, does not show what was just predicted."""
    question, page = predicted
    tab.set_viewport_size({"width": 1280, "height": 4000})
    tab.goto(address + page)
    if storage == "forbidden":
        tab.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') } }")
    look, ask = (mounted(tab, "prediction", {"question": question, "look_back": back}) for back in (True, False))
    expect(look.root).to_be_in_viewport()
    ask.click("a", 20)
    expect(look.feedback).to_contain_text("(20 % sure)")
    expect(look.feedback).to_contain_text(FEEDBACK[question, "a"]["message"])


def test_what_is_shown_is_what_the_tables_say(tab, address, predicted):
    """Fails if for any prediction or option the visible text differs from the CSV, read without the course's package."""
    tab.goto(address + predicted[1])
    problems = []
    for question in PREDICTIONS:
        options = choices(question)
        ask = mounted(tab, "prediction", {"question": question, "look_back": False})
        labels = ask.root.locator(".po-options .po-choice__label").all_text_contents()
        assert labels == list(options.values()), question
        expect(ask.root.locator(".po-options legend")).to_have_text(QUESTIONS[question]["prompt"])
        for chosen in (None, *options):
            if chosen:
                keep(tab, answers_file("prediction", question, {question: [one_try(chosen)]}))
            seen = mounted(tab, "prediction", {"question": question, "look_back": True}).root.evaluate(READ)
            told = {letter: FEEDBACK[question, letter] for letter in options if letter != chosen}
            right = [(f"{options[letter]}. {said['message']}", said["locator"]) for letter, said in told.items()]
            shown = list(seen["others"])
            if chosen:
                said = FEEDBACK[question, chosen]
                right.insert(0, (f"You predicted: {options[chosen]} (60 % sure). {said['message']}", said["locator"]))
                head = seen["head"].partition("Noted. ")[2]
                shown.insert(0, [f"{head} {seen['own'][0]}", seen["own"][1]])
            if seen["prompt"] != QUESTIONS[question]["prompt"]:
                problems.append(f"{question}: {seen['prompt']}")
            for (text, locator), (words, source) in zip(right, shown, strict=True):
                if words != text or not source.endswith(f", {locator}"):
                    problems.append(f"{question}, {chosen}: {words} | {source}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("context", LOOKS, ids=str, indirect=True)
def test_every_state_is_accessible_and_fits(context, address, predicted):
    """Fails if axe finds something, the page scrolls sideways or an error is reported before or after predicting."""
    question, page = predicted
    tab, seen = context.new_page(), Visit(page)
    listen(tab, seen)
    tab.goto(address + page)
    states, (ask, look) = States(tab), both(tab, question)
    look.root.scroll_into_view_if_needed()
    states.look("no prediction made")
    ask.root.locator("button[type=submit]").click()
    states.look("nothing chosen")
    ask.click("b")
    look.root.locator("summary").click()
    states.look("noted and looked back at")
    assert not states.found
    assert not seen.console + seen.foreign


def _exchange_messages(site: Path) -> None:
    """Tell of one answer what belongs to another."""
    (deck,) = (site / "_static").glob("activity-prediction-deck-*.js")
    text = deck.read_text(encoding="utf-8")
    start = text.index('"a": {"message": "', text.index(f'"id": "{PREDICTIONS[-1]}"'))
    deck.write_text(text[:start] + text[start:].replace('"message": "', '"message": "Not so: ', 1), encoding="utf-8")


def test_gate_rejects(site, predicted, tmp_path):
    """Fails if a changed message passes."""
    broken = copy_of(site, tmp_path / "site", keep=[predicted[1]])
    _exchange_messages(broken)
    assert_rejects(f"{HERE}::test_what_is_shown_is_what_the_tables_say", broken, "Not so: ")
