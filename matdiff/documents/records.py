"""Answers as text for a pipe and as objects for a program.

Text is one line: the formula, then its named parts after `where`.  The object's keys stand in a
fixed order and are described in docs/command-line.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matdiff import rendering
from matdiff.dimensions import ONE, Shape, shape_text
from matdiff.documents.places import Origin, cell_record, visible
from matdiff.operations.algebra import Expression, postorder
from matdiff.rendering import length, text
from matdiff.rendering.parts import is_selection
from matdiff.session import Answer, Claim

if TYPE_CHECKING:
    from matdiff.documents.programs import Wanted

SCHEMA = 1
# Of the parts of an expression, in the answer to `shape`: their number, and of all their texts
# together the names, numbers and operators.
MOST_PARTS, MOST_TOKENS = 1000, 20_000


def formula_line(answer: Answer, *, ascii_only: bool = False) -> str:
    """The formula and its named parts on one line; for a shape, expression and shape."""
    if answer.derivative is None:
        expression = text(answer.reading.expression, ascii=ascii_only)
        return f"{expression} : {plain_shape(answer.shape, ascii_only)}"
    parts = [f"{name} = {text(part, ascii=ascii_only)}" for name, part in answer.derivative.where]
    formula = text(answer.derivative.printed, ascii=ascii_only)
    return formula + (f"  where {', '.join(parts)}" if parts else "")


def latex_line(answer: Answer) -> str:
    """The formula in LaTeX, with its named parts written out."""
    return rendering.latex(_result(answer))


def mathml_line(answer: Answer) -> str:
    """The formula in MathML, with its named parts written out."""
    return rendering.mathml(_result(answer))


def typst_line(answer: Answer, *, ascii_only: bool = False) -> str:
    """The formula in Typst, with its named parts written out."""
    return rendering.typst(_result(answer), ascii=ascii_only)


def program_text(answer: Answer, wanted: Wanted | None = None) -> str:
    """Self-contained functions that compute the answer; in Python with numpy unless it is said."""
    from matdiff.documents import programs  # most answers are formulas only

    source, _ = programs.program(answer, wanted or programs.Wanted())
    return source.rstrip("\n")


def plain_shape(shape: Shape, ascii_only: bool = False) -> str:
    """`scalar`, or the two sides."""
    if shape == (ONE, ONE):
        return "scalar"
    sides = shape_text(shape)
    return sides.replace("×", "x") if ascii_only else sides


def shapes_line(shapes: dict[str, Shape], ascii_only: bool = False) -> str:
    """`A : n×n, x : n×1`, as a declaration would say it."""
    return ", ".join(f"{name} : {plain_shape(shape, ascii_only)}" for name, shape in shapes.items())


def answer_record(answer: Answer, origin: Origin | None = None) -> dict[str, Any]:
    """The answer as an object; with an origin also the file and line of the statement."""
    settings, reading = answer.settings, answer.reading
    record: dict[str, Any] = {"schema": SCHEMA, "expression": text(reading.expression)}
    if answer.derivative is not None:
        record |= {
            "wrt": answer.wrt,
            "kind": answer.kind,
            "layout": settings.layout,
            "vec": settings.vec,
        }
    else:
        record["kind"] = answer.kind
    record |= {
        "shape": _sides(answer.shape),
        "declared": {name: _sides(shape) for name, shape in answer.declared.items()},
        "inferred": {name: _sides(shape) for name, shape in reading.inferred.items()},
    }
    if answer.derivative is not None:
        from matdiff.documents import programs

        source, arguments = programs.program(answer, programs.Wanted())
        record |= {
            "formula": text(answer.derivative.printed),
            "where": [[name, text(part)] for name, part in answer.derivative.where],
            "latex": rendering.latex(answer.derivative.formula),
            "numpy": source,
            "arguments": arguments,
        }
    else:
        record["parts"] = [
            {"expression": written, "shape": _sides(shape)} for written, shape in parts_of(answer)
        ]
    record["warnings"] = answer.warnings + answer.notes
    if answer.derivative is not None:
        record["verification"] = verification_record(answer)
    if answer.steps is not None:
        from matdiff.documents.derivations import steps_records  # few answers have them

        record["steps"] = steps_records(answer.steps)
    if answer.claim is not None:
        record |= _claim_record(answer, answer.claim)
    if origin is not None:
        record |= {"file": visible(origin.name), "line": origin.line}
        if answer.claim is not None:  # a report marks its place
            record["column"] = origin.column
            record |= _place_of_equation(origin)
        record |= cell_record(origin)
    return record


def claim_text(answer: Answer, ascii_only: bool = False) -> str:
    """The claim as a statement: `gradient x'x wrt x == 2 x`."""
    claim = answer.claim
    assert claim is not None
    question = f"{answer.kind} {text(answer.reading.expression, ascii=ascii_only)}"
    if claim.formula is not None:
        question += f" wrt {answer.wrt}"
    written = claim.typed
    if ascii_only and not written.isascii():
        formula = claim.formula
        written = written.replace("×", "x") if formula is None else text(formula, ascii=True)
    return f"{question} == {visible(written)}"


def _claim_record(answer: Answer, claim: Claim) -> dict[str, Any]:
    verdict = claim.verdict
    derived = answer.derivative
    return {
        "claim": visible(claim.typed),
        "verdict": verdict.outcome,
        "evidence": verdict.evidence,
        "diagnosis": "; ".join(verdict.diagnosis) or None,
        "derived": plain_shape(answer.shape) if derived is None else text(derived.formula),
        "seed": verdict.seed,
    }


def _place_of_equation(origin: Origin) -> dict[str, int]:
    """Where the claim stands if it is a displayed equation of the document; else nothing."""
    claim = None if origin.statement is None else origin.statement.claim
    return {} if claim is None else {"claim_line": claim.line, "claim_column": claim.column}


def parts_of(answer: Answer, *, ascii_only: bool = False) -> list[tuple[str, Shape]]:
    """Every part of the expression with its shape, inner parts first and the whole last.

    Of a long expression as many of the innermost as MOST_PARTS and MOST_TOKENS allow.
    """
    parts: dict[str, Shape] = {}
    *inner, whole = postorder(answer.reading.expression)
    tokens = 0
    for node in inner[:MOST_PARTS]:
        if is_selection(node):
            continue  # written as an index of what it selects from
        tokens += length(node)
        if tokens > MOST_TOKENS:
            break
        parts.setdefault(text(node, ascii=ascii_only), node.shape)
    written = text(whole, ascii=ascii_only)
    parts.pop(written, None)
    return [*parts.items(), (written, whole.shape)]


def verification_record(answer: Answer) -> dict[str, Any] | None:
    """What the check against numbers found, if there was one."""
    found = answer.verification
    if found is None:
        return None
    record: dict[str, Any] = {
        "passed": found.passed,
        "method": found.method,
        "trials": found.trials,
        "max_relative_error": found.max_relative_error,
        "seed": found.seed,
    }
    if found.reason:
        record["reason"] = found.reason
    return record


def _result(answer: Answer) -> Expression:
    return answer.reading.expression if answer.derivative is None else answer.derivative.formula


def _sides(shape: Shape) -> list[str]:
    return [] if shape == (ONE, ONE) else [str(side) for side in shape]
