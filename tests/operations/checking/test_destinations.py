"""Where reports are written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cachewright_offline.errors import CachewrightError
from cachewright_ops.checking.destinations import Destination, destinations, write


@pytest.mark.parametrize(
    ("option", "format", "file"),
    [
        ("report.sarif", "sarif", "report.sarif"),
        ("report.SARIF.json", "sarif", "report.SARIF.json"),
        ("report.json", "json", "report.json"),
        ("report.xml", "junit", "report.xml"),
        ("report.md", "markdown", "report.md"),
        ("report.txt", "text", "report.txt"),
        ("junit=report", "junit", "report"),
        ("sarif=a=b", "sarif", "a=b"),
        ("./a=b.json", "json", "./a=b.json"),
    ],
)
def test_the_format_is_given_or_told_by_the_suffix(tmp_path, monkeypatch, option, format, file):
    """The longest suffix counts, in any case of letters."""
    monkeypatch.chdir(tmp_path)
    assert destinations([option]) == (Destination(format, Path(file)),)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["report"],
            "--output: no format is known by the name 'report'; end it in .sarif.json, .sarif, .json, .xml, .md,"
            " .markdown, .txt, or write FORMAT=report",
        ),
        (
            ["sarf=report"],
            "--output: expected one of text, json, sarif, junit, markdown before the =, found 'sarf' (did"
            " you mean sarif?)",
        ),
        (["json="], "--output: expected a file after 'json='; write it as in --output json=report"),
        (["a.json", "text=a.json"], "--output: a.json is given twice, as json and as text; give each its own file"),
        (["json=folder"], "--output: folder is a folder; name a file in it"),
        (
            ["file/a.json"],
            "--output: cannot write file/a.json: the folder {root}/file is no folder; create it, or name another",
        ),
        (
            ["none/a.json"],
            "--output: cannot write none/a.json: the folder {root}/none does not exist; create it, or name another",
        ),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_is_run(tmp_path, monkeypatch, options, message):
    """Each with the way out."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(CachewrightError) as caught:
        destinations(options)
    assert str(caught.value) == message.format(root=tmp_path.resolve())


def test_a_folder_that_may_not_be_written_is_told(tmp_path, monkeypatch):
    """Whoever asks: the superuser may write everywhere, so the answer is the system's."""
    monkeypatch.setattr(os, "access", lambda path, mode: not (Path(path) == tmp_path and mode == os.W_OK))
    with pytest.raises(CachewrightError) as caught:
        destinations([str(tmp_path / "a.json")])
    assert str(caught.value) == (
        f"--output: cannot write {tmp_path / 'a.json'}: permission denied; make it writable, or name another"
    )


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    """When the disk is full, the old file stands and nothing is left beside it."""
    file = tmp_path / "report.json"
    file.write_text("old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CachewrightError) as caught:
        write(file, "new", "--output")
    assert str(caught.value) == (
        f"--output: cannot write {file}: No space left on device; make room or name another file"
    )
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_who_reads_the_old_file_reads_it_to_its_end(tmp_path):
    """The new one takes its place; nothing is written over."""
    file = tmp_path / "report.json"
    file.write_text("old")
    with file.open() as reading:
        write(file, "new text", "--output")
        assert reading.read() == "old"
    assert file.read_text() == "new text"


def test_a_file_keeps_its_mode_and_a_link_its_target(tmp_path):
    """A new file has the mode that the user's mask says."""
    old, link, new = tmp_path / "old.json", tmp_path / "link.json", tmp_path / "new.json"
    old.write_text("old")
    old.chmod(0o640)
    link.symlink_to(old)
    mask = os.umask(0o022)
    try:
        write(link, "new", "--output")
        write(new, "new", "--output")
    finally:
        os.umask(mask)
    assert link.is_symlink()
    assert old.read_text() == "new"
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == 0o644


def test_what_is_no_file_is_written_to(tmp_path):
    """A pipe stays a pipe."""
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(pipe, "text", "--output")
        assert os.read(reader, 10) == b"text"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
