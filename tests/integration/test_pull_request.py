"""A pull request with a wrong formula: the hook refuses the commit, the action annotates its line.

pre-commit itself is run, on a copy of this checkout, and the steps of the action with the shell
that a runner takes for them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
)
NOT_SHIPPED = (".git", ".venv", "__pycache__", "*_cache", ".hypothesis", "build", "dist")

PAPER = r"""\documentclass{article}
\begin{document}
% matdiff: X : m×n,  y : m,  w : n,  λ : scalar
The gradient of the ridge loss is
% matdiff: check 1/2 norm(X w - y)^2 + (λ/2) norm(w)^2 wrt w == @next
\begin{equation}
  \nabla_w J = X^\top(Xw - y) + FACTOR\lambda w .
\end{equation}
\end{document}
"""
WRONG, RIGHT = PAPER.replace("FACTOR", "2"), PAPER.replace("FACTOR", "")
LINE = 5

needs_tools = pytest.mark.skipif(
    not (shutil.which("git") and shutil.which("bash")), reason="needs git and bash"
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with everything of this checkout."""
    folder = tmp_path_factory.mktemp("matdiff") / "matdiff"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
    commit_all(folder)
    return folder


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A repository with a README, which claims nothing, and a paper whose formula is wrong."""
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "README.md").write_text("A paper.\n")
    commit_all(folder)
    (folder / "paper.tex").write_text(WRONG, encoding="utf-8")
    git(folder, "add", ".")
    return folder


def environment(**changes: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "GITHUB_")) and name not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    person = {
        f"GIT_{role}_{what}": f"author{'@example.org' if what == 'EMAIL' else ''}"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    return kept | person | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | changes


def git(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder, env=environment(**changes), capture_output=True, encoding="utf-8", timeout=300,
    )  # fmt: skip


def commit_all(folder: Path) -> None:
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "All"]):
        done = git(folder, *arguments)
        assert done.returncode == 0, done.stderr


def test_the_hook_says_what_pre_commit_needs() -> None:
    (hook,) = HOOKS
    assert (hook["id"], hook["language"]) == ("matdiff-check", "python")
    assert hook["entry"].split()[:2] == ["matdiff", "check"]


@needs_tools
@pytest.mark.slow
def test_a_commit_with_a_wrong_formula_is_refused(
    checkout: Path, paper: Path, tmp_path: Path
) -> None:
    pytest.importorskip("pre_commit")
    revision = git(checkout, "rev-parse", "HEAD").stdout.strip()
    config = {
        "repos": [{"repo": str(checkout), "rev": revision, "hooks": [{"id": HOOKS[0]["id"]}]}]
    }
    (paper / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git(paper, "add", ".")
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PYTHONUTF8": "1"}
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"],
        cwd=paper, env=environment(**home), check=True, capture_output=True,
    )  # fmt: skip

    refused = git(paper, "commit", "-m", "The gradient", **home)
    said = refused.stdout + refused.stderr
    assert refused.returncode == 1, said
    assert "matdiff check" in said and "Failed" in said
    assert f"paper.tex:{LINE}: MX301 FAIL, wrong" in said
    assert "right is  X'(X w - y) + λ w" in said

    (paper / "paper.tex").write_text(RIGHT, encoding="utf-8")
    git(paper, "add", ".")
    taken = git(paper, "commit", "-m", "The gradient", **home)
    assert taken.returncode == 0, taken.stdout + taken.stderr

    (paper / "README.md").write_text("A paper about ridge regression.\n")  # claims nothing
    git(paper, "add", ".")
    taken = git(paper, "commit", "-m", "What it is about", **home)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert "Passed" in taken.stdout + taken.stderr


class Runner:
    """As much of a runner as a composite action's `run` steps need."""

    def __init__(self, folder: Path, workspace: Path, action: Path) -> None:
        self._folder, self._workspace = folder, workspace
        self._files = {name: folder / name for name in ("GITHUB_ENV", "GITHUB_OUTPUT")}
        self._files["GITHUB_STEP_SUMMARY"] = folder / "GITHUB_STEP_SUMMARY"
        self._contexts = {"github.action_path": str(action)}
        for path in self._files.values():
            path.touch()

    def run(self, **inputs: str) -> tuple[str, int]:
        """The output of the steps, up to the first that fails, and its exit status."""
        given = {f"inputs.{name}": each["default"] for name, each in ACTION["inputs"].items()}
        given |= {f"inputs.{name}": value for name, value in inputs.items()}
        output = ""
        for step in ACTION["runs"]["steps"]:
            if "run" not in step or ("Install" in step["name"] and self.written("GITHUB_ENV")):
                continue  # setting Python up; installing what is installed
            assert step["shell"] == "bash"
            script = self._folder / "step.sh"
            script.write_text(step["run"])
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
                cwd=self._workspace, env=self._environment(step["env"], given),
                capture_output=True, encoding="utf-8", timeout=300,
            )  # fmt: skip
            output += done.stdout + done.stderr
            if done.returncode:
                return output, done.returncode
        return output, 0

    def written(self, name: str) -> str:
        """What the steps wrote into one of the runner's files."""
        return self._files[name].read_text(encoding="utf-8")

    def _environment(self, stated: dict[str, str], given: dict[str, str]) -> dict[str, str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        found = {name: str(file) for name, file in self._files.items()}
        found |= {"RUNNER_TEMP": str(self._folder), "GITHUB_WORKSPACE": str(self._workspace)}
        found |= {"GITHUB_ACTIONS": "true", "PATH": path}
        for line in self.written("GITHUB_ENV").splitlines():
            name, _, value = line.partition("=")
            found[name] = value
        for name, text in stated.items():
            found[name] = self._evaluated(text, given)
        return environment(**found)

    def _evaluated(self, text: str, given: dict[str, str]) -> str:
        """A value that may be `${{ a || b }}`."""
        if not text.startswith("${{"):
            return text
        known = given | self._contexts
        names = text.removeprefix("${{").removesuffix("}}").split("||")
        return next((known[name.strip()] for name in names if known[name.strip()]), "")


@needs_tools
def test_the_scripts_of_the_action_hold_no_expression() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), "text of an input would become part of the script"


@needs_tools
@pytest.mark.slow
def test_the_action_annotates_the_line(checkout: Path, paper: Path, tmp_path: Path) -> None:
    (tmp_path / "runner").mkdir()
    runner = Runner(tmp_path / "runner", paper, checkout)
    output, status = runner.run()
    assert status == 1, output
    (annotation,) = [line for line in output.splitlines() if line.startswith("::error ")]
    assert f"file=paper.tex,line={LINE}," in annotation and "title=matdiff MX301" in annotation
    assert "right is X'(X w - y) + λ w" in annotation
    assert runner.written("GITHUB_OUTPUT") == "status=1\n"
    assert "MX301" in runner.written("GITHUB_STEP_SUMMARY")

    (paper / "paper.tex").write_text(RIGHT, encoding="utf-8")
    output, status = runner.run(paths="*.tex\nREADME.md", args="--seed 1 -j 2")
    assert (status, "::error" in output) == (0, False), output

    output, status = runner.run(paths="README.md")
    assert status == 2, "checking nothing is no success"
    assert "MX614" in output
    output, status = runner.run(paths="$(touch made)\n--help\n`touch made`")
    assert status == 2 and not (paper / "made").exists(), output
