"""Reports of a run, each the text of one file in a format that another program reads.

A format is a function from the results to a text.  It is imported when it is asked for.  Whatever
comes from the input passes through one function of `escaping` for that format.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from matdiff.reports.results import Results

FORMATS = ("json", "junit", "sarif", "github", "gitlab", "html", "text")
ENDINGS = {
    ".json": "json",
    ".xml": "junit",
    ".sarif": "sarif",
    ".html": "html",
    ".txt": "text",
}


def written(format_: str, results: Results) -> str:
    """The report in a format, ending in a line break."""
    if format_ not in FORMATS:
        raise ValueError(f"{format_} is no format of reports")
    write: Callable[[Results], str] = import_module(f"matdiff.reports.{format_}").write
    return write(results)
