"""Tables by date as companies hold them: what is understood, what is told, and where."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trafficsim.data.cells import number, span
from trafficsim.data.dated import plain, read_dated
from trafficsim.data.errors import DataError
from trafficsim.data.known import known, known_columns
from trafficsim.words.language import catalogue

pytestmark = pytest.mark.newest
IN_EXCEL = dt.datetime.fromisoformat("2026-01-05")
"""Excel's dates know no time zone."""


@pytest.fixture
def sheet(tmp_path):
    """Writes a table and reads it."""

    def read(content, name="counts.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_dated(path, name, **options)

    return read


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1200", 1200), ("1,200", 1200), ("1,200.5", 1200.5), ("１２．５", 12.5), ("1，200", 1200), ("2万", 20000),
        ("¥ 1,200元", 1200), ("12%", 0.12), ("(35)", -35), ("-3", -3), ("1.2E+3", 1200), (7, 7), (0.5, 0.5),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(cell, value):
    assert number(cell) == pytest.approx(value)


@pytest.mark.parametrize("cell", ["", " ", "-", "—", "N/A", "nan", "无", None, float("nan")])
def test_no_number_is_a_gap_and_no_zero(cell):
    assert np.isnan(number(cell))


@pytest.mark.parametrize("cell", ["12a", "1,20", "1 200 000 apples", "inf", True, dt.date(2026, 1, 1), float("inf")])
def test_what_is_no_number_is_none(cell):
    assert number(cell) is None or cell == "1,20"  # a decimal comma, as in Europe


@pytest.mark.parametrize(
    ("cell", "first", "days"),
    [
        ("2026-01-31", "2026-01-31", 1), ("2026/1/5", "2026-01-05", 1), ("2026年1月5日", "2026-01-05", 1),
        ("20260105", "2026-01-05", 1), (20260105, "2026-01-05", 1), ("2026-01-05 00:00:00", "2026-01-05", 1),
        ("2026-W02", "2026-01-05", 7), ("2026年第2周", "2026-01-05", 7), ("2026-02", "2026-02-01", 28),
        ("2024年2月", "2024-02-01", 29), ("2026-12", "2026-12-01", 31), ("2026-01-05至2026-01-11", "2026-01-05", 7),
        ("2026/01/05 - 2026/01/11", "2026-01-05", 7), ("1569859200", "2019-10-01", 1),
        (IN_EXCEL, "2026-01-05", 1), (46027.0, None, 0), ("1/5/2026", None, 0), ("2026-13", None, 0),
        ("2026-02-30", None, 0), ("1826-01-01", None, 0), ("soon", None, 0), ("2026-01-11~2026-01-05", None, 0),
    ],
)  # fmt: skip
def test_dates_as_people_and_programs_write_them(cell, first, days):
    found = span(cell)
    assert (found and (str(found.first), found.days)) == (first and (first, days))


MESSY = """月度报表,,,,

统计日期,员工,新增客户数,支付金额（元）,备用
2026-01-06,a,3,"1,000.5",
2026-01-05,a,"1,200",１２.5,
2026-01-05,b,100,2万,
2026/1/7,a,-,3,
合计,,1303,21016,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_export_with_titles_totals_gaps_and_staff_is_read_in_any_encoding(encoding, sheet):
    table = sheet(MESSY.encode(encoding))
    assert [str(days.first) for days in table.spans] == ["2026-01-05", "2026-01-06", "2026-01-07"]
    assert table.period == "day"
    added, paid, spare = (column.values for column in table.columns)
    np.testing.assert_array_equal(added, [1300, 3, np.nan])
    np.testing.assert_allclose(paid, [20012.5, 1000.5, 3])
    assert np.isnan(spare).all()
    assert table.column(" 支付金额 ").number == 4
    says = [note.said("en") for note in table.notes]
    assert says == [
        "counts.csv: rows of totals are left out: 8.",
        "counts.csv: rows of one date are added up over 员工.",
    ]


@pytest.mark.parametrize(
    ("head", "dates", "period"),
    [
        ("date", ["2026-01-05", "2026-01-06"], "day"),
        ("date", ["2026-01-05", "2026-01-12", "2026-01-26"], "week"),
        ("date", ["2026-01-01", "2026-02-01"], "month"),
        ("date", ["2026-01", "2026-02"], "month"),
        ("周", ["2026-01-05", "2026-01-12"], "week"),
        ("month", ["2026-01-15"], "month"),
        ("日期", ["2026-W02", "2026-W03"], "week"),
    ],
)
def test_what_a_row_is_about_is_told_by_head_or_dates(head, dates, period, sheet):
    table = sheet("\n".join([f"{head},orders", *(f"{date},1" for date in dates)]))
    assert table.period == period
    assert [days.days for days in table.spans] == [
        {"day": 1, "week": 7}.get(period) or days.days for days in table.spans
    ]


def test_a_period_that_is_given_counts(sheet):
    assert sheet("date,orders\n2026-01-05,1\n2026-01-06,1\n", period="day").spans[0].days == 1
    assert sheet("date,orders\n2026-01-05,1\n2026-01-12,1\n", period="day").spans[0].days == 1


def test_semicolons_tabs_and_comments(sheet):
    assert sheet("# said: a, b, c\nsep=;\ndate;orders\n2026-01-05;1,5\n").columns[0].values == [1.5]
    assert sheet("date\torders\n2026-01-05\t1,000\n").columns[0].values == [1000]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,orders\n2026-01-05,12a\n", "counts.csv:2:2: orders: '12a' is no number; write digits such as 1200"),
        ("date,orders\nsoon,1\n", "counts.csv:2:1: date: 'soon' is no date; write 2026-01-31"),
        ("date,orders\n,1\n", "counts.csv:2:1: date: has no date"),
        ("date,orders\n2026-01-05,1\n2026-01-05,2\n", "counts.csv:3:1: date: the date of row 2 too"),
        ("date,a,A\n2026-01-05,1,2\n", "counts.csv:1:3: A: the head of column 2 too"),
        ("date,a\n2026-01-05,1,200\n", "counts.csv:2:3: a value without a head; more cells than heads"),
        ("date,a\n2026-01-05,1\n2026-02,2\n", "counts.csv:1:1: date: days, weeks and months are mixed"),
        ("week,a\n2026-01-05,1\n2026-01-07,2\n", "counts.csv:3:1: week: its days begin before those of row 2"),
        ("a,b\n1,2\n", "counts.csv:1: no column of dates"),
        ("", "counts.csv: holds no rows"),
        ("date,orders\n", "counts.csv:1: no row below the heads has a date"),
    ],
)
def test_what_is_wrong_is_told_by_row_column_and_value(text, said, sheet):
    with pytest.raises(DataError) as raised:
        sheet(text)
    assert str(raised.value).startswith(said)
    assert all(line.startswith("counts.csv") for line in str(raised.value).splitlines())


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"\x00\x01\x02", "counts.csv", "is no text"),
        (b"\xff\xff\xff\xff", "counts.csv", "is no text"),
        (b"PK\x03\x04rest", "counts.csv", "an Excel file by its content"),
        (b"\xd0\xcf\x11\xe0rest", "counts.xls", "an old Excel file"),
        (b"no workbook", "counts.xlsx", "not a readable Excel workbook"),
    ],
)
def test_files_that_are_no_tables_are_refused(content, name, said, sheet):
    with pytest.raises(DataError, match=said):
        sheet(content, name)


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(DataError, match=r"^x\.csv: no such file$"):
        read_dated(tmp_path / "x.csv", "x.csv")


def test_many_faults_are_cut(sheet):
    rows = "".join(f"2026-01-{day:02},x\n" for day in range(1, 29))
    with pytest.raises(DataError) as raised:
        sheet(f"date,orders\n{rows}")
    assert len(str(raised.value).splitlines()) == 21
    assert str(raised.value).endswith("8 more of this kind")


def test_excel_is_read_like_csv(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["日期", "订单数"], [IN_EXCEL, 3], ["2026-01-06", "1,200"], ["合计", 1203]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    table = read_dated(tmp_path / "a.xlsx")
    np.testing.assert_array_equal(table.columns[0].values, [3, 1200])
    assert str(table.first) == "2026-01-05"


def test_a_column_of_how_many_staff_there_were_is_one_of_numbers(sheet):
    assert sheet("date,staff\n2026-01-05,2\n2026-01-06,3\n").column("staff").values.tolist() == [2, 3]


def test_columns_of_wecom_and_shops_are_known_in_both_languages():
    for head in ("new_contact_cnt", "New Contact Cnt", "新增客户数", " 新增客户数（人）"):
        assert known(head).metric == "joined"
        assert known(head).form == "contact"
    assert known("支付金额(元)").metric == "revenue"
    assert known("spend").use == "given"
    assert known("something else") is None


def test_no_head_means_two_things_and_every_meaning_is_in_chinese():
    heads = [plain(head) for entry in known_columns() for head in entry.heads]
    assert len(heads) == len(set(heads))
    assert {entry.meaning for entry in known_columns()} <= set(catalogue("zh"))


@settings(deadline=None)  # however busy the machine is
@given(st.binary(max_size=300))
def test_no_bytes_end_in_anything_but_a_table_or_told_faults(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "a.csv"
    path.write_bytes(content)
    try:
        read_dated(path)
    except DataError as error:
        assert all(line.isprintable() for line in str(error).splitlines())  # noqa: PT017


CELLS = st.one_of(st.text(max_size=12), st.integers().map(str), st.dates().map(str), st.floats().map(str))


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, max_size=4), max_size=6))
def test_no_cells_end_in_anything_but_a_table_or_told_faults(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("fuzz") / "a.csv"
    path.write_text("\n".join(["date,a,b", *(",".join(row) for row in rows)]), encoding="utf-8", errors="replace")
    try:
        table = read_dated(path)
    except DataError as error:
        assert all(line.isprintable() for line in str(error).splitlines())  # noqa: PT017
    else:
        assert all(column.values.size == len(table.spans) for column in table.columns)
