"""What all views of the page are about."""

from dataclasses import dataclass, replace
from typing import TypeVar

from trafficsim.app.question import Question
from trafficsim.journeys import Journey
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.study.explaining import Explanation
from trafficsim.study.planned import Plan
from trafficsim.words.called import called
from trafficsim.words.language import Language, Words, words

Found = TypeVar("Found", Explanation, Plan, Journey)


@dataclass(frozen=True, eq=False)
class Shown:
    """The question, its answer, the answer before anything was changed (if it was), and the reader's language."""

    question: Question
    result: Result
    before: Result | None
    language: Language

    def name_of(self, arm: str) -> str:
        """What the scenario calls an arm that is shown by its label."""
        told = self.question.told
        return next(name for name in told.arms if arm in {name, called(name, told.labels)})

    def retold(self, found: Found) -> Found:
        """What was found in a scenario, told in the reader's language."""
        return replace(found, scenario=found.scenario.in_language(self.language))

    @property
    def voice(self) -> Voice:
        """Says sums and lists to the reader."""
        return Voice(self.language, self.result.currency, self.result.about.start)

    @property
    def say(self) -> Words:
        """Says built-in words to the reader."""
        return words(self.language)
