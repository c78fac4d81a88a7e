"""What the book stores once for all pages: each activity's script, each collection of items, the style sheet."""

import json

from peaceops import frameworks, lifecycle, motives, questions
from peaceops.widgets._activity import script, style

ACTIVITIES = ("classifier", "lifecycle", "motives", "prediction", "quiz")

_EXPORT = "export default { render };"


def site_files():
    """Give the classic scripts and the style sheet that pages with activities load.

    A page opened from a disk may neither import a module nor fetch a file, so everything is a classic script.

    Returns
    -------
    dict
        ``css``: the style sheet; for each of `ACTIVITIES` a pair of ``deck`` and ``script``: JavaScript that adds to
        ``window.peaceopsDecks`` and ``window.peaceopsActivities``.

    Raises
    ------
    ValueError
        When an activity's file does not end with the one export that this replaces.

    Examples
    --------
    >>> sorted(site_files())
    ['classifier', 'css', 'lifecycle', 'motives', 'prediction', 'quiz']
    """
    stored = {
        "classifier": frameworks.catalogue(),
        "lifecycle": lifecycle.catalogue(),
        "motives": motives.catalogue(),
        **questions.catalogue(),
    }
    files = {"css": style()}
    for name in ACTIVITIES:
        files[name] = {
            "deck": f"(window.peaceopsDecks??={{}}).{name}={json.dumps(stored[name], ensure_ascii=False)};",
            "script": _classic(name),
        }
    return files


def _classic(name):
    module = script(name)
    if module.count(_EXPORT) != 1 or not module.rstrip().endswith(_EXPORT):
        raise ValueError(f"{name}.js must end with its one “{_EXPORT}”.")
    body = module.replace(_EXPORT, f"(window.peaceopsActivities??={{}}).{name}={{ render }};")
    return f'(()=>{{"use strict";\n{body}\n}})();'
