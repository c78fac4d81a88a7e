"""Say what is wrong with the notebooks' form; with --mend first strip what running them has left."""

import ast
import json
import re
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("notebooks", "solutions", "exercises")
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
TAGS = {"hide-input", "hide-output", "remove-cell", "raises-exception", "nbval-check-output"}
CHECKED = "nbval-check-output"
# What JupyterLab and nbgrader may note on a cell of an exercise set; a chapter's cell has tags only.
NOTED = {"nbgrader", "deletable", "editable"}
LONGEST_CELL, LONGEST_OUTPUT, FEWEST_CHECKED, FEWEST_SHOWN = 15, 2000, 2, 3
SETUP = """\
from IPython.display import Markdown, display

import peaceops
from peaceops import charts, load, show, widgets"""
HEADINGS = (
    "The question",
    "What you will be able to do",
    "Before you read: a prediction",
    "What the papers say",
    "What the data show",
    "Where the sources part",
    "What happened since",
    "Discuss",
    "Key points",
    "Quiz",
    "Further reading",
)
MAY_STAND_BETWEEN = {"The words you need"}
ELSEWHERE = (
    (re.compile(r"^\s*[!%]", re.MULTILINE), "a shell or magic command"),
    (re.compile(r"https?:|ftp:|\burllib\b|\brequests\b"), "a way to the network"),
    (re.compile(r"""["'](?:/|~|file:|[A-Za-z]:[\\/])"""), "an absolute path"),
)


def stripped(notebook):
    """Take off what running a notebook leaves, but the outputs of the cells marked to be checked.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        A notebook of format 4.5; it is changed.

    Returns
    -------
    str
        The text of the file, as Jupyter writes it.
    """
    notebook.metadata = nbformat.from_dict(KERNEL)
    for cell in notebook.cells:
        cell.metadata = {key: cell.metadata[key] for key in ("tags", *NOTED) if cell.metadata.get(key, []) != []}
        if cell.cell_type == "code":
            checked = CHECKED in cell.metadata.get("tags", [])
            # nbval refuses stored outputs of a cell that has no number
            cell.execution_count = 1 if checked else None
            cell.outputs = _joined(cell.outputs) if checked else []
    return nbformat.writes(notebook) + "\n"


def _joined(outputs):
    """Join what a cell printed: how a kernel cuts it up differs from run to run."""
    if outputs and all(output.output_type == "stream" and output.name == "stdout" for output in outputs):
        text = "".join(output.text for output in outputs)
        return [nbformat.v4.new_output("stream", name="stdout", text=text)]
    return outputs


def _form(path, text, notebook):
    """What every notebook must keep to."""
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        yield "is not in format 4.5, whose cells have ids"
        return
    if text != stripped(nbformat.reads(text, as_version=4)):
        yield "holds what a run has left in it: strip it with tests/notebook_rules.py --mend"
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        yield from (f"cell {cell.id}: the tag {tag} is not one of the course's" for tag in sorted(tags - TAGS))
        if cell.cell_type != "code":
            continue
        yield from (f"cell {cell.id}: {what} in the code" for sign, what in ELSEWHERE if sign.search(cell.source))
        if CHECKED in tags:
            output = "".join(part.get("text", "") for part in cell.outputs if part.get("name") == "stdout")
            if not output.strip() or len(_joined(cell.outputs)) != 1:
                yield f"cell {cell.id}: its output is to be checked, and is not a printed text"
            elif len(output) > LONGEST_OUTPUT:
                yield f"cell {cell.id}: {len(output)} characters of output to be checked, more than {LONGEST_OUTPUT}"


def _chapter(path, notebook):
    """What every chapter must keep to."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if not code or code[0].source != SETUP:
        yield "does not begin with the setup cell that all chapters share"
    for cell in notebook.cells:
        yield from (f"cell {cell.id}: {key} does not belong to a chapter" for key in sorted(NOTED & set(cell.metadata)))
    for cell in code:
        if len(cell.source.splitlines()) > LONGEST_CELL:
            yield f"cell {cell.id}: more than {LONGEST_CELL} lines"
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        # magics are no Python; they have been told already
        source = re.sub(r"^\s*[!%].*$", "", cell.source, flags=re.MULTILINE)
        if any(isinstance(node, kinds) for node in ast.walk(ast.parse(source))):
            yield f"cell {cell.id}: a definition, which belongs into the package"
    checked = sum(CHECKED in cell.metadata.get("tags", []) for cell in code)
    if checked < FEWEST_CHECKED:
        yield f"{checked} cells with the tag {CHECKED}, fewer than {FEWEST_CHECKED}"
    shown = sum(len(re.findall(r"^show\(", cell.source, re.MULTILINE)) for cell in code)
    # the welcome is shorter than the chapters
    if shown < FEWEST_SHOWN and path.stem != "00_welcome":
        yield f"{shown} charts and tables shown, fewer than {FEWEST_SHOWN}"

    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    headings = re.findall(r"^## (.+)$", prose, re.MULTILINE)
    known = [heading for heading in headings if heading not in MAY_STAND_BETWEEN]
    if known != list(HEADINGS):
        yield f"its parts are not: {', '.join(HEADINGS)}"
    if len(re.findall(r"^# ", prose, re.MULTILINE)) != 1 or not prose.startswith("# "):
        yield "does not have one title, at its top"
    top = prose.split("\n## ", 1)[0]
    if not re.search(r"\d+ minutes", top):
        yield "does not say under its title how many minutes it takes"
    whole = "\n\n".join(cell.source for cell in notebook.cells)
    prediction = whole.partition("## Before you read: a prediction")[2].partition("\n## ")[0]
    # the welcome asks for two numbers, which no option can foresee
    if "widgets.Prediction(" not in prediction and '<details class="predict">' not in prediction:
        yield "asks for no prediction that opens only afterwards"
    if f'widgets.Quiz("{path.stem[:2]}")' not in whole.partition("\n## Quiz")[2]:
        yield "has no quiz of its own"


def _paths(root, folders):
    """Find the notebooks, but not the copies that JupyterLab keeps."""
    found = [path for folder in folders for path in sorted((root / folder).rglob("*.ipynb"))]
    return [path for path in found if path.parent.name != ".ipynb_checkpoints"]


def problems(root):
    """Find what is wrong with the form of the notebooks.

    Parameters
    ----------
    root : pathlib.Path
        A folder with notebooks/, solutions/ and exercises/.

    Returns
    -------
    list of str
        One sentence each, empty when all is well.
    """
    found = []
    paths = _paths(root, FOLDERS)
    for folder in FOLDERS:
        if not any(path.is_relative_to(root / folder) for path in paths):
            found.append(f"{folder} holds no notebook.")
    for path in paths:
        name, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        try:
            # nbformat would give one of two cells of the same id another one
            ids = [cell.get("id") for cell in json.loads(text)["cells"]]
            if doubled := sorted({cell for cell in ids if cell and ids.count(cell) > 1}):
                found.append(f"{name} has two cells with the id {doubled[0]}.")
                continue
            notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
            nbformat.validate(notebook)
        except (KeyError, json.JSONDecodeError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
            found.append(f"{name} is not a notebook ({str(error).splitlines()[0]}).")
            continue
        said = list(_form(path, text, notebook))
        if name.startswith("notebooks/"):
            said += _chapter(path, notebook)
        found += [f"{name}, {what}." if what.startswith("cell ") else f"{name} {what}." for what in said]
    return found


def mend(root):
    """Strip the chapters and the solutions; exercises are generated, never edited."""
    for path in _paths(root, FOLDERS[:2]):
        text = path.read_text(encoding="utf-8")
        new = stripped(nbformat.reads(text, as_version=4))
        if new != text:
            path.write_text(new, encoding="utf-8", newline="\n")
            print(f"{path.relative_to(root).as_posix()} is stripped.")


def main(arguments):
    """Print a sentence for each problem; return the exit code."""
    root = Path(next((argument for argument in arguments if argument != "--mend"), ROOT))
    if "--mend" in arguments:
        mend(root)
    found = problems(root)
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
