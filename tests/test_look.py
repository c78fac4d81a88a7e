"""The activities look like the book, touch nothing around them, and build their pages from text alone."""

import os
import re
import shutil
import subprocess
import sys

import pytest

STATIC = "src/peaceops/widgets/static"
SHARED, BOOK = f"{STATIC}/_shared.css", "book/_static/course.css"
FRAME = ".po-activity-frame"
IN_LAB = 'body[data-jp-theme-light="false"] '
HTML = re.compile(r"\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|srcdoc|document\.write(ln)?)\b")
RUN = re.compile(r"\b(eval|Function|import|require|fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon)\b(?! *:)")
HOST = re.compile(r"https?:|[\"'`(]//\w")
# what a script may ask of the whole page: a new element, and the page's own address of its references
OF_PAGE = {"createElement", "documentElement"}
# the start of an element that is made; its attributes follow
MADE = re.compile(r"""\bmake\(\s*(?:"[^"]*"|`[^`]*`),\s*(?={)""")
# comments, strings, templates and regular expressions of JavaScript, in the order in which they must be looked for
NOT_CODE = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<template>`(?:\\.|[^`\\])*`)"""
    r"""|(?P<comment>/\*.*?\*/|//[^\n]*)|/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n\[])+/[a-z]*""",
    re.DOTALL,
)


def read(root, name):
    """Read one of the repository's files."""
    return (root / name).read_text(encoding="utf-8")


def scripts(root):
    """Return the activities' scripts by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((root / STATIC).glob("*.js"))}


def sheets(root):
    """Return the activities' style sheets, the shared one and each one's own, as the page gets them: joined."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / STATIC).glob("*.css")))


def code(text):
    """Return a script without its comments, its strings and its regular expressions; templates hold code."""
    return NOT_CODE.sub(lambda found: found["template"] or " ", text)


def attributes(text):
    """Return what stands between the braces behind the name of each element that a script makes."""
    found = []
    for made in MADE.finditer(text):
        depth, end = 0, made.end()
        while end == made.end() or depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        found.append(text[made.end() : end])
    return found


def rules(sheet):
    """Return a style sheet's rules, those inside @media and @container too: selector and declarations."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"@(?:media|container)[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", r"\1", sheet)
    return [(selector.strip(), body) for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)]


def selectors(selector):
    """Split a rule's selector at the commas outside brackets."""
    return [one.strip() for one in re.split(r",(?![^()]*\))", selector)]


def variables(sheet, selector, prefix):
    """Return the custom properties that a style sheet sets under a selector."""
    found = {}
    for one, body in rules(sheet):
        if one == selector:
            found |= dict(re.findall(rf"--{prefix}-([\w-]+):\s*([^;]+?)\s*;", body))
    return found


# ---- the look ----


def test_the_colours_are_the_books(root):
    """Catches a colour changed in the book and not in JupyterLab, in light or in dark, or given to another name."""
    shared, book = sheets(root), read(root, BOOK)
    light, dark = (variables(book, one, "po") for one in ("html", 'html[data-theme="dark"]'))
    own = variables(shared, FRAME, "pa")
    assert len(own) > 10
    for name, value in own.items():
        assert value == f"var(--po-{name}, {light[name]})", name
    assert variables(shared, IN_LAB + FRAME, "pa") == {name: dark[name] for name in own}
    written = set(re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(", "".join(body for _, body in rules(shared))))
    assert written <= set(light.values()) | set(dark.values())
    used = set(re.findall(r"var\(--pa-([\w-]+)\)", shared))
    assert used == set(own)


def test_the_style_stays_inside_the_activity(root):
    """Catches a rule that changes the notebook or the page around an activity."""
    every = [one for selector, _ in rules(sheets(root)) for one in selectors(selector)]
    assert len(every) > 130
    inside = re.compile(rf"({re.escape(IN_LAB)})?{re.escape(FRAME)}($|[ :])")
    assert [one for one in every if not inside.match(one)] == []


def classes(root):
    """Return the course's own class names that the activities' scripts give to elements, and those they look for.

    A name that a script puts together, such as `po-mark--${place}`, is given as its first part, up to the two hyphens.
    """
    given, sought = set(), set()
    for text in scripts(root).values():
        text = NOT_CODE.sub(lambda found: " " if found["comment"] else found[0], text)
        for name in re.findall(r"(?:[\"'`][a-z][a-z0-9]*|(?<!\()[\"'`])((?:\.po-[\w-]+)+)(?=[\"'`]|\$\{)", text):
            given |= set(name[1:].split("."))
        for asked in re.findall(r"\([\"'`]([^\"'`\n]*)", text):
            sought |= set(re.findall(r"(?:^| )\.(po-[\w-]+)", asked))
    return given, sought


def without(names, known):
    """Return the names that are not among those known; one that ends with two hyphens stands for all that it begins."""
    parts = tuple(name for name in known if name.endswith("--"))
    return sorted(name for name in names if name not in known and not (parts and name.startswith(parts)))


def styled_in(root):
    """Return the class names that the style sheets speak of."""
    return set(re.findall(r"\.(po-[\w-]+)", " ".join(selector for selector, _ in rules(sheets(root)))))


def test_every_class_that_is_styled_is_used(root):
    """Catches a style left over from an element that is gone, and a class with a typing error in it."""
    given, sought = classes(root)
    assert len(given) > 60
    assert without(styled_in(root), given) == []
    assert without(sought, given) == []


def test_every_class_that_is_used_has_a_use(root):
    """Catches an element whose style was forgotten: its class is neither styled nor looked for, by a script or a test."""
    given, sought = classes(root)
    styled = styled_in(root)
    tests = " ".join(path.read_text(encoding="utf-8") for path in sorted((root / "tests" / "browser").glob("*.py")))
    sought |= set(re.findall(r"\.(po-[\w-]+)", tests))
    used = styled | sought
    assert [
        one for one in sorted(given - used) if not (one.endswith("--") and any(u.startswith(one) for u in used))
    ] == []


# ---- the scripts ----


def test_scripts_write_no_markup(root):
    """Catches text that a page would take for markup."""
    texts = scripts(root) | {"activities.js": read(root, "book/_static/activities.js")}
    assert {name: HTML.search(text)[0] for name, text in texts.items() if HTML.search(text)} == {}


def test_scripts_load_and_run_nothing(root):
    """Catches a script that needs another module, another host, or text that is run."""
    texts = scripts(root) | {"activities.js": read(root, "book/_static/activities.js")}
    assert len(texts) >= 8
    found = [(name, hit[0]) for name, text in texts.items() for hit in RUN.finditer(code(text))]
    found += [(name, hit[0]) for name, text in texts.items() for hit in HOST.finditer(text)]
    assert found == []


def test_scripts_touch_only_their_own_element(root):
    """Catches an activity that reaches into the page around it, or a second one on a page with the same id."""
    found = []
    for name, text in scripts(root).items():
        bare = code(text)
        found += [(name, hit) for hit in re.findall(r"\bdocument\s*\.\s*(\w+)", bare) if hit not in OF_PAGE]
        found += [(name, hit) for hit in re.findall(r"\b(?:getElementById|window|globalThis)\b", bare)]
        uncommented = NOT_CODE.sub(lambda hit: " " if hit["comment"] else hit[0], text)
        # an element's id that is written out; labels and descriptions take theirs from uniqueName
        found += [(name, hit) for one in attributes(uncommented) for hit in re.findall(r"\bid: *[\"'`][^\"'`]*", one)]
        found += [(name, hit) for hit in re.findall(r"\.id *= *[\"'`][^\"'`]*", uncommented)]
        found += [(name, hit) for hit in re.findall(r"\b(?:for|aria-\w+by)\"?: *\"[^\"]*", uncommented)]
        found += [(name, hit) for hit in re.findall(r"querySelector(?:All)?\([\"'`]#[^\"'`]*", uncommented)]
    assert found == []
    assert "Math.random()" in re.search(r"const uniqueName = .*", scripts(root)["_shared.js"])[0]


def test_code_is_told_from_text():
    """Catches a reading of the scripts in which a string or a pattern hides the code behind it."""
    text = 'a = /^[SA]\\//.test("import"); b = `${fetch(c)} // d`; // eval\ne = 1 / 2; f = "\\"eval"; import("g") /* eval */'
    assert [hit[0] for hit in RUN.finditer(code(text))] == ["fetch", "import"]


# ---- the gate rejects ----

LAST = "export default"  # in front of which a statement can be put
# the file, what stands there, what it becomes, the test that must see it, and what that test must name
BREAKS = {
    "a colour of the book": (BOOK, "--po-rust: #a0430c", "--po-rust: #a0430d", "colours", "rust"),
    "a dark colour of the book": (BOOK, "--po-rust: #eda26c", "--po-rust: #eda26d", "colours", "rust"),
    "a dark colour of the activities": (SHARED, "--pa-green: #84d1ac", "--pa-green: #84d1ad", "colours", "green"),
    "a colour of its own": (SHARED, "background: var(--pa-raised)", "background: #123456", "colours", "#123456"),
    "a rule for the page": (SHARED, "@media print {", "body .po-card { margin: 0; }\n@media print {", "inside", "body"),
    "a second selector": (SHARED, f"{FRAME} .po-card {{", f"{FRAME} .po-card, h4 {{", "inside", "'h4'"),
    "a rule in a medium": (SHARED, "@media print {", "@media print { p { margin: 0; }", "inside", "'p'"),
    "a style left over": (SHARED, ".po-wide {", ".po-broad {", "styled_is_used", "po-broad"),
    "a class without style": ("quiz.js", '"div.po-report"', '"div.po-reprot"', "has_a_use", "po-reprot"),
    "a class sought in vain": (
        "quiz.js",
        '(".po-card__title")',
        '(".po-card_title")',
        "styled_is_used",
        "po-card_title",
    ),
    "markup": ("_shared.js", "spoken.textContent = sentence", "spoken.innerHTML = sentence", "no_markup", "innerHTML"),
    "markup beside": (
        "quiz.js",
        LAST,
        'el.insertAdjacentHTML("beforeend", "");',
        "no_markup",
        "insertAdjacentHTML",
    ),
    "writing": ("quiz.js", LAST, 'document.write("");', "no_markup", "document.write"),
    "running text": ("quiz.js", LAST, "eval(deck.title);", "run_nothing", "eval"),
    "a module": ("quiz.js", LAST, 'import x from "./x.js";', "run_nothing", "import"),
    "a late module": ("quiz.js", LAST, 'import("./x.js");', "run_nothing", "import"),
    "a request": ("classifier.js", LAST, "fetch(deck.title);", "run_nothing", "fetch"),
    "a host": ("classifier.js", LAST, 'make("a", { href: "https://example.org" });', "run_nothing", "https:"),
    "a colour of its own in a sheet of one's own": (
        "lifecycle.css",
        "background: var(--pa-blue-wash)",
        "background: #123456",
        "colours",
        "#123456",
    ),
    "a colour that nobody sets": (
        "_cards.css",
        "@container",
        ".po-activity-frame .po-two { color: var(--pa-gold); }\n@container",
        "colours",
        "gold",
    ),
    "a rule for the page's tables": (
        "motives.css",
        f"{FRAME} .po-cell {{",
        f"{FRAME} .po-cell, table {{",
        "inside",
        "'table'",
    ),
    "a style left over in a sheet of one's own": (
        "lifecycle.css",
        ".po-lane__label {",
        ".po-lane__lable {",
        "styled_is_used",
        "po-lane__lable",
    ),
    "a class without style in the board": (
        "lifecycle.js",
        '"div.po-compared"',
        '"div.po-compare"',
        "has_a_use",
        "po-compare",
    ),
    "a template's class without style": (
        "lifecycle.js",
        "`.po-mark--${",
        "`.po-marked--${",
        "has_a_use",
        "po-marked--",
    ),
    "a request of the deck's part": ("_cards.js", "const kappaOf", "fetch(1);\nconst kappaOf", "run_nothing", "fetch"),
    "markup in the matrix": ("motives.js", LAST, 'el.innerHTML = "";', "no_markup", "innerHTML"),
    "an id among other attributes": (
        "motives.js",
        'type: "button",',
        'type: "button", id: "cell",',
        "own_element",
        "cell",
    ),
    "an id": ("quiz.js", 'make("div")', 'make("div", { id: "place" })', "own_element", "place"),
    "a look around": ("quiz.js", LAST, 'document.querySelector("h1");', "own_element", "querySelector"),
    "a look by id": ("quiz.js", LAST, 'el.querySelector("#place");', "own_element", "#place"),
    "a name that is not alone": ("_shared.js", "Math.random()", "0.5", "own_element", "Math.random"),
}


@pytest.mark.parametrize("kind", BREAKS)
def test_a_broken_copy_is_rejected(root, tmp_path, kind):
    """Catches a check above that lets its own kind of error pass."""
    for name in (STATIC, "book/_static", "tests/browser"):
        files = [path for path in (root / name).iterdir() if path.suffix in (".css", ".js", ".py")]
        (tmp_path / name).mkdir(parents=True)
        for path in files:
            shutil.copy(path, tmp_path / name)
    for name in ("pyproject.toml", "tests/conftest.py", "tests/test_look.py"):
        shutil.copy(root / name, tmp_path / name)
    name, right, wrong, seen, named = BREAKS[kind]
    path = tmp_path / (name if "/" in name else f"{STATIC}/{name}")
    text = path.read_text(encoding="utf-8")
    assert right in text
    wrong = f"{wrong}\n{LAST}" if right == LAST else wrong
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "tests/test_look.py", "-k", "not broken_copy", "-vv"]
    # without the plugins, which take longer to load than the gate to run
    env = dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8")
    assert done.returncode == 1, done.stdout + done.stderr
    parts = re.split(r"^_{3,} (\w+) _{3,}$", done.stdout, flags=re.MULTILINE)
    (told,) = (part for name, part in zip(parts[1::2], parts[2::2], strict=True) if seen in name)
    assert named in "\n".join(line for line in told.splitlines() if line.startswith("E "))
