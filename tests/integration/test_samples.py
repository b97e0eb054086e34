"""The samples: every claim passes, and every typical mistake is caught and explained."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = sorted(path for path in (ROOT / "samples").iterdir() if path.is_file())
START = "from matdiff.cli import main; main()"

# What is wrong with each claim, line by line: a part of the diagnosis, None where there is none.
WRONG: dict[str, list[str | None]] = {
    "diag.mx": ["diag"],
    "factor.mx": ["misses a factor 2"],
    "hadamard.mx": ["as a Hadamard product"],
    "layout.mx": ["denominator layout"],
    "nearly.mx": ["1.00000000005 times"],
    "product-rule.mx": ["lacks the term from the second x"],
    "scalar-case.mx": ["only if n = 1", "only if n = 1"],
    "shape.mx": [None, None],
    "sign.mx": ["wrong sign"],
    "softmax.mx": ["lacks the factor `sum(y)`"],
    "structure.mx": ["free entries"],
    "symmetric.mx": ["only if A is symmetric"],
    "transposed.mx": ["transpose"],
}


def checked(name: str) -> tuple[list[dict[str, object]], int]:
    """What `check` says of a sample: an object for each claim, and the status."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", START, "check", name, "--format", "json", "--seed", "1"],
        cwd=ROOT / "samples", capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_every_claim_passes(sample: Path) -> None:
    records, status = checked(sample.name)
    claims = [record for record in records if "verdict" in record]
    if "check " not in sample.read_text(encoding="utf-8"):
        assert (claims, status) == ([], 2)  # questions only
        return
    assert claims and status == 0
    assert {record["verdict"] for record in claims} <= {"proved", "agrees"}
    assert not [record for record in records if "error" in record]


def test_every_mistake_is_shown() -> None:
    assert sorted(WRONG) == sorted(path.name for path in (ROOT / "samples" / "wrong").iterdir())


@pytest.mark.parametrize("name", WRONG)
def test_every_mistake_is_caught_and_explained(name: str) -> None:
    records, status = checked(f"wrong/{name}")
    assert status == 1
    assert [record["verdict"] for record in records] == ["wrong"] * len(WRONG[name])
    for record, expected in zip(records, WRONG[name], strict=True):
        assert (expected or "") in str(record["diagnosis"] or "")


def test_the_question_has_its_answer_in_three_forms() -> None:
    for name in ("question.mx", "paper.tex"):
        claims = [r for r in checked(name)[0] if r.get("wrt") == "X" and "verdict" in r]
        assert [claim["verdict"] for claim in claims] == ["proved"] * 3
