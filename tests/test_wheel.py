"""The built package works without the repository: installed elsewhere, it has its tables and loads them."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import peaceops
from peaceops import load, tables

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel with the locked build backend, from a place without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel into a folder of its own, as pip does it."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", folder, wheel]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def ask(installed, code, cwd=ROOT.anchor):
    """Run code with the installed package, which stands before the repository's."""
    env = {**os.environ, "PYTHONPATH": str(installed), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.stderr == ""
    return done.stdout


def test_the_wheel_has_what_it_needs(wheel):
    """Catches a wheel without the tables, their schema or the licences, or with what is none of its business."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    sources = [path for kind in ("*.py", "*.js", "*.css") for path in (ROOT / "src").rglob(kind)]
    wanted = {f"peaceops/{path.relative_to(ROOT / 'src' / 'peaceops').as_posix()}" for path in sources}
    wanted |= {f"peaceops/_data/{path.relative_to(ROOT / 'data').as_posix()}" for path in (ROOT / "data").rglob("*.*")}
    about = f"peaceops-{peaceops.__version__}"
    settings = f"{about}.data/data/share/jupyter/lab/settings/overrides.d/peaceops.json"
    wanted |= {settings, f"{about}.dist-info/licenses/LICENSE", f"{about}.dist-info/licenses/LICENSE-CONTENT"}
    assert wanted - names == set()
    assert {name for name in names - wanted if not name.startswith(f"{about}.dist-info/")} == set()


def test_the_tables_in_the_wheel_are_those_of_the_repository(wheel):
    """Catches tables that were copied into the wheel at another time."""
    with zipfile.ZipFile(wheel) as archive:
        for path in (ROOT / "data").rglob("*.*"):
            inside = f"peaceops/_data/{path.relative_to(ROOT / 'data').as_posix()}"
            assert archive.read(inside) == path.read_bytes(), inside


@pytest.mark.parametrize("folder", ["root of the disk", "repository", "elsewhere"])
def test_every_table_loads_from_the_wheel(installed, tmp_path, folder):
    """Catches tables that are found only beside the repository, or that differ from the clone's."""
    cwd = {"root of the disk": ROOT.anchor, "repository": ROOT, "elsewhere": tmp_path}[folder]
    code = """
import json, peaceops
from peaceops.datasets import validate
from peaceops.operations import started_between, un_peacekeeping
print(json.dumps({
    "file": peaceops.__file__, "version": peaceops.__version__, "as_of": peaceops.AS_OF, "wrong": validate(),
    "tables": {name: [list(map(str, peaceops.load(name).dtypes)), peaceops.load(name).to_csv()]
               for name in peaceops.tables()["table"]},
    "check": peaceops.check("01-6", len(started_between(un_peacekeeping(peaceops.load("operations")), 1948, 1999))).status,
}))
"""
    said = json.loads(ask(installed, code, cwd))
    assert Path(said["file"]).is_relative_to(installed)
    assert (said["version"], said["as_of"], said["wrong"]) == (peaceops.__version__, peaceops.AS_OF, [])
    assert said["check"] == "right"
    assert list(said["tables"]) == list(tables()["table"])
    for name, (types, text) in said["tables"].items():
        assert types == list(map(str, load(name).dtypes)), name
        assert text == load(name).to_csv(), name


def test_a_wheel_without_tables_is_seen(installed, tmp_path):
    """Catches the tests above passing on the repository's tables: without its own, the package finds none."""
    shutil.copytree(installed / "peaceops", tmp_path / "peaceops", ignore=shutil.ignore_patterns("_data"))
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", "import peaceops"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "DataError: There is no datapackage.json in " in done.stderr.splitlines()[-1]
