"""run: every file and statement is carried through, and the gravest status wins."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., "subprocess.CompletedProcess[str]"]

GOOD = "x : n\ngradient x'x wrt x\n"


def test_each_answer_has_its_place(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "f.mx").write_text("A : m×n, x : n\n\ny = A x\njacobian y wrt x as denominator\n"
                                   "shape y\n")  # fmt: skip
    done = matdiff("run", "f.mx")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "f.mx:4: A'\nf.mx:5: A x : m×1\n"


def test_a_bad_line_costs_only_itself(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "f.mx").write_text("x : n\ngradient x' wrt x\nwhat is this\n" + GOOD[6:])
    done = matdiff("run", "f.mx")
    assert done.returncode == 2
    assert done.stdout == "f.mx:4: 2 x\n"
    assert "f.mx:2:" in done.stderr and "f.mx:3:" in done.stderr


def test_a_missing_file_beside_a_good_one(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "good.mx").write_text(GOOD)
    done = matdiff("run", "missing.mx", "good.mx")
    assert done.returncode == 2
    assert done.stdout == "good.mx:2: 2 x\n"
    assert "missing.mx" in done.stderr


def test_a_folder_in_order_and_standard_input(matdiff: Run, tmp_path: Path) -> None:
    for name in ("b.mx", "a.mx"):
        (tmp_path / name).write_text(GOOD)
    assert matdiff("run", ".").stdout == "./a.mx:2: 2 x\n./b.mx:2: 2 x\n"
    assert matdiff("run", "-", input=GOOD).stdout == "standard input:2: 2 x\n"


def test_names_do_not_leak_from_file_to_file(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mx").write_text("c : n\n" + GOOD)
    (tmp_path / "b.mx").write_text("c : scalar\ngradient c^2 wrt c\n")
    assert matdiff("run", "a.mx", "b.mx").stdout == "a.mx:3: 2 x\nb.mx:2: 2 c\n"


def test_json_lines(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "f.mx").write_text(GOOD + "gradient x wrt x\ngradient x'x wrt x\n")
    done = matdiff("run", "f.mx", "--format", "json")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert [record["line"] for record in records] == [2, 3, 4]
    assert {record["file"] for record in records} == {"f.mx"}
    assert list(records[0])[-2:] == ["file", "line"]
    assert list(records[1]) == ["error", "file", "line", "column"]


def test_a_file_takes_everything_or_nothing(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "f.mx").write_text(GOOD + "gradient x wrt x\n")
    matdiff("run", "f.mx", "--format", "json", "-o", "r.json")
    lines = (tmp_path / "r.json").read_text().splitlines()
    assert [json.loads(line)["line"] for line in lines] == [2, 3]


def test_nothing_done_is_not_all_right(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "f.mx").write_text("x : n\n#gradient x'x wrt x\n")
    for arguments, said in [
        (["empty"], "no .mx file in empty"),
        (["f.mx"], "no query in f.mx"),
        (["-"], "no query in -"),
        ([], "usage"),
    ]:
        done = matdiff("run", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


def test_limits(matdiff: Run, tmp_path: Path) -> None:
    nested = "(" * 300 + "x'x" + ")" * 300
    (tmp_path / "deep.mx").write_text(f"x : n\ngradient {nested} wrt x\n")
    done = matdiff("run", "deep.mx")
    assert done.returncode == 3 and "nest" in done.stderr
    done = matdiff("run", "-", input=b"(\n" * (1 << 20))
    assert done.returncode == 3 and "size limit" in done.stderr
    done = matdiff("run", "/dev/zero")
    assert done.returncode == 2 and "/dev/zero" in done.stderr


def test_a_name_that_looks_like_an_option_or_is_no_text(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "-rf.mx").write_text(GOOD)
    assert matdiff("run", "--", "-rf.mx").stdout == "-rf.mx:2: 2 x\n"
    name = b"a\xff.mx".decode("utf-8", "surrogateescape")
    (tmp_path / name).write_text(GOOD)
    done = matdiff("run", name, "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["file"] == "a\\xff.mx"


def test_a_file_cannot_reach_further(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "f.mx").write_text(GOOD + "include /etc/passwd\ntolerance 1e9\n")
    done = matdiff("run", "f.mx")
    assert done.returncode == 2
    assert "include" in done.stderr and "tolerance" in done.stderr and "root:" not in done.stderr


def test_claims_are_judged(matdiff: Run, tmp_path: Path) -> None:
    (tmp_path / "f.mx").write_text(GOOD + "check x'x wrt x == 2x\ncheck x'x wrt x == 3 x\n")
    done = matdiff("run", "f.mx")
    assert done.returncode == 1
    assert "proved: gradient x'x wrt x == 2x" in done.stdout
    assert "MX301 FAIL" in done.stdout
