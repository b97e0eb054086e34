"""Every code means one thing: it is raised in one way only, and stands in its family's range."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "matdiff"
RAISED = re.compile(r'code="(MX\d{3})"|code = "(MX\d{3})"|^\s+"(MX\d{3})",$', re.MULTILINE)
FOLDERS = {  # where a code may be raised from; one meaning is never spread over two rooms
    "MX1": {"syntax", "shapes", "calculus", "errors.py"},
    "MX2": {"shapes", "operations", "calculus", "normal", "derivatives.py", "errors.py"},
}


def test_a_code_belongs_to_one_room() -> None:
    rooms: dict[str, set[str]] = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        for found in RAISED.finditer(path.read_text(encoding="utf-8")):
            code = next(group for group in found.groups() if group)
            rooms[code].add(path.relative_to(PACKAGE).parts[0])
    assert len(rooms) > 40
    shared = {code for code, where in rooms.items() if len(where) > 1}
    # MX151, MX152 and MX509 are one refusal each, reached by two ways
    assert shared <= {"MX151", "MX152", "MX509"}, {c: rooms[c] for c in shared}
    for code, where in rooms.items():
        if code[:3] in FOLDERS:
            assert where <= FOLDERS[code[:3]], (code, where)
