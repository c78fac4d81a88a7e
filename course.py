"""Set the course up from its locks and start it: `lab`, `test`, `book`, `lock`. Standard library only."""

# An old Python must be able to read this file, so that it can say that it is too old: nothing newer than 3.6
# in its syntax, nothing newer than that imported at the top.
import argparse
import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

MINIMUM = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
BUILD = ROOT / "_build"
LOG = BUILD / "install.log"
STAMP = VENV / "course.json"
MANIFEST = VENV / "course-files.json"
WELCOME = "notebooks/00_welcome.ipynb"
# what an installation of each set takes on the disk, with what pip keeps beside it while it works
NEEDED_MB = {"lab": 700, "all": 2000}

FULL = (
    "The disk is full: free about {needed} MB on the disk that holds this folder, "
    "and run the command again; it mends what was left unfinished."
)
FORBIDDEN = (
    "{file} could not be written or deleted: close the programs that use it (JupyterLab, an editor, "
    "a terminal in which .venv is active), see that this folder is yours to write to, "
    "and run the command again."
)
# what pip says, and what it means; the first that fits is told
CAUSES = (
    (("No space left on device", "[Errno 28]", "[WinError 112]", "Disk quota exceeded"), FULL),
    (
        ("Windows Long Path support",),
        "Windows allows no path as long as these packages need: move this folder to one with a short path, "
        "or switch on Windows' long path support, and run the command again.",
    ),
    (
        ("Permission denied", "[Errno 13]", "[WinError 5]", "[WinError 32]", "Read-only file system"),
        FORBIDDEN.format(file="A file in .venv"),
    ),
    (
        ("DO NOT MATCH THE HASHES",),
        "A package that arrived is not the one that was locked, so it was not installed: "
        "run the command again, on another network if it happens twice.",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "certificate verify failed"),
        "The package index could not be trusted, as happens on networks that inspect traffic: "
        "set pip's `cert` option to the network's certificate, or use another network, "
        "and run the command again.",
    ),
    (
        (
            "Failed to establish a new connection",
            "NameResolutionError",
            "NewConnectionError",
            "ConnectTimeoutError",
            "ReadTimeoutError",
            "Read timed out",
            "ProxyError",
            "ProtocolError",
            "Connection reset",
            "IncompleteRead",
        ),
        "The packages could not be fetched, because the network or the package index cannot be reached: "
        "connect to the internet and run the command again.",
    ),
    (
        ("No matching distribution found",),
        "A package does not exist for this Python or this kind of computer: run the command with another "
        "Python, best {minimum}.".format(minimum=".".join(str(part) for part in MINIMUM)),
    ),
)


class Trouble(Exception):
    """What stops a command, as one sentence for the person who typed it."""


def say(text):
    """Print a line at once, also where the output is not a terminal."""
    print(text, flush=True)


def digest(*paths):
    """Return one hash of the files' contents, the same whatever the line ends of the checkout."""
    joined = hashlib.sha256()
    for path in paths:
        joined.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return joined.hexdigest()


def locked(which):
    """Return the lock file of a set of packages."""
    return ROOT / "requirements" / (which + ".txt")


def wanted_stamp(which):
    """Return what the stamp of a complete `.venv` says for a set of packages."""
    return {
        "set": which,
        "lock": digest(locked(which)),
        "lab": digest(locked("lab")),
        "package": digest(ROOT / "pyproject.toml", ROOT / "binder" / "overrides.json"),
        "python": "{}.{}".format(*sys.version_info),
        "root": str(ROOT),
    }


def read_json(path):
    """Return what a JSON file holds, or None if it is missing or was cut off."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found or None


def installed_files():
    """Return the size of each file of `.venv`, by folder and name; compiled files and settings may change."""
    found = {}
    folders = [str(VENV)]
    while folders:
        folder = folders.pop()
        sizes = {}
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        folders.append(entry.path)
                elif entry.path not in (str(STAMP), str(MANIFEST)):
                    sizes[entry.name] = entry.stat(follow_symlinks=False).st_size
        inside = os.path.relpath(folder, str(VENV)).replace(os.sep, "/")
        if inside.split("/")[0] != "etc":
            found[inside] = sizes
    return found


def damage():
    """Return the files of `.venv` that are gone or have another size than when it was finished."""
    recorded = read_json(MANIFEST)
    if recorded is None:
        return [MANIFEST.name]
    if not PYTHON.exists():
        return [PYTHON.name]
    found = installed_files()
    return [
        folder + "/" + name
        for folder, sizes in recorded.items()
        for name, size in sizes.items()
        if found.get(folder, {}).get(name) != size
    ]


def state(which):
    """Return what `.venv` needs for a set of packages (nothing, package, add or rebuild), and why.

    The set `all` holds what is in `lab` in the same versions, so that it serves for both.
    """
    if not VENV.is_dir():
        return "rebuild", ""
    stamp, wanted = read_json(STAMP), wanted_stamp(which)
    if stamp is None or not wanted.keys() <= stamp.keys():
        return "rebuild", "The last installation was not finished: mending it by a new one."
    if stamp["root"] != wanted["root"]:
        return "rebuild", "The course was moved: installing it anew, for .venv knows its old place."
    if stamp["python"] != wanted["python"]:
        return "rebuild", "This is another Python than .venv was made with: installing anew."
    if stamp["lab"] != wanted["lab"] or (stamp["set"] == which and stamp["lock"] != wanted["lock"]):
        return "rebuild", "The locked packages have changed: installing anew."
    broken = damage()
    if broken:
        text = "Part of .venv is missing or damaged ({} files, such as {}): mending it by a new installation."
        return "rebuild", text.format(len(broken), broken[0])
    if which == "all" and stamp["set"] == "lab":
        return "add", "Adding what the tests and the book need."
    if stamp["package"] != wanted["package"]:
        return "package", "The course's package has changed: installing it again."
    return "nothing", ""


def ensure(which):
    """See that `.venv` holds a set of packages, exactly as locked, and the course's own package."""
    need, why = state(which)
    if need == "nothing":
        return
    say(why or "Setting the course up, which happens once and takes a few minutes.")
    BUILD.mkdir(exist_ok=True)
    stamp = wanted_stamp(which)
    with alone() as lock, LOG.open("wb") as log:
        if need == "package":
            # the sets stay as they are, even where the lock of the larger one has changed since
            stamp = dict(read_json(STAMP), package=stamp["package"])
        else:
            check_space(which)
        # without its stamp an installation that is cut off is seen to be unfinished
        with contextlib.suppress(FileNotFoundError):
            STAMP.unlink()
        try:
            if need == "rebuild":
                make_venv(which)
            if need != "package":
                names = re.findall(r"^\S+==", locked(which).read_text(encoding="utf-8"), re.MULTILINE)
                hashed = ["--require-hashes", "--no-deps", "--requirement", str(locked(which))]
                pip(hashed, "packages", len(names), which, log, lock)
            own = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
            pip(own, "the course's own package", 1, which, log, lock)
        except KeyboardInterrupt:
            raise Trouble("Stopped before the installation was finished: the next run mends it.") from None
        MANIFEST.write_text(json.dumps(installed_files()), encoding="utf-8")
        STAMP.write_text(json.dumps(stamp, indent=1), encoding="utf-8")


@contextlib.contextmanager
def alone():
    """Hold the right to install: two installations at a time would break each other."""
    with (BUILD / "install.lock").open("w") as handle:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise
            raise Trouble(
                "Another installation of the course is still running: wait until it is finished, "
                "and run the command again."
            ) from error
        yield handle


def check_space(which):
    """Stop before an installation that cannot fit on the disk."""
    free = shutil.disk_usage(str(ROOT)).free // 10**6
    # what is there already is replaced or added to, so that it does not count twice
    there = sum(sum(sizes.values()) for sizes in installed_files().values()) // 10**6 if VENV.is_dir() else 0
    if free + there < NEEDED_MB[which]:
        raise Trouble(
            "The disk has {} MB free and the installation needs about {} MB: free some space, "
            "and run the command again.".format(free, NEEDED_MB[which])
        )


def make_venv(which):
    """Make `.venv` anew, empty but for pip."""
    try:
        import ensurepip  # noqa: F401  Debian has it in a package of its own
        import venv
    except ImportError as error:
        raise Trouble(
            "This Python has no `{}` module, which .venv is made with: on Debian or Ubuntu install the "
            "package python3-venv (`sudo apt install python3-venv`), elsewhere a complete Python, "
            "and run the command again.".format(error.name)
        ) from error
    try:
        venv.EnvBuilder(clear=True, symlinks=os.name != "nt", with_pip=True).create(str(VENV))
    except subprocess.CalledProcessError as error:
        text = (error.output or b"").decode("utf-8", "replace")
        LOG.write_text(text, encoding="utf-8")
        raise Trouble(failure(text, which)) from error


def failure(text, which):
    """Return the sentence for a failed installation from what it printed, with the place of the log."""
    where = " The log is in {}.".format(LOG.relative_to(ROOT))
    # pip cannot write that the disk is full to a log on that disk
    if shutil.disk_usage(str(ROOT)).free < 10**7:
        return FULL.format(needed=NEEDED_MB[which])
    for signs, sentence in CAUSES:
        if any(sign in text for sign in signs):
            return sentence.format(needed=NEEDED_MB[which]) + where
    lines = text.split("\n")
    last = next((line for line in reversed(lines) if "error" in line.lower()), "nothing")
    return "The installation failed, and pip said: {}.".format(last.strip(" .")) + where


def pip(arguments, what, total, which, log, lock):
    """Install with pip, whose output goes to the log while a counter goes to the person who waits."""
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    start = log.tell()
    # the lock is passed on: should this process be killed, it holds until pip has ended too
    inherited = {} if os.name == "nt" else {"pass_fds": [lock.fileno()]}
    process = subprocess.Popen(
        [*command, "--progress-bar", "off", *arguments],
        cwd=str(ROOT),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        **inherited,
    )
    try:
        text = follow(process, start, what, total)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        raise Trouble(failure(text, which))


def follow(process, start, what, total):
    """Show how far pip is, until it ends; return what it printed."""
    site = next(VENV.glob("[Ll]ib/**/site-packages"))
    before = len(list(site.glob("*.dist-info")))
    begun = time.monotonic()
    shown, every = "", 0.2 if sys.stdout.isatty() else 10
    due = begun
    while True:
        ended = process.poll() is not None
        with LOG.open("rb") as log:
            log.seek(start)
            text = log.read().decode("utf-8", "replace")
        unpacking = re.search(r"^Installing collected packages: (.*)$", text, re.MULTILINE)
        if unpacking:
            parts = unpacking.group(1).count(",") + 1
            done = "unpacking {} of {}".format(len(list(site.glob("*.dist-info"))) - before, parts)
        else:
            names = re.findall(r"^(?:Collecting|Requirement already satisfied:) ([\w.-]+)", text, re.MULTILINE)
            left = total - len(re.findall(r"^Ignoring ", text, re.MULTILINE))
            done = "fetching {} of {}{}".format(len(names), left, " (" + names[-1] + ")" if names else "")
        seconds = int(time.monotonic() - begun)
        if ended:
            done = "failed" if process.returncode else "installed"
        if ended or time.monotonic() >= due:
            shown = show("  {}: {}, {} s".format(what, done, seconds), shown, ended)
            due = time.monotonic() + every
        if ended:
            return text
        time.sleep(0.2)


def show(line, shown, last):
    """Print a line of progress, on a terminal over the one before; return it."""
    if not sys.stdout.isatty():
        say(line)
        return line
    line = line[: shutil.get_terminal_size().columns - 1]
    print("\r" + line.ljust(len(shown)), end="\n" if last else "", flush=True)
    return line


def environment(**more):
    """Return the environment for a program of `.venv`, kept clear of other Pythons on this computer."""
    foreign = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__")
    env = {name: value for name, value in os.environ.items() if name not in foreign}
    env["PATH"] = str(SCRIPTS) + os.pathsep + env.get("PATH", "")
    env.update(VIRTUAL_ENV=str(VENV), PIP_USER="0", PYTHONUNBUFFERED="1", PYTHONUTF8="1", **more)
    return env


def lab(options):
    """Start JupyterLab at the welcome page, from the folder of the course."""
    if not (ROOT / WELCOME).is_file():
        raise Trouble("{} is missing: get a complete copy of the course and start that.".format(WELCOME))
    ensure("lab")
    command = [str(PYTHON), "-m", "jupyterlab", "--ServerApp.root_dir=" + str(ROOT)]
    command.append("--LabApp.default_url=/lab/tree/" + WELCOME)
    # what is installed stays as locked
    command.append("--LabApp.extension_manager=readonly")
    if options.no_browser:
        command.append("--no-browser")
    if options.port is not None:
        command.append("--port={}".format(options.port))
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    os.chdir(str(ROOT))
    if os.name != "nt":
        sys.stdout.flush()
        os.execve(command[0], command, environment())
    process = subprocess.Popen(command, env=environment())
    # Ctrl-C is for JupyterLab, which asks whether it should end
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return process.wait()


def book_command():
    """Return the command that builds the book into `_build/html`."""
    config = ["--path-output", ".", "--toc", "book/_toc.yml", "--config", "_config.yml"]
    return [str(SCRIPTS / "jupyter-book"), "build", ".", "-W", "-n", "--keep-going", *config]


def book(options):
    """Build the book and say where it is."""
    ensure("all")
    code = subprocess.call(book_command(), cwd=str(ROOT), env=environment())
    if code:
        raise Trouble("The book was not built: what is wrong is said above.")
    say("\nThe book is built. Open {}".format((BUILD / "html" / "index.html").as_uri()))
    return 0


def test(options):
    """Run the checks, all of them or the quick part, and sum them up; anything failed fails the command."""
    begun = time.monotonic()
    ensure("all")
    results = [("set-up", 0, time.monotonic() - begun)]
    module = [str(PYTHON), "-m"]
    steps = [
        ("style", [*module, "ruff", "check", "."]),
        ("format", [*module, "ruff", "format", "--check", "."]),
    ]
    env = environment()
    if options.quick:
        steps.append(("tests", [*module, "pytest", "-q", "-m", "not slow"]))
    else:
        env["PEACEOPS_BROWSER"] = browser()
        env["PEACEOPS_SITE"] = str(BUILD / "html")
        steps += [
            ("book", book_command()),
            ("tests", [*module, "pytest", "-q", "--durations=10"]),
            # with the tests' own rules: no other host, no skip, and a failure if nothing ran
            (
                "notebooks",
                [*module, "pytest", "-q", "-p", "tests.conftest", "--nbval-lax", "notebooks", "solutions"],
            ),
        ]
    for name, command in steps:
        say("\n== {}: {}".format(name, " ".join([Path(command[0]).stem, *command[1:]])))
        begun = time.monotonic()
        results.append((name, subprocess.call(command, cwd=str(ROOT), env=env), time.monotonic() - begun))
    say("")
    for name, code, seconds in results:
        say("{:>8} {:7.1f} s  {}".format("FAILED" if code else "ok", seconds, name))
    return 1 if any(code for _, code, _ in results) else 0


def browser():
    """Return the path of a browser that starts, fetched if need be."""
    command = [str(PYTHON), str(ROOT / "tests" / "find_browser.py")]
    done = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, universal_newlines=True)
    if done.returncode:
        raise Trouble("The tests were not run, for those that need a browser would be left out.")
    return done.stdout.strip()


def lock(options):
    """Write the locks anew from the lists of what is wanted; what is locked stays where it may."""
    ensure("all")
    for which in ("lab", "all"):
        command = [str(SCRIPTS / "uv"), "pip", "compile", "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"]
        command += ["--output-file", "requirements/{}.txt".format(which), "requirements/{}.in".format(which)]
        if which == "all":
            command += ["--constraint", "requirements/lab.txt"]
        if options.upgrade:
            command.append("--upgrade")
        if subprocess.call(command, cwd=str(ROOT), env=environment()):
            raise Trouble("requirements/{}.txt was not locked: what is wrong is said above.".format(which))
    say("Locked. The next command installs what has changed.")
    return 0


def arguments(given):
    """Return the command and its options as the person typed them."""
    parser = argparse.ArgumentParser(prog="course.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="lab | test | book | lock")
    commands.required = True
    part = commands.add_parser("lab", help="open the course in JupyterLab")
    part.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")
    part.add_argument("--port", type=int, help="the port, if not the next free one from 8888")
    part.set_defaults(run=lab)
    part = commands.add_parser("test", help="run every check")
    part.add_argument("--quick", action="store_true", help="only the part for every commit")
    part.set_defaults(run=test)
    part = commands.add_parser("book", help="build the book into _build/html")
    part.set_defaults(run=book)
    part = commands.add_parser("lock", help="write the locks in requirements/ anew")
    part.add_argument("--upgrade", action="store_true", help="take the newest versions that are allowed")
    part.set_defaults(run=lock)
    return parser.parse_args(given)


def main(given):
    """Run a command; return its exit code, having said in one sentence what stopped it."""
    if sys.version_info < MINIMUM:
        needed = ".".join(str(part) for part in MINIMUM)
        found = "{}.{}".format(*sys.version_info)
        text = "The course needs Python {} or newer, and this is Python {}: run the command with a newer one."
        print(text.format(needed, found), file=sys.stderr)
        return 1
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    options = arguments(given)
    # a closed terminal or an ended session stops an installation as cleanly as Ctrl-C
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        return options.run(options)
    except Trouble as trouble:
        text = str(trouble)
    except KeyboardInterrupt:
        text = "Stopped."
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            text = FULL.format(needed=NEEDED_MB["lab"])
        elif error.errno == errno.ENOENT and Path(error.filename or "").parent in (ROOT, ROOT / "requirements"):
            text = "{} is missing: get a complete copy of the course and start that.".format(Path(error.filename).name)
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ENOTEMPTY):
            text = FORBIDDEN.format(file="A file ({})".format(error.filename))
        else:
            raise
    print("\n" + text, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
