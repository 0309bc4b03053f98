"""Quantities: a number's unit and range, declared once, shared by scenario keys, checks and documentation."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict


@dataclass(frozen=True)
class Unit:
    """What a number counts, for documentation and for compiling (`money` is compiled to cents)."""

    name: str


@dataclass(frozen=True)
class Refers:
    """A string that must name an entry of another section: `places`, `pools` (places of kind pool), `audiences` ..."""

    to: str


Probability = Annotated[float, Field(ge=0.0, le=1.0), Unit("probability")]
Share = Annotated[float, Field(ge=0.0, le=1.0), Unit("share")]
Score = Annotated[float, Field(ge=0.0, le=1.0), Unit("0 to 1")]
Discount = Annotated[float, Field(ge=0.0, le=0.95), Unit("share of the price")]
Weight = Annotated[float, Field(ge=-50.0, le=50.0), Unit("logit")]
Strength = Annotated[float, Field(ge=0.0, le=50.0), Unit("ratio")]
Multiple = Annotated[float, Field(ge=0.0, le=1000.0), Unit("ratio")]
Shape = Annotated[float, Field(ge=0.05, le=1000.0), Unit("gamma shape")]
Money = Annotated[float, Field(ge=0.0, le=1e12), Unit("money")]
Price = Annotated[float, Field(gt=0.0, le=1e12), Unit("money")]
PerWeek = Annotated[float, Field(ge=0.0, le=700.0), Unit("per week")]
Days = Annotated[float, Field(gt=0.0, le=36_500.0), Unit("days")]
Count = Annotated[int, Field(ge=0, le=2_000_000_000), Unit("count")]
Day = Annotated[int, Field(ge=0, le=32_000), Unit("day")]
Growth = Annotated[float, Field(gt=-1.0, le=10.0), Unit("per year")]
PlaceName = Annotated[str, Refers("places")]
PoolName = Annotated[str, Refers("pools")]
AudienceName = Annotated[str, Refers("audiences")]
StaffName = Annotated[str, Refers("staff")]


@dataclass(frozen=True)
class Slider:
    """How the dashboard offers a number for moving: its label in both languages and a range to try.

    The name of the entry that the setting belongs to (a hook, a place) is put before the label.

    Attributes:
        label: a few words, without a capital unless nothing is put before them.
        zh: the same in Chinese; the English words are shown without it.
        usual: lowest and highest value that people would try; without it the slider goes from 0 to three times the
            value. Plausible ranges under `sources` widen it; a setting with narrow bounds (a probability) spans these.
        first: whether one of the kind is shown at once, not only on request.
        public_only: whether the setting has no effect at a pool, and is not offered there.
    """

    label: str
    zh: str = ""
    usual: tuple[float, float] | None = None
    first: bool = False
    public_only: bool = False


@dataclass(frozen=True)
class Phrase:
    """What the report says of a setting that is in use (not 0, false or empty), in both languages.

    It is a clause in the sentence of the entry (a hook, a place) that the setting belongs to. `{value}` stands for the
    value, written by its unit.
    """

    en: str
    zh: str


class Parameters(BaseModel):
    """One block of scenario settings: strict, frozen, unknown keys refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


def setting(
    meaning: str,
    *,
    source: str = "assumed",
    fixed: bool = False,
    sampled: bool = False,
    label: bool = False,
    slider: Slider | None = None,
    phrase: Phrase | None = None,
    **field: Any,
) -> Any:
    """A pydantic field with its meaning and the source of its default.

    `fixed` marks what dated events may not change. `sampled` marks what only so many people can have or do together,
    which is divided by `customers.each_stands_for`. `label` marks what is only shown and changes no number. `slider` is
    what the dashboard shows for moving it, `phrase` what the report says of it. Any further keyword goes to
    `pydantic.Field` (default, ge, ...).
    """
    marks: JsonDict = {"source": source, "fixed": fixed, "sampled": sampled, "label": label}
    if slider is not None:
        marks["slider"] = asdict(slider)
    if phrase is not None:
        marks["phrase"] = asdict(phrase)
    return Field(description=meaning, json_schema_extra=marks, **field)
