"""Every command that README and docs show is run, and its output is the one shown.

A block marked `console` holds lines `$ command`, each followed by what it prints, standard output
before standard error.  `python tests/cli/test_documents_shown.py` writes the outputs anew.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SAMPLES = sorted((ROOT / "samples").glob("*.mx"))
START = "from matdiff.cli import main; main()"


def output_of(command: str) -> tuple[str, int]:
    """What a shown command prints, with the checkout as the current folder."""
    words = shlex.split(command)
    if words[0] == "cat":
        return "".join((ROOT / name).read_text(encoding="utf-8") for name in words[1:]), 0
    assert words[0] == "matdiff", command
    done = subprocess.run(
        [sys.executable, "-P", "-c", START, *words[1:]],
        cwd=ROOT, capture_output=True, stdin=subprocess.DEVNULL, timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip
    return (done.stdout + done.stderr).decode("utf-8"), done.returncode


def real(block: str) -> str:
    """The block with the outputs that its commands have."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{output_of(line[2:])[0]}" for line in commands)


def _masked(output: str) -> str:
    # rounding errors depend on the machine's linear algebra
    return re.sub(r"relative error [0-9.]+e-[0-9]+", "relative error …", output)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_is_shown_is_what_comes_out(document: Path) -> None:
    for block in BLOCK.findall(document.read_text(encoding="utf-8")):
        assert _masked(block) == _masked(real(block))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_samples_are_answered(sample: Path) -> None:
    answers, status = output_of(f"matdiff run samples/{sample.name} --verify --seed 1")
    assert status == 0, answers
    questions = re.findall(
        r"^(?:gradient|jacobian|hessian|differential|shape|check) ",
        sample.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    results = [line for line in answers.splitlines() if not re.search(r": (note|warning): ", line)]
    assert len(results) == len(questions) > 0


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    prose = re.sub(r"(?s)```.*?```|`[^`]*`", "", document.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)#:]+)\)", prose):
        assert (document.parent / target).exists(), target


def _rewrite() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        new = BLOCK.sub(lambda found: f"```console\n{real(found[1])}```", text)
        if new != text:
            document.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    _rewrite()
