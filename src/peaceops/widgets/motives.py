"""MotiveMatrix: code which motives drive which relationship, and compare with the figure, the text and the course."""

from peaceops import motives
from peaceops.widgets._activity import Activity, script, style


class MotiveMatrix(Activity):
    """Thirty-six cells: six relationships and six motives, with the evidence for each.

    Parameters
    ----------
    scope : str
        With which part it opens: a relationship, a motive, or all (see `peaceops.motives.scopes`).

    Raises
    ------
    ValueError
        For a part that the matrix does not have.

    Examples
    --------
    >>> MotiveMatrix("legitimization").data.empty
    True
    """

    _esm = script("motives")
    _css = style()

    def __init__(self, scope="all"):
        self._stored = {"scope": scope}
        super().__init__(motives.deck(scope))
