"""Make exercises/ from solutions/ with nbgrader; with --check only say whether it is up to date."""

import logging
import sys
import tempfile
from pathlib import Path

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import PyFileConfigLoader

SOLUTIONS = Path(__file__).resolve().parent
EXERCISES = SOLUTIONS.parent / "exercises"


def generate(into):
    """Write the students' version of every exercise set.

    Parameters
    ----------
    into : path-like
        The folder to write to; each set becomes a folder in it.

    Raises
    ------
    RuntimeError
        For a cell without an id: nbformat would invent another one each time.
    """
    config = PyFileConfigLoader("nbgrader_config.py", path=str(SOLUTIONS)).load_config()
    config.CourseDirectory.release_directory = str(into)
    config.CourseDirectory.assignment_id = "*"
    config.CourseDirectory.student_id = "."
    # The students' notebooks need no gradebook.
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    for path in SOLUTIONS.glob("*/*.ipynb"):
        if any("id" not in cell for cell in nbformat.read(path, as_version=nbformat.NO_CONVERT).cells):
            raise RuntimeError(f"{path.name} has a cell without an id: open it in JupyterLab and save it.")
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    converter.log.setLevel(logging.ERROR)
    converter.start()


def files(folder):
    """Read every file of a folder but those that JupyterLab keeps for itself.

    Parameters
    ----------
    folder : pathlib.Path
        The folder; it need not exist.

    Returns
    -------
    dict of str to bytes
        Content by path below the folder.
    """
    paths = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {
        inside.as_posix(): path.read_bytes().replace(b"\r\n", b"\n")
        for inside, path in sorted(paths.items())
        if not any(part.startswith(".") for part in inside.parts)
    }


def main(arguments):
    """Write exercises/, or compare it; return the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python solutions/release.py [--check]")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        generate(folder)
        made = files(Path(folder))
    if not arguments:
        for name, content in made.items():
            (EXERCISES / name).parent.mkdir(parents=True, exist_ok=True)
            (EXERCISES / name).write_bytes(content)
    there = files(EXERCISES)
    stale = [name for name in sorted(made.keys() | there.keys()) if made.get(name) != there.get(name)]
    for name in stale:
        todo = "run solutions/release.py" if name in made else "it has no solution, so delete it"
        print(f"exercises/{name} is not what solutions/ makes: {todo}.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
