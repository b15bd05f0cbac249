"""From file to file, and every mistake named with its file and line."""

import csv
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from abacus.__main__ import main

UNITS = """unit,parent,starts_on,ends_on,kind
HQ,,2025-01-01,,
A,HQ,2025-01-01,,
B,HQ,2025-01-01,2025-07-01,
B,A,2025-07-01,,merged
"""
INDICATORS = """indicator,over_units,over_time,numerator,denominator,factor,part_of
patrols,sum,sum,,,,
at night,sum,sum,,,,patrols
share,,,at night,patrols,100,
boats,sum,last,,,,
"""
VALUES = """unit,indicator,starts_on,ends_on,value
A,patrols,2025-01-01,2025-02-01,7
B,patrols,2025-01-01,2025-02-01,2.50
B,at night,2025-01-01,2025-02-01,1
"""


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A folder with three good files."""
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "indicators.csv").write_text(INDICATORS, encoding="utf-8")
    (tmp_path / "values.csv").write_text(VALUES, encoding="utf-8")
    return tmp_path


def run(folder: Path, *options: str, output: str = "out.csv") -> int:
    files = [f"--{name}={folder / f'{name}.csv'}" for name in ("units", "indicators", "values")]
    return main([*files, *options, "-o", str(folder / output)])


def written(folder: Path) -> list[list[str]]:
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_figures_are_written_indicator_by_indicator_and_the_tree_from_the_root(given: Path) -> None:
    assert run(given, "--by", "month,year") == 0

    assert (given / "out.csv").read_text(encoding="utf-8").splitlines() == [
        "unit,indicator,period,starts_on,ends_on,value,reported,expected",
        "HQ,patrols,2025-01,2025-01-01,2025-02-01,9.5,2,2",
        "A,patrols,2025-01,2025-01-01,2025-02-01,7,1,1",
        "B,patrols,2025-01,2025-01-01,2025-02-01,2.5,1,1",
        "HQ,patrols,2025,2025-01-01,2026-01-01,9.5,2,1",
        "A,patrols,2025,2025-01-01,2026-01-01,9.5,2,1",
        "HQ,at night,2025-01,2025-01-01,2025-02-01,1,1,2",
        "B,at night,2025-01,2025-01-01,2025-02-01,1,1,1",
        "HQ,at night,2025,2025-01-01,2026-01-01,1,1,1",
        "A,at night,2025,2025-01-01,2026-01-01,1,1,1",
        "HQ,share,2025-01,2025-01-01,2025-02-01,10.526316,2,2",
        "A,share,2025-01,2025-01-01,2025-02-01,0,1,1",
        "B,share,2025-01,2025-01-01,2025-02-01,40,1,1",
        "HQ,share,2025,2025-01-01,2026-01-01,10.526316,2,1",
        "A,share,2025,2025-01-01,2026-01-01,10.526316,2,1",
    ]


def test_parquet_holds_the_same_with_its_types(given: Path) -> None:
    assert run(given, "--by", "month", output="out.parquet") == 0

    table = pq.read_table(given / "out.parquet")
    assert [str(column.type) for column in table.columns[3:6]] == ["date32[day]", "date32[day]", "decimal128(38, 6)"]
    assert table["unit"].to_pylist()[:3] == ["HQ", "A", "B"]


def test_all_kinds_but_weeks_are_given_unless_some_are_named(given: Path) -> None:
    assert run(given) == 0

    periods = {row[2] for row in written(given)[1:]}
    assert periods == {"2025-01", "2025-Q1", "2025-H1", "2025"}


def test_names_with_commas_and_line_breaks_survive(given: Path) -> None:
    name = 'Đồn "A",\nmột'
    quoted = '"' + name.replace('"', '""') + '"'
    for file in ("units.csv", "values.csv"):
        text = (given / file).read_text(encoding="utf-8").replace("\nA,", f"\n{quoted},").replace(",A,", f",{quoted},")
        (given / file).write_text(text, encoding="utf-8")

    assert run(given, "--by", "year") == 0

    assert name in {row[0] for row in written(given)}


def test_on_one_day_and_as_was(given: Path) -> None:
    assert run(given, "--by=year", "--on=2025-02-01") == 0
    assert ["B", "patrols", "2025", "2025-01-01", "2026-01-01", "2.5", "1", "1"] in written(given)

    (given / "indicators.csv").write_text("indicator\npatrols\nat night\n", encoding="utf-8")
    assert run(given, "--by=year", "--as-was") == 0
    assert ["B", "patrols", "2025", "2025-01-01", "2026-01-01", "2.5", "1", "1"] in written(given)


def test_known_at_takes_the_newest_value_known_by_then(given: Path) -> None:
    (given / "values.csv").write_text(
        "unit,indicator,starts_on,ends_on,value,known_at\n"
        "A,patrols,2025-01-01,2025-02-01,1,2025-02-01T08:00:00+07:00\n"
        "A,patrols,2025-01-01,2025-02-01,2,2025-02-03\n",
        encoding="utf-8",
    )

    assert run(given, "--by=month", "--known-at=2025-02-01T01:00:00Z") == 0
    assert [row[5] for row in written(given) if row[1] == "patrols"] == ["1", "1"]
    assert run(given, "--by=month") == 0
    assert [row[5] for row in written(given) if row[1] == "patrols"] == ["2", "2"]


def test_no_values_make_no_figures(given: Path) -> None:
    (given / "values.csv").write_text(VALUES.splitlines()[0] + "\n", encoding="utf-8")

    assert run(given) == 0

    assert len(written(given)) == 1


MISTAKES = [
    ("units", "C,D,2025-01-01,,", 6, "unit C is under D, which is not a unit"),
    ("units", "A,HQ,2025-03-01,,", 6, "unit A has two superiors on 2025-03-01"),
    ("units", "C,HQ,2025-03-01,2025-03-01,", 6, "unit C: the edge ends on 2025-03-01, not after 2025-03-01"),
    ("units", "C,HQ,01/03/2025,,", 6, "'01/03/2025' is not a day such as 2025-07-15"),
    ("units", "C,HQ,,,", 6, "starts_on is empty"),
    ("units", ",HQ,2025-01-01,,", 6, "unit is empty"),
    ("units", "B,HQ,2025-09-01,,", 6, "unit B was merged on 2025-07-01 and cannot exist again"),
    ("units", "C,A,2025-01-01,,merged", 6, "unit C is merged before it existed"),
    ("units", "C,HQ,2025-01-01,,merger", 6, "unit C: unknown kind of edge 'merger'; leave it empty or say merged"),
    ("units", "C,HQ,2024-01-01,,", 6, "unit C is under HQ from 2024-01-01, when HQ does not exist all that time"),
    ("units", "C,D,2025-01-01,,\nD,C,2025-01-01,,", 6, "unit C is below itself on 2025-01-01"),
    ("units", "C,HQ,2025-01-01", 6, "the line does not have as many cells as the header"),
    ("indicators", "patrols,sum,sum,,,,", 6, "indicator patrols is given twice"),
    ("indicators", "x,total,sum,,,,", 6, "indicator x: no operator 'total' over units; choose from sum, mean,"),
    ("indicators", "x,sum,stddev,,,,", 6, "indicator x: no operator 'stddev' over time; choose from sum, mean,"),
    ("indicators", "x,ratio,,,,,", 6, "indicator x is a ratio without numerator and denominator"),
    ("indicators", "x,,,patrols,,,", 6, "indicator x is a ratio and needs both a numerator and a denominator"),
    ("indicators", "x,,,patrols,nothing,,", 6, "indicator x is a ratio of nothing, which does not exist"),
    ("indicators", "x,,,patrols,boats,many,", 6, "indicator x: the factor 'many' is not a number"),
    ("indicators", "x,,,y,patrols,,\ny,,,x,patrols,,", 6, "indicator x is a ratio of itself"),
    ("indicators", "x,sum,sum,,,,nothing", 6, "indicator x is part of nothing, which does not exist"),
    ("indicators", "x,sum,sum,,,,y\ny,sum,sum,,,,x", 6, "indicator x is a part of itself"),
    ("indicators", "x,none,sum,,,,\ny,,,x,patrols,,", 7, "indicator y is a ratio of x, which has no totals to divide"),
    ("values", "Z,patrols,2025-01-01,2025-02-01,1", 5, "unit Z is not in the tree"),
    ("values", "A,unheard,2025-01-01,2025-02-01,1", 5, "indicator unheard is not among the measures"),
    ("values", "A,share,2025-01-01,2025-02-01,1", 5, "indicator share is a ratio: it is computed, not reported"),
    (
        "values",
        "A,patrols,2025-01-01,2025-02-01,9",
        5,
        "a second value of patrols for unit A, 2025-01-01 to 2025-02-01",
    ),
    ("values", "B,patrols,2025-07-01,2025-08-01,1", 5, "unit B did not exist between 2025-07-01 and 2025-08-01"),
    ("values", "A,patrols,2024-12-01,2025-01-01,1", 5, "unit A did not exist between 2024-12-01 and 2025-01-01"),
    ("values", "A,patrols,2025-03-01,2025-03-01,1", 5, "the value's period ends on 2025-03-01, not after its start"),
    ("values", "A,patrols,2025-03-01,2025-04-01,1.151.0", 5, "'1.151.0' is not a number"),
    ("values", "A,patrols,2025-03-01,2025-04-01,1e3", 5, "'1e3' is not a number"),
    ("values", "A,patrols,2025-03-01,2025-04-01,", 5, "value is empty"),
    ("values", ",patrols,2025-03-01,2025-04-01,1", 5, "unit is empty"),
    ("values", "A,patrols,2025-02-30,2025-04-01,1", 5, "'2025-02-30' is not a day such as 2025-07-15"),
    ("values", 'A,patrols,2025-03-01,2025-04-01,"1,151"', 5, "'1,151' is not a number"),
    ("values", "A,patrols,2025-03-01,2025-04-01", 5, "the line does not have as many cells as the header"),
    ("values", "\n\nZ,patrols,2025-01-01,2025-02-01,1", 7, "unit Z is not in the tree"),
]


@pytest.mark.parametrize(("file", "line", "number", "message"), MISTAKES)
def test_a_mistake_is_told_with_file_and_line_and_nothing_is_written(
    given: Path, capsys: pytest.CaptureFixture[str], file: str, line: str, number: int, message: str
) -> None:
    with (given / f"{file}.csv").open("a", encoding="utf-8") as extended:
        extended.write(line + "\n")
    (given / "out.csv").write_text("as it was", encoding="utf-8")

    assert run(given) == 2

    assert capsys.readouterr().err.startswith(f"{given / file}.csv:{number}: {message}")
    assert (given / "out.csv").read_text(encoding="utf-8") == "as it was"
    assert sorted(each.name for each in given.iterdir()) == ["indicators.csv", "out.csv", "units.csv", "values.csv"]


def test_the_line_is_counted_in_lines_not_in_rows(given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (given / "values.csv").write_text(
        'unit,indicator,starts_on,ends_on,value\n"no\nsuch",patrols,2025-01-01,2025-02-01,1\n', encoding="utf-8"
    )

    assert run(given) == 2

    assert capsys.readouterr().err.startswith(f"{given / 'values.csv'}:2: unit no\nsuch is not in the tree")


@pytest.mark.parametrize(
    ("known_at", "number", "message"),
    [
        ("yesterday", 3, "known_at 'yesterday' is not an instant such as 2025-07-15T08:30:00Z"),
        ("", 3, "known_at is empty"),
        ("2025-02-01T00:00:00Z", 3, "a second value of patrols for unit A"),
    ],
)
def test_knowledge_that_is_not_told_apart_is_refused(
    given: Path, capsys: pytest.CaptureFixture[str], known_at: str, number: int, message: str
) -> None:
    (given / "values.csv").write_text(
        "unit,indicator,starts_on,ends_on,value,known_at\n"
        "A,patrols,2025-01-01,2025-02-01,1,2025-02-01T00:00:00Z\n"
        f"A,patrols,2025-01-01,2025-02-01,2,{known_at}\n",
        encoding="utf-8",
    )

    assert run(given) == 2

    assert capsys.readouterr().err.startswith(f"{given / 'values.csv'}:{number}: {message}")


@pytest.mark.parametrize("file", ["units", "indicators", "values"])
def test_text_that_is_not_utf8_is_told_with_its_line(
    given: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    with (given / f"{file}.csv").open("ab") as extended:
        extended.write("Đồn,".encode("cp1258", errors="replace") + b"\n")

    assert run(given) == 2

    lines = len((given / f"{file}.csv").read_bytes().splitlines())
    assert capsys.readouterr().err == f"{given / file}.csv:{lines}: the text is not UTF-8\n"


def test_a_missing_column_or_file_is_named(given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (given / "values.csv").write_text("unit,indicator,value\n", encoding="utf-8")

    assert run(given) == 2
    assert capsys.readouterr().err.startswith(f"{given / 'values.csv'}:1: no column starts_on, ends_on")

    (given / "units.csv").unlink()
    assert run(given) == 2
    assert "units.csv" in capsys.readouterr().err


def test_what_cannot_be_asked_is_refused(given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(given, "--as-was") == 2
    assert "boats (sum over units, last over time) cannot be consolidated" in capsys.readouterr().err
    assert run(given, "--known-at=2025-01-01") == 2
    assert "the values have no column known_at" in capsys.readouterr().err
    assert run(given, output="out.xlsx") == 2
    assert "must end in .csv or .parquet" in capsys.readouterr().err


def test_the_command_stands_alone(given: Path) -> None:
    files = [f"--{name}={given / f'{name}.csv'}" for name in ("units", "indicators", "values")]

    done = subprocess.run(
        [sys.executable, "-m", "abacus", *files, "--by=fortnight", "-o", str(given / "out.csv")],
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert "unknown kind of period 'fortnight': choose from week, month, quarter, half, year" in done.stderr
