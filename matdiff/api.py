"""matdiff from Python, with the words of the command line.

>>> from matdiff import check, gradient, jacobian
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
'2 X (X^{\\\\top} X)^{-1}'

>>> verdict = check("x'A x", wrt="x", claim="2 A x")
>>> verdict.passed, verdict.outcome, verdict.right
(False, 'wrong', (A + A')x)
>>> verdict.diagnosis[-1]
'holds only if A is symmetric'

A notebook shows a formula typeset.  What cannot be answered raises a `MatdiffError`, whose
`message`, `hint` and `span` say what is wrong and where; a traceback ends with the place marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from matdiff import verification
from matdiff.derivatives import Derivative
from matdiff.dimensions import shape_text
from matdiff.documents.places import Origin, report
from matdiff.documents.records import formula_line, latex_line, program_text, typst_line
from matdiff.errors import MatdiffError
from matdiff.rendering import text
from matdiff.session import Answer, Session, variable_name
from matdiff.settings import Settings, refuse_code_of
from matdiff.syntax.tree import Tree

if TYPE_CHECKING:
    from matdiff.judging.verdicts import Verdict

Question = tuple[str, str, str, str, Settings]  # kind, expression, variable, declarations, how


class Formula:
    """A derivative: its text, its named parts, its markup and its code.

    text       the formula in the matdiff language, its parts named by `where`
    where      (name, formula) pairs, each using only earlier names
    latex      the formula in LaTeX, with its parts written out; `typst` the same in Typst
    numpy      source of a Python function that computes it; code() writes other languages, too
    shape      "m×n"
    inferred   shapes of the names that were not declared
    warnings   sentences about how the expression was read, and what convention was used

    It does not change.  A copy is itself; what another process gets is derived there anew.
    """

    __slots__ = ("_answer", "_question")

    def __init__(self, answer: Answer, question: Question) -> None:
        self._answer, self._question = answer, question

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
    def typst(self) -> str:
        return typst_line(self._answer)

    @property
    def numpy(self) -> str:
        return program_text(self._answer)

    def code(
        self,
        target: str = "numpy",
        *,
        with_value: bool = False,
        operator: bool = False,
        structured: bool = False,
        assume: Sequence[str] = (),
    ) -> str:
        """Source of functions that compute the formula.

        target      "numpy", "array-api", "jax", "torch", "julia" or "matlab"
        with_value  the value too, before the derivative
        operator    J dX and J'dY instead of a Jacobian, H dX instead of a Hessian
        structured  the parts of a Jacobian or Hessian instead of the dense matrix
        assume      about how large dimensions are: "m >> n", "r = 8"; one, or a list

        UsageProblem for a relation that is none, and for the operator or parts of a gradient;
        DomainProblem for an operation that the target has no way to compute.
        """
        from matdiff.documents.programs import Wanted, sizes_of  # most answers are formulas only

        refuse_code_of(self._answer.kind, operator=operator, structured=structured)
        wanted = Wanted(
            target, with_value=with_value, operator=operator, structured=structured,
            sizes=sizes_of([assume] if isinstance(assume, str) else assume),
        )  # fmt: skip
        return program_text(self._answer, wanted)

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
        settings = Settings(trials=trials, seed=seed)  # which refuses what cannot be
        return verification.verify(self._derivative, trials=settings.trials, seed=settings.seed)

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    def __repr__(self) -> str:
        return formula_line(self._answer)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memory: object) -> Self:
        return self  # parts that were copied one by one would no longer be known as equal

    def __reduce__(self) -> tuple[Any, ...]:
        return _derived, self._question

    @property
    def _derivative(self) -> Derivative:
        derivative = self._answer.derivative
        assert derivative is not None  # only derivatives are made into formulas
        return derivative


class Check:
    """The verdict on a formula that was derived by hand.

    outcome    "proved", "agrees", "wrong" or "inconclusive"
    passed     whether it is one of the first two
    evidence   a phrase: what the outcome rests on
    diagnosis  sentences on what went wrong, each of them tested
    right      the formula that was derived
    warnings   sentences about how the expression and the claim were read

    It does not change.  A copy is itself; another process judges anew, with this verdict's seed.
    """

    __slots__ = ("_answer", "_claim", "_question")

    def __init__(self, answer: Answer, question: Question, claim: str) -> None:
        self._answer, self._question, self._claim = answer, question, claim

    @property
    def outcome(self) -> str:
        return self._verdict.outcome

    @property
    def passed(self) -> bool:
        return self._verdict.passed

    @property
    def evidence(self) -> str:
        return self._verdict.evidence

    @property
    def diagnosis(self) -> list[str]:
        return list(self._verdict.diagnosis)

    @property
    def right(self) -> Formula:
        _, expression, wrt, declare, settings = self._question
        return Formula(self._answer, (self._answer.kind, expression, wrt, declare, settings))

    @property
    def warnings(self) -> list[str]:
        return self._answer.warnings + self._answer.notes

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"<{self.outcome}: {self.evidence}>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memory: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        *asked, settings = self._question
        return _checked, (*asked, settings.with_seed(self._verdict.seed), self._claim)

    @property
    def _verdict(self) -> Verdict:
        claim = self._answer.claim
        assert claim is not None  # only what was claimed is checked
        return claim.verdict


def gradient(
    expression: str, wrt: str, declare: str = "", *, structure: str | None = None
) -> Formula:
    """The gradient of a scalar, of the shape of `wrt`.

    `declare` is "A: m×n, x: n"; what it leaves out is inferred.  By a variable declared symmetric
    and the like it is projected onto that structure, unless `structure` is "free", or "entries"
    for the derivatives by the independent entries.
    """
    return _derived("gradient", expression, wrt, declare, Settings(structure=structure))


def jacobian(
    expression: str,
    wrt: str,
    declare: str = "",
    *,
    layout: str = "numerator",
    vec: str = "column",
    structure: str | None = None,
) -> Formula:
    """The Jacobian ∂vec(Y)/∂vec(X)', pq×mn for Y p×q and X m×n.

    `layout` "denominator" transposes it; `vec` "row" stacks both row by row.  By a variable
    declared symmetric and the like, `structure` "projection" gives the Jacobian within that
    structure, "entries" the one by the independent entries, with a column for each.
    """
    settings = Settings(layout=layout, vec=vec, structure=structure)
    return _derived("jacobian", expression, wrt, declare, settings)


def hessian(
    expression: str,
    wrt: str,
    declare: str = "",
    *,
    layout: str = "numerator",
    vec: str = "column",
    structure: str | None = None,
) -> Formula:
    """The Hessian of a scalar, mn×mn for X m×n, with the choices of `jacobian`."""
    settings = Settings(layout=layout, vec=vec, structure=structure)
    return _derived("hessian", expression, wrt, declare, settings)


def differential(expression: str, wrt: str, declare: str = "") -> Formula:
    """The differential, of the shape of the expression and linear in dX."""
    return _derived("differential", expression, wrt, declare, Settings())


def check(
    expression: str,
    wrt: str,
    claim: str,
    declare: str = "",
    *,
    kind: str = "check",
    layout: str = "numerator",
    vec: str = "column",
    structure: str | None = None,
    seed: int | None = None,
) -> Check:
    """The verdict on `claim`, a formula for the derivative of an expression: "2 S x" or
    "2 S x where S = (A + A')/2".

    `kind` is "gradient", "jacobian", "hessian" or "differential"; by default the gradient of a
    scalar, the Jacobian of anything else.  `seed` repeats the random points.
    """
    settings = Settings(layout=layout, vec=vec, structure=structure, seed=seed)
    return _checked(kind, expression, wrt, declare, settings, claim)


def _derived(kind: str, expression: str, wrt: str, declare: str, settings: Settings) -> Formula:
    session, tree, name = _asked(expression, wrt, declare)
    with _errors_in("expression", expression):
        answer = session.differentiate(kind, tree, name, settings)
    return Formula(answer, (kind, expression, wrt, declare, settings))


def _checked(
    kind: str, expression: str, wrt: str, declare: str, settings: Settings, claim: str
) -> Check:
    session, tree, name = _asked(expression, wrt, declare)
    with _errors_in("claim", claim):
        claimed, where = session.parse_claim(claim)
    with _errors_in("expression", expression):
        answer = session.claimed_of(kind, tree, name, settings)
    with _errors_in("claim", claim):
        session.judge(answer, claimed, settings, where)
    return Check(answer, (kind, expression, wrt, declare, settings), claim)


def _asked(expression: str, wrt: str, declare: str) -> tuple[Session, Tree, str]:
    """A session with the declarations, the expression in it, and the name of the variable."""
    session = Session()
    with _errors_in("declare", declare):
        if declare:
            session.declare(declare)
    with _errors_in("wrt", wrt):
        name = variable_name(wrt, session.environment.names)
    with _errors_in("expression", expression):
        return session, session.parse(expression), name


@contextmanager
def _errors_in(name: str, text: str) -> Iterator[None]:
    """Errors are about this text, unless they say otherwise, and show the place in it.

    TypeError for what is no text."""
    if not isinstance(text, str):
        raise TypeError(f"{name} is a string, not {type(text).__name__}")
    try:
        yield
    except MatdiffError as problem:
        problem.located(None, text)
        _, *shown = report(problem, Origin(name, problem.text or text)).split("\n")
        problem.add_note("\n".join([f"{problem.code} in {name}", *shown]))
        raise problem from None
