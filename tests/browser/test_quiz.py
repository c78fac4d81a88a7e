"""The quiz in the built book: by keyboard, in every state, true to the tables, and what comes back when."""

import json
from datetime import datetime, timedelta
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
    opened,
    page_with,
    quiz_of,
)
from book_site import assert_rejects, copy_of
from playwright.sync_api import Page, expect
from visits import Visit, listen

pytestmark = pytest.mark.slow
HERE = "tests/browser/test_quiz.py"
CHAPTERS = sorted({row["chapter"] for row in QUESTIONS.values() if row["kind"] == "quiz"})
FIRST, SECOND = CHAPTERS[:2]
LAST = CHAPTERS[-1]
EARLIER = [question for chapter in CHAPTERS[:-1] for question in quiz_of(chapter)]
NOW = datetime.fromisoformat("2026-11-02T09:00:00+00:00")
# Every option of the question that is shown: its words, and what is told of it, as far as it is visible.
TOLD = """root => {
  const text = (from, selector) => {
    const found = from.querySelector(selector);
    return found && found.checkVisibility() ? found.textContent : null;
  };
  const told = {};
  for (const choice of root.querySelectorAll('.po-options .po-choice')) {
    choice.querySelector('input').click();
    root.querySelector("input[value='60']").click();
    root.querySelector('button[type=submit]').click();
    told[choice.querySelector('input').value] = [
      text(choice, '.po-choice__label'), root.querySelector('.po-feedback-box').dataset.status,
      text(root, '.po-feedback__message'), text(root, '.po-source'), root.querySelector('.po-source a')?.hash ?? null];
  }
  return {prompt: text(root, '.po-options legend'), told};
}"""
# The questions of this run, from the first to the last, without answering one.
RUN = """root => {
  const prompts = [], step = name => [...root.querySelectorAll('.po-steps button')].find(one => one.textContent === name);
  while (step('Previous question')) step('Previous question').click();
  for (;;) {
    prompts.push(root.querySelector('.po-options legend').textContent);
    if (!step('Next question')) return prompts;
    step('Next question').click();
  }
}"""


@pytest.fixture(scope="session")
def quiz_page(site: Path) -> str:
    """Return the page that has the quiz of the second chapter, the first with questions of an earlier one."""
    return page_with(site, "quiz", chapter=SECOND)


def wrong(question: str) -> str:
    """Return an option that does not fit."""
    return next(letter for letter in choices(question) if letter != QUESTIONS[question]["answer"])


def reviewed(player: ByKeyboard, chapter: str) -> list[str]:
    """Return the ids of the questions that follow a chapter's own."""
    ids = {row["prompt"]: name for name, row in QUESTIONS.items() if row["kind"] == "quiz"}
    run = [ids[prompt] for prompt in player.root.evaluate(RUN)]
    own = quiz_of(chapter)
    assert run[: len(own)] == own
    return run[len(own) :]


def back_at(tab: Page, chapter: str, now: datetime, tries: dict[str, list[dict]]) -> list[str]:
    """Return what comes back in a chapter's quiz at a certain time, after these decisions."""
    tab.clock.set_fixed_time(now)
    keep(tab, answers_file("quiz", "quiz", tries))
    return reviewed(mounted(tab, "quiz", {"chapter": chapter}), chapter)


def given(question: str, fits: list[bool], last: datetime) -> list[dict]:
    """Return decisions on a question, a day apart, fitting or not."""
    times = [last - timedelta(days=number) for number in reversed(range(len(fits)))]
    options = [QUESTIONS[question]["answer"] if fit else wrong(question) for fit in fits]
    return [one_try(option, at=f"{time:%Y-%m-%dT%H:%M:%S}.000Z") for option, time in zip(options, times, strict=True)]


def test_a_quiz_by_keyboard_alone(context, address, quiz_page, tmp_path):
    """Fails if a reader without a mouse cannot answer, read why, go on, see the result, go again, export and import."""
    tab, player = opened(context, address + quiz_page, "quiz", chapter=SECOND)
    root, own = player.root, quiz_of(SECOND)
    back = quiz_of(FIRST)[:3]
    player.enter()
    for number, question in enumerate(own + back):
        row, options = QUESTIONS[question], choices(question)
        heading = root.locator(".po-progress__where")
        expect(heading).to_contain_text(f"Question {number + 1} of {len(own + back)}")
        if question in back:
            expect(heading).to_contain_text(f", from chapter {int(FIRST)}")
        expect(root.locator(".po-options legend")).to_have_text(row["prompt"])
        if number == 0:  # nothing chosen: a sentence, and the focus where to choose
            player.press("Answer")
            expect(root.locator(".po-missing")).to_have_text("Choose an answer and how sure you are first.")
            assert player.focused()["kind"] == "radio"
        if number < 2:
            player.decide(options[wrong(question)], 80, button="Answer")
            player.expect_status("misfits")
            expect(player.feedback).to_contain_text(FEEDBACK[question, wrong(question)]["message"])
            if number == 0:
                player.decide(options[row["answer"]], 100, button="Answer again")
                player.expect_status("fits")
        else:
            player.decide(options[row["answer"]], 60, button="Answer")
            player.expect_status("fits")
            expect(player.feedback).to_contain_text(FEEDBACK[question, row["answer"]]["message"])
        player.press("Next question" if number < len(own + back) - 1 else "To the result")
    total = len(own + back)
    report = root.locator(".po-report")
    expect(report).to_contain_text(f"You have answered {len(own)} of this chapter's {len(own)} questions")
    expect(report).to_contain_text(f"{len(own) - 2} fitted at the first go, {len(own) - 1} fit by now")
    expect(report).to_contain_text(f"{total - 1} questions will come back")
    answers = kept(tab, "quiz", "quiz")["answers"]
    assert list(answers) == own + back

    player.press("Go through 1 missed question")
    expect(root.locator(".po-options legend")).to_have_text(QUESTIONS[own[1]]["prompt"])
    assert root.locator("input:checked").count() == 0, "the missed answer stands there already"
    player.decide(choices(own[1])[QUESTIONS[own[1]]["answer"]], 100, button="Answer")
    player.expect_status("fits")
    player.press("To the result")
    player.press("All questions again")
    expect(root.locator(".po-progress__where")).to_contain_text("Question 1 of")
    assert root.locator("input:checked").count() == 0, "the answer stands there already"
    answers = kept(tab, "quiz", "quiz")["answers"]

    tab.reload()
    player.enter()
    player.press("Your answers: export")
    with tab.expect_download() as download:
        player.press("Export answers")
    file = tmp_path / "quiz.json"
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["answers"] == answers
    player.press("Not you? Start fresh")
    player.press("Delete them")
    assert kept(tab, "quiz", "quiz") is None
    assert root.locator("input:checked").count() == 0
    expect(player.feedback).to_have_count(0)
    root.locator("input[type=file]").set_input_files(file)
    expect(root.locator(".po-outcome")).to_contain_text(f"{total} answers from “quiz.json” added")
    assert kept(tab, "quiz", "quiz")["answers"] == answers


def test_start_fresh_forgets_what_was_just_answered(context, address, quiz_page):
    """Fails if the next person at this computer still sees the last one's answer."""
    _, player = opened(context, address + quiz_page, "quiz", chapter=SECOND)
    player.click("a")
    player.root.locator(".po-tools > summary").click()
    player.root.get_by_role("button", name="Not you?").click()
    player.root.get_by_role("button", name="Delete them").click()
    expect(player.feedback).to_have_count(0)
    assert player.root.locator("input:checked").count() == 0


@pytest.mark.parametrize("context", LOOKS, ids=str, indirect=True)
def test_every_state_is_accessible_and_fits(context, address, quiz_page):
    """Fails if axe finds something, the page scrolls sideways or an error is reported in any state of the quiz."""
    tab, player = opened(context, address + quiz_page, "quiz", chapter=SECOND)
    seen, states, root = Visit(quiz_page), States(tab), player.root
    listen(tab, seen)
    question = quiz_of(SECOND)[0]
    states.look("start")
    root.get_by_role("button", name="Answer", exact=True).click()
    expect(root.locator(".po-missing")).not_to_be_empty()
    states.look("nothing chosen")
    for option, status in ((wrong(question), "misfits"), (QUESTIONS[question]["answer"], "fits")):
        player.click(option)
        expect(player.feedback).to_have_attribute("data-status", status)
        states.look(status)
    while root.get_by_role("button", name="Next question").count():
        root.get_by_role("button", name="Next question").click()
    expect(root.locator(".po-progress__where")).to_contain_text("from chapter")
    states.look("from an earlier chapter")
    root.get_by_role("button", name="To the result").click()
    root.locator(".po-tools > summary").click()
    states.look("result")
    assert not states.found
    assert not seen.console + seen.foreign


def test_what_is_shown_is_what_the_tables_say(tab, address, quiz_page):
    """Fails if for any question or option the visible text differs from the CSV, read without the course's package."""
    tab.goto(address + quiz_page)
    problems = []
    for chapter in CHAPTERS:
        tab.evaluate("localStorage.clear()")
        player = mounted(tab, "quiz", {"chapter": chapter})
        for question in quiz_of(chapter):
            row, seen = QUESTIONS[question], player.root.evaluate(TOLD)
            if seen["prompt"] != row["prompt"]:
                problems.append(f"{question}: {seen['prompt']}")
            for letter, text in choices(question).items():
                said = FEEDBACK[question, letter]
                entry = "#resolutions" if said["source"].startswith(("S/", "A/")) else f"#{said['source']}"
                right = [text, "fits" if letter == row["answer"] else "misfits", said["message"]]
                label, status, message, source, link = seen["told"].pop(letter)
                if [label, status, message] != right:
                    problems.append(f"{question}, {letter}: {label} | {status} | {message}")
                if link != entry or not source.endswith(f", {said['locator']}"):
                    problems.append(f"{question}, {letter}: {source} | {link}")
            if seen["told"]:
                problems.append(f"{question}: options that the table does not have: {seen['told']}")
            player.root.locator(".po-steps button").last.click()
    assert not problems, "\n".join(problems)


# ---- what comes back when


def test_missed_questions_come_back_first(tab, address, quiz_page):
    """Fails if a missed question of an earlier chapter waits behind others, or more than three come back."""
    tab.goto(address + quiz_page)
    assert back_at(tab, LAST, NOW, {}) == EARLIER[:3], "never asked: in the order of the course"
    long_ago, lately = NOW - timedelta(days=100), NOW - timedelta(hours=1)
    missed, older = EARLIER[-1], EARLIER[-2]
    tries = {question: given(question, [True], long_ago) for question in EARLIER[:-2]}
    tries |= {missed: given(missed, [True, False], lately), older: given(older, [False], long_ago)}
    assert back_at(tab, LAST, NOW, tries) == [older, missed, EARLIER[0]]


def test_fitting_answers_come_back_after_their_interval(tab, address, quiz_page):
    """Fails if a question comes back before its day, not on it, or a miss does not start the count anew."""
    tab.goto(address + quiz_page)
    asked, problems = EARLIER[4], []
    for fits, days in [
        ([True], 1),
        ([True, True], 3),
        ([True] * 3, 7),
        ([True] * 4, 21),
        ([True] * 5, 60),
        ([True] * 6, 60),
        ([True, True, False, True], 1),
        ([True, False], 0),
    ]:
        for sooner, expected in ((timedelta(minutes=-5), []), (timedelta(minutes=5), [asked])):
            # all others are fitting since a moment ago, so only this one can be due
            now = NOW + timedelta(days=days) + sooner
            tries = {question: given(question, [True], now - timedelta(hours=1)) for question in EARLIER}
            tries[asked] = given(asked, fits, NOW)
            back = back_at(tab, LAST, now, tries)
            if back != (expected if days else [asked] if sooner > timedelta() else []):
                problems.append(f"{fits}, {days} days {sooner}: {back}")
    assert not problems, "\n".join(problems)


def test_repeating_at_once_counts_once(tab, address, quiz_page):
    """Fails if answering the same question over and over on one day puts it off for weeks."""
    tab.goto(address + quiz_page)
    asked, now = EARLIER[0], NOW + timedelta(days=1, minutes=5)
    tries = {question: given(question, [True], now - timedelta(hours=1)) for question in EARLIER}
    tries[asked] = [given(asked, [True], NOW - timedelta(minutes=minutes))[0] for minutes in (3, 2, 1, 0)]
    assert back_at(tab, LAST, now, tries) == [asked]


def test_nothing_of_later_chapters_comes_back(tab, address, quiz_page):
    """Fails if a reader of an early chapter is asked what a later one teaches, even if it was missed there."""
    tab.goto(address + quiz_page)
    later = [question for question in EARLIER + quiz_of(LAST) if QUESTIONS[question]["chapter"] > FIRST]
    tries = {question: given(question, [False], NOW - timedelta(days=9)) for question in later}
    assert back_at(tab, FIRST, NOW, tries) == []
    assert set(back_at(tab, SECOND, NOW, tries)) <= set(quiz_of(FIRST))


def test_a_question_comes_back_on_another_day(context, address, quiz_page):
    """Fails if what was answered in the page itself does not come back after a reload, a day later."""
    tab, player = opened(context, address + quiz_page, "quiz", chapter=SECOND)
    tab.clock.set_fixed_time(NOW)
    tries = {question: given(question, [True], NOW) for question in quiz_of(SECOND) + quiz_of(FIRST)[1:]}
    keep(tab, answers_file("quiz", "quiz", tries))
    tab.reload()
    asked = quiz_of(FIRST)[0]
    assert reviewed(player, SECOND) == [asked]
    player.click(QUESTIONS[asked]["answer"])
    for hours, back in ((23, []), (25, quiz_of(FIRST)[:3])):
        tab.clock.set_fixed_time(NOW + timedelta(hours=hours))
        tab.reload()
        assert sorted(reviewed(player, SECOND)) == back


# ---- what the gates reject


def _another_answer(site: Path) -> None:
    """Let another option fit than the table says."""
    (deck,) = (site / "_static").glob("activity-quiz-deck-*.js")
    text = deck.read_text(encoding="utf-8")
    start = text.index('"answer": "', text.index(f'"id": "{quiz_of(LAST)[-1]}"')) + len('"answer": "')
    deck.write_text(text[:start] + wrong(quiz_of(LAST)[-1]) + text[start + 1 :], encoding="utf-8")


def _too_soon(site: Path) -> None:
    """Let a question come back after half its time."""
    (script,) = (site / "_static").glob("activity-quiz-script-*.js")
    text = script.read_text(encoding="utf-8")
    assert "days * DAY_MS" in text
    script.write_text(text.replace("days * DAY_MS", "days * DAY_MS / 2"), encoding="utf-8")


BROKEN = {
    f"test_what_is_shown_is_what_the_tables_say: {quiz_of(LAST)[-1]}, ": _another_answer,
    "test_fitting_answers_come_back_after_their_interval: 21 days": _too_soon,
}


@pytest.mark.parametrize("case", BROKEN)
def test_gate_rejects(case, site, quiz_page, tmp_path):
    """Fails if a gate of this module lets a site pass that was broken for it."""
    gate, word = case.split(": ", 1)
    broken = copy_of(site, tmp_path / "site", keep=[quiz_page])
    BROKEN[case](broken)
    assert_rejects(f"{HERE}::{gate}", broken, word)
