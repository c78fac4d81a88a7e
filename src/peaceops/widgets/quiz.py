"""Quiz: short questions with an explanation for every option, and earlier chapters' questions that are due again."""

from peaceops import questions
from peaceops.widgets._activity import Activity, script, style


class Quiz(Activity):
    """The questions of a chapter, then up to three of earlier chapters.

    Parameters
    ----------
    chapter : str
        A chapter's number, such as ``"03"``.

    Raises
    ------
    ValueError
        For a chapter without questions.

    Examples
    --------
    >>> Quiz("01").data.empty
    True
    """

    _esm = script("quiz")
    _css = style()

    def __init__(self, chapter):
        self._stored = {"chapter": chapter}
        super().__init__(questions.deck(chapter))
