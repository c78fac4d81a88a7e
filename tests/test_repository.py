"""The repository: what its files must agree on, and what none of them may name."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from pip._internal.models.index import PyPI

from tests.conftest import NOT_COPIED

SETS = ("lab", "all")


def texts(folder: Path) -> dict[str, str]:
    """Read the text files of a repository, but for what is generated or ignored."""
    found = {}
    for place, folders, names in os.walk(folder):
        for ignored in NOT_COPIED:
            folders[:] = [name for name in folders if not fnmatch(name, ignored)]
        for path in (Path(place) / name for name in names):
            inside = path.relative_to(folder).as_posix()
            try:
                found[inside] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                assert path.suffix in {".png", ".woff2", ".ico"}, f"{inside} is not UTF-8"
    return found


def indexes() -> set[str]:
    """Return the hosts of the package indexes: pip's own, and those it is set to use here."""
    hosts = {PyPI.netloc, PyPI.file_storage_domain}
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    hosts |= {urlsplit(address).hostname for address in re.findall(r"https?://[^\s']+", listed)}
    return {host for host in hosts if host and host not in ("localhost", "127.0.0.1")}


def places(folder: Path) -> set[str]:
    """Return this machine's own paths: the repository's, the home folder's, that of temporary files."""
    return {str(folder), str(Path.home()), tempfile.gettempdir()} - {"/"}


def leaks(folder: Path, root: Path) -> list[str]:
    """Return where a file names a package index or a place on this machine."""
    words = [re.escape(word) for word in sorted(indexes() | places(root))]
    pattern = re.compile(rf"(?<![\w.~/-])(?:https?://)?({'|'.join(words)})(?![\w-])")
    return [f"{name}: {match.group(1)}" for name, text in texts(folder).items() for match in pattern.finditer(text)]


def lock_problems(lock: str) -> list[str]:
    """Return what is wrong with a lock: each entry is a version with hashes, and nothing says from where."""
    entries = re.split(r"\n(?=\S)", lock.strip())
    entry = re.compile(r"[a-z0-9.-]+==\S+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+")
    return [text.splitlines()[0] for text in entries if not entry.fullmatch(text.strip())]


def readme_commands(text: str) -> list[list[str]]:
    """Return the launcher's commands in a text, as a list of words each."""
    found = re.findall(r"python3 (course\.py[^\n`]*)", text)
    return [shlex.split(command) for command in found]


def test_no_file_names_an_index_or_this_machine(root):
    """Fails if a lock or a notebook carries an index's address or somebody's folder to others."""
    assert leaks(root, root) == []


def test_a_named_index_or_folder_is_seen(tmp_path, root):
    """Fails if the search above finds nothing because it looks for nothing."""
    (tmp_path / "a.md").write_text(f"see {root}/data and https://{PyPI.netloc}/simple")
    (tmp_path / "b.txt").write_text(f"--index-url https://{PyPI.file_storage_domain}/packages")
    assert len(leaks(tmp_path, root)) == 3


@pytest.mark.parametrize("which", SETS)
def test_locks_are_hashed_and_without_addresses(root, which):
    """Fails if a package could be exchanged, or fetched only where the lock was made."""
    lock = (root / "requirements" / f"{which}.txt").read_text(encoding="utf-8")
    assert lock_problems(lock) == []


@pytest.mark.parametrize("line", ["--index-url https://index.invalid", "pandas==2.2.0", "a @ https://index.invalid/a"])
def test_a_lock_with_an_address_or_without_a_hash_is_seen(root, line):
    """Fails if the look at the locks accepts any line."""
    lock = (root / "requirements" / "lab.txt").read_text(encoding="utf-8")
    assert lock_problems(f"{lock}{line}\n") == [line]
    assert lock_problems(f"{line}\n{lock}") == [line]


def test_the_larger_set_holds_the_smaller_one(root):
    """Fails if the two locks disagree, so that a notebook is tested with other versions than it is read with."""
    versions = []
    for which in SETS:
        lock = (root / "requirements" / f"{which}.txt").read_text(encoding="utf-8")
        versions.append(set(re.findall(r"^\S+==[^\\\n]*", lock, re.MULTILINE)))
    assert versions[0] <= versions[1]


@pytest.mark.parametrize("which", SETS)
def test_locks_hold_what_is_asked_for(root, which):
    """Fails if a package was added to a list and the lock not made anew."""
    asked = re.findall(
        r"^([a-z][\w.-]*)", (root / "requirements" / f"{which}.in").read_text(encoding="utf-8"), re.MULTILINE
    )
    locked = re.findall(
        r"^([\w.-]+)==", (root / "requirements" / f"{which}.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert set(asked) <= set(locked)
    own = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert {re.match(r"[\w.-]+", need).group() for need in own} <= set(locked)


def test_readme_commands_exist(root):
    """Fails if the README names a command or an option that the launcher does not know."""
    commands = readme_commands((root / "README.md").read_text(encoding="utf-8"))
    assert {command[1] for command in commands} >= {"lab", "test"}
    commands += readme_commands((root / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    for script, *words in [*commands, ["course.py", "none"]]:
        done = subprocess.run([sys.executable, root / script, *words, "--help"], capture_output=True, text=True)
        assert (done.returncode == 0) == (words != ["none"]), f"{script} {words}: {done.stderr}"


def test_continuous_integration_runs_the_readmes_test_command(root):
    """Fails if what is checked for everyone is not what the README tells people to run."""
    last = (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    command = shlex.split(last.removeprefix("exec python3 "))
    assert command in readme_commands((root / "README.md").read_text(encoding="utf-8"))


def test_version_authors_and_licences_agree(root):
    """Fails if a release changes one of the places that name the version, the authors or the licences."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    package = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    newest = re.search(r"^## (\S+) \((\S+)\)$", changelog, re.MULTILINE)
    assert newest.groups() == (citation["version"], citation["date-released"])
    assert project["version"] == citation["version"] == package["version"]
    authors = [author["name"] for author in project["authors"]]
    assert authors == [author["name"] for author in citation["authors"]]
    assert citation["license"] == [project["license"], "CC-BY-4.0"]
    for name, title in (("LICENSE", "BSD 3-Clause License"), ("LICENSE-CONTENT", "Attribution 4.0 International")):
        licence = (root / name).read_text(encoding="utf-8")
        assert title in licence
        assert authors[0] in licence


def test_links_between_the_repositorys_pages_lead_somewhere(root):
    """Fails if the README, CONTRIBUTING or the CHANGELOG links to a file or picture that is not there."""
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (root / name).read_text(encoding="utf-8")
        targets = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
        assert [link for link in targets if not (root / link).exists()] == []


def test_the_code_structure_names_each_folder(root):
    """Fails if a folder is added without its line in CONTRIBUTING, or a line outlives its folder."""
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Code structure")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `([\w.-]+)/` \|", text, re.MULTILINE))
    present = {name.split("/")[0] for name in texts(root) if "/" in name} - {".github"}
    assert named == present


def test_tests_reach_no_other_host(tmp_path):
    """Fails if the guard lets a test, or a process that it starts, reach another host."""
    no_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with pytest.raises(urllib.error.URLError, match="tests reach no other host"):
        no_proxy.open("http://course.invalid/")
    with pytest.raises(PermissionError, match="tests reach no other host"):
        socket.create_connection(("192.0.2.1", 80))
    code = "import urllib.request; urllib.request.urlopen('http://192.0.2.1/')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "refused" in done.stderr.splitlines()[-1]


PASSES = "def test_two():\n    pass\n"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (PASSES, 0),
        (PASSES + "import pytest\n\ndef test_one():\n    pytest.skip('later')\n", 1),
        ("import pytest\npytest.skip('later', allow_module_level=True)\n", 1),
        (PASSES + "import pytest\n\n@pytest.mark.slwo\ndef test_one():\n    pass\n", 2),
        (None, 5),
    ],
)
def test_a_skip_and_an_empty_run_fail(root, tmp_path, body, code):
    """Fails if a skipped test, a skipped module, a run without tests or a mistyped mark passes for success."""
    shutil.copy(root / "pyproject.toml", tmp_path)
    (tmp_path / "tests").mkdir()
    shutil.copy(root / "tests" / "conftest.py", tmp_path / "tests")
    if body:
        (tmp_path / "tests" / "test_it.py").write_text(body)
        (tmp_path / "tests" / "test_other.py").write_text(PASSES)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == code, done.stdout
