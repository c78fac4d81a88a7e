"""The notebooks keep to their form; solutions pass, exercises answer back, and both belong together."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import notebook_rules
import pytest
from nbclient import NotebookClient

from peaceops import load
from peaceops.tasks import TASKS

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SETS = sorted(path.stem for path in (ROOT / "solutions").glob("*/*.ipynb"))


def source(path):
    """Return the code of a notebook."""
    return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")


def notebook(folder, name):
    """Return the path of an exercise set."""
    return ROOT / folder / name / f"{name}.ipynb"


@pytest.fixture
def copy(tmp_path):
    """Give a copy of all notebooks, and of what generates the exercises, that a test may break."""
    for folder in ("notebooks", "solutions", "exercises"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
        )
    return tmp_path


def run(script, *arguments):
    """Run a script as a person would; return its exit code and its lines."""
    done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def change(path, function):
    """Change a notebook of the copy, leaving the rest of the file as it is."""
    content = json.loads(path.read_text(encoding="utf-8"))
    function(content)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def code_cells(content):
    """Return the code cells of a notebook's JSON."""
    return [cell for cell in content["cells"] if cell["cell_type"] == "code"]


# ---- form ----


def test_the_form_of_the_notebooks():
    """Catches a notebook with leftovers of a run, an unknown tag, a missing part, or code that belongs elsewhere."""
    assert run(ROOT / "tests" / "notebook_rules.py") == (0, [])


def _leftovers(content):
    content["metadata"]["language_info"]["version"] = "3.99"
    code_cells(content)[0]["execution_count"] = 7


def _places(content):
    sources = ("!pip install x", "%pip install x", "x = 'https://example.org/'", 'open("/etc/hosts")', r"open('C:\\x')")
    for cell, text in zip(code_cells(content)[1:], sources, strict=False):
        cell["source"] = text


def _code(content):
    first, second, third, *_ = code_cells(content)
    first["source"] = "import peaceops"
    second["source"] = "def helper():\n    return 1"
    third["source"] = "\n".join(f"x{number} = {number}" for number in range(16))
    first["metadata"] = {"editable": False}


def _tags(content):
    code_cells(content)[0]["metadata"]["tags"] = ["hide-cell"]
    for cell in content["cells"]:
        if "nbval-check-output" in cell["metadata"].get("tags", []):
            cell["outputs"] = []


def _unchecked(content):
    for cell in code_cells(content):
        cell["metadata"], cell["outputs"], cell["execution_count"] = {}, [], None
        cell["source"] = "".join(cell["source"]).replace("show(", "str(")


def _parts(content):
    for cell in content["cells"]:
        text = "".join(cell["source"]).replace("## Discuss", "## Questions").replace("minutes", "pages")
        cell["source"] = text.replace('class="predict"', "").replace("widgets.Prediction(", "print(")


def _titles(content):
    content["cells"][0]["source"] = "No title"


def _ids(content):
    content["cells"][1]["id"] = content["cells"][0]["id"]


def _old_format(content):
    content["nbformat_minor"] = 4
    for cell in content["cells"]:
        del cell["id"]


CHAPTER = "notebooks/01_security_environment.ipynb"
CELLS = [cell.id for cell in nbformat.read(ROOT / CHAPTER, as_version=4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize(
    ("breakage", "said"),
    [
        (_leftovers, [f"{CHAPTER} holds what a run has left in it: strip it with tests/notebook_rules.py --mend."]),
        (
            _places,
            [
                f"{CHAPTER}, cell {CELLS[1]}: a shell or magic command in the code.",
                f"{CHAPTER}, cell {CELLS[2]}: a shell or magic command in the code.",
                f"{CHAPTER}, cell {CELLS[3]}: a way to the network in the code.",
                f"{CHAPTER}, cell {CELLS[4]}: an absolute path in the code.",
                f"{CHAPTER}, cell {CELLS[5]}: an absolute path in the code.",
            ],
        ),
        (
            _code,
            [
                f"{CHAPTER} does not begin with the setup cell that all chapters share.",
                f"{CHAPTER}, cell {CELLS[0]}: editable does not belong to a chapter.",
                f"{CHAPTER}, cell {CELLS[1]}: a definition, which belongs into the package.",
                f"{CHAPTER}, cell {CELLS[2]}: more than 15 lines.",
            ],
        ),
        (
            _tags,
            [
                f"{CHAPTER}, cell {CELLS[0]}: the tag hide-cell is not one of the course's.",
                f"{CHAPTER}, cell sec-08: its output is to be checked, and is not a printed text.",
            ],
        ),
        (
            _unchecked,
            [
                f"{CHAPTER} 0 cells with the tag nbval-check-output, fewer than 2.",
                f"{CHAPTER} 0 charts and tables shown, fewer than 3.",
            ],
        ),
        (
            _parts,
            [
                f"{CHAPTER} does not say under its title how many minutes it takes.",
                f"{CHAPTER} asks for no prediction that opens only afterwards.",
            ],
        ),
        (_titles, [f"{CHAPTER} does not have one title, at its top."]),
        (_ids, [f"{CHAPTER} has two cells with the id sec-01."]),
        (_old_format, [f"{CHAPTER} is not in format 4.5, whose cells have ids."]),
    ],
)
def test_the_form_rejects(copy, breakage, said, capsys):
    """Catches a rule of the form that nothing can break."""
    change(copy / CHAPTER, breakage)
    assert notebook_rules.main([str(copy)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in said if line not in lines] == []


def test_the_form_rejects_a_missing_part(copy):
    """Catches a chapter whose parts stand in another order, or that lacks one."""
    change(copy / CHAPTER, _parts)
    _, lines = run(ROOT / "tests" / "notebook_rules.py", copy)
    assert any(line.startswith(f"{CHAPTER} its parts are not: The question, ") for line in lines)


def test_the_form_rejects_what_is_no_notebook(copy):
    """Catches a check that passes over a broken file, or over a folder without any notebook."""
    (copy / CHAPTER).write_text("{", encoding="utf-8")
    shutil.rmtree(copy / "exercises")
    code, lines = run(ROOT / "tests" / "notebook_rules.py", copy)
    assert code == 1
    assert lines[0] == "exercises holds no notebook."
    assert any(line.startswith(f"{CHAPTER} is not a notebook (") for line in lines)


def test_mending_strips_what_a_run_left(copy):
    """Catches a mending that leaves something, or takes off outputs that are to be checked."""
    before = (copy / CHAPTER).read_bytes()
    change(copy / CHAPTER, _leftovers)
    assert run(ROOT / "tests" / "notebook_rules.py", copy, "--mend") == (0, [f"{CHAPTER} is stripped."])
    assert (copy / CHAPTER).read_bytes() == before


# ---- chapters and their tasks ----


def _objectives(path):
    """Return the objectives that a chapter prints: number to text without emphasis, and to the numbers of its tasks."""
    prose = "\n\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")
    part = prose.partition("## What you will be able to do\n")[2].partition("\n## ")[0]
    texts, tasks = {}, {}
    for number, text, where in re.findall(r"^(\d+)\. (.+?)(?: \*\((.+)\)\*)?$", part, re.MULTILINE):
        named = " ".join(re.findall(r"\btasks? ((?:[\d-]+(?:, | and )?)+)", where))
        tasks[int(number)] = {int(task.split("-")[-1]) for task in re.findall(r"[\d-]+", named)}
        texts[int(number)] = text.replace("**", "")
    return texts, tasks


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_objectives_are_the_tables(path):
    """Catches an objective that was reworded, added or dropped in the chapter only, or in the table only."""
    rows = load("objectives").query("chapter == @path.stem[:2]")
    assert list(rows["objective_id"]) == [f"{path.stem[:2]}.{number}" for number in range(1, len(rows) + 1)]
    assert _objectives(path)[0] == dict(enumerate(rows["objective"], start=1))


def test_no_objective_without_its_chapter():
    """Catches objectives of a chapter that does not exist, or that stand under another chapter's number."""
    rows = load("objectives")
    assert set(rows["chapter"]) == {path.stem[:2] for path in CHAPTERS}
    assert (rows["objective_id"].str[:2] == rows["chapter"]).all()


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_objectives_and_tasks_agree(path):
    """Catches an objective that no task exercises, or a task that serves another objective than the chapter says."""
    chapter, (_, printed) = path.stem[:2], _objectives(path)
    tasks = load("tasks").query("chapter == @chapter")
    assert len(tasks)
    for task in tasks.itertuples():
        assert int(task.task_id.split("-")[1]) in printed[int(task.objective.split(".")[1])], task.task_id
    assert all(printed.values()), printed
    assert set(tasks["objective"]) == {f"{chapter}.{number}" for number in printed}


@pytest.mark.parametrize("name", SETS)
def test_every_task_is_asked(name):
    """Catches a task without a cell that checks it, or a cell that checks another chapter's task."""
    asked = re.findall(r'^check\("([\d-]+)", answer\)$', source(notebook("solutions", name)), re.MULTILINE)
    assert asked == [task for task in TASKS if task.startswith(name[:2])]
    # the warm-up asks for words, the tasks for numbers
    assert 4 <= len([task for task in asked if not TASKS[task].options]) <= 8


@pytest.mark.parametrize("name", SETS)
def test_a_set_has_an_open_question(name):
    """Catches a set without an open question, its rubric of four levels or its model answer."""
    cells = nbformat.read(notebook("solutions", name), as_version=4).cells
    written = [cell for cell in cells if cell.cell_type == "markdown" and "nbgrader" in cell.metadata]
    assert len(written) == 1
    assert "model answer" in written[0].source
    rubric = cells[cells.index(written[0]) - 1].source
    assert [int(level) for level in re.findall(r"^\| \*\*(\d) ", rubric, re.MULTILINE)] == [4, 3, 2, 1]


@pytest.mark.parametrize("name", SETS)
def test_students_get_no_solution(name):
    """Catches a solution or the model answer left in the students' notebook."""
    released = notebook("exercises", name).read_text(encoding="utf-8")
    assert "SOLUTION" not in released
    assert "model answer" not in released
    solved = nbformat.read(notebook("solutions", name), as_version=4).cells
    for cell in solved:
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            answer = cell.source.split("\n")[1:-1]
            assert all(json.dumps(line)[1:-1] not in released for line in answer), cell.id
    stubs = [cell.source for cell in nbformat.read(notebook("exercises", name), as_version=4).cells]
    assert stubs.count("answer = ...") == len([task for task in TASKS if task.startswith(name[:2])])


# ---- with a real kernel ----


def feedback(path):
    """Run an exercise set and return what each of its checks said, by task."""
    content = nbformat.read(path, as_version=4)
    NotebookClient(content, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    said = {}
    for cell in content.cells:
        asked = re.match(r'check\("([\d-]+)"', cell.source)
        if cell.cell_type == "code" and asked:
            said[asked[1]] = next(out.data["text/plain"] for out in cell.outputs if out.output_type == "execute_result")
    return said


@pytest.mark.parametrize("name", SETS)
def test_the_solution_passes(name):
    """Catches a task whose own solution is not right."""
    said = feedback(notebook("solutions", name))
    assert list(said) == [task for task in TASKS if task.startswith(name[:2])]
    assert {task: text for task, text in said.items() if not text.startswith(f"✓ Task {task}: Right.")} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_the_exercise_as_it_is_given_out(name):
    """Catches an exercise that fails as it stands, or that says something is right before anything was answered."""
    said = feedback(notebook("exercises", name))
    assert list(said) == [task for task in TASKS if task.startswith(name[:2])]
    assert {task: text for task, text in said.items() if not text.startswith(f"… Task {task}: No answer yet.")} == {}


@pytest.mark.slow
def test_a_wrong_solution_is_seen(copy):
    """Catches a run of the solutions that says “right” whatever they answer."""
    path = copy / "solutions" / "01_security_environment" / "01_security_environment.ipynb"
    text = path.read_text(encoding="utf-8")
    assert text.count(" > 1993]") == 1
    path.write_text(text.replace(" > 1993]", " >= 1993]"), encoding="utf-8")
    said = feedback(path)
    assert [task for task, text in said.items() if not text.startswith("✓")] == ["01-5"]
    assert "You have counted the operations of 1993 in." in said["01-5"]


@pytest.mark.slow
def test_a_wrong_stored_output_is_seen(copy):
    """Catches the check of stored outputs passing whatever they say: the launcher's command, on a broken copy."""
    path = copy / "notebooks" / "00_welcome.ipynb"
    text = path.read_text(encoding="utf-8")
    assert text.count("since 1948: 71") == 1
    path.write_text(text.replace("since 1948: 71", "since 1948: 72"), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", copy, "--nbval-lax", path]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    assert done.returncode == 1
    assert "1 failed" in done.stdout
    assert "since 1948: 72" in done.stdout


# ---- exercises/ is what solutions/ makes ----


def test_exercises_are_up_to_date():
    """Catches a solution changed without its exercise, or an exercise changed by hand: not one byte differs."""
    assert run(ROOT / "solutions" / "release.py", "--check") == (0, [])


@pytest.mark.slow
def test_stale_exercises_are_seen(copy):
    """Catches a comparison that passes whatever exercises/ or solutions/ hold, and a release that does not mend it."""
    name = "01_security_environment/01_security_environment.ipynb"
    path = copy / "exercises" / name
    before = path.read_bytes()
    path.write_bytes(before.replace(b"Task 1", b"Task I"))
    stray = copy / "exercises" / "old" / "old.ipynb"
    stray.parent.mkdir()
    stray.write_text("{}", encoding="utf-8")
    release = copy / "solutions" / "release.py"
    mine = f"exercises/{name} is not what solutions/ makes: run solutions/release.py."
    other = "exercises/old/old.ipynb is not what solutions/ makes: it has no solution, so delete it."
    assert run(release, "--check") == (1, [mine, other])
    assert run(release) == (1, [other])
    assert path.read_bytes() == before
    stray.unlink()
    assert run(release, "--check") == (0, [])
    solution = copy / "solutions" / name
    solution.write_text(solution.read_text(encoding="utf-8").replace("## Task 2", "## Task two"), encoding="utf-8")
    assert run(release, "--check") == (1, [mine])
