"""Reading students' exported files, which are hostile until they are checked: nothing in them is run or unpacked."""

import hashlib
import io
import itertools
import json
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from peaceops._schemes import SCHEMES, scheme

COURSE, FORMAT = "peacekeeping-partnerships", 1
CONFIDENCES = (20, 40, 60, 80, 100)
MAX_FILE, MAX_ZIP, MAX_FILES = 5_000_000, 50_000_000, 1_000
# Names are a file's in an own deck, reasons are counted in characters by the page.
MAX_TEXT, MAX_NAME, MAX_ITEMS, MAX_TRIES = 10_000, 200, 500, 1_000
_DTYPES = {
    **dict.fromkeys(["coder", "deck", "item_id", "option"], "string"),
    "confidence": "Int64",
    "reason": "string",
    "at": "datetime64[us, UTC]",
}
_FOREIGN = "is not an export of this course"


class BadFile(Exception):
    """A file that is not what the course exports; the message is a sentence without its subject and full stop."""


def read_answers(paths, activity="classifier"):
    """Read the files that a class exported from an activity in which it codes.

    Nothing in the files is run, unpacked to the disk or believed: a file that is not exactly an export is left out
    whole. Files of one code name are one coder; a coder without a name is “student 1”, “student 2” in the files'
    order. Of two files that answer the same card the earlier answer counts.

    Parameters
    ----------
    paths : path-like, (str, bytes), or a list of these
        Files, folders or zip files; or pairs of name and content, as an upload gives them.
    activity : str
        ``"classifier"``, ``"lifecycle"`` or ``"motives"``; files of another are left out.

    Returns
    -------
    answers : pandas.DataFrame
        One row per coder, deck and card, first tries only: ``coder``, ``deck``, ``item_id``, ``option``,
        ``confidence`` (per cent), ``reason`` and ``at`` (UTC). A card that was not answered has no row.
    problems : list of str
        One sentence per file that was not read, and per file that repeats or contradicts another.

    Raises
    ------
    ValueError
        For an activity that is not one of the three.

    Examples
    --------
    >>> answers, problems = read_answers([("notes.json", b"[]")])
    >>> problems
    ['“notes.json” is not an export of this course.']
    """
    wanted = scheme(activity)
    problems, seen, files = [], {}, []
    for number, (name, content) in enumerate(contents(paths)):
        label = f"“{shorten(name, 120)}”"
        if number == MAX_FILES:
            problems.append(f"There are more than {MAX_FILES:,} files: from {label} on they were not read.")
            break
        try:
            if isinstance(content, BadFile):
                raise content
            twin = seen.setdefault(hashlib.sha256(content).digest(), label)
            if twin != label:
                raise BadFile(f"is the same file as {twin}, so it was counted once")
            files.append((label, *parse(content, wanted)))
        except BadFile as problem:
            problems.append(f"{label} {problem}.")
    rows, clashes = _merge(files)
    return pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES), problems + clashes


def contents(paths):
    """Yield the name of each file with its content, or with the `BadFile` that says why there is none."""
    for path in [paths] if isinstance(paths, str | Path) or _is_pair(paths) else paths:
        if _is_pair(path):
            yield from _from_bytes(str(path[0]), bytes(path[1]))
        elif Path(path).is_dir():
            yield from _from_folder(Path(path))
        else:
            yield from _from_file(Path(path), Path(path).name)


def parse(content, wanted):
    """Check an exported file and give its coder, its deck and one dict for each item's first try.

    Raises
    ------
    BadFile
        When it is not an export of the wanted activity, or was cut off or changed.
    """
    data = _json(content)
    if not isinstance(data, dict) or data.get("course") != COURSE:
        raise BadFile(_FOREIGN)
    form = data.get("format")
    if type(form) is not int:
        raise BadFile("does not say which format it has, so it was changed by hand")
    if form != FORMAT:
        age = "newer than this edition can read: update the course" if form > FORMAT else "old: have it exported again"
        raise BadFile(f"has a format ({shorten(form)}, not {FORMAT}) that is {age}")
    found = data.get("activity")
    if found != wanted.activity:
        if isinstance(found, str) and found in SCHEMES:
            raise BadFile(
                f'holds answers to {SCHEMES[found].name}, not to {wanted.name}; to read it, say activity="{found}"'
            )
        raise BadFile(f"holds answers to “{shorten(found)}”, not to {wanted.name}")
    deck, coder = _name(data.get("deck"), "deck"), _name(data.get("coder") or "", "code name", may_be_empty=True)
    answers = data.get("answers")
    if not isinstance(answers, dict):
        raise BadFile("has no list of answers, so it was changed by hand")
    if len(answers) > MAX_ITEMS:
        raise BadFile(f"holds answers to more than {MAX_ITEMS} cards, which no deck has")
    rows = []
    for item, answer in answers.items():
        item = _name(item, "card")
        tries = answer.get("tries") if isinstance(answer, dict) else None
        if not isinstance(tries, list) or len(tries) > MAX_TRIES:
            raise BadFile(f"has no list of tries, or too long a one, for the card “{item}”")
        checked = [_checked_try(one, item, wanted.options) for one in tries]
        if checked:
            rows.append({"item_id": item, **checked[0]})
    if not rows:
        raise BadFile("holds no answers")
    return coder, deck, rows


def shorten(value, length=60):
    """Give a value that nobody has checked as one short line of text."""
    if not isinstance(value, str | int | float):
        return f"something of the type {type(value).__name__}"
    line = _one_line(value[: 4 * length] if isinstance(value, str) else repr(value))
    return line if len(line) <= length else line[: length - 1] + "…"


def _merge(files):
    """Join the files of each coder; give rows, and a sentence for each file that contradicts an earlier one."""
    taken, names, rows, clashes = {coder.casefold() for _, coder, _, _ in files}, {}, {}, []
    numbers = (n for n in itertools.count(1) if f"student {n}" not in taken)
    owner = {}
    for label, coder, deck, answers in files:
        # The page notes each decision to the millisecond: one that is in two files makes them one student's.
        marks = [(deck, a["item_id"], a["option"], a["at"]) for a in answers if a["at"] is not None]
        if coder:
            coder = names.setdefault(coder.casefold(), coder)
        else:
            coder = next((owner[mark] for mark in marks if mark in owner), None) or f"student {next(numbers)}"
        owner |= dict.fromkeys(marks, coder)
        other, differing = "", 0
        for answer in answers:
            row = {"coder": coder, "deck": deck, **answer, "file": label}
            old = rows.setdefault((coder, deck, answer["item_id"]), row)
            if old is row:
                continue
            if (old["option"], old["at"]) != (row["option"], row["at"]):
                other, differing = old["file"], differing + 1
            if row["at"] and (old["at"] is None or row["at"] < old["at"]):
                rows[coder, deck, answer["item_id"]] = row
        if differing:
            clashes.append(
                f"{label} and {other} both come from “{coder}” and differ on {differing} "
                f"card{'s' if differing > 1 else ''}: the earlier answers count; if these are two students, give one of "
                "them another name in the file."
            )
    return list(rows.values()), clashes


def _is_pair(thing):
    return (
        isinstance(thing, tuple)
        and len(thing) == 2
        and isinstance(thing[0], str)
        and isinstance(thing[1], bytes | bytearray | memoryview)
    )


def _from_folder(folder):
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in (".json", ".zip")
        and path.is_file()
        and not path.is_symlink()
        and not _ignored(path.relative_to(folder).parts)
    ]
    if not found:
        yield folder.name, BadFile("is a folder without a .json or .zip file")
    for path in found:
        yield from _from_file(path, path.relative_to(folder).as_posix())


def _from_file(path, name):
    if not path.is_file():
        yield name, BadFile("is not there, or is not a file")
        return
    try:
        with path.open("rb") as file:
            content = file.read(MAX_ZIP + 1)
    except OSError as error:
        yield name, BadFile(f"could not be read ({error.strerror})")
        return
    yield from _from_bytes(name, content)


def _from_bytes(name, content):
    if name.lower().endswith(".zip") or content.startswith(b"PK\x03\x04"):
        yield from _from_zip(name, content)
    else:
        yield name, content


def _from_zip(name, content):
    """Read a zip's files into memory, one at a time; their paths are labels and lead nowhere."""
    if len(content) > MAX_ZIP:
        yield name, BadFile(f"is larger than {MAX_ZIP // 10**6} MB")
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, struct.error):
        yield name, BadFile("is not a readable zip file; it may be cut off")
        return
    inside = [info for info in archive.infolist() if not info.is_dir() and not _ignored(info.filename.split("/"))]
    if not inside or len(inside) > MAX_FILES:
        yield name, BadFile("is a zip file without files" if not inside else f"holds more than {MAX_FILES} files")
        return
    left = MAX_ZIP
    for info in sorted(inside, key=lambda info: info.filename):
        label = f"{name}/{info.filename}"
        try:
            data = _member(archive, info, min(MAX_FILE, left) + 1)
        except BadFile as problem:
            yield label, problem
            continue
        left -= len(data)
        if left < 0:
            yield name, BadFile(f"unpacks to more than {MAX_ZIP // 10**6} MB, so the rest of it was not read")
            return
        yield label, data


def _member(archive, info, size):
    """Unpack at most so many bytes: what the zip says about its sizes is not believed."""
    if info.flag_bits & 1:
        raise BadFile("is protected by a password")
    # Other methods may ask for more memory than the file is worth.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadFile("is compressed in an unusual way; make an ordinary zip file")
    if info.filename.lower().endswith(".zip"):
        raise BadFile("is a zip file inside another; unpack the outer one first")
    try:
        with archive.open(info) as member:
            return member.read(size)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, struct.error):
        raise BadFile("is damaged inside its zip file") from None


def _ignored(parts):
    """Tell what a computer adds by itself, and a note that lies with the files."""
    hidden = any(part == "__MACOSX" or (part.startswith(".") and part.strip(".")) for part in parts)
    return hidden or parts[-1].lower().startswith("readme")


def _json(content):
    if len(content) > MAX_FILE:
        raise BadFile(f"is larger than {MAX_FILE // 10**6} MB, which no export of this course is")
    try:
        # Some editors put a byte order mark in front.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile(f"is not UTF-8 text, so it {_FOREIGN}") from None
    if not text.strip():
        raise BadFile("is empty")
    try:
        return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            raise BadFile("is cut off: it ends in the middle, so have it exported or sent again") from None
        raise BadFile(f"is not readable JSON (line {error.lineno}), so it {_FOREIGN} or was changed by hand") from None
    except RecursionError:
        raise BadFile(f"is nested too deeply, so it {_FOREIGN}") from None
    except ValueError:  # a number with thousands of digits
        raise BadFile(f"holds a number that is too long, so it {_FOREIGN}") from None


def _without_doubles(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise BadFile(f"names “{shorten(double)}” twice, so it was changed by hand")
    return found


def _no_number(name):
    raise BadFile(f"holds {name}, which is not a number, so it was changed by hand")


def _name(value, what, may_be_empty=False):
    """Give a short name as one line: what cannot be seen would make two equal names look different, or the reverse."""
    if not isinstance(value, str) or len(value) > MAX_NAME or not (_one_line(value) or may_be_empty):
        raise BadFile(f"gives as {what} “{shorten(value)}”, which is not a short text")
    return _one_line(value)


def _one_line(text):
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _checked_try(one, item, options):
    if not isinstance(one, dict):
        raise BadFile(f"has for the card “{item}” a try that was changed by hand")
    option, confidence, reason = one.get("option"), one.get("confidence"), one.get("reason", "")
    if not isinstance(option, str) or option not in options:
        allowed = ", ".join(options)
        raise BadFile(f"has for the card “{item}” the option “{shorten(option)}”, which is not one of: {allowed}")
    if type(confidence) is not int or confidence not in CONFIDENCES:
        allowed = ", ".join(map(str, CONFIDENCES))
        raise BadFile(
            f"has for the card “{item}” the confidence “{shorten(confidence)}”, which is not one of: {allowed}"
        )
    if not isinstance(reason, str) or len(reason) > MAX_TEXT:
        raise BadFile(f"has for the card “{item}” a reason that is not a text of at most {MAX_TEXT:,} characters")
    # A browser that cuts a text may leave half a character, which no other program can write.
    reason = reason.encode("utf-8", "replace").decode("utf-8")
    return {"option": option, "confidence": confidence, "reason": reason, "at": _time(one.get("at"), item)}


def _time(value, item):
    if value is None or value == "":
        return None
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        time = None
    if time is None or not 2000 <= time.year <= 2100:
        raise BadFile(f"has for the card “{item}” the time “{shorten(value)}”, which is not a time of this century")
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
