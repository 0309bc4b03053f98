"""Mistakes on the command line in Chinese, typer's own included: told on plain lines, with exit status 2."""

import re
import sys

import pytest

from trafficsim import cli
from trafficsim.plots import style

WRONG = {
    "compare": "缺少参数 'SCENARIO'",
    "cmpare": "没有 'cmpare' 这个命令；是否想写 'compare'？",
    "compare restaurant --replicate 3": "没有 --replicate 这个选项（相近的有：--max-replicates, --replicates）",
    "compare restaurant --seed": "选项 '--seed' 后面要写一个值",
    "compare restaurant --seed x": "'--seed' 的值无效：必须是整数",
    "compare a b": "多出了参数：b",
    "compare restaurant --replicates x": "'--replicates' 的值无效：'x' 无效，必须是 1 至 1,000,000 的数",
    "sweep restaurant --vary product.price=10:20 --arms paid x": "没有 'x' 这个方案；本场景的方案有 nothing, paid",
    "plan restaurant --budget 9 --lever posts.vip_group.per_week=1:7 --aim x": "没有 'x' 这个目标；可用的有 profit",
    "merge here --out there": "here: 没有这个文件夹",
    "template restaurant --by x": "--by 的值无效：没有 'x' 这种周期",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_mistake_on_the_command_line_is_told_in_chinese(line, monkeypatch, capsys, tmp_path):
    """Before a font for pictures is looked for."""
    monkeypatch.setattr(style, "font_families", lambda: ("DejaVu Sans",))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAFFICSIM_LANG", "zh")
    monkeypatch.setattr(sys, "argv", ["trafficsim", *line.split()])
    with pytest.raises(SystemExit, match=r"^2$"):
        cli.main()
    told = capsys.readouterr()
    assert WRONG[line] in told.err
    assert told.out == ""
    assert not re.search(r"Usage|Error|Try |[a-z]{2,} [a-z]{2,} [a-z]{2,}", told.err)
