"""The course's activities, alive in JupyterLab and in the static book."""

from peaceops.widgets.agreement_lab import AgreementLab
from peaceops.widgets.classifier import MissionClassifier
from peaceops.widgets.lifecycle import LifecycleBoard
from peaceops.widgets.motives import MotiveMatrix
from peaceops.widgets.prediction import Prediction
from peaceops.widgets.quiz import Quiz

__all__ = ["AgreementLab", "LifecycleBoard", "MissionClassifier", "MotiveMatrix", "Prediction", "Quiz"]
