"""Every format, read by a parser of its own: whole, valid, and no text of the input acts in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from matdiff.documents.places import visible
from matdiff.reports import FORMATS, written
from matdiff.reports.escaping import clean, plain
from matdiff.reports.github import LARGEST_SUMMARY, MOST_ANNOTATIONS, summary
from matdiff.reports.results import Results

SHORT = 1000  # characters: what is longer is cut in the middle


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_acts_on_a_terminal(hostile: Results, format_: str) -> None:
    report = written(format_, hostile)
    assert report.endswith("\n")
    bad = {c for c in report if not c.isprintable() and c != "\n"}
    assert not bad
    report.encode("utf-8")


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_results_give_the_same_bytes(hostile: Results, format_: str) -> None:
    assert written(format_, hostile) == written(format_, hostile)


@pytest.mark.parametrize("format_", FORMATS)
def test_no_results_are_a_report_too(format_: str) -> None:
    assert written(format_, Results("/somewhere"))


def test_json_gives_back_every_record(hostile: Results) -> None:
    report = json.loads(written("json", hostile))
    assert report["results"] == [result.record for result in hostile.all]
    assert list(report) == ["schema", "tool", "summary", "results"]
    summary = report["summary"]
    assert summary["claims"] == summary["proved"] + summary["wrong"] + summary["inconclusive"]
    assert summary["wrong"] == 2 * summary["proved"] == summary["errors"]
    assert (summary["status"], summary["complete"]) == (2, True)


ALLOWED = {  # of Jenkins' schema of JUnit reports: children and attributes of each element
    "testsuites": ({"testsuite"}, {"name", "tests", "failures", "errors"}),
    "testsuite": ({"testcase"}, {"name", "tests", "failures", "errors"}),
    "testcase": ({"failure", "error"}, {"name", "classname"}),
    "failure": (set(), {"type", "message"}),
    "error": (set(), {"type", "message"}),
}


def test_junit(hostile: Results) -> None:
    root = ElementTree.fromstring(written("junit", hostile).encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        children, attributes = ALLOWED[element.tag]
        assert set(element.attrib) == attributes, element.tag
        assert {child.tag for child in element} <= children
        if element.tag.startswith("testsuite"):
            for counted, name in [("testcase", "tests"), ("failure", "failures")]:
                assert int(element.attrib[name]) == len(list(element.iter(counted)))
            assert int(element.attrib["errors"]) == len(list(element.iter("error")))
    cases = list(root.iter("testcase"))
    assert len(cases) == len(hostile.all)
    said = {case.attrib["name"] for case in cases}
    for result in hostile.all:
        if len(result.statement) < SHORT:
            line = "" if result.line is None else f"line {result.line}: "
            assert clean(line + result.statement) in said


class Page(HTMLParser):
    """What a browser makes of a page: its elements, their attributes, its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")


PASSIVE = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "table",
    "thead", "tbody", "tr", "th", "td", "article", "div", "span", "b", "code", "ul", "li",
    "details", "summary", "math", "mrow", "mi", "mn", "mo", "msup", "msub", "mfrac", "mspace",
}  # fmt: skip


def page_of(results: Results) -> Page:
    page = Page()
    page.feed(written("html", results))
    page.close()
    assert not page.open
    return page


def test_html_is_passive(hostile: Results) -> None:
    page = page_of(hostile)
    assert set(page.tags) <= PASSIVE
    names = {name for _, name, _ in page.attributes}
    assert names <= {"lang", "charset", "http-equiv", "name", "content", "class", "scope"}
    assert written("html", hostile).count("<style>") == 1
    text = "".join(page.text)
    for result in hostile.all:
        if len(result.statement) < SHORT and "error" in result.record:
            assert clean(result.statement) in text


def test_html_lets_a_browser_load_nothing(hostile: Results) -> None:
    source = written("html", hostile)
    page = page_of(hostile)
    (policy,) = [
        value for tag, name, value in page.attributes if name == "content" and "src" in str(value)
    ]
    style = re.search(r"<style>(.*?)</style>", source, re.DOTALL)
    assert style is not None and policy is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "url(" not in style[1] and "@import" not in style[1]


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as GitHub's runner reads them: name, properties, message."""

    def unescaped(value: str, signs: dict[str, str]) -> str:
        for code, sign in signs.items():
            value = value.replace(code, sign)
        return value.replace("%25", "%")

    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"::([a-z]+) (.*?)::(.*)", line)
        assert match is not None, line
        breaks = {"%0D": "\r", "%0A": "\n"}
        properties = {}
        for part in match[2].split(","):
            name, _, value = part.partition("=")
            properties[name] = unescaped(value, breaks | {"%3A": ":", "%2C": ","})
        found.append((match[1], properties, unescaped(match[3], breaks)))
    return found


def test_github(hostile: Results) -> None:
    found = commands(written("github", hostile))
    levels = [level for level, _, _ in found]
    assert levels.count("error") == levels.count("warning") == MOST_ANNOTATIONS
    assert levels[-1] == "notice" and levels.count("notice") == 1
    hidden = len(hostile.failed) - 2 * MOST_ANNOTATIONS
    assert f"{hidden} more not right" in found[-1][2]
    shown: dict[str, int] = {"error": 0, "warning": 0}
    expected = []
    for result in hostile.failed:
        shown[result.level] += 1
        if shown[result.level] <= MOST_ANNOTATIONS:
            expected.append(result)
    for result, (level, properties, message) in zip(expected, found, strict=False):
        assert level == result.level
        assert message == plain("\n".join([result.headline, *result.details]))
        assert set(properties) <= {"file", "line", "col", "title"}
        assert properties["title"] == f"matdiff {result.code}"
        if result.line is not None:
            assert properties["line"] == str(result.line)


def test_the_summary_of_a_step_is_markdown_without_markup(hostile: Results) -> None:
    tokens = (
        MarkdownIt("commonmark", {"linkify": False})
        .enable(["table", "strikethrough"])
        .parse(summary(hostile))
    )
    blocks = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert blocks <= {"heading", "paragraph", "inline", "table", "thead", "tbody", "tr", "th", "td"}
    for token in tokens:
        for child in token.children or []:
            assert child.type in ("text", "text_special"), (child.type, token.content[:80])
    assert sum(token.type == "tr_open" for token in tokens) == len(hostile.failed) + 1


@pytest.mark.parametrize("space", [0, 50, 3000, 100_000])
def test_the_summary_of_a_step_has_no_more_than_its_space(hostile: Results, space: int) -> None:
    assert len(summary(hostile, space).encode()) <= space
    assert len(summary(hostile, LARGEST_SUMMARY).encode()) <= LARGEST_SUMMARY
    if space == 3000:
        assert re.search(r"[0-9]+ more are left out", summary(hostile, space))


def test_gitlab(hostile: Results) -> None:
    issues = json.loads(written("gitlab", hostile))
    assert len(issues) == len(hostile.failed)
    fingerprints = [issue["fingerprint"] for issue in issues]
    assert len(set(fingerprints)) == len(fingerprints)
    for issue in issues:
        assert set(issue) == {
            "description", "check_name", "fingerprint", "severity", "location",
        }  # fmt: skip
        assert re.fullmatch(r"[0-9a-f]{64}", issue["fingerprint"])
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith("./")


def check_sarif(log: dict[str, Any]) -> None:
    """What the specification of SARIF 2.1.0 asks of the parts that are used here."""
    assert set(log) == {"$schema", "version", "runs"} and log["version"] == "2.1.0"
    assert urlsplit(log["$schema"]).path.endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    assert set(run) == {"tool", "invocations", "columnKind", "results"}
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    driver = run["tool"]["driver"]
    assert driver["name"] == "matdiff"
    rules = driver["rules"]
    ids = [rule["id"] for rule in rules]
    assert len(set(ids)) == len(ids)  # the rules shall be unique
    for rule in rules:
        assert set(rule) <= {
            "id", "shortDescription", "fullDescription", "help", "defaultConfiguration",
        }  # fmt: skip
        assert rule["shortDescription"]["text"] and rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        where = physical["artifactLocation"]
        split = urlsplit(where["uri"])
        if "uriBaseId" in where:  # then the reference shall be relative
            assert not split.scheme and not split.netloc and not where["uri"].startswith("/")
        assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2}|^file:)+", where["uri"])
        region = physical.get("region", {"startLine": 1})
        assert region["startLine"] >= 1 and region.get("startColumn", 1) >= 1
        assert all(isinstance(v, str) for v in result["partialFingerprints"].values())
    for invocation in run["invocations"]:
        assert isinstance(invocation["executionSuccessful"], bool)
        for notification in invocation["toolExecutionNotifications"]:
            assert notification["message"]["text"] and notification["descriptor"]["id"]


def test_sarif(hostile: Results) -> None:
    log = json.loads(written("sarif", hostile))
    check_sarif(log)
    (run,) = log["runs"]
    placed = [result for result in hostile.failed if result.file is not None]
    assert len(run["results"]) == len(placed)
    notifications = run["invocations"][0]["toolExecutionNotifications"]
    assert len(notifications) == len(hostile.failed) - len(placed)
    for result in run["results"]:
        text = result["message"]["text"]
        assert not re.search(r"(?<!\\)\[[^]\n]*(?<!\\)\]\(", text)  # no link
    files = {unquote(r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
             for r in run["results"]}  # fmt: skip
    assert any(file.endswith(visible("<img src=x onerror=alert(1)>")) for file in files)
