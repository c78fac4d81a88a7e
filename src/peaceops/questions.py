"""Quiz questions and predictions, and the decks made of them."""

import pandas as pd

from peaceops import datasets

_OPTIONS = "abcd"


def deck(chapter):
    """Put together the deck that `Quiz` shows.

    Parameters
    ----------
    chapter : str
        A chapter's number, such as ``"03"``.

    Returns
    -------
    dict
        JSON-ready: ``activity``, ``deck``, ``title``, ``edition``, ``chapter`` and ``items``: every question of the
        course, since those of earlier chapters come back.

    Raises
    ------
    ValueError
        For a chapter without questions.

    Examples
    --------
    >>> deck("01")["chapter"]
    '01'
    """
    items = _items("quiz")
    chapters = sorted({item["chapter"] for item in items})
    if chapter not in chapters:
        raise ValueError(f"There are no questions for a chapter “{chapter}”; there are for: {', '.join(chapters)}.")
    return {**_frame("quiz", "quiz", f"Quiz of chapter {int(chapter)}"), "chapter": chapter, "items": items}


def catalogue():
    """Give every question and prediction at once, as the book stores them.

    Returns
    -------
    dict
        ``quiz`` and ``prediction``: for each the frame of its decks and ``items``.

    Examples
    --------
    >>> sorted(catalogue())
    ['prediction', 'quiz']
    """
    return {
        "quiz": {**_frame("quiz", "quiz", ""), "items": _items("quiz")},
        "prediction": {**_frame("prediction", "", ""), "items": _items("prediction")},
    }


def prediction(question_id, look_back=False):
    """Put together the deck that `Prediction` shows: one question.

    Parameters
    ----------
    question_id : str
        A question of kind ``prediction``.
    look_back : bool
        Whether to show what was predicted, with what speaks for each option, instead of asking.

    Returns
    -------
    dict
        As `deck`, with one ``item`` and ``look_back``.

    Raises
    ------
    ValueError
        For an id that is not a prediction.

    Examples
    --------
    >>> prediction("no-such")
    Traceback (most recent call last):
        ...
    ValueError: There is no prediction “no-such”; ...
    """
    items = {item["id"]: item for item in _items("prediction")}
    if question_id not in items:
        raise ValueError(f"There is no prediction “{question_id}”; the predictions are: {', '.join(items)}.")
    title = "What you predicted" if look_back else "Predict, before you read on"
    return {**_frame("prediction", question_id, title), "item": items[question_id], "look_back": look_back}


def _frame(activity, name, title):
    return {
        "activity": activity,
        "deck": name,
        "title": title,
        "edition": datasets.VERSION,
        "references": {"bubna2009": "Bubna 2009", "haugevik2007": "Haugevik 2007"},
    }


def _items(kind):
    questions = datasets.load("questions")
    feedback = datasets.load("feedback")
    said = dict(list(feedback.groupby("item_id")))
    return [
        {
            "id": row.question_id,
            "chapter": row.chapter,
            "prompt": row.prompt,
            "options": [
                {"id": letter, "label": text}
                for letter in _OPTIONS
                if not pd.isna(text := getattr(row, f"option_{letter}"))
            ],
            "answer": "" if pd.isna(row.answer) else row.answer,
            "feedback": {
                one.option: {"message": one.message, "source": one.source, "locator": one.locator}
                for one in said[row.question_id].itertuples()
            },
        }
        for row in questions[questions["kind"] == kind].itertuples()
    ]
