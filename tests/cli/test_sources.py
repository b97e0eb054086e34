"""Files: only regular ones, never more than the limit, text or a refusal with its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from matdiff.documents.sources import LARGEST_FILE, decode, each_path, files_under, read_source
from matdiff.errors import FileProblem, LimitReached, MatdiffError


def refusal(path: Path) -> str:
    with pytest.raises(MatdiffError) as caught:
        read_source(str(path))
    return caught.value.message


def test_a_folder_gives_its_files_in_order(tmp_path: Path) -> None:
    for name in ("b.mx", "a/z.mx", "a.mx", "notes.txt", "a/b/c.mx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x : n")
    found = [str(Path(f).relative_to(tmp_path)) for f in files_under(str(tmp_path))]
    assert found == ["a/b/c.mx", "a/z.mx", "a.mx", "b.mx"]


def test_a_link_to_the_parent_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.mx").write_text("x : n")
    (tmp_path / "up").symlink_to(tmp_path)
    assert len(files_under(str(tmp_path))) == 1


def test_a_folder_without_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"no \.mx file in .*"):
        files_under(str(tmp_path))


def test_pipes_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mx")
    assert refusal(tmp_path / "pipe.mx").endswith("pipe.mx is not a regular file")
    assert refusal(Path("/dev/zero")) == "/dev/zero is not a regular file"


def test_what_is_missing_or_too_large(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.mx").endswith("no.mx: No such file or directory")
    (tmp_path / "large.mx").write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(LimitReached, match="size limit of 1048576 bytes"):
        read_source(str(tmp_path / "large.mx"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfex\0", "f.mx is UTF-16, not UTF-8 text"),
        (b"x\0:\0", "f.mx is not UTF-8 text: NUL (U+0000) at line 1, byte 2"),
        (b"x: n\n# \xff\xfe\n", "f.mx is not UTF-8 text: byte 0xff at line 2, byte 3"),
        (b"\xc0\xaf", "f.mx is not UTF-8 text: byte 0xc0 at line 1, byte 1"),
    ],
)
def test_what_is_not_text(content: bytes, message: str) -> None:
    with pytest.raises(FileProblem) as caught:
        decode(content, "f.mx")
    assert caught.value.message == message


def test_a_byte_order_mark_and_windows_line_ends() -> None:
    assert decode(b"\xef\xbb\xbfx: n\r\ny: m\r\n", "f.mx") == "x: n\ny: m\n"


def test_every_path_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.mx").write_text("x : n")
    (tmp_path / "empty").mkdir()
    paths = [str(tmp_path / "empty"), str(tmp_path / "good.mx")]
    found = dict(each_path(paths))
    assert isinstance(found[paths[0]], FileProblem)
    assert found[paths[1]] is None
