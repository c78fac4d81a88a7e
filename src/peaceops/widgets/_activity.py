"""What every activity has: one front-end file joined with the shared part, a deck, answers, and a form for the book."""

import html
import json
import os
from pathlib import Path

import anywidget
import pandas as pd
import traitlets

_STATIC = Path(__file__).resolve().parent / "static"
_COLUMNS = {
    "item_id": "string",
    "try": "Int64",
    "option": "string",
    "confidence": "Int64",
    "reason": "string",
    "at": "string",
    "since": "string",
    "view": "string",
}


_WITH_CARDS = {"classifier", "lifecycle", "motives"}


def script(name):
    """Join the shared front-end parts and one activity's own into one module.

    Parameters
    ----------
    name : str
        The stem of a file in ``static/``.

    Returns
    -------
    str
        The text of an ES module whose default export has ``render``.

    Examples
    --------
    >>> "export default { render };" in script("quiz")
    True
    """
    files = ("_shared.js", *(["_cards.js"] if name in _WITH_CARDS else []), f"{name}.js")
    return "\n".join((_STATIC / file).read_text(encoding="utf-8") for file in files)


def style():
    """Give the style sheet that all activities share.

    Returns
    -------
    str
        CSS.

    Examples
    --------
    >>> ".po-activity-frame" in style()
    True
    """
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(_STATIC.glob("*.css"), key=_shared_first))


def _shared_first(path):
    return (not path.name.startswith("_shared"), path.name)


def in_book():
    """Tell whether the book is being built."""
    return os.environ.get("PEACEOPS_BOOK") == "1"


class Activity(anywidget.AnyWidget):
    """An activity: a deck goes to the page, answers come back.

    Attributes
    ----------
    answers : dict
        What the reader has decided, as the exported file holds it: item id to ``tries`` and ``view``. The page writes it;
        setting it in Python has no effect.
    """

    deck = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    # Named by each activity: how the book finds its deck in what the site stores once; None for a deck of one's own.
    _stored = None

    def __init__(self, deck):
        super().__init__(deck=deck)

    def open(self):
        """Open the line to the page; the book has none, and keeps no state of it."""
        if not in_book():
            super().open()

    @property
    def data(self):
        """The answers as a table.

        Returns
        -------
        pandas.DataFrame
            One row per decision: ``item_id``, ``try`` (1 is the first), ``option``, ``confidence`` (per cent),
            ``reason``, ``at`` (UTC), ``since`` (the step with which the option begins, where one was named), ``view``
            (said of a contested item afterwards).
        """
        rows = [
            {"item_id": item, "try": number, "view": answer.get("view", ""), **one}
            for item, answer in self.answers.items()
            for number, one in enumerate(answer["tries"], start=1)
        ]
        frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
        return frame.assign(at=pd.to_datetime(frame["at"], utc=True).dt.as_unit("ms"))

    def _repr_mimebundle_(self, **kwargs):
        if not in_book():
            return super()._repr_mimebundle_(**kwargs)
        stored = html.escape(json.dumps(self._stored)) if self._stored else ""
        # “</script>” inside the JSON must not end the element.
        own = "" if self._stored else json.dumps(self.deck, ensure_ascii=False).replace("<", "\\u003c")
        return {
            "text/html": (
                f'<div class="po-activity" data-activity="{html.escape(self.deck["activity"])}" data-stored="{stored}">'
                + (f'<script type="application/json" class="po-activity__deck">{own}</script>' if own else "")
                + "<noscript><p>This activity needs JavaScript. Its cases and questions are in the course's "
                "tables, in the folder data.</p></noscript></div>"
            )
        }
