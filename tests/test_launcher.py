"""The launcher: what it installs, what it notices, what it mends, and what it says when it cannot."""

import ast
import ctypes
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

# the smallest build backend: it makes the wheel of an editable install, after a line that a test puts in
BACKEND = """
import os, pathlib, time, zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    {fault}
    info = "peaceops-0.1.0.dist-info/"
    with zipfile.ZipFile(os.path.join(wheel_directory, "peaceops-0.1.0-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("peaceops.pth", os.path.abspath("src"))
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: peaceops\\nVersion: 0.1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return "peaceops-0.1.0-py3-none-any.whl"
"""
SAYS_ITS_ARGUMENTS = "import sys\nprint('JupyterLab', *sys.argv[1:])\n"
ENDS_AS_TOLD = "import os, sys\nsys.exit(int(os.environ.get('CODE_' + __spec__.name, 0)))\n"


class Small:
    """A course of three tiny packages, installed by the real launcher with the real pip from a folder.

    In place of JupyterLab, ruff and pytest stand modules of those names that say how they were called or end
    with a given code: what is tested is the launcher up to the moment at which it hands over.
    """

    def __init__(self, root: Path, course: Path):
        self.root, self.wheels = root, root / "wheels"
        for folder in ("requirements", "binder", "notebooks", "src", "wheels"):
            (root / folder).mkdir(parents=True)
        text = course.read_text(encoding="utf-8")
        self.course = root / "course.py"
        # an installation this small needs no space worth checking
        self.course.write_text(re.sub(r"(?m)^NEEDED_MB.*$", 'NEEDED_MB = {"lab": 1, "all": 1}', text))
        self.lock("lab", self.wheel("jupyterlab", SAYS_ITS_ARGUMENTS))
        tools = [self.wheel(name, ENDS_AS_TOLD) for name in ("ruff", "pytest")]
        self.lock("all", self.locked("lab").read_text() + "".join(tools))
        (root / "binder" / "overrides.json").write_text("{}")
        (root / "notebooks" / "00_welcome.ipynb").write_text("{}")
        (root / "pyproject.toml").write_text(
            '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
            '[project]\nname = "peaceops"\nversion = "0.1.0"\n'
        )
        self.fault("pass")

    def wheel(self, name: str, code: str, version: str = "1.0") -> str:
        """Write a wheel of one module and return its line for a lock."""
        path = self.wheels / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info/"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr(f"{name}.py", code)
            wheel.writestr(info + "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(info + "RECORD", "")
        return f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"

    def locked(self, which: str) -> Path:
        """Return the path of a lock."""
        return self.root / "requirements" / f"{which}.txt"

    def lock(self, which: str, lines: str) -> None:
        """Write a lock."""
        self.locked(which).write_text(lines)

    def fault(self, line: str) -> None:
        """Let a line of Python run while the course's own package is installed."""
        (self.root / "backend.py").write_text(BACKEND.format(fault=line))

    def installed(self, name: str) -> Path:
        """Return the file of an installed module."""
        return next((self.root / ".venv").glob("[Ll]ib/**/site-packages")) / f"{name}.py"

    def start(self, *command: str, **options) -> subprocess.Popen:
        """Start the launcher with a pip that knows the folder of wheels and nothing else."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        env |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.wheels.as_uri(), "PIP_CONFIG_FILE": os.devnull}
        env |= {"PIP_NO_CACHE_DIR": "1", "PYTHONUTF8": "1"} | options.pop("env", {})
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
        return subprocess.Popen([sys.executable, self.course, *command], env=env, **pipes, **options)

    def run(self, *command: str, **options) -> tuple[int, str]:
        """Run the launcher; return its exit code and what it said."""
        process = self.start(*(command or ("lab",)), **options)
        said, _ = process.communicate(timeout=120)
        assert "Traceback" not in said, said
        return process.returncode, said


def wait_for(path: Path, process: subprocess.Popen) -> None:
    """Wait until a process has made a file."""
    while not path.exists():
        assert process.poll() is None, process.stdout.read()
        time.sleep(0.1)


def listens(port: int) -> bool:
    """Tell whether a server listens at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def small(root, tmp_path):
    """Return a small course in a folder whose name has a space."""
    return Small(tmp_path / "a course", root / "course.py")


def test_an_old_python_can_read_the_launcher(root):
    """Fails if syntax newer than Python 3.6 comes in: an old Python would answer with a SyntaxError."""
    text = (root / "course.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 6))
    with pytest.raises(SyntaxError):
        ast.parse(text + "\nif (n := 1):\n    pass\n", feature_version=(3, 6))


def test_an_old_python_is_told_so(small, root):
    """Fails if the version is not compared, or not with the one that the package and the locks need."""
    text = small.course.read_text()
    minimum = tomllib.loads((root / "pyproject.toml").read_text())["project"]["requires-python"]
    assert f"MINIMUM = ({minimum.removeprefix('>=').replace('.', ', ')})" in text
    small.course.write_text(re.sub(r"MINIMUM = .*", "MINIMUM = (99, 0)", text))
    code, said = small.run()
    assert code
    assert said.startswith("The course needs Python 99.0 or newer, and this is Python 3.")
    assert not (small.root / ".venv").exists()


def test_a_python_without_ensurepip_names_debians_package(small, tmp_path):
    """Fails if a bare Debian Python, which lacks ensurepip, is answered by a traceback."""
    (tmp_path / "ensurepip.py").write_text("raise ModuleNotFoundError('gone', name='ensurepip')")
    code, said = small.run(env={"PYTHONPATH": str(tmp_path)})
    assert code
    assert "has no `ensurepip` module" in said
    assert "python3-venv" in said


def test_missing_notebooks_are_named(small):
    """Fails if JupyterLab is started, or a set installed, for a course that is not there."""
    shutil.rmtree(small.root / "notebooks")
    code, said = small.run()
    assert code
    assert "notebooks/00_welcome.ipynb is missing" in said
    assert not (small.root / ".venv").exists()


def test_too_little_space_is_said_before_installing(small):
    """Fails if an installation begins that cannot end."""
    text = small.course.read_text()
    small.course.write_text(re.sub(r"(?m)^NEEDED_MB.*$", 'NEEDED_MB = {"lab": 10**12, "all": 1}', text))
    code, said = small.run()
    assert code
    assert re.search(r"The disk has \d+ MB free and the installation needs about 1000000000000 MB", said)
    assert not (small.root / ".venv").exists()


def test_what_cannot_be_deleted_is_named(small):
    """Fails if a file that is in use, or not one's own, ends in a traceback or in half a deletion unseen."""
    held = small.root / ".venv" / "held" / "file"
    held.parent.mkdir(parents=True)
    options = {}
    with held.open("w"):  # Windows deletes no open file, the others none from a folder they may not write to
        if os.name != "nt":
            held.parent.chmod(0o500)
        if sys.platform == "linux" and os.geteuid() == 0:
            # root may write anywhere unless it gives up CAP_DAC_OVERRIDE (1), by PR_CAPBSET_DROP (24)
            options["preexec_fn"] = lambda: ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)
        code, said = small.run(**options)
    held.parent.chmod(0o700)
    assert code
    assert "A file (" in said
    assert "could not be written or deleted: close the programs that use it" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("raise OSError(28, 'No space left on device')", "The disk is full: free about 1 MB"),
        ("raise PermissionError(13, 'Permission denied')", "A file in .venv could not be written or deleted"),
        ("raise RuntimeError('an error of its own')", "The installation failed, and pip said: "),
    ],
)
def test_a_failing_installation_is_explained_and_mended(small, fault, sentence):
    """Fails if what stops pip is shown as a traceback, or if the next run takes the half for the whole."""
    small.fault(fault)
    code, said = small.run()
    assert code
    assert sentence in said
    assert small.root.joinpath("_build", "install.log").read_text(encoding="utf-8")
    small.fault("pass")
    code, said = small.run()
    assert code == 0
    assert "The last installation was not finished: mending it" in said
    assert "JupyterLab" in said


@pytest.mark.slow
def test_an_index_out_of_reach_is_explained(small):
    """Fails if being offline is answered with pip's last line, which speaks of versions."""
    index = "http://127.0.0.1:9/simple"
    code, said = small.run(env={"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": index})
    assert code
    assert "the network or the package index cannot be reached: connect to the internet" in said


@pytest.mark.slow
def test_a_package_that_is_not_the_locked_one_is_refused(small):
    """Fails if hashes are not required: another file under the same name would be installed."""
    small.wheel("jupyterlab", SAYS_ITS_ARGUMENTS + "# changed\n")
    code, said = small.run()
    assert code
    assert "is not the one that was locked" in said
    small.lock("lab", "jupyterlab==1.0\n")
    code, said = small.run()
    assert code
    assert "JupyterLab" not in said.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGKILL", "SIGINT"] if os.name != "nt" else ["SIGTERM"])
def test_an_installation_that_is_cut_off_is_mended(small, tmp_path, name):
    """Fails if a half-installed .venv is taken for a whole one after Ctrl-C, a kill or a power cut."""
    begun = tmp_path / "begun"
    small.fault(f"pathlib.Path({str(begun)!r}).touch(); time.sleep(120)")
    process = small.start("lab", start_new_session=True)
    wait_for(begun, process)
    if os.name == "nt":
        process.kill()
    else:
        os.killpg(process.pid, getattr(signal, name))
    said, _ = process.communicate(timeout=30)
    assert process.returncode
    assert "Traceback" not in said
    assert name != "SIGINT" or "Stopped before the installation was finished: the next run mends it." in said
    small.fault("pass")
    code, said = small.run()
    assert code == 0
    assert "The last installation was not finished: mending it" in said
    assert "JupyterLab" in said


@pytest.mark.slow
def test_what_is_installed_is_kept_added_to_mended_and_replaced(small):
    """Fails if a second start installs again, or if a change or a loss goes unseen; one story, in its order."""
    code, said = small.run("lab", "--no-browser", "--port", "0")
    assert code == 0
    assert "packages: installed" in said
    last = said.splitlines()[-1]
    assert last.startswith(f"JupyterLab --ServerApp.root_dir={small.root}")
    assert "--LabApp.default_url=/lab/tree/notebooks/00_welcome.ipynb" in last
    assert "--no-browser --port=0" in last

    def unchanged(*command):
        """Nothing is said or done before handing over."""
        before = (small.root / "_build" / "install.log").stat().st_mtime_ns
        code, said = small.run(*command)
        assert (small.root / "_build" / "install.log").stat().st_mtime_ns == before
        return code == 0 and said.startswith(("JupyterLab", "\n== style"))

    assert unchanged("lab")

    code, said = small.run("test", "--quick")
    assert code == 0
    assert said.startswith("Adding what the tests and the book need.")
    assert unchanged("lab")
    assert unchanged("test", "--quick")

    small.installed("jupyterlab").unlink()
    code, said = small.run("lab")
    assert code == 0
    assert "Part of .venv is missing or damaged (1 files, such as " in said
    assert "jupyterlab.py" in said

    small.installed("jupyterlab").write_text("")
    assert "is missing or damaged" in small.run("lab")[1]

    (small.root / "binder" / "overrides.json").write_text("{ }")
    code, said = small.run("lab")
    assert code == 0
    assert "The course's package has changed: installing it again." in said
    assert "  packages:" not in said
    assert unchanged("lab")

    small.lock("lab", small.wheel("jupyterlab", SAYS_ITS_ARGUMENTS, "2.0"))
    code, said = small.run("lab")
    assert code == 0
    assert "The locked packages have changed: installing anew." in said
    assert unchanged("lab")

    stamp = small.root / ".venv" / "course.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"python": "3.0"}))
    assert "This is another Python than .venv was made with" in small.run("lab")[1]

    moved = small.root.rename(small.root.with_name("moved"))
    small.root, small.course, small.wheels = moved, moved / "course.py", moved / "wheels"
    code, said = small.run("lab")
    assert code == 0
    assert "The course was moved" in said


@pytest.mark.slow
def test_the_test_command_fails_with_any_of_its_steps(small):
    """Fails if a failed step, or a pytest that found nothing to run (code 5), ends as a success."""
    code, said = small.run("test", "--quick")
    assert code == 0
    assert re.search(r"ok +[\d.]+ s  tests", said)
    code, said = small.run("test", "--quick", env={"CODE_pytest": "5"})
    assert code
    assert re.search(r"FAILED +[\d.]+ s  tests", said)
    assert re.search(r"ok +[\d.]+ s  style", said)
    code, said = small.run("test", "--quick", env={"CODE_ruff": "1"})
    assert code
    assert re.search(r"FAILED +[\d.]+ s  format", said)


@pytest.mark.slow
def test_a_full_run_without_a_browser_fails(small, root):
    """Fails if a program that is no browser is taken for one, or the tests that need one are left out unseen."""
    command = [sys.executable, root / "tests" / "find_browser.py"]
    env = os.environ | {"PEACEOPS_BROWSER": sys.executable}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode
    assert "which is not a browser that starts." in done.stderr.splitlines()[-1]
    (small.root / "tests").mkdir()
    (small.root / "tests" / "find_browser.py").write_text("import sys\nsys.exit('No browser was found.')\n")
    code, said = small.run("test")
    assert code
    assert "The tests were not run, for those that need a browser would be left out." in said
    assert "== tests" not in said


@pytest.mark.slow
def test_two_installations_do_not_meet(small, tmp_path):
    """Fails if a second start deletes what the first is installing."""
    begun = tmp_path / "begun"
    small.fault(f"pathlib.Path({str(begun)!r}).touch(); time.sleep(8)")
    first = small.start("lab")
    wait_for(begun, first)
    code, said = small.run("lab")
    assert code
    assert "Another installation of the course is still running" in said
    assert "JupyterLab" in first.communicate(timeout=60)[0]
    assert first.returncode == 0


@pytest.mark.slow
def test_the_course_opens_from_nothing(copy, open_network):
    """Fails if the real locked set does not install, or JupyterLab does not serve the course as set up."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, copy / "course.py", "lab", "--no-browser", "--port", port]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    said = ""
    with subprocess.Popen(command, env=open_network, **pipes) as server:
        address = None
        for line in server.stdout:
            said += line
            if address := re.search(r"(http://127\.0\.0\.1:\d+)(\S*)\?(token=\w+)", line):
                break
        assert address, said
        base, path, token = address.groups()
        try:
            # the address is printed a moment before the server listens
            while server.poll() is None and not listens(int(port)):
                time.sleep(0.1)
            assert path == "/lab/tree/notebooks/00_welcome.ipynb"
            with urllib.request.urlopen(f"{base}/api/contents{path[9:]}?content=0&{token}") as answer:
                assert json.load(answer)["type"] == "notebook"
            plugin = "@jupyterlab/apputils-extension:notification"
            with urllib.request.urlopen(f"{base}/lab/api/settings/{plugin}?{token}") as answer:
                defaults = json.load(answer)["schema"]["properties"]
            # no request for news or updates, by binder/overrides.json
            assert defaults["fetchNews"]["default"] == "false"
            assert defaults["checkForUpdates"]["default"] is False
        finally:
            server.terminate()
