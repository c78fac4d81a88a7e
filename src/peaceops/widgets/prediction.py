"""Prediction: commit to an answer and a confidence before the evidence, and look back at it afterwards."""

from peaceops import questions
from peaceops.widgets._activity import Activity, script, style


class Prediction(Activity):
    """One question, answered before the evidence.

    Parameters
    ----------
    question_id : str
        A question of kind ``prediction``.
    look_back : bool
        Whether to show what was predicted, with what speaks for each option, instead of asking.

    Raises
    ------
    ValueError
        For an id that is not a prediction.
    """

    _esm = script("prediction")
    _css = style()

    def __init__(self, question_id, look_back=False):
        self._stored = {"question": question_id, "look_back": look_back}
        super().__init__(questions.prediction(question_id, look_back))
