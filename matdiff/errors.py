"""Every refusal is one of these errors: what is wrong, where, and a way out.

An error carries a stable code, a message in the user's words, an optional hint, and the span
(start, end) of the offending characters in `text`, the statement it was found in.  `report` sets
them with a caret.  Codes: MX10x syntax, MX15x names, MX20x shapes, MX25x domains, MX3xx wrong
claims, MX4xx inconclusive checks, MX5xx limits, MX60x usage, MX65x files.
"""

from __future__ import annotations


class MatdiffError(Exception):
    """Base of all refusals.

    Attributes: `code` stable identifier, `kind` its family, `exit_status` what the command returns,
    `message`, `hint`, `span` (start, end) offsets into `text`.
    """

    kind = "usage"
    code = "MX600"
    exit_status = 2

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        span: tuple[int, int] | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.span = span
        self.text: str | None = None
        if code is not None:
            self.code = code

    def located(self, span: tuple[int, int] | None, text: str | None = None) -> MatdiffError:
        """The same error with a place, unless it already has one."""
        if self.span is None:
            self.span = span
        if self.text is None:
            self.text = text
        return self


class SyntaxProblem(MatdiffError):
    """The text cannot be read."""

    kind, code = "syntax", "MX100"


class NameProblem(MatdiffError):
    """A name is unknown, reserved, contradictory or declared twice."""

    kind, code = "name", "MX150"


class ShapeProblem(MatdiffError):
    """No reading of the expression has consistent shapes."""

    kind, code = "shape", "MX200"


class DomainProblem(MatdiffError):
    """The expression has no value or no derivative that is known here."""

    kind, code = "domain", "MX250"


class LimitReached(MatdiffError):
    """A documented limit was reached; the message names it and its value."""

    kind, code, exit_status = "limit", "MX500", 3


class UsageProblem(MatdiffError):
    """The command was called in a way it does not understand."""

    kind, code = "usage", "MX600"


class FileProblem(MatdiffError):
    """A file cannot be read or written."""

    kind, code = "file", "MX650"
