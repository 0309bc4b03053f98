"""What all views of the page are about."""

from dataclasses import dataclass

from trafficsim.app.question import Question
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.words.called import called
from trafficsim.words.language import Language, Words, words


@dataclass(frozen=True, eq=False)
class Shown:
    """The question, its answer, the answer before anything was changed (if it was), and the reader's language."""

    question: Question
    result: Result
    before: Result | None
    language: Language

    def name_of(self, arm: str) -> str:
        """What the scenario calls an arm that is shown by its label."""
        sample = self.question.sample
        return next(name for name in sample.arms if arm in {name, called(name, sample.labels)})

    @property
    def voice(self) -> Voice:
        """Says sums and lists to the reader."""
        return Voice(self.language, self.result.currency, self.result.about.start)

    @property
    def say(self) -> Words:
        """Says built-in words to the reader."""
        return words(self.language)
