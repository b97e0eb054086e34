"""matdiff from Python, with the words of the command line.

>>> from matdiff import gradient, jacobian
>>> G = gradient("x'A x", wrt="x")
>>> G
(A + A')x
>>> G.shape, G.inferred
('n×1', {'x': 'n×1', 'A': 'n×n'})
>>> G.verify(seed=1).passed
True
>>> J = jacobian("softmax(W x + b)", wrt="x", declare="W: m×n, x: n, b: m")
>>> print(J)
(diag(s) - s s')W  where s = softmax(W x + b)
>>> J.where
[('s', 'softmax(W x + b)')]
>>> gradient("logdet(X'X)", wrt="X", declare="X: n×k").latex
'2 X \\\\left(X^{\\\\top} X\\\\right)^{-1}'

A notebook shows a formula typeset.  What cannot be answered raises a `MatdiffError`, whose
`message`, `hint` and `span` say what is wrong and where.
"""

from __future__ import annotations

from matdiff import verification
from matdiff.derivatives import Derivative
from matdiff.dimensions import shape_text
from matdiff.documents.records import formula_line, latex_line, numpy_text
from matdiff.errors import MatdiffError
from matdiff.rendering import text
from matdiff.session import Answer, Session, variable_name
from matdiff.settings import Settings


class Formula:
    """A derivative: its text, its named parts, its LaTeX and its code.

    text       the formula in the matdiff language, its parts named by `where`
    where      (name, formula) pairs, each using only earlier names
    latex      the formula in LaTeX, with its parts written out
    numpy      source of a Python function that computes it
    shape      "m×n"
    inferred   shapes of the names that were not declared
    warnings   sentences about how the expression was read, and what convention was used
    """

    __slots__ = ("_answer",)

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    @property
    def text(self) -> str:
        return text(self._derivative.printed)

    @property
    def where(self) -> list[tuple[str, str]]:
        return [(name, text(part)) for name, part in self._derivative.where]

    @property
    def latex(self) -> str:
        return latex_line(self._answer)

    @property
    def numpy(self) -> str:
        return numpy_text(self._answer)

    @property
    def shape(self) -> str:
        return shape_text(self._answer.shape)

    @property
    def inferred(self) -> dict[str, str]:
        shapes = self._answer.reading.inferred
        return {name: shape_text(shape) for name, shape in shapes.items()}

    @property
    def warnings(self) -> list[str]:
        return self._answer.warnings + self._answer.notes

    def verify(self, *, trials: int = 3, seed: int | None = None) -> verification.Verification:
        """Compare the formula with the function's own values at random points.

        The outcome's `passed` is True, False, or None where floating point cannot tell.
        """
        return verification.verify(self._derivative, trials=trials, seed=seed)

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    def __repr__(self) -> str:
        return formula_line(self._answer)

    @property
    def _derivative(self) -> Derivative:
        derivative = self._answer.derivative
        assert derivative is not None  # only derivatives are made into formulas
        return derivative


def gradient(
    expression: str, wrt: str, declare: str = "", *, structure: str = "projection"
) -> Formula:
    """The gradient of a scalar, of the shape of `wrt`.

    `declare` is "A: m×n, x: n"; what it leaves out is inferred.  By a variable declared symmetric
    and the like it is projected onto that structure, unless `structure` is "free".
    """
    return _derived("gradient", expression, wrt, declare, Settings(structure=structure))


def jacobian(
    expression: str, wrt: str, declare: str = "", *, layout: str = "numerator", vec: str = "column"
) -> Formula:
    """The Jacobian ∂vec(Y)/∂vec(X)', pq×mn for Y p×q and X m×n.

    `layout` "denominator" transposes it; `vec` "row" stacks both row by row.
    """
    return _derived("jacobian", expression, wrt, declare, Settings(layout=layout, vec=vec))


def hessian(
    expression: str, wrt: str, declare: str = "", *, layout: str = "numerator", vec: str = "column"
) -> Formula:
    """The Hessian of a scalar, mn×mn for X m×n, in the layouts of `jacobian`."""
    return _derived("hessian", expression, wrt, declare, Settings(layout=layout, vec=vec))


def differential(expression: str, wrt: str, declare: str = "") -> Formula:
    """The differential, of the shape of the expression and linear in dX."""
    return _derived("differential", expression, wrt, declare, Settings())


def _derived(kind: str, expression: str, wrt: str, declare: str, settings: Settings) -> Formula:
    session = Session()
    if declare:
        session.declare(declare)
    try:
        tree = session.parse(expression)
        name = variable_name(wrt, session.environment.names)
        return Formula(session.differentiate(kind, tree, name, settings))
    except MatdiffError as problem:
        raise problem.located(None, expression) from None
