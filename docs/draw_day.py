"""Draw docs/day.png and docs/day.zh.png: the day of a customer, from the engine's own list of steps.

    python docs/draw_day.py

The order, the dots and what is shared are those of `DAY`, so that the picture is wrong only where the engine is.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import ConnectionPatch

from trafficsim.engine.day import CLOSING, DAY, STEPS
from trafficsim.files.whole import write_whole
from trafficsim.plots import png
from trafficsim.plots.style import COLOURS, DARK, QUIET, house_style, new_figure
from trafficsim.words.language import Language

HERE = Path(__file__).parent
SAID: dict[str, tuple[str, str, str, str]] = {
    "visits": ("Visits", "opens a platform, walks into a store", "到访", "打开平台，走进门店"),
    "advertising": ("Advertising", "notices an advertisement, or not", "广告", "注意到广告，或没注意"),
    "posts": ("Posts", "reads; remembers, trusts, tires", "内容", "阅读：记住、信任、厌倦"),
    "hooks": ("Hooks", "is asked to join a pool", "钩子", "被邀请入池"),
    "talking": ("Talking", "members of a group talk, or fall silent", "交谈", "群成员交谈，或沉寂"),
    "joining": ("Joining", "joins, where there is room", "入池", "有名额就入池"),
    "win_back": ("Win-back", "who left is asked once more", "召回", "退出者再被邀请一次"),
    "care": ("Care", "is looked after, if staff find time", "一对一维护", "员工有空时得到维护"),
    "purchasing": ("Purchasing", "needs? recalls the brand? chooses it?", "购买", "有需求；想起品牌吗？选它吗？"),
    "seating": ("Seating", "finds a seat, or is lost", "座位", "有座，或流失"),
    "word_of_mouth": ("Word of mouth", "tells and invites acquaintances", "口碑", "告诉并邀请熟人"),
    "leaving": ("Leaving", "silences a pool, or leaves it", "退出", "折叠群，或退出"),
    "tiers": ("Tiers", "members of a tier get its perks", "等级", "等级会员享受权益"),
}
"""What a customer does in each step: English name and sentence, then Chinese."""
GROUPS: dict[str, tuple[str, str]] = {
    "mind": ("memory,\ntrust", "记忆\n信任"),
    "story": ("first\ncontact", "首次\n接触"),
    "roll": ("needs,\nfatigue", "需求\n厌倦"),
    "bought": ("orders,\noffers", "订单\n优惠"),
    "member": ("pools", "私域池"),
    "today": ("met\ntoday", "当天\n接触"),
}
"""Groups of columns that are shown."""
SHARED = {
    "warmth of groups": "群的热度",
    "places in groups": "群名额",
    "time of staff": "员工时间",
    "seats": "座位",
    "ranks of buyers": "顾客排名",
    "listeners": "听者",
}
TITLES = {
    "en": (
        "One day of a customer",
        "looks at",
        "changes",
        "what customers share",
        "who ordered today\nis asked tomorrow",
    ),
    "zh": ("顾客的一天", "读取", "改变", "顾客共用", "今天下单的人\n明天被邀请"),
}
WIDTH, ROW = 9.2, 0.37
LEFT, RIGHT = 4.45, 7.1
"""Where, along a width of 10, dots begin and end."""


class Step(NamedTuple):
    """A step of the day, all lines of it together."""

    name: str
    reads: set[str]
    writes: set[str]
    shares: list[str]


def steps() -> list[Step]:
    """The steps in the engine's order."""
    return [
        Step(
            name,
            _groups(line.reads for line in DAY if line.name == name),
            _groups(line.writes for line in DAY if line.name == name),
            list(dict.fromkeys(what for line in DAY if line.name == name for what in line.shares.split(", ") if what)),
        )
        for name in STEPS
        if name != CLOSING
    ]


def _groups(lines: Iterable[str]) -> set[str]:
    return {group for line in lines for group in line.split()}


def draw(language: Language) -> bytes:
    """The picture as a PNG."""
    title, looks, changes, shared, again = TITLES[language]
    zh, shown = language == "zh", steps()
    with house_style(language):
        figure = new_figure(WIDTH, ROW * (len(shown) + 3))
        axes = figure.add_subplot()
        axes.set(xlim=(0, 10), ylim=(len(shown) + 0.1, -2.6))
        axes.axis("off")
        axes.text(0.1, -2.1, title, fontsize=13, weight="bold", color=DARK)
        columns = {g: LEFT + (RIGHT - LEFT) * k / (len(GROUPS) - 1) for k, g in enumerate(GROUPS)}
        for group, x in columns.items():
            axes.text(x, -0.65, GROUPS[group][zh], ha="center", va="bottom", fontsize=8, color=QUIET)
        axes.text(RIGHT + 0.5, -0.65, shared, ha="left", va="bottom", fontsize=8, color=QUIET)
        _legend(axes, looks, changes)
        for row, step in enumerate(shown):
            _step(axes, row, step, columns, zh=zh)
        _tomorrow(axes, [step.name for step in shown], again)
        return png(axes)


def _legend(axes: Axes, looks: str, changes: str) -> None:
    axes.plot([LEFT], [-2.2], "o", markersize=6, markerfacecolor="white", color=COLOURS[0])
    axes.text(LEFT + 0.15, -2.2, looks, va="center", fontsize=8, color=DARK)
    axes.plot([LEFT + 1.3], [-2.2], "o", markersize=7, color=COLOURS[0])
    axes.text(LEFT + 1.45, -2.2, changes, va="center", fontsize=8, color=DARK)


def _step(axes: Axes, row: int, step: Step, columns: dict[str, float], *, zh: bool) -> None:
    name, sentence = SAID[step.name][2 * zh : 2 * zh + 2]
    if row % 2 == 0:
        axes.axhspan(row - 0.5, row + 0.5, color="#f3f3f3", zorder=0)
    axes.text(0.32, row, str(row + 1), ha="right", va="center", fontsize=9, color=QUIET)
    axes.text(0.42, row, name, va="center", fontsize=9.5, weight="bold", color=DARK)
    axes.text(1.78, row, sentence, va="center", fontsize=8, color=DARK)
    for group, x in columns.items():
        if group in step.writes:
            axes.plot([x], [row], "o", markersize=7, color=COLOURS[0])
        elif group in step.reads:
            axes.plot([x], [row], "o", markersize=6, markerfacecolor="white", color=COLOURS[0])
    words = [SHARED[what] if zh else what for what in step.shares]
    axes.text(RIGHT + 0.5, row, ("、" if zh else ", ").join(words), va="center", fontsize=8, color=COLOURS[1])


def _tomorrow(axes: Axes, names: list[str], again: str) -> None:
    """From the order of today to the hook of tomorrow."""
    hooks, orders = names.index("hooks"), names.index("purchasing")
    arrow = ConnectionPatch(
        (9.55, orders), (9.55, hooks), "data", "data", arrowstyle="-|>", connectionstyle="arc3,rad=0.3", color=QUIET
    )
    axes.add_patch(arrow)
    axes.text(9.5, orders - 0.1, again, ha="right", va="center", fontsize=7.5, color=QUIET)


def main() -> None:
    """Draw both languages."""
    write_whole(HERE / "day.png", draw("en"))
    write_whole(HERE / "day.zh.png", draw("zh"))


if __name__ == "__main__":
    main()
