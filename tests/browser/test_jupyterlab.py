"""The chapters run in JupyterLab itself, driven by a browser as a student would."""

import json
from pathlib import Path

import pytest
from lab_server import open_notebook
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow

CHAPTERS = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def run_all(page: Page, address: str, name: str) -> None:
    """Open a notebook, run all its cells and wait until the kernel has nothing left to do."""
    idle = open_notebook(page, address, f"notebooks/{name}.ipynb")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_timeout(2000)
    expect(idle).to_be_visible(timeout=60_000)


def saved(page: Page, path: Path) -> list[dict]:
    """Save the notebook as a student would, and return its cells with code as they stand in the file."""
    cells = []
    for _ in range(40):  # a slow kernel is still idle when it has been asked: save until every cell has its number
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1500)
        cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
        if all(cell["execution_count"] for cell in cells) or any(
            out["output_type"] == "error" for cell in cells for out in cell["outputs"]
        ):
            break
    return cells


def failures(cells: list[dict]) -> list[str]:
    """List the cells that did not run, and the errors of those that did."""
    problems = []
    for number, cell in enumerate(cells, start=1):
        if not cell["execution_count"]:
            problems.append(f"cell {number} did not run")
        problems += [f"cell {number}: {out['evalue']}" for out in cell["outputs"] if out["output_type"] == "error"]
    return problems


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_runs(lab, student, name):
    """Fails if a chapter has an error in JupyterLab, leaves a chart undrawn, or asks another host for anything."""
    folder, address = lab
    page, errors, strangers = student
    run_all(page, address, name)
    cells = saved(page, folder / "notebooks" / f"{name}.ipynb")
    assert failures(cells) == []
    charts = sum("application/vnd.vegalite.v5+json" in out.get("data", {}) for c in cells for out in c["outputs"])
    assert charts >= 1
    # the agreement lab draws one more inside its own frame, which its own test looks at
    drawn = page.locator(".vega-embed:not(.jupyter-widgets .vega-embed) :is(canvas, svg).marks")
    expect(drawn).to_have_count(charts, timeout=30_000)
    for index in range(charts):
        assert drawn.nth(index).evaluate("el => el.clientWidth * el.clientHeight") > 10_000
    assert strangers == []
    assert [error for error in errors if "favicon" not in error] == []


def test_a_failing_chapter_is_seen(lab, student):
    """Fails if a cell that raises, in JupyterLab, passes as one that ran."""
    folder, address = lab
    path = folder / "notebooks" / "00_welcome.ipynb"
    text = path.read_text(encoding="utf-8")
    assert text.count('load(\\"operations\\")') == 1
    path.write_text(text.replace('load(\\"operations\\")', 'load(\\"operation\\")'), encoding="utf-8")
    page, _, _ = student
    run_all(page, address, "00_welcome")
    problems = failures(saved(page, path))
    assert any("There is no table “operation”. Did you mean “operations”?" in problem for problem in problems)


def test_an_answer_is_answered(lab, student):
    """Fails if a student who types a wrong answer, then the right one, does not read the sentence for each."""
    _, address = lab
    page, _, _ = student
    run_all(page, address, "00_welcome")
    cell = page.locator(".jp-CodeCell", has_text='peaceops.check("00-1", answer)')
    for answer, sentence in (("integrated", "who commanded whom?"), ("parallel", "Task 00-1: Right.")):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type(f'answer = "{answer}"\npeaceops.check("00-1", answer)')
        page.keyboard.press("Shift+Enter")
        expect(cell.locator('.po-feedback[role="status"]')).to_contain_text(sentence)
