"""Going through a document: declarations and definitions are kept, questions are answered.

A document is one namespace in reading order.  Statements are read one by one, so that a bad one
costs only itself and every error has its place.
"""

from __future__ import annotations

from matdiff.errors import UsageProblem
from matdiff.operations import functions
from matdiff.session import Answer, Session
from matdiff.settings import Settings
from matdiff.syntax import parse_statement
from matdiff.syntax.tree import Query


class Document:
    """One namespace, and how its questions are to be answered."""

    __slots__ = ("session", "settings")

    def __init__(self, settings: Settings) -> None:
        self.session = Session()
        self.settings = settings

    def carry_out(self, text: str) -> Answer | None:
        """Read one statement and do what it says; the answer if it was a question."""
        statement = parse_statement(
            text, declared=self.session.environment.names, functions=functions()
        )
        if not isinstance(statement, Query):
            for part in statement if isinstance(statement, list) else [statement]:
                self.session.add(part)
            return None
        return self._answer(statement)

    def _answer(self, query: Query) -> Answer:
        settings = self.settings.changed_by(query.options)
        if query.claim is not None or query.kind == "check":
            raise UsageProblem(
                "claims are not supported yet",
                hint="without the part from == on, the derivative itself is printed",
                span=query.span,
                code="MX610",
            )
        if query.kind == "shape":
            return self.session.shape(query.expression, settings)
        assert query.wrt is not None
        return self.session.differentiate(query.kind, query.expression, query.wrt, settings)
