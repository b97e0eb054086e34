"""Reading: text to surface trees, with every character's place kept for carets."""

from matdiff.syntax.parser import (
    parse_claim,
    parse_declarations,
    parse_expression,
    parse_statement,
)
from matdiff.syntax.statements import split_statements

__all__ = [
    "parse_claim",
    "parse_declarations",
    "parse_expression",
    "parse_statement",
    "split_statements",
]
