"""Going through a document: declarations and definitions are kept, questions are answered.

A document is one namespace in reading order.  Statements are read one by one, so that a bad one
costs only itself and every error has its place.
"""

from __future__ import annotations

from matdiff.errors import UsageProblem
from matdiff.session import Answer, Session
from matdiff.settings import Settings
from matdiff.shapes import function_names
from matdiff.syntax import parse_statement
from matdiff.syntax.tree import Query


class Document:
    """One namespace, and how its questions are to be answered."""

    __slots__ = ("session", "settings")

    def __init__(self, settings: Settings) -> None:
        self.session = Session()
        self.settings = settings

    def carry_out(self, text: str) -> Answer | list[str]:
        """Read one statement and do what it says.

        The answer if it was a question, else what is to be said about how it was read.
        """
        statement = parse_statement(
            text, declared=self.session.environment.names, functions=function_names()
        )
        if isinstance(statement, Query):
            return self._answer(statement)
        parts = statement if isinstance(statement, list) else [statement]
        return [said for part in parts for said in self.session.add(part, self.settings)]

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
