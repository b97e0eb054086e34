r"""What comes from the input, made harmless for each kind of report: one function a target.

All begin with `clean`: control characters, bidirectional overrides, lone surrogates and code points
without a character are written out (\x1b, \u202e), so that no report shows what is not there.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any
from urllib.parse import quote

from matdiff.documents.places import inert, inert_json, shortened, visible

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_XML = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\n": "&#10;"}
)
_WORKFLOW = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_WORKFLOW_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def clean(text: str) -> str:
    r"""The text with all that does not print written out, lines kept; cut if it is far too long.

    >>> print(clean("a\x1b[2J"))
    a\x1b[2J
    """
    return "\n".join(map(visible, shortened(text).split("\n")))


def plain(text: str) -> str:
    """For a text that a log or a page may show as it stands: no command, no tag."""
    return inert(clean(text))


def xml(text: str) -> str:
    """For the content and the attributes of XML; also when a log shows the file."""
    return clean(text).translate(_XML).replace("##[", "&#35;#[")


def html(text: str) -> str:
    """For the content and the quoted attributes of HTML; also when a log shows the file."""
    return xml(text)


def markdown(text: str) -> str:
    r"""For one line of Markdown, in a table too: every sign is taken as it is.

    >>> print(markdown("a|b <b>*x*"))
    a\|b &lt;b\>\*x\*
    """
    return _PUNCTUATION.sub(r"\\\1", clean(text).replace("\n", " ")).replace(r"\<", "&lt;")


def workflow_data(text: str) -> str:
    """For the message of a workflow command of GitHub."""
    return plain(text).translate(_WORKFLOW)


def workflow_property(text: str) -> str:
    """For the value of a property of a workflow command of GitHub."""
    return inert(clean(text).translate(_WORKFLOW_PROPERTY))  # no colon is left to begin a command


def json_text(value: Any) -> str:
    """JSON in lines, in which nothing can act on a terminal."""
    text = inert_json(json.dumps(value, ensure_ascii=False, indent=1))
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text) + "\n"


def path_below(file: str, root: str) -> str:
    """A file as it is called from the folder `root`, with slashes; absolute if it is elsewhere."""
    try:
        whole = os.path.abspath(file)
    except OSError:  # the current folder is gone
        return file
    inside = bool(root) and whole.startswith(os.path.join(root, ""))
    return (os.path.relpath(whole, root) if inside else whole).replace(os.sep, "/")


def uri(path: str) -> str:
    """A path with slashes as a URI reference, percent-encoded.

    >>> uri("a b/ä:%.mx"), uri("/x/y.mx")
    ('a%20b/%C3%A4%3A%25.mx', 'file:///x/y.mx')
    """
    encoded = quote(visible(path))
    return f"file://{encoded}" if path.startswith("/") else encoded
