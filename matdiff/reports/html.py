"""The report as one page: no script, nothing from elsewhere, formulas in MathML.

The policy in its head lets a browser take nothing but the one style sheet, told by its hash, so
that even a mistake in escaping could not run or load anything.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256

from matdiff import __version__
from matdiff.codes import CODES
from matdiff.reports.escaping import html
from matdiff.reports.results import Result, Results

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --page: #fff; --soft: #57606a; --line: #d0d7de;
  --pale: #f6f8fa; --bad: #b3261e; --doubt: #8a5a00; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --page: #0d1117; --soft: #9aa5b1;
  --line: #3d444d; --pale: #161b22; --bad: #ff8078; --doubt: #e3b341; --good: #57c76a; } }
* { box-sizing: border-box; }
body { color: var(--ink); background: var(--page); font: 16px/1.5 system-ui, sans-serif;
  max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: break-word; }
.wide { overflow-x: auto; } .good { white-space: nowrap; }
th.n, td.n { text-align: right; }
article { border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 6px;
  padding: .75rem 1rem; margin: .75rem 0; }
article.warning { border-left-color: var(--doubt); }
h3 { font: 600 .9rem ui-monospace, monospace; margin: 0 0 .5rem; overflow-wrap: anywhere; }
.code { color: var(--bad); } .warning .code { color: var(--doubt); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin: .5rem 0; }
@media (max-width: 40rem) { .pair { grid-template-columns: 1fr; } }
.box { background: var(--pale); border-radius: 6px; padding: .5rem .75rem; overflow-x: auto; }
.box b { display: block; font-size: .8rem; font-weight: 600; }
.claimed b { color: var(--bad); } .right b { color: var(--good); }
math { font-size: 1.2em; math-style: normal; }
.steps td { border: 0; padding: .1rem .5rem; vertical-align: baseline; }
.where math { margin-right: 1em; } math .bold { font-weight: bold; }
code { font: .85rem ui-monospace, monospace; overflow-wrap: anywhere; color: var(--soft);
  display: block; white-space: pre-wrap; }
ul { margin: .5rem 0 0; padding-left: 1.2rem; white-space: pre-line; overflow-wrap: anywhere; }
.soft { color: var(--soft); } .good { color: var(--good); }
details > summary { cursor: pointer; }
"""


def write(results: Results) -> str:
    return "\n".join(_page(results)) + "\n"


def _page(results: Results) -> Iterator[str]:
    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>matdiff: {html(results.summary)}</title>"
    yield f"<style>{STYLE}</style></head><body>"
    yield "<main><h1>matdiff report</h1>"
    yield f"<p>{html(results.summary)}</p>"
    yield from _files(results)
    failed = results.failed
    for title, outcome in (
        ("Wrong", "wrong"), ("Inconclusive", "inconclusive"), ("Errors", "error")
    ):  # fmt: skip
        chosen = [result for result in failed if result.outcome == outcome]
        if chosen:
            yield f"<h2>{title}</h2>"
            for result in chosen:
                yield from _article(result)
    yield from _right([result for result in results.all if not result.failed])
    yield f'<p class="soft">matdiff {html(__version__)}</p></main></body></html>'


def _files(results: Results) -> Iterator[str]:
    columns = ("proved", "agrees", "wrong", "inconclusive", "answered", "error")
    heads = "".join(f'<th class="n" scope="col">{column}</th>' for column in columns)
    yield '<div class="wide"><table><thead>'
    yield f'<tr><th scope="col">file</th>{heads}</tr></thead><tbody>'
    for file, of_file in results.by_file().items():
        outcomes = [result.outcome for result in of_file]
        counts = "".join(f'<td class="n">{outcomes.count(c) or "·"}</td>' for c in columns)
        yield f"<tr><td>{html(file or 'command line')}</td>{counts}</tr>"
    yield "</tbody></table></div>"


def _article(result: Result) -> Iterator[str]:
    yield f'<article class="{result.level}">'
    place = f"{html(result.place)} " if result.place else ""
    title = html(CODES[result.code].title)
    yield f'<h3>{place}<span class="code">{result.code} {title}</span></h3>'
    record, details = result.record, result.details
    if "error" in record:
        yield f"<p>{html(result.statement)}</p>"
    else:
        yield f"<div>{_formula(result, 'question', result.question)}</div>"
    if "claim" in record:
        yield '<div class="pair"><div class="box claimed"><b>claimed</b>'
        yield f"{_formula(result, 'claim', record['claim'])}</div>"
        label = "right" if result.outcome == "wrong" else "derived"
        yield f'<div class="box right"><b>{label}</b>'
        yield f"{_formula(result, 'derived', result.derived)}</div></div>"
        details = [detail for detail in details if not detail.startswith("right is ")]
    if details:
        yield f"<ul>{''.join(f'<li>{html(detail)}</li>' for detail in details)}</ul>"
    yield "</article>"


def _derivation(result: Result) -> Iterator[str]:
    """The steps of the derivation, if they were wanted, a row each."""
    steps = result.record.get("steps")
    if not steps:
        return
    yield '<table class="steps"><tbody>'
    before = ""
    for number, step in enumerate(steps):
        left = "" if step["left"] == before else html(step["left"])
        right = result.typeset.get(f"step {number}") or f"<code>{html(step['right'])}</code>"
        named = "".join(f"<br>where {html(name)} = {html(part)}" for name, part in step["where"])
        yield (
            f"<tr><td>{left}</td><td>=</td><td>{right}</td>"
            f'<td class="soft">{html("×".join(step["shape"]))}</td>'
            f'<td class="soft">{html(step["reason"])}{named}</td></tr>'
        )
        before = step["left"]
    yield "</tbody></table>"


def _formula(result: Result, name: str, text: str) -> str:
    """The formula typeset, if it could be, and below it as text to be copied."""
    typeset = result.typeset.get(name, "")
    where = result.typeset.get("where") if name == "derived" else None
    if where:
        typeset += f'<div class="where">where {where}</div>'
    return f"{typeset}<code>{html(text)}</code>"


def _right(results: Sequence[Result]) -> Iterator[str]:
    if not results:
        return
    yield f"<h2>Right</h2><details><summary>{len(results)} in all</summary>"
    yield '<div class="wide"><table><tbody>'
    for result in results:
        record = result.record
        name = "claim" if "claim" in record else "derived"
        formula = _formula(result, name, record.get("claim", result.derived))
        formula += "".join(_derivation(result))
        yield (
            f'<tr><td>{html(result.place)}</td><td class="good">{result.outcome}</td>'
            f"<td><code>{html(result.question)}</code></td><td>{formula}</td>"
            f'<td class="soft">{html(record.get("evidence") or "")}</td></tr>'
        )
    yield "</tbody></table></div></details>"
