"""A check of what a table names, before it is drawn."""


def known(values, allowed, what):
    """Refuse what the course does not know.

    Parameters
    ----------
    values : iterable of str
        A table's column.
    allowed : collection of str
        What may stand in it.
    what : str
        A word for it, for the message.

    Raises
    ------
    ValueError
        For the first value that is not allowed.
    """
    for value in values:
        if value not in allowed:
            raise ValueError(f"“{value}” is not a {what} that the course knows: it knows {', '.join(allowed)}.")
