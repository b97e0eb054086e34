"""What is shipped works: sdist, wheel from the sdist, a fresh environment, another folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import matdiff

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def shell(*command: str | Path, cwd: Path) -> str:
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=kept | {"PYTHONUTF8": "1"}, text=True,
        capture_output=True, stdin=subprocess.DEVNULL, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_dependencies_are_the_four_it_needs() -> None:
    names = {line.split(">")[0] for line in PROJECT["dependencies"]}
    assert names == {"click", "lark", "numpy", "rich"}


def test_no_registry_is_named() -> None:
    for name in ("pyproject.toml", "Makefile", ".ci/run", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "index-url" not in text and "find-links" not in text


@pytest.mark.slow
def test_the_package_runs_far_from_its_checkout(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    # the sdist first and the wheel from what the sdist holds, so that nothing may be missing there
    shell(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    (sdist,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    source = tmp_path / sdist.name.removesuffix(".tar.gz")
    shell(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=source)
    (wheel,) = tmp_path.glob("*.whl")
    held = zipfile.ZipFile(wheel).namelist()
    assert "matdiff/grammar/expression.lark" in held
    assert "matdiff/py.typed" in held
    assert not [name for name in held if not name.startswith("matdiff")]

    # the libraries are the ones of this environment: what is tested is the package
    venv.create(tmp_path / "venv", with_pip=False)
    (site,) = (tmp_path / "venv").glob("[Ll]ib/**/site-packages")
    import click  # where the libraries are

    (site / "libraries.pth").write_text(str(Path(click.__file__).parents[1]))
    shell(
        sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
        "--disable-pip-version-check", "--target", site, wheel, cwd=tmp_path,
    )  # fmt: skip
    python = tmp_path / "venv" / "bin" / "python"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = shell(python, "-P", "-c", "import matdiff; print(matdiff.__file__)", cwd=elsewhere)
    assert where.startswith(str(site))
    script = site / "bin" / "matdiff"
    assert shell(python, script, "--version", cwd=elsewhere).strip() == (
        f"matdiff, version {matdiff.__version__}"
    )
    assert shell(python, script, "gradient", "x'x", "--wrt", "x", cwd=elsewhere) == "2 x\n"
