"""The whole pipeline for one question: text in, a checked formula out.

A session is one namespace: what was declared and defined holds for the questions that follow.
The command line, `.mx` files and Python code all go through here, so that they give one answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from matdiff import verification
from matdiff.derivatives import Derivative, derive
from matdiff.dimensions import ONE, Shape, shape_text
from matdiff.errors import MatdiffError, NameProblem, UsageProblem
from matdiff.operations import REGISTRY
from matdiff.operations.algebra import Expression, symbol_name
from matdiff.rendering import text
from matdiff.settings import Settings
from matdiff.shapes import Environment, Reading, function_names, read
from matdiff.shapes.environment import declared_shape
from matdiff.syntax import parse_claim, parse_declarations, parse_expression
from matdiff.syntax.tree import (
    Declaration,
    Decomposition,
    Definition,
    Name,
    Number,
    Transpose,
    Tree,
)

if TYPE_CHECKING:
    from matdiff.derivations import Step
    from matdiff.derivations.repeated import Repetition
    from matdiff.judging.verdicts import Verdict
    from matdiff.syntax.latex import Macros

_CONSTANTS = {record.notation.symbol for record in REGISTRY if record.notation.form == "atom"}


class Answer:
    """What was asked, as it was read, and what came out.

    `derivative` is None for a question about shapes; `claim` is what was claimed of the answer,
    with the verdict; `steps` is the derivation, if one was wanted; `warnings` and `notes` are
    sentences; `doubt` is one, that the expression has a value nowhere.
    """

    __slots__ = (
        "claim", "declared", "derivative", "doubt", "kind", "reading", "settings", "steps",
        "verification", "wrt",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        reading: Reading,
        settings: Settings,
        declared: dict[str, Shape],
        wrt: str | None = None,
        derivative: Derivative | None = None,
        verification: verification.Verification | None = None,
    ) -> None:
        self.kind, self.reading, self.settings = kind, reading, settings
        self.declared, self.wrt = declared, wrt
        self.derivative, self.verification = derivative, verification
        self.claim: Claim | None = None
        self.steps: list[Step] | None = None
        self.doubt: str | None = None

    @property
    def warnings(self) -> list[str]:
        """What the person should know about the input: how it was read, that it means nothing."""
        found = list(self.reading.warnings) + (self.claim.warnings if self.claim else [])
        return found if self.doubt is None else [*found, self.doubt]

    @property
    def notes(self) -> list[str]:
        """What the person should know about the result."""
        if self.derivative is None:
            return []
        known = self.reading.environment
        if self.wrt not in self.reading.variables and self.wrt not in known.definitions:
            return [f"{self.wrt} does not occur in the expression: the derivative is zero"]
        return list(self.derivative.notes)

    @property
    def shape(self) -> Shape:
        """The shape of the answer: of the derivative, or of the expression itself."""
        return (self.derivative or self.reading.expression).shape


class Claim:
    """A formula that was handed in, and the verdict on it.

    `formula` is None in a claim about a shape; `written` is the claim in the matdiff language,
    `typed` the text that was handed in; `undeclared` are the names that occur nowhere else.
    """

    __slots__ = ("formula", "typed", "undeclared", "verdict", "warnings", "written")

    def __init__(
        self,
        written: str,
        verdict: Verdict,
        formula: Expression | None = None,
        warnings: list[str] | None = None,
    ) -> None:
        self.written, self.verdict, self.formula = written, verdict, formula
        self.warnings = warnings or []
        self.typed = written
        self.undeclared: list[str] = []


class Session:
    """One namespace: declarations and definitions, then questions about them."""

    __slots__ = ("environment",)

    def __init__(self) -> None:
        self.environment = Environment()

    def declare(self, text: str) -> None:
        """Declare what "A: 1×a, x: n" says."""
        self.environment.declare(parse_declarations(text))

    def add(self, statement: Declaration | Definition, settings: Settings) -> list[str]:
        """Take over a declaration or definition; what is to be said about how it was read."""
        if isinstance(statement, Declaration):
            self.environment.declare(statement)
            return []
        reading = self._read(statement.expression, settings)
        known = self.environment.variables
        new = [v for name, v in reading.environment.variables.items() if name not in known]
        self.environment.define(
            statement.name, reading.expression, variables=new, span=statement.span
        )
        return list(reading.warnings)

    def parse(self, text: str, *, latex: bool = False, macros: Macros | None = None) -> Tree:
        """The surface tree of an expression, which is LaTeX if it has a backslash or is said to.

        `macros` are those of the LaTeX document that it stands in.
        """
        functions = function_names(self.environment)
        return parse_expression(
            text,
            declared=self.environment.names,
            functions=functions,
            latex=latex,
            macros=macros,
        )

    def parse_claim(
        self, text: str, *, latex: bool = False
    ) -> tuple[Tree, list[Definition | Decomposition]]:
        """The surface tree of a formula that is claimed, and the definitions of its `where`."""
        return parse_claim(
            text,
            declared=self.environment.names,
            functions=function_names(self.environment),
            latex=latex,
        )

    def shape(self, tree: Tree, settings: Settings) -> Answer:
        """What an expression was read as, with the shape of every part."""
        reading = self._read(tree, settings)
        return Answer("shape", reading, settings, self._declared_in(reading))

    def differentiate(self, kind: str, tree: Tree, wrt: str, settings: Settings) -> Answer:
        """The derivative of an expression with respect to the variable named.

        Raises ShapeProblem for the gradient or Hessian of what is no scalar, NameProblem for a
        variable that is neither declared nor used.
        """
        entries = self._repetition(wrt) if kind == "jacobian" else None
        reading = self._read(tree, settings, self._varied(wrt, entries))
        variable = self._variable(wrt, reading) if entries is None else entries.variable
        try:
            derivative, claimed = self._derived(kind, reading, variable, entries, settings)
            self.environment.refuse_hidden(derivative.formula)
            doubt = verification.nowhere_defined(reading.expression)
        except MatdiffError as problem:  # about the expression as a whole, unless it says where
            raise _told_how_read(problem, reading).located(tree.span) from None
        checked = None
        if settings.verify:
            checked = verification.verify(claimed, trials=settings.trials, seed=settings.seed)
        declared = self._declared_in(reading)
        if wrt not in reading.inferred:
            declared[wrt] = derivative.wrt.shape
        answer = Answer(kind, reading, settings, declared, wrt, derivative, checked)
        answer.doubt = doubt
        if settings.steps is not None:
            answer.steps = self._steps(derivative, settings.steps, tree)
        return answer

    def _derived(
        self,
        kind: str,
        reading: Reading,
        variable: Expression,
        entries: Repetition | None,
        settings: Settings,
    ) -> tuple[Derivative, Derivative]:
        """The derivative, and the one that it is verified by: itself, unless it is by a definition
        that consists of entries of the variable."""
        taken = frozenset((*self.environment.names, *self.environment.functions))
        layout, vec = settings.layout, settings.vec
        if entries is not None:
            from matdiff.derivations.repeated import by_entries

            return by_entries(reading.expression, entries, layout, vec, taken)
        derivative = derive(
            kind,
            reading.expression,
            variable,
            layout=layout,
            vec=vec,
            structure=settings.structure,
            taken=taken,
        )
        return derivative, derivative

    def _repetition(self, name: str) -> Repetition | None:
        """The definition of that name, if it consists of entries of one variable."""
        if name not in self.environment.definitions:
            return None
        from matdiff.derivations.repeated import repetition  # few derive by a definition

        return repetition(name, self.environment.definitions[name])

    def _steps(self, derivative: Derivative, way: str, tree: Tree) -> list[Step]:
        """How the derivative is found."""
        from matdiff.derivations import steps_of  # few questions want it

        known = self.environment
        try:
            return steps_of(way, derivative, known.definitions, (*known.names, *known.functions))
        except MatdiffError as problem:
            raise problem.located(tree.span) from None

    def check(
        self,
        kind: str,
        tree: Tree,
        wrt: str,
        claimed: Tree,
        settings: Settings,
        where: Sequence[Definition | Decomposition] = (),
    ) -> Answer:
        """The derivative, and the verdict on a formula claimed for it."""
        return self.judge(self.claimed_of(kind, tree, wrt, settings), claimed, settings, where)

    def claimed_of(self, kind: str, tree: Tree, wrt: str, settings: Settings) -> Answer:
        """The derivative that a claim is about.

        `kind` may be "check": the gradient of a scalar, the Jacobian of anything else.
        """
        if kind == "check":
            is_scalar = self._read(tree, settings, wrt).expression.is_scalar
            kind = "gradient" if is_scalar else "jacobian"
        return self.differentiate(kind, tree, wrt, settings.without_steps())

    def judge(
        self,
        answer: Answer,
        claimed: Tree,
        settings: Settings,
        where: Sequence[Definition | Decomposition] = (),
    ) -> Answer:
        """The answer with the verdict on a formula claimed for it.

        The definitions of `where` hold for the claim alone.  Errors are about the claim, which may
        be a text of its own.
        """
        assert answer.derivative is not None
        from matdiff.judging.reading import read_claim  # most commands judge nothing
        from matdiff.judging.verdicts import judge

        environment = answer.reading.environment
        reading, decompositions = read_claim(
            answer.derivative, claimed, where, environment, strict=settings.strict
        )
        verdict = judge(answer.derivative, reading.expression, decompositions, seed=settings.seed)
        answer.claim = Claim(
            text(reading.expression), verdict, reading.expression, list(reading.warnings)
        )
        known = environment.variables
        answer.claim.undeclared = [name for name in reading.inferred if name not in known]
        if verdict.outcome == "wrong" and answer.claim.undeclared:
            verdict.diagnosis.append(_taken_for_new(answer.claim.undeclared))
        return answer

    def check_shape(self, tree: Tree, claimed: Declaration, settings: Settings) -> Answer:
        """The shape of an expression, and the verdict on the one claimed."""
        from matdiff.judging.verdicts import judge_shape

        answer = self.shape(tree, settings)
        shape = declared_shape(claimed)
        answer.claim = Claim(shape_text(shape), judge_shape(answer.shape, shape))
        return answer

    @staticmethod
    def _varied(wrt: str, entries: Repetition | None) -> str:
        """The name of the variable that moves, of whose entries a definition may consist."""
        return wrt if entries is None else symbol_name(entries.variable)

    def _read(self, tree: Tree, settings: Settings, wrt: str | None = None) -> Reading:
        reading = read(tree, self.environment, strict=settings.strict, wrt=wrt)
        self.environment.refuse_hidden(reading.expression, tree.span)
        return reading

    def _declared_in(self, reading: Reading) -> dict[str, Shape]:
        return {
            name: variable.shape
            for name, variable in reading.variables.items()
            if name not in reading.inferred
        }

    def _variable(self, name: str, reading: Reading) -> Expression:
        variable = reading.environment.variables.get(name)
        if variable is not None:
            return variable.symbol
        if name in self.environment.functions:
            raise NameProblem(
                f"{name} is a function, not a variable",
                hint=f"differentiate with respect to a variable in its argument: {name}(…) wrt x",
            )
        if name in _CONSTANTS:
            raise NameProblem(f"{name} is a constant, there is no derivative with respect to it")
        if name in self.environment.definitions:
            raise NameProblem(
                f"{name} is a definition, not a variable",
                hint="differentiate with respect to a variable it is made of",
            )
        if name in reading.environment.dimensions:
            sized = ((each, v.shape) for each, v in reading.environment.variables.items())
            found = next((said for said in sized if name in _sizes(said[1])), None)
            where = "" if found is None else f" ({found[0]} : {_shape(found[1])})"
            raise NameProblem(
                f"{name} is a size here{where}, not a variable",
                hint=f"give the size another name if {name} is to be a variable",
            )
        known = ", ".join(reading.environment.variables)
        raise NameProblem(
            f"{name} is neither declared nor used in the expression, so there is nothing to "
            f"differentiate with respect to",
            hint=f"the variables are {known}" if known else None,
        )


def _sizes(shape: Shape) -> set[str]:
    """The names in the sides of a shape."""
    return {name for side in shape for name in side.names()}


def _shape(shape: Shape) -> str:
    return "scalar" if shape == (ONE, ONE) else shape_text(shape)


def _taken_for_new(names: list[str]) -> str:
    """The sentence on names of a claim that neither a declaration nor the expression knows."""
    *first, last = names
    if not first:
        return f"has {last}, which is not declared and was read as a new constant"
    said = f"{', '.join(first)} and {last}"
    return f"has {said}, which are not declared and were read as new constants"


def _told_how_read(problem: MatdiffError, reading: Reading) -> MatdiffError:
    """The problem; of a shape that hangs on what was inferred, with that in the hint."""
    if problem.code == "MX217" and reading.inferred:
        shapes = [f"{name} : {_shape(shape)}" for name, shape in reading.inferred.items()]
        inferred = f"inferred {', '.join(shapes)}"
        problem.hint = "; ".join(filter(None, [problem.hint, inferred, *reading.warnings[:1]]))
    return problem


def variable_name(text: str, declared: Collection[str]) -> str:
    """The name in the text after `--wrt`, in the spelling the language uses.

    Raises UsageProblem for anything but one name: a number, a product, several names.
    """
    if not text.strip():
        raise UsageProblem("wrt is empty: name the variable to differentiate with respect to")
    if "," in text or ";" in text:
        raise UsageProblem(
            f"wrt takes one variable, not {text}: the `,` separates several",
            hint="ask once for each variable",
        )
    tree = parse_expression(text, declared=declared, functions=function_names())
    if isinstance(tree, Name):
        return tree.text
    if isinstance(tree, Number):
        raise UsageProblem(f"wrt {text} is a number, not a variable")
    hint = None
    if isinstance(tree, Transpose) and isinstance(tree.operand, Name):
        name = tree.operand.text
        hint = f"differentiate with respect to {name}; the transpose of the result may serve"
    raise UsageProblem(f"wrt {text} is an expression, not a variable", hint=hint)
