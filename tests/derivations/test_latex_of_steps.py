"""Derivations in LaTeX: KaTeX sets every one of the corpus, and a TeX engine, where there is one,
sets those of every 25th problem within the margins of an article on A4 paper."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from derivations.test_derivations import QUESTION, SCALAR, VECTOR, steps_of

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import ask, load, readable

from matdiff.derivations.derivation import derivation
from matdiff.documents.derivations_latex import steps_latex
from matdiff.documents.latex_rows import rows, width
from matdiff.errors import MatdiffError

ARTICLE = (
    r"\documentclass[a4paper]{article} \usepackage{amsmath,amssymb} \allowdisplaybreaks "
    "\\begin{document}\n%s\n\\end{document}\n"
)
MARGIN = 20.0  # points by which a line may be too wide: the margin has 100


def test_every_derivation_is_set() -> None:
    pykatex = pytest.importorskip(
        "pykatex", reason="KaTeX is not installed: no wheel for this machine"
    )
    number = 0
    for problem in map(readable, load()):
        try:
            steps = derivation(ask(problem))
        except MatdiffError:
            continue
        source = "\n".join(steps_latex(steps))
        written = pykatex.renderToString(source, displayMode=True, output="mathml", strict="error")
        assert "<math" in written, problem.id
        number += 1
    assert number > 440


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no TeX on this machine")
def test_a_page_holds_them(tmp_path: Path) -> None:
    derivations = [steps_of("gradient", QUESTION, "X", SCALAR)[0]]
    derivations.append(steps_of("jacobian", QUESTION, "X", VECTOR)[0])
    derivations += [derivation(ask(problem)) for problem in [*map(readable, load())][::25]]
    source = "\n\n".join("\n".join(steps_latex(steps)) for steps in derivations)
    (tmp_path / "steps.tex").write_text(ARTICLE % source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "steps.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout[-2000:]
    wide = [float(found) for found in re.findall(r"Overfull \\hbox \(([\d.]+)pt", done.stdout)]
    assert max(wide, default=0.0) <= MARGIN


def test_the_question_as_an_article_would_have_it() -> None:
    written = "\n".join(steps_latex(steps_of("gradient", QUESTION, "X", SCALAR)[0]))
    assert r"\mathrm{d}X" in written and "dX" not in written
    assert r"K C^{\top} : \mathrm{d}X && A : b c^{\top} = A c : b" in written
    assert r"\text{where } K = B^{\top} H \circ D \in \mathbb{R}^{b \times e}" in written


def test_long_formulas_are_broken_between_terms() -> None:
    term = r"A^{\top} \operatorname{diag}(B + C) x"
    found = rows(" + ".join([term] * 6), 345.0, 20.0)
    assert len(found) > 1
    assert all(row.startswith("{} + ") for row in found[1:])
    assert all(width(row) <= 345 for row in found)
    assert "".join(found).count(term) == 6


def test_what_cannot_be_broken_stays_whole() -> None:
    fraction = rf"\frac{{{'A B ' * 40}}}{{2}}"
    assert rows(fraction, 345.0, 20.0) == [fraction]
