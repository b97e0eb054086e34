"""Going through a document: declarations and definitions are kept, questions are answered.

A document is one namespace in reading order.  Statements are read one by one, so that a bad one
costs only itself and every error has its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matdiff.documents.marked import Statement
from matdiff.errors import UsageProblem
from matdiff.session import Answer, Session
from matdiff.settings import Settings
from matdiff.shapes import function_names
from matdiff.syntax import parse_statement
from matdiff.syntax.tree import Declaration, Definition, Query

if TYPE_CHECKING:
    from matdiff.syntax.latex import Macros

# In the LaTeX of a claim: words that may be a remark and not a name, and O(h), o(h).
_REMARK = re.compile(
    r"\\(?:text|mbox|textrm|textnormal|textit)\s*\{\s*(?P<word>[A-Za-z]+)\s*\}"
    r"|\\mathcal\s*(?:\{\s*(?=O\s*\})|(?=O))(?P<order>O)\s*\}?"
    r"|(?<![A-Za-z\\])(?P<small>[Oo])(?=\s*(?:\\(?:left|[bB]igg?l?|,|!)\s*)*\()"
)


class Document:
    """One namespace, and how its questions are to be answered."""

    __slots__ = ("_defined", "_macros", "session", "settings")

    def __init__(self, settings: Settings) -> None:
        self.session = Session()
        self.settings = settings
        self._defined = ""  # the definitions of LaTeX commands, as text and as they were read
        self._macros: Macros | None = None

    def carry_out(self, given: str | Statement) -> Answer | list[str]:
        """Read one statement and do what it says.

        The answer if it was a question, else what is to be said about how it was read.  A statement
        of a document may be one that cannot be carried out: its problem is raised.
        """
        text = given if isinstance(given, str) else given.text
        if not isinstance(given, str) and given.warning is not None:
            return [given.warning]
        statement = self.read(given)
        if not isinstance(statement, Query):
            return self.add(statement)
        answer = self._answer(statement, text)
        if not isinstance(given, str) and given.claim is not None:
            _refuse_remark(answer, given)
        return answer

    def add(self, statement: Definition | list[Declaration]) -> list[str]:
        """Take over a definition or declarations; what is to be said about how they were read."""
        parts = statement if isinstance(statement, list) else [statement]
        return [said for part in parts for said in self.session.add(part, self.settings)]

    def read(self, given: str | Statement) -> Query | Definition | list[Declaration]:
        """What one statement says, with the names known so far; nothing of it is done."""
        macros = None
        if not isinstance(given, str):
            if given.fresh:
                self.session = Session()
            if given.problem is not None:
                raise given.problem
            macros = self._read_macros(given.macros)
        return parse_statement(
            given if isinstance(given, str) else given.text,
            declared=self.session.environment.names,
            functions=function_names(self.session.environment),
            macros=macros,
        )

    def _read_macros(self, definitions: str) -> Macros | None:
        if definitions != self._defined:
            from matdiff.syntax.latex import read_macros  # only for a document in LaTeX

            self._defined, self._macros = definitions, read_macros(definitions)
        return self._macros

    def _answer(self, query: Query, text: str) -> Answer:
        settings = self.settings.changed_by(query.options)
        claim = query.claim
        if query.kind == "shape":
            if isinstance(claim, Declaration):
                return self.session.check_shape(query.expression, claim, settings)
            return self.session.shape(query.expression, settings)
        assert query.wrt is not None
        if claim is not None:
            answer = self.session.check(
                query.kind, query.expression, query.wrt, claim, settings, query.where
            )
            assert answer.claim is not None
            answer.claim.typed = _typed(text, claim.span)
            return answer
        return self.session.differentiate(query.kind, query.expression, query.wrt, settings)


def _refuse_remark(answer: Answer, statement: Statement) -> None:
    """Raise UsageProblem for a claim that only a word of a remark or an order term makes wrong."""
    claim = answer.claim
    if claim is None or claim.verdict.passed:
        return
    for found in _REMARK.finditer(statement.text, statement.text.index("$")):
        name = found["word"] or found["order"] or found["small"]
        if name in claim.undeclared:
            is_order = found["word"] is None
            said = "order terms are not read" if is_order else f"{name} is not declared"
            raise UsageProblem(
                f"`{found[0]}` is no part of a formula: {said}",
                hint="leave it out: what is claimed is the derivative itself"
                if is_order
                else f"declare {name}, or put the remark after a comma",
                span=found.span(),
                code="MX628",
            )


def _typed(text: str, span: tuple[int, int]) -> str:
    """The characters of a statement, on one line."""
    return " ".join(text[span[0] : span[1]].split())
