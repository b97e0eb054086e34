"""The same input, version and seed give the same bytes: over hash seeds, -j and file order."""

from __future__ import annotations

import json
import os
from itertools import permutations
from pathlib import Path

import pytest

from trust.entries import Call, Ran
from trust.separately import run

SOAK = "MATDIFF_SOAK" in os.environ  # ten hash seeds rather than three
FILES = {
    "a.mx": "A : n×n\nB : n×n symmetric\nx : n\ncheck x'A x wrt x == (A + A')x\n"
    "gradient logdet(A B A' + B) wrt A\njacobian A x/norm(x) wrt x\n",
    "b.mx": "X : m×n\nw : n\ny : m\ncheck sum(log(exp(X w∘y) + ones(m))) wrt w == X'y\n"
    "hessian norm(X w - y)^2 wrt w\ncheck tr(X X'X X') wrt X == 4 X X'X\n",
    "c.mx": "x : n\ncheck x'x wrt x == 3 x\nshape x x'\ngradient x'(\n",
    "d.mx": "S : n×n spd\ncheck logdet(S) wrt S == S^-1\ngradient tr(S^3) + tr(K S) wrt S\n",
}
REPORTS = ("r.json", "r.xml", "r.sarif", "r.html", "r.txt")


def batch(folder: Path, jobs: int, names: list[str], hash_seed: int) -> Ran:
    """All files with every report; the reports are among the files."""
    folder.mkdir()
    reports = [word for report in REPORTS for word in ("--report", report)]
    files = {name: text.encode() for name, text in FILES.items()}
    arguments = ["run", *names, "-j", str(jobs), "--seed", "7", "--verify", *reports]
    call = Call([*arguments, "--format", "json"], files=files)
    return run(call, folder, {"PYTHONHASHSEED": str(hash_seed)})


def test_hash_seeds_and_processes_change_no_byte(tmp_path: Path) -> None:
    names = sorted(FILES)
    runs = [
        batch(tmp_path / str(seed), 8 if seed % 2 else 1, names, seed)
        for seed in range(1, 11 if SOAK else 4)
    ]
    first = runs[0]
    assert first.status == 2 and len(first.out.splitlines()) == 11
    assert set(first.files) == {*FILES, *REPORTS}
    for other in runs[1:]:
        assert (other.status, other.out, other.err) == (first.status, first.out, first.err)
        assert other.files == first.files


def by_file(ran: Ran) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for line in ran.out.splitlines():
        found.setdefault(json.loads(line)["file"], []).append(line)
    return found


@pytest.mark.parametrize("order", list(permutations(sorted(FILES)))[5::12], ids="".join)
def test_the_order_of_files_is_that_of_the_output_and_changes_nothing_else(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    usual = batch(tmp_path / "usual", 1, sorted(FILES), 0)
    other = batch(tmp_path / "other", 8, list(order), 3)
    assert list(by_file(other)) == list(order)
    assert by_file(other) == by_file(usual)
    assert other.status == usual.status


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    usual = batch(tmp_path / "usual", 1, sorted(f"./{name}" for name in FILES), 0)
    assert batch(tmp_path / "folder", 8, ["."], 3).out == usual.out
