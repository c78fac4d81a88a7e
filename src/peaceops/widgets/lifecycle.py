"""LifecycleBoard: put dated steps of two organizations into phases, and see what rules and coders make of them."""

from peaceops import lifecycle
from peaceops.widgets._activity import Activity, script, style


class LifecycleBoard(Activity):
    """Six relationships at five dates, with their steps along a time axis.

    Parameters
    ----------
    scope : str
        With which part it opens: a relationship (see `peaceops.lifecycle.DYADS`), or all of them.

    Raises
    ------
    ValueError
        For a relationship that the course does not have.

    Examples
    --------
    >>> LifecycleBoard("un-nato").data.empty
    True
    """

    _esm = script("lifecycle")
    _css = style()

    def __init__(self, scope="all"):
        self._stored = {"scope": scope}
        super().__init__(lifecycle.deck(scope))
