"""Binder: what repo2docker would build from this repository, and that the course runs in it."""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import venv
from pathlib import Path

import pytest

INSTALL = re.compile(r"^RUN \$\{KERNEL_PYTHON_PREFIX\}/bin/pip (install .*)$", re.MULTILINE)


def dry_run(repository: Path) -> tuple[str, str]:
    """Return the Dockerfile that repo2docker generates, and its log; a dry run needs no container engine."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, done.stderr


def problems(repository: Path) -> list[str]:
    """Return what keeps Binder from building what `course.py lab` installs."""
    dockerfile, log = dry_run(repository)
    found = []
    if "python=3.11" not in log:
        found.append("the Python is not 3.11")
    lines = (repository / "binder" / "requirements.txt").read_text().splitlines()
    if [line for line in lines if not line.startswith("#")] != ["-r ../requirements/lab.txt"]:
        found.append("the requirements are not the lab lock")
    if INSTALL.findall(dockerfile) != ['install --no-cache-dir -r "binder/requirements.txt"']:
        found.append("something else than the requirements is installed")
    steps = [" src/ ${REPO_DIR}/\n", "pip install", "RUN ./binder/postBuild\n"]
    places = [dockerfile.find(step) for step in steps]
    if -1 in places or places != sorted(places):
        found.append("copying the repository, installing its lock, postBuild: not these steps in this order")
    return found


def test_the_dry_run_installs_the_lab_lock_and_the_package(root):
    """Fails if Binder would build something else than what students have, or build it without the package."""
    assert problems(root) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda folder: (folder / "postBuild").unlink(), "not these steps in this order"),
        (lambda folder: (folder / "runtime.txt").write_text("python-3.10\n"), "the Python is not 3.11"),
        (lambda folder: (folder / "requirements.txt").write_text("pandas\n"), "not the lab lock"),
        (lambda folder: (folder / "environment.yml").write_text("dependencies: []\n"), "something else"),
    ],
)
def test_a_broken_configuration_is_rejected(copy, change, problem):
    """Fails if the check above passes whatever repo2docker would do."""
    change(copy / "binder")
    assert any(problem in found for found in problems(copy))


@pytest.mark.slow
def test_the_welcome_page_runs_in_what_binder_installs(root, copy, tmp_path, open_network):
    """Fails if the course needs a package that Binder's set has not, or the set one that is not locked.

    The installation is repeated when something that Binder installs has changed since it last succeeded here.
    """
    inputs = ["requirements/lab.txt", "binder/requirements.txt", "binder/postBuild", "pyproject.toml"]
    inputs += ["notebooks/00_welcome.ipynb", *sorted(str(path) for path in (root / "src").rglob("*.py"))]
    digest = hashlib.sha256(b"".join((root / name).read_bytes() for name in inputs)).hexdigest()
    record = root / "_build" / "binder-set-tested"
    if record.exists() and record.read_text() == digest:
        return
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True, symlinks=os.name != "nt")
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    env = open_network | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}

    def run(*command, env=env):
        done = subprocess.run([python, *command], cwd=copy, env=env, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (install,) = INSTALL.findall(dry_run(copy)[0])
    run("-m", "pip", *shlex.split(install.replace("--no-cache-dir", "")))
    run("binder/postBuild")
    lock = (copy / "requirements" / "lab.txt").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)) | {"peaceops", "pip", "setuptools"}
    listed = {package["name"] for package in json.loads(run("-m", "pip", "list", "--format", "json"))}
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in listed} <= locked

    closed = dict(os.environ, PATH=env["PATH"])
    notebook = copy / "notebooks" / "00_welcome.ipynb"
    run("-m", "nbconvert", "--to", "notebook", "--execute", "--output", "done", str(notebook), env=closed)
    cells = json.loads(notebook.with_name("done.ipynb").read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert all(cell["execution_count"] for cell in code)
    record.parent.mkdir(exist_ok=True)
    record.write_text(digest)
