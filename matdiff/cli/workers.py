"""Files in several processes: results in the order of the files, and none lost to another's end.

Each worker carries out one file at a time and sends what each statement gave.  A worker that ends
before its file does costs the rest of that file, is replaced, and the others go on.  When the
command is interrupted, what has arrived is handed on first.  A worker that is left alone, because
the first process was killed, finds its pipe closed and ends.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, cast

from matdiff.cli import interrupts
from matdiff.cli.batch import Batch
from matdiff.cli.printing import Told, told_error
from matdiff.cli.progress import Progress
from matdiff.documents.places import Origin
from matdiff.errors import LimitReached

_END = None  # sent behind a file's last statement
_TICK = 0.1  # seconds: after so long without a result, interrupts and the progress bar are seen to


class _Worker:
    """A process, the pipe to it, and the number of the file it has in hand."""

    __slots__ = ("file", "pipe", "process")

    def __init__(self, context: Any, batch: Batch, others: Sequence[_Worker]) -> None:
        self.file: int | None = None
        self.pipe, end = context.Pipe()
        # a forked process holds copies of these ends, and as long as it does, a pipe whose other
        # side is gone does not look closed
        forked = context.get_start_method() == "fork"
        ours = [self.pipe, *(other.pipe for other in others)] if forked else []
        arguments = (end, batch, [pipe.fileno() for pipe in ours])
        self.process = context.Process(target=_work, args=arguments, daemon=True)
        with interrupts.held():
            self.process.start()
        end.close()

    def take(self, number: int, path: str) -> bool:
        """Hand it a file; False if it is gone."""
        try:
            self.pipe.send(path)
        except OSError:
            return False
        self.file = number
        return True

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()  # it holds nothing that would have to be put in order
        self.process.join()
        self.pipe.close()


def _work(pipe: Connection, batch: Batch, inherited: list[int]) -> None:
    """Carry out files until the pipe is closed."""
    interrupts.leave_to_first_process()
    for handle in inherited:
        os.close(handle)
    try:
        while True:
            path = pipe.recv()
            for told in batch.file(path):
                pipe.send(told)
            pipe.send(_END)
    except (EOFError, OSError):  # nobody listens any more
        os._exit(0)


def each_in_parallel(
    paths: list[str], batch: Batch, processes: int, progress: Progress
) -> Iterator[tuple[int, Told]]:
    """The number of a file and what a statement of it gave, in order.

    An interrupt is raised when everything that has arrived was handed on.
    """
    pool = _Pool(paths, batch, processes, progress)
    interrupts.before_end(pool.kill)
    try:
        with interrupts.noted():
            pool.start()
            while not (pool.is_finished() or interrupts.came()):
                pool.receive()
                yield from pool.in_order()
            if interrupts.came():
                pool.receive_rest()
                yield from pool.rest()
    finally:
        pool.end()
        interrupts.no_longer(pool.kill)
    interrupts.check()


class _Pool:
    """The workers, the files that wait, and what arrived and was not handed on yet."""

    __slots__ = (
        "_batch", "_context", "_done", "_found", "_next", "_paths", "_progress", "_size",
        "_waiting", "_workers",
    )  # fmt: skip

    def __init__(self, paths: list[str], batch: Batch, processes: int, progress: Progress) -> None:
        methods = multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
        self._paths, self._batch, self._progress = paths, batch, progress
        self._size = min(processes, len(paths))
        self._workers: list[_Worker] = []
        self._waiting = list(range(len(paths)))[::-1]
        self._found: dict[int, list[Told]] = {}
        self._done: set[int] = set()
        self._next = 0  # the first file that is not handed on as a whole

    def start(self) -> None:
        """Start the processes, each with a file in hand."""
        for _ in range(self._size):
            self._employ(self._new_worker())

    def is_finished(self) -> bool:
        """Whether every file has arrived as a whole."""
        return len(self._done) == len(self._paths)

    def receive(self) -> None:
        """Wait a moment for something to arrive, and take it."""
        by_pipe = {w.pipe: w for w in self._workers if w.file is not None}
        for pipe in wait(list(by_pipe), _TICK):
            worker = by_pipe[cast(Connection, pipe)]
            self._take_from(worker)
            if worker.file is None and self._waiting:
                self._employ(worker)
        self._progress.draw()

    def receive_rest(self) -> None:
        """Take what has arrived already, and wait for nothing."""
        for worker in self._workers:
            with contextlib.suppress(OSError, EOFError):
                while worker.file is not None and worker.pipe.poll():
                    self._keep(worker, worker.pipe.recv())

    def in_order(self) -> Iterator[tuple[int, Told]]:
        """What may be handed on: all before it has been."""
        while True:
            for told in self._found.pop(self._next, []):
                yield self._next, told
            if self._next not in self._done:
                return
            self._next += 1

    def rest(self) -> Iterator[tuple[int, Told]]:
        """All that has arrived and was not handed on, in the order of the files."""
        for number in sorted(self._found):
            for told in self._found.pop(number):
                yield number, told

    def end(self) -> None:
        """End all processes."""
        with interrupts.held():
            for worker in self._workers:
                worker.end()

    def kill(self) -> None:
        """End all processes and wait for none, before a sudden end of this one."""
        for worker in self._workers:
            worker.process.kill()

    def _employ(self, worker: _Worker) -> None:
        """Give the worker, or if it is gone one that takes its place, the next file."""
        number = self._waiting.pop()
        if worker in self._workers and worker.take(number, self._paths[number]):
            return
        self._dismiss(worker)
        if not self._new_worker().take(number, self._paths[number]):
            self._lose(number)

    def _dismiss(self, worker: _Worker) -> None:
        if worker in self._workers:
            self._workers.remove(worker)
            worker.end()

    def _new_worker(self) -> _Worker:
        try:
            worker = _Worker(self._context, self._batch, self._workers)
        except OSError as problem:
            reason = f"no process could be started for -j {self._size}: {problem.strerror}"
            raise LimitReached(reason, code="MX513") from None
        self._workers.append(worker)
        return worker

    def _take_from(self, worker: _Worker) -> None:
        try:
            self._keep(worker, worker.pipe.recv())
        except (EOFError, OSError):
            assert worker.file is not None
            self._lose(worker.file)
            worker.file = None
            self._dismiss(worker)

    def _keep(self, worker: _Worker, told: Told | None) -> None:
        number = worker.file
        assert number is not None
        if told is _END:
            self._done.add(number)
            worker.file = None
            self._progress.file_done()
        else:
            self._found.setdefault(number, []).append(told)
            self._progress.statement_done()

    def _lose(self, number: int) -> None:
        """The worker that had the file is gone: that is the last to be said of the file."""
        lost = LimitReached(
            "the process that worked on this file was ended from outside; the rest of the file "
            "was not read",
            code="MX514",
        )
        origin = Origin(self._paths[number], "", line=0, is_file=True)
        told = told_error(lost, self._batch.view, origin)
        told.file = origin.name
        self._found.setdefault(number, []).append(told)
        self._done.add(number)
        self._progress.file_done()
