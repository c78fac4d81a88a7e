"""The motive matrix in the built book: by keyboard, in every state, and true to the tables."""

import json
from pathlib import Path

import pytest
from activity import (
    FEEDBACK,
    GRID,
    LOOKS,
    PAIRS,
    READINGS,
    ByKeyboard,
    States,
    answers_file,
    assert_all_reject,
    entry_of,
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

pytestmark = pytest.mark.slow
HERE = "tests/browser/test_motive_matrix.py"
MOTIVES = {row["motive_id"]: row for row in table("motives")}
ROWS = {(row["dyad_id"], row["motive_id"]): row for row in table("motive_cells")}
CELLS = {ROWS[pair, motive]["cell_id"]: ROWS[pair, motive] for pair in PAIRS for motive in MOTIVES}
CODERS = {
    "haugevik_figure": "Haugevik 2007, Figure 2",
    "haugevik_text": "Haugevik 2007, text",
    "course": "This course, for today",
}
CODINGS = {
    cell: {one["coder"]: one for one in table("motive_codings") if (one["dyad_id"], one["motive_id"]) == key}
    for cell, key in ((row["cell_id"], key) for key, row in ROWS.items())
}
SIGNS = {"yes": "●", "no": "○", "not_stated": "–", None: "·"}
FACTS = {"What they say": "stated", "What they did": "revealed", "What others say": "analysts"}
# Everything that one card shows, and what it tells of each of its options.
TOLD = """(root, [index, options]) => {
  const shown = found => found.checkVisibility() ? found.textContent : null;
  const all = selector => [...root.querySelectorAll(selector)].map(shown);
  const grid = caption => {
    const found = [...root.querySelectorAll('table')].find(table => table.caption.textContent.startsWith(caption));
    return found ? [...found.tBodies[0].rows].map(row => [...row.cells].map(shown)) : null;
  };
  const select = root.querySelector('.po-progress .po-select');
  select.value = String(index);
  select.dispatchEvent(new Event('change'));
  root.querySelectorAll('.po-card details').forEach(one => (one.open = true));
  const seen = {title: all('.po-card__title'), where: all('.po-card__where'), summary: all('.po-card__summary'), told: {},
                legend: all('.po-options legend'), facts: all('.po-facts dt').map((label, n) => [label, all('.po-facts dd')[n]]),
                sources: all('.po-card .po-more p'), current: root.querySelector('[aria-current]').dataset.item};
  for (const option of options) {
    root.querySelector(`.po-options input[value='${option}']`).click();
    root.querySelector("input[value='60']").click();
    root.querySelector('button[type=submit]').click();
    const box = root.querySelector('.po-feedback-box');
    const told = [box.dataset.status, ...all('.po-feedback__message'), ...all('.po-feedback-box .po-source'),
                  root.querySelector('.po-feedback-box .po-source a')?.hash ?? null];
    const held = Boolean(grid('Who codes')); // not shown with what does not fit, before the reader asks
    [...box.querySelectorAll('button')].find(one => one.textContent === 'Show who codes it how')?.click();
    const cell = root.querySelector('[aria-current]');
    seen.told[option] = {told, held, why: box.textContent, codings: grid('Who codes'), cell: [cell.textContent, cell.ariaLabel]};
  }
  return seen;
}"""


@pytest.fixture(scope="session")
def matrix_page(site: Path) -> str:
    """Return the page that has the whole matrix."""
    return page_with(site, "motives", scope="all")


def present(cell: str, coder: str) -> str:
    """Return what a coder says of a cell."""
    return CODINGS[cell][coder]["present"]


def coded_as(cell: str, coder: str) -> str:
    """Return what a coder's reading counts as: a figure can only list or leave out."""
    reading = present(cell, coder)
    return "no/not_stated" if (coder, reading) == ("haugevik_figure", "no") else reading


def fitting(cell: str) -> str:
    """Return the reading of a cell on which nobody parts; nothing where one says yes and another does not."""
    said = {present(cell, coder) == "yes" for coder in CODERS}
    return "" if len(said) == 2 else present(cell, "course")


def title(cell: str) -> str:
    """Write a cell's name."""
    return f"{label_of(CELLS[cell]['dyad_id'])}: {MOTIVES[CELLS[cell]['motive_id']]['name']}"


def word(cell: str, coder: str) -> str:
    """Write what a coder says of a cell; a figure can only list a motive or leave it out."""
    said = present(cell, coder)
    return "Not listed" if (coder, said) == ("haugevik_figure", "no") else READINGS[said]


def of_part(part: str) -> list[str]:
    """Return the cells of a row or a column."""
    return [cell for cell, row in CELLS.items() if part in (row["dyad_id"], row["motive_id"])]


def agrees(option: str, cell: str, coder: str) -> bool:
    """Tell whether an option says the same as a coder."""
    said = present(cell, coder)
    return (option == "yes") == (said == "yes") if coder == "haugevik_figure" else option == said


def kappa(pairs: list[tuple[str, str]]) -> str:
    """Write Cohen's kappa of two lists, from the table of how often which options meet."""
    count = len(pairs)
    seen = sorted({option for pair in pairs for option in pair})
    observed = sum(one == other for one, other in pairs)
    expected = sum(sum(a == o for a, _ in pairs) * sum(b == o for _, b in pairs) for o in seen) / count
    return (
        "–"
        if count < 10 or expected == count
        else f"{(observed - expected) / (count - expected):.2f}".replace("-", "−")
    )


def wrong_on_a_card(cell: str, seen: dict) -> list[str]:
    """Return what a card shows otherwise than the tables have it."""
    row, motive, right, wrong = CELLS[cell], MOTIVES[CELLS[cell]["motive_id"]], fitting(cell), []

    def same(what: str, shown: object, wanted: object) -> None:
        if shown != wanted:
            wrong.append(f"{cell}: {what}: {shown!r}, not {wanted!r}")

    same("title", seen["title"], [title(cell)])
    same("category", seen["where"], [f"{motive['category']} motive"])
    same("definition", seen["summary"][0], motive["definition"])
    same("test", seen["summary"][1].endswith(motive["test"]), True)
    same("test, said once", seen["summary"][1].count("Ask:"), 1)
    same("question", motive["name"] in seen["legend"][0], True)
    same("evidence", seen["facts"], [[label, row[column]] for label, column in FACTS.items()])
    same("sources", seen["sources"], [row["sources"]])
    same("place in the matrix", seen["current"], cell)
    codings = [
        [
            label,
            word(cell, coder) + (" (inferred by the course)" if coding["basis"] == "inferred_by_course" else ""),
            coding["certainty"],
            f"{coding['evidence']} ({coding['locator']})",
        ]
        for coder, label in CODERS.items()
        if (coding := CODINGS[cell].get(coder))
    ]
    first = next(iter(READINGS))
    for option in READINGS:
        said, told = FEEDBACK[cell, option], seen["told"][option]
        status = "fits" if option == right else "misfits" if right else "contested"
        source = told["told"].pop(2)
        same(option, told["told"], [status, said["message"], entry_of(said["source"])])
        same(f"{option}, place", source.endswith(f", {said['locator']}"), True)
        same(f"{option}, codings", told["codings"], codings)
        same(f"{option}, codings at once", told["held"], status != "misfits")
        # the matrix keeps the first answer
        same(
            f"{option}, matrix", told["cell"], [SIGNS[first], f"{title(cell)}: your first answer is {READINGS[first]}"]
        )
        if status == "contested":
            same(f"{option}, why", row["contested_why"] in told["why"], True)
            same(f"{option}, judged", [w for w in ("Does not fit", "✗") if w in told["why"]], [])
    return wrong


def test_what_is_shown_is_what_the_tables_say(context, address, matrix_page):
    """Fails if for any cell, option or coding the visible text differs from the CSV, read without the course's package."""
    _, player = opened(context, address + matrix_page, "motives", scope="all")
    wrong, settled = [], 0
    for number, cell in enumerate(CELLS):
        wrong += wrong_on_a_card(cell, player.root.evaluate(TOLD, [number, list(READINGS)]))
        settled += bool(fitting(cell))
    assert not wrong, "\n".join(wrong)
    assert len(CELLS) == 36 > settled > 0


def stands_on(player: ByKeyboard) -> str:
    """Return the cell of the matrix that has the focus."""
    return player.page.evaluate("document.activeElement.dataset.item ?? ''")


def test_arrow_keys_move_in_the_matrix(context, address, matrix_page):
    """Fails if a reader without a mouse cannot walk the matrix, falls off its edge, or is not led to the card chosen."""
    tab, player = opened(context, address + matrix_page, "motives", scope="all")
    root = player.root
    player.enter()
    player.tab_to(title("un-eu-survival"), "button")
    names = iter(MOTIVES)
    row = [f"un-eu-{motive}" for motive in names]
    for press, cell in (
        *(("ArrowRight", one) for one in row[1:]),
        ("ArrowRight", row[-1]),  # the edge holds
        ("ArrowDown", "nato-eu-learning"),
        ("ArrowUp", row[-1]),
        ("ArrowUp", row[-1]),
        ("ArrowLeft", row[-2]),
        *(("ArrowDown", f"{pair}-values") for pair in PAIRS[1:]),
        ("ArrowDown", "nato-au-values"),
    ):
        tab.keyboard.press(press)
        assert stands_on(player) == cell
        assert player.focused()["name"] == f"{title(cell)}: not decided"
    tab.keyboard.press("Enter")
    expect(root.locator(".po-card__title")).to_have_text(title("nato-au-values"))
    assert tab.evaluate("document.activeElement.className") == "po-card__title"
    # Tab comes to one cell only: the present one
    stops = root.locator(".po-cell").evaluate_all(
        "all => all.filter(one => one.tabIndex === 0).map(one => one.dataset.item)"
    )
    assert stops == ["nato-au-values"]
    player.decide("No", 40)
    assert root.locator("[aria-current]").text_content() == SIGNS["no"]
    # a cell outside the part that is gone through opens the whole again
    player.pick("What to go through", "un-nato")
    expect(root.locator(".po-progress__where")).to_have_text("Card 1 of 6. 0 of 6 decided.")
    player.tab_to(title("un-nato-survival"), "button")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Space")
    expect(root.locator(".po-card__title")).to_have_text(title("nato-eu-survival"))
    expect(root.locator(".po-progress__where")).to_have_text("Card 7 of 36. 1 of 36 decided.")
    assert root.locator(".po-scope").input_value() == "all"


def test_a_column_by_keyboard_alone(context, address, matrix_page, tmp_path):
    """Fails if a reader without a mouse cannot code a part, see why, finish, reload, export, import, delete."""
    tab, player = opened(context, address + matrix_page, "motives", scope="all")
    root, part = player.root, "values"
    cells, clicked = of_part(part), {}
    player.enter()
    player.pick("What to go through", part)
    for number, cell in enumerate(cells):
        expect(root.locator(".po-card__title")).to_have_text(title(cell))
        right = fitting(cell)
        first = next(option for option in READINGS if option != right)
        player.decide(READINGS[first], 80, reason="A guess & <b>no</b> more")
        player.expect_status("misfits" if right else "contested")
        expect(player.feedback).to_contain_text(FEEDBACK[cell, first]["message"])
        expect(root.locator(f".po-scope option[value={part}]")).to_contain_text(
            f"({number + 1} of {len(cells)} decided)"
        )
        clicked[cell] = [(first, 80)]
        if right:
            player.press("Show who codes it how")
            assert player.focused()["name"].startswith("Who codes this cell how")
            player.decide(READINGS[right], 100, button="Decide again")
            player.expect_status("fits")
            clicked[cell].append((right, 100))
        else:
            for coding in CODINGS[cell].values():
                expect(player.feedback).to_contain_text(coding["evidence"])
            player.tab_to("Which reading do you find stronger", "textarea")
            tab.keyboard.type("The acts.")
            player.press("Keep my view")
        if cell != cells[-1]:
            player.press("Next card")
            assert tab.evaluate("document.activeElement.className") == "po-card__title"
    player.press("To the report")
    settled = [cell for cell in cells if fitting(cell)]
    expect(root.locator(".po-report")).to_contain_text(f"You decided {len(cells)} of {len(cells)} cells.")
    expect(root.locator(".po-report")).to_contain_text(f"your first answer fits 0 of {len(settled)}")
    expect(root.locator(".po-report")).to_contain_text(
        f"Contested: {len(cells) - len(settled)}, which count neither way"
    )
    answers = kept(tab, "motives", "all")["answers"]
    assert {cell: [(t["option"], t["confidence"]) for t in a["tries"]] for cell, a in answers.items()} == clicked
    assert all(answers[cell]["view"] == "The acts." for cell in cells if cell not in settled)
    assert not any("since" in one for answer in answers.values() for one in answer["tries"])

    tab.reload()
    expect(root.locator(".po-progress__where")).to_contain_text(f"{len(cells)} of {len(CELLS)} decided")
    expect(root.locator(f".po-cell[data-item={cells[0]}]")).to_have_text(SIGNS[clicked[cells[0]][0][0]])
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
    assert kept(tab, "motives", "all") is None
    expect(root.locator(".po-cell", has_text="·")).to_have_count(36)
    player.tab_to("Import answers")  # the browser's own window for files is not the page's
    root.locator("input[type=file]").set_input_files(file)
    expect(root.locator(".po-outcome")).to_contain_text(f"{len(cells)} answers from “answers.json” added")
    assert kept(tab, "motives", "all")["answers"] == answers
    expect(root.locator(".po-cell", has_text="·")).to_have_count(36 - len(cells))
    # the board's answers are not the matrix's, and a reading that the matrix does not have is none
    for name, content, sentence in (
        ("board", answers_file("lifecycle", "all", {}), "it belongs to another activity (“lifecycle”)"),
        (
            "phase",
            answers_file("motives", "all", {cells[0]: [one_try("start-up")]}),
            "which is not one of: yes, no, not_stated",
        ),
    ):
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(content | {"edition": kept(tab, "motives", "all")["edition"]}), encoding="utf-8")
        root.locator("input[type=file]").set_input_files(file)
        expect(root.locator(".po-outcome")).to_contain_text(f"The file “{name}.json” was not taken: ")
        expect(root.locator(".po-outcome")).to_contain_text(sentence)


def test_the_report_counts_right(context, address, matrix_page):
    """Fails if shares, kappa, counts or the sentence on ideational motives differ from what the tables and the answers give."""
    tab, player = opened(context, address + matrix_page, "motives", scope="all")
    root = player.root
    # one who says yes to every second cell, and no or nothing to the others
    said = {cell: ("yes", "no", "yes", "not_stated", "no")[number % 5] for number, cell in enumerate(CELLS)}
    said |= dict.fromkeys(of_part("learning"), "yes")
    later = {"un-eu-survival": "not_stated"}  # a second answer, which the report leaves out
    tries = {cell: [one_try(option)] for cell, option in said.items()}
    for cell, option in later.items():
        tries[cell].append(one_try(option, at="2026-11-02T10:00:00.000Z"))
    keep(tab, answers_file("motives", "all", tries))
    tab.reload()
    for part, cells in (("all", list(CELLS)), ("un-eu", of_part("un-eu")), ("learning", of_part("learning"))):
        root.locator(".po-scope").select_option(part)
        if part == "all":
            root.locator(".po-progress .po-select").select_option(index=len(cells) - 1)
        else:
            root.locator(".po-progress .po-select").select_option(index=5)
        root.get_by_role("button", name="To the report").click()
        settled = [cell for cell in cells if fitting(cell)]
        fits = sum(said[cell] == fitting(cell) for cell in settled)
        expect(root.locator(".po-report")).to_contain_text(f"your first answer fits {fits} of {len(settled)}")
        agreement = root.locator("table", has_text="How often your first answer agrees").evaluate(GRID)[1:]
        for (coder, label), row in zip(CODERS.items(), agreement, strict=True):
            same = sum(agrees(said[cell], cell, coder) for cell in cells)
            pairs = [
                # what the figure leaves out is no code of its own kind: neither “no” nor “not stated” alone
                (said[cell], said[cell] if agrees(said[cell], cell, coder) else coded_as(cell, coder))
                for cell in cells
            ]
            share = f"{int(100 * same / len(cells) + 0.5)}\u00a0%"
            assert row == [label, str(len(cells)), str(same), share, kappa(pairs)], part
        parted = root.locator("table", has_text="Where you and a source part")
        shown = [row[0] for row in parted.evaluate(GRID)[1:]] if parted.count() else []
        assert shown == [title(cell) for cell in cells if not all(agrees(said[cell], cell, coder) for coder in CODERS)]
        counts = root.locator("table", has_text="For how many relationships").evaluate(GRID)[1:]
        readers = [said.get, *(lambda cell, coder=coder: present(cell, coder) for coder in CODERS)]
        for (motive, row), shown in zip(MOTIVES.items(), counts, strict=True):
            wanted = [f"{sum(read(cell) == 'yes' for cell in of_part(motive))} of 6" for read in readers]
            assert shown == [f"{row['name']} ({row['category']})", *wanted]
        for read, label in zip(readers, ("You", *CODERS.values()), strict=True):
            full = [
                row["name"]
                for motive, row in MOTIVES.items()
                if row["category"] == "ideational" and all(read(cell) == "yes" for cell in of_part(motive))
            ]
            expect(root.locator(".po-report")).to_contain_text(f"{label}: {', '.join(full) or 'none'}")
        root.get_by_role("button", name="Back to the cards").click()


def test_the_views_show_the_sources(context, address, matrix_page):
    """Fails if figure against text, or two relationships side by side, say otherwise than the tables."""
    tab, player = opened(context, address + matrix_page, "motives", scope="all")
    root = player.root
    player.enter()
    player.press("Figure against text")
    assert tab.evaluate("document.activeElement.className") == "po-report__title"
    parted = [
        cell
        for cell in CELLS
        if len({present(cell, coder) == "yes" for coder in ("haugevik_figure", "haugevik_text")}) == 2
    ]
    assert parted
    shown = root.locator("table", has_text="Where Figure 2 and the text part").evaluate(GRID)[1:]
    for cell, row in zip(parted, shown, strict=True):
        text = CODINGS[cell]["haugevik_text"]
        wanted = [word(cell, "haugevik_figure"), word(cell, "haugevik_text"), f"{text['evidence']} ({text['locator']})"]
        assert row == [title(cell), *wanted, word(cell, "course")]
    number = f"{len(parted)} cell{'s' * (len(parted) != 1)} of 36"
    expect(root.locator(".po-report")).to_contain_text(number)
    unlisted = {
        motive: sum(present(cell, "haugevik_figure") != "yes" for cell in of_part(motive))
        for motive, row in MOTIVES.items()
        if row["category"] == "ideational"
    }
    expect(root.locator(".po-report")).to_contain_text(f"{sum(unlisted.values())} more cells: ")
    for motive, count in unlisted.items():
        if count:
            expect(root.locator(".po-report")).to_contain_text(f"{MOTIVES[motive]['name']} {count}")
    player.press("Back to the cards")
    player.decide("Yes", 60)
    player.press("Compare two relationships")
    for one, other in (("un-eu", "nato-au"), ("un-eu", "eu-au"), ("eu-au", "eu-au")):
        player.pick("Relationship", one)
        player.pick("Compared with", other)
        both = [pair for pair in PAIRS if pair in (one, other)]
        expect(root.locator(".po-side table")).to_have_count(len(both))
        for place, pair in zip(root.locator(".po-side table").all(), both, strict=True):
            assert place.locator("caption").text_content() == f"{label_of(pair)}: who sees which motive"
            wanted = [
                [
                    MOTIVES[CELLS[cell]["motive_id"]]["name"],
                    "● Yes" if cell == "un-eu-survival" else "not decided",
                    *(
                        f"{SIGNS[present(cell, coder)]} {word(cell, coder).replace('Not listed', 'not listed')}"
                        for coder in CODERS
                    ),
                ]
                for cell in of_part(pair)
            ]
            assert place.evaluate(GRID)[1:] == wanted
    expect(root.locator(".po-spoken")).to_have_text("The tables show EU–AU.")


@pytest.mark.parametrize("context", LOOKS, ids=str, indirect=True)
def test_every_state_is_accessible_and_fits(context, address, matrix_page):
    """Fails if axe finds something, the page scrolls sideways or an error is reported in any state of the activity."""
    tab, player = opened(context, address + matrix_page, "motives", scope="all")
    seen, states, root = Visit(matrix_page), States(tab), player.root
    listen(tab, seen)
    tab.evaluate("document.querySelectorAll('.po-activity:not([data-activity=motives])').forEach(one => one.remove())")
    root.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
    states.look("start, unfolded")
    contested, settled = (next(cell for cell in CELLS if bool(fitting(cell)) is one) for one in (False, True))
    root.locator(f".po-cell[data-item={settled}]").click()
    for option in sorted(READINGS, key=lambda option: option == fitting(settled))[1:]:
        player.click(option)
        expect(player.feedback).to_have_attribute("data-status", "fits" if option == fitting(settled) else "misfits")
        states.look(option)
    root.locator(f".po-cell[data-item={contested}]").click()
    player.click("yes", 40)
    expect(player.feedback).to_have_attribute("data-status", "contested")
    states.look("contested")
    root.get_by_role("button", name="Report so far").click()
    states.look("report")
    root.get_by_role("button", name="Back to the cards").click()
    root.get_by_role("button", name="Compare two relationships").click()
    states.look("compare")
    root.get_by_role("button", name="Back to the cards").click()
    root.get_by_role("button", name="Figure against text").click()
    states.look("figure against text")
    assert not states.found
    assert not seen.console + seen.foreign


# ---- what the gates reject


def _changed(site: Path, part: str, old: str, new: str) -> None:
    """Change the stored deck or the script of the matrix."""
    (file,) = (site / "_static").glob(f"activity-motives-{part}-*.js")
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _change_the_evidence(site: Path) -> None:
    """Let the book quote otherwise than the table."""
    said = json.dumps(CODINGS["nato-au-survival"]["haugevik_text"]["evidence"], ensure_ascii=False)
    _changed(site, "deck", said, said.replace(" ", " not ", 1))


def _count_last_answers(site: Path) -> None:
    """Let the report take the last answers for the first."""
    _changed(
        site,
        "script",
        "const own = (item, book) => book.first(item.id)",
        "const own = (item, book) => book.last(item.id)",
    )


def _lose_a_row(site: Path) -> None:
    """Let the arrow keys go down in steps of two."""
    _changed(site, "script", "ArrowDown: [1, 0]", "ArrowDown: [2, 0]")


def _lose_a_view(site: Path) -> None:
    """Let what the reader says of a contested cell be kept nowhere."""
    _changed(site, "script", "...own, view: view.slice(0, LONGEST_TEXT)", '...own, view: ""')


BREAKS = (_change_the_evidence, _count_last_answers, _lose_a_row, _lose_a_view)
WORDS = {
    "test_what_is_shown_is_what_the_tables_say": "nato-au-survival: ",
    "test_the_report_counts_right": "assert",
    "test_arrow_keys_move_in_the_matrix": "assert",
    "test_the_views_show_the_sources": "At index 3 diff",
    "test_a_column_by_keyboard_alone": '"view"] == "The acts."',
}


def test_gates_reject(site, matrix_page, tmp_path):
    """Fails if a gate of this module lets a site pass that was broken for it; one broken copy serves all."""
    broken = copy_of(site, tmp_path / "site", keep=[matrix_page])
    for breaking in BREAKS:
        breaking(broken)
    assert_all_reject(HERE, broken, WORDS)
