"""The faults of the table can be planted, and some of them are, in every run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from faults.plant import copied, found_by, place
from faults.table import FAULTS, Fault

SMALLEST_NUMBER = 60
PLANTED = (  # quickly found, of several rooms
    "cos: sign",
    "transpose of a skew matrix without the sign",
    "denominator layout not transposed",
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_the_text_of_a_fault_stands_in_one_place(fault: Fault) -> None:
    place(fault)
    assert fault.old != fault.new


def test_there_are_enough_and_no_two_alike() -> None:
    assert len(FAULTS) >= SMALLEST_NUMBER
    assert Counter(fault.what for fault in FAULTS).most_common(1)[0][1] == 1
    assert Counter((fault.room, fault.new, fault.old) for fault in FAULTS).most_common(1)[0][1] == 1


def test_some_faults_are_found(tmp_path: Path) -> None:
    copied(tmp_path)
    missed = [
        fault.what for fault in FAULTS if fault.what in PLANTED and not found_by(fault, tmp_path)
    ]
    assert missed == []
