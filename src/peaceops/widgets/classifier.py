"""MissionClassifier: decide which framework fits a case, and see why each source says what it says."""

from peaceops import frameworks
from peaceops.widgets._activity import Activity, script, style


class MissionClassifier(Activity):
    """Cards with partnership cases to classify.

    Parameters
    ----------
    deck : str or dict
        The name of a course deck (see `peaceops.frameworks.decks`), or a deck made by `peaceops.frameworks`.
    blind : bool
        Whether what the sources say is held back until every card is decided, as independent coding needs it.

    Raises
    ------
    ValueError
        For a deck that the course does not have.

    Examples
    --------
    >>> MissionClassifier("africa").data.empty
    True
    """

    _esm = script("classifier")
    _css = style()

    def __init__(self, deck="all", blind=False):
        self._stored = {"deck": deck, **({"blind": True} if blind else {})} if isinstance(deck, str) else None
        cards = frameworks.deck(deck) if isinstance(deck, str) else deck
        super().__init__({**cards, "blind": True} if blind else cards)

    @classmethod
    def from_csv(cls, path, blind=False):
        """Make an activity from one's own cases.

        Parameters
        ----------
        path : path-like
            A CSV file, as `peaceops.frameworks.read_deck` describes it.
        blind : bool
            As for the class.

        Returns
        -------
        MissionClassifier
            With the deck named after the file.

        Raises
        ------
        peaceops.datasets.DataError
            One sentence for each bad row.
        """
        return cls(frameworks.read_deck(path), blind)
