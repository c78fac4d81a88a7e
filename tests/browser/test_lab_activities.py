"""The activities in JupyterLab itself: by keyboard from the notebook into them and back, and their answers in Python.

A reader without a mouse runs the cell by Ctrl+Enter, which leaves the focus on the cell in command mode. Tab goes on
to the cell's toolbar (one stop) and then to the activity's first control. In an editor Tab indents, so who types in
one presses Escape first. Shift+Tab from the first control leads back over the toolbar to the cell, where the arrow keys
choose another one.
"""

import json
from pathlib import Path

import nbformat
import pytest
from activity import (
    CASES,
    CODINGS,
    FEEDBACK,
    LABELS,
    PHASES,
    QUESTIONS,
    READINGS,
    ByKeyboard,
    States,
    answers_file,
    choices,
    deck_of,
    fitting,
    one_try,
    other_than,
    quiz_of,
    table,
)
from lab_server import open_notebook, started
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow

SETTLED = next(case for case in deck_of("03") if CASES[case]["settled"] == "yes")
CONTESTED = next(case for case in deck_of("03") if CASES[case]["settled"] == "contested")
PRINT = "columns = ['item_id', 'try', 'option', 'confidence', 'reason', 'view']\nprint(activity.data[columns].to_json(orient='values'))"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Start one JupyterLab in an empty folder for the tests of this module; return the folder and the address."""
    folder = tmp_path_factory.mktemp("activities")
    with started(folder) as address:
        yield folder, address


def write_notebook(folder: Path, name: str, *cells: str) -> str:
    """Write a notebook with these cells, as a student would; return its name."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(notebook, folder / name)
    return name


def enter(page: Page) -> ByKeyboard:
    """Run the first cell by keyboard and go from it into the activity."""
    page.keyboard.press("Control+Enter")
    player = ByKeyboard(page, page.locator(".jp-OutputArea .po-activity-frame"))
    expect(player.root).to_be_visible(timeout=30_000)
    tab_in(page, player)
    return player


def tab_in(page: Page, player: ByKeyboard) -> None:
    """Press Tab until the focus is inside the activity: two stops, as the module says."""
    for _ in range(4):
        page.keyboard.press("Tab")
        if player.focused():
            return
    raise AssertionError("Tab does not lead from the notebook into the activity")


def told_in_python(page: Page, player: ByKeyboard) -> list[list]:
    """Go back to the notebook by keyboard, run the cell below and return the answers that it prints."""
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.jp-Cell.jp-mod-active')"):
            break
    assert not player.focused(), "Shift+Tab does not lead back to the cell"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    said = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output pre")
    expect(said).to_contain_text("]", timeout=30_000)
    return json.loads(said.text_content())


def cells(page: Page) -> list[str]:
    """Return the notebook's cells as they stand in their editors."""
    return page.locator(".jp-Notebook .jp-CodeCell .cm-content").all_text_contents()


def test_the_classifier_by_keyboard_alone(desk, student, tmp_path):
    """Fails if a student without a mouse cannot work in JupyterLab as in the book, or Python hears something else."""
    folder, address = desk
    page, errors, strangers = student
    first = 'from peaceops import widgets\nactivity = widgets.MissionClassifier("03")\nactivity'
    notebook = write_notebook(folder, "classifier.ipynb", first, PRINT)
    open_notebook(page, address, notebook)
    before = cells(page)
    player = enter(page)
    root, deck = player.root, deck_of("03")
    right, states, typed = fitting(SETTLED), States(page), "a b dd x z ii 00 j k"
    states.look("start")
    # JupyterLab's own style sheet floats the terms of a list in a narrow column
    lines = root.locator(".po-facts dt").evaluate_all("""all => all.map(one => {
      const text = document.createRange();
      text.selectNodeContents(one);
      return text.getClientRects().length;
    })""")
    assert set(lines) == {1}, lines

    go_to(player, SETTLED)
    player.choose(LABELS[other_than(right)])
    player.choose("80\u00a0%")
    player.tab_to("Your reason", "textarea")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.type("m y")
    assert root.locator("textarea").first.input_value() == f"{typed}\nm y"
    player.press("Decide")
    player.expect_status("misfits")
    expect(player.feedback).to_contain_text(FEEDBACK[SETTLED, other_than(right)]["message"])
    assert cells(page) == before, "JupyterLab took letters for commands"
    states.look("misfits")
    player.decide(LABELS[right], 100, button="Decide again")
    player.expect_status("fits")
    states.look("fits")

    go_to(player, CONTESTED)
    player.decide(LABELS["parallel"], 60)
    player.expect_status("contested")
    for coding in CODINGS[CONTESTED]:
        expect(player.feedback).to_contain_text(coding["reason"])
    player.tab_to("Which reading do you find stronger", "textarea")
    page.keyboard.type("The dates.")
    player.press("Keep my view")
    states.look("contested")
    decided = [
        [SETTLED, 1, other_than(right), 80, f"{typed}\nm y", ""],
        [SETTLED, 2, right, 100, f"{typed}\nm y", ""],
        [CONTESTED, 1, "parallel", 60, "", "The dates."],
    ]
    while root.get_by_role("button", name="Next card").count():
        player.press("Next card")
    player.press("To the report")
    expect(root.locator(".po-report")).to_contain_text(f"You decided 2 of {len(deck)} cases")
    states.look("report")
    assert told_in_python(page, player) == decided

    # saved and loaded again, with the kernel still running
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1500)
    page.reload()
    expect(root.locator(".po-progress__where")).to_contain_text("2 of", timeout=60_000)
    # and run again: a new activity, whose answers come from the browser
    page.locator(".jp-CodeCell").first.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(1500)
    expect(root.locator(".po-progress__where")).to_contain_text("2 of")
    tab_in(page, player)
    player.press("Your answers: export")
    with page.expect_download() as download:
        player.press("Export answers")
    file = tmp_path / "answers.json"
    download.value.save_as(file)
    assert list(json.loads(file.read_text(encoding="utf-8"))["answers"]) == [SETTLED, CONTESTED]
    player.press("Not you? Start fresh")
    states.look("asking")
    player.press("Delete them")
    assert told_in_python(page, player) == []
    root.locator("input[type=file]").set_input_files(file)
    expect(root.locator(".po-outcome")).to_contain_text("2 answers from “answers.json” added")
    page.locator(".jp-CodeCell").first.focus()
    tab_in(page, player)
    assert told_in_python(page, player) == decided

    # the dark theme of JupyterLab
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text("Theme", exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text("JupyterLab Dark", exact=True).click()
    expect(page.locator("body[data-jp-theme-light=false]")).to_be_attached()
    for case in (SETTLED, CONTESTED):
        root.locator(".po-select").select_option(index=deck.index(case))
        expect(player.feedback).to_be_visible()
        states.look(f"dark, {case}")
    assert not states.found
    assert cells(page) == before
    assert strangers == []
    assert [error for error in errors if "favicon" not in error] == []


def go_to(player: ByKeyboard, case: str) -> None:
    """Choose a card by the keyboard, in the list of cards."""
    player.tab_to("Go to a card")
    wanted = deck_of("03").index(case)
    for _ in range(len(deck_of("03"))):
        now = int(player.root.locator(".po-select").input_value())
        if now == wanted:
            return
        player.tab_to("Go to a card")
        player.page.keyboard.press("ArrowDown" if now < wanted else "ArrowUp")
    raise AssertionError(f"the arrow keys do not lead to {case}")


def test_the_quiz_by_keyboard_alone(desk, student):
    """Fails if a quiz in JupyterLab cannot be answered by keyboard, loses answers by a reload, or Python hears others."""
    folder, address = desk
    page, errors, _ = student
    notebook = write_notebook(
        folder, "quiz.ipynb", 'from peaceops import widgets\nactivity = widgets.Quiz("01")\nactivity', PRINT
    )
    open_notebook(page, address, notebook)
    player = enter(page)
    question, other = quiz_of("01")[:2]
    right = QUESTIONS[question]["answer"]
    wrong = next(letter for letter in choices(question) if letter != right)
    player.decide(choices(question)[wrong], 40, button="Answer")
    player.expect_status("misfits")
    expect(player.feedback).to_contain_text(FEEDBACK[question, wrong]["message"])
    player.decide(choices(question)[right], 100, button="Answer again")
    player.expect_status("fits")
    player.press("Next question")
    expect(player.root.locator(".po-options legend")).to_have_text(QUESTIONS[other]["prompt"])
    decided = [[question, 1, wrong, 40, "", ""], [question, 2, right, 100, "", ""]]
    assert told_in_python(page, player) == decided
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1500)
    page.reload()
    expect(player.root.locator(".po-progress__where")).to_contain_text("Question 2 of", timeout=60_000)
    assert [error for error in errors if "favicon" not in error] == []


# the call, a part of the deck, the options, two decisions on its first card: option, confidence, the step named
OF_RELATIONSHIPS = {
    "lifecycle": ("LifecycleBoard('un-eu')", "un-eu", PHASES, [("ending", 60, 1), ("start-up", 80, 0)]),
    "motives": ("MotiveMatrix()", "learning", READINGS, [("not_stated", 20, ""), ("yes", 80, "")]),
}


@pytest.mark.parametrize("kind", OF_RELATIONSHIPS)
def test_relationships_by_keyboard_alone(desk, student, kind):
    """Fails if the board or the matrix cannot be used by keyboard in JupyterLab, or Python hears something else."""
    folder, address = desk
    page, errors, strangers = student
    call, part, options, decisions = OF_RELATIONSHIPS[kind]
    first = f"from peaceops import widgets\nactivity = widgets.{call}\nactivity"
    columns = "['item_id', 'try', 'option', 'confidence', 'since', 'view']"
    answers = (
        "[[item, one['option'], one.get('since', '')] for item, a in activity.answers.items() for one in a['tries']]"
    )
    then = (
        f"import json\ndata = activity.data[{columns}].fillna('')\nprint(json.dumps([data.values.tolist(), {answers}]))"
    )
    open_notebook(page, address, write_notebook(folder, f"{kind}.ipynb", first, then))
    before = cells(page)
    player = enter(page)
    root, states = player.root, States(page)
    if root.locator(".po-scope").input_value() != part:  # it opens with the part that Python names
        player.pick("What to go through", part)
    rows = sorted((row for row in table("events") if row["dyad_id"] == part), key=lambda row: row["date"])
    item = f"phase-{part}-1995" if call.startswith("Life") else f"un-eu-{part}"
    decided = []
    for number, (option, confidence, step) in enumerate(decisions, start=1):
        since = "" if step == "" else rows[step]["event_id"]
        if since:
            player.pick("With which step", since)
        player.decide(options[option], confidence, button="Decide again" if number > 1 else "Decide")
        expect(player.feedback).to_contain_text(FEEDBACK[item, option]["message"])
        assert root.evaluate("root => document.activeElement.classList.contains('po-feedback__head')")
        decided.append([item, number, option, confidence, since, ""])
    states.look("decided")
    player.press("Compare")
    assert player.page.evaluate("document.activeElement.className") == "po-report__title"
    player.pick("Relationship", "un-au")
    if call.startswith("Life"):
        player.tab_to("Up to the end of the year", "range")
        page.keyboard.press("ArrowRight")
        expect(root.locator(".po-range__value")).to_have_text("2008")
        expect(root.locator(".po-compared .po-prompt").first).to_have_text("UN–AU up to 2008")
    else:
        expect(root.locator(".po-side caption").first).to_have_text("UN–AU: who sees which motive")
    states.look("compared")
    player.press("Back to the cards")
    if not call.startswith("Life"):
        cell = root.locator("[aria-current]").get_attribute("aria-label")
        player.tab_to(cell, "button")
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        expect(root.locator(".po-card__title")).to_have_text("UN–NATO: Organizational learning")
    assert cells(page) == before, "JupyterLab took keys for commands"
    assert told_in_python(page, player) == [decided, [[item, option, since] for _, _, option, _, since, _ in decided]]
    assert not states.found
    assert strangers == []
    assert [error for error in errors if "favicon" not in error] == []


def test_the_agreement_lab_reads_files(desk, student, tmp_path):
    """Fails if an instructor who loads two students' files does not see how far they agree."""
    folder, address = desk
    page, errors, _ = student
    open_notebook(
        page,
        address,
        write_notebook(folder, "lab.ipynb", "from peaceops import widgets\nwidgets.AgreementLab()", "1"),
    )
    page.keyboard.press("Control+Enter")
    cards = deck_of("03")[:6]
    for coder, options in (("Blue Heron", ["parallel"] * 3 + ["support"] * 3), ("Red Kite", ["parallel"] * 6)):
        tries = {case: [one_try(option)] for case, option in zip(cards, options, strict=True)}
        file = tmp_path / f"{coder}.json"
        file.write_text(json.dumps(answers_file("classifier", "03", tries) | {"coder": coder}), encoding="utf-8")
    (tmp_path / "notes.json").write_text("[]", encoding="utf-8")
    output = page.locator(".jp-CodeCell").first.locator(".jp-OutputArea").first
    expect(output.get_by_role("button", name="Choose files")).to_be_visible(timeout=30_000)
    with page.expect_file_chooser() as chooser:
        output.get_by_role("button", name="Choose files").press("Enter")
    chooser.value.set_files(sorted(tmp_path.glob("*.json")))
    expect(output).to_contain_text("2 coders gave 12 of 12 possible answers to 6 cards", timeout=30_000)
    expect(output).to_contain_text("“notes.json” is not an export of this course")
    expect(output).to_contain_text("Krippendorff's alpha: ")
    expect(output).to_contain_text("Cohen's kappa")
    expect(output).to_contain_text(CASES[cards[3]]["title"])
    expect(output.locator(".vega-embed :is(canvas, svg).marks")).to_have_count(1)
    assert [error for error in errors if "favicon" not in error] == []
