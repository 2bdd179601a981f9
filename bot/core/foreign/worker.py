"""A process beside the server in which files of others are read: it may die, the server may not.

    read = DOCUMENTS.done(read_content, content, "list.xlsx")     blocks: for commands and threads
    photo = await PICTURES.asked(cleaned, content)                one after another, in their order

What is called is a function of a module, and its values and its answer go through a pipe. An error of ours is
raised again here; whatever else goes wrong there, by time, memory or a decoder's fault, is `TooHard`.
"""

import asyncio
import importlib
import io
import math
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, Final, ParamSpec, TypeVar

#: Seconds of a processor that one file may take, and seconds in all: others may be at work.
SECONDS: Final = 20.0
PATIENCE: Final = 90.0

#: Bytes of memory that reading may take, beside what the process began with.
MEMORY: Final = 700_000_000

#: A process that has grown to so many bytes is not used again: what it took, it keeps.
GROWN: Final = 400_000_000

_SIZE: Final = struct.Struct(">Q")

#: How an answer begins: the process takes another file, or ends.
_MORE: Final = b"+"
_LAST: Final = b"-"

P = ParamSpec("P")
T = TypeVar("T")


class TooHard(Exception):
    """Reading a file took too long or too much memory, or ended the process that read it."""


class Worker:
    """One process, one file at a time. It is started when it is first needed, and again when it is gone."""

    def __init__(
        self, seconds: float = SECONDS, memory: int = MEMORY, patience: float = PATIENCE
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._one = threading.Lock()
        self._queue = ThreadPoolExecutor(1, "foreign")

    async def asked(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`done`, without holding up anybody else. Raises TooHard, and what `work` raises of ours."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._queue, lambda: self.done(work, *args, **kwargs))

    def done(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` returns there. Raises TooHard, and what `work` raises of ours."""
        order = pickle.dumps((work.__module__, work.__qualname__, args, kwargs))
        with self._one:
            process = self._running()
            # Killed, it closes its end of the pipe, and the wait for an answer is over.
            late = threading.Timer(self._patience, process.kill)
            late.start()
            try:
                answer = _ask(process, order)
            except (OSError, EOFError, struct.error):
                self._end()
                raise TooHard(f"{work.__qualname__} took too much") from None
            finally:
                late.cancel()
            if answer[:1] == _LAST:
                self._end()
        try:
            told = _Ours(io.BytesIO(answer[1:])).load()
        except Exception as error:
            raise TooHard(f"{work.__qualname__} answered nonsense") from error
        if told[0] == "raised":
            raise told[1](told[2])
        if told[0] == "failed":
            raise TooHard(f"{work.__qualname__} failed: {told[1]}")
        result: T = told[1]
        return result

    def close(self) -> None:
        """End the process, whatever it does; the next file starts another."""
        process = self._process
        if process is not None:
            process.kill()
        with self._one:
            self._end()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            # No secret of ours is in its environment.
            kept = {k: v for k, v in os.environ.items() if not k.startswith("TACHAWOR_")}
            self._process = subprocess.Popen(  # noqa: S603  # ourselves
                [
                    sys.executable,
                    "-c",
                    f"import {__name__} as w; w.serve({self._memory}, {self._seconds})",
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except OSError:
                        # What was not written any more.
                        continue


#: What citizens send, and what staff look at again: many small ones.
PICTURES: Final = Worker()

#: What staff bring: few, and large.
DOCUMENTS: Final = Worker()


def close() -> None:
    """End both processes."""
    PICTURES.close()
    DOCUMENTS.close()


# --------------------------------------------------------------------------- both ends of the pipe


def _ask(process: "subprocess.Popen[bytes]", order: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    _write(process.stdin, order)
    return _read(process.stdout)


def _write(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(_SIZE.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    (size,) = _SIZE.unpack(pipe.read(_SIZE.size))
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content


class _Ours(pickle.Unpickler):
    """Reads an answer. Whoever took the process over could name any class: only ours are taken."""

    def find_class(self, module: str, name: str) -> Any:
        """A class of ours."""
        if (module, name) == ("collections", "Counter"):
            return Counter
        if module.partition(".")[0] in ("bot", "flows"):
            found = getattr(sys.modules.get(module), name, None)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no class of ours")


# --------------------------------------------------------------------------- in the process itself


def serve(memory: int, seconds: float) -> None:
    """Read files until nobody brings any more; one that takes more `seconds` of the processor is the last."""
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    _limit(memory)
    while True:
        try:
            order = _read(orders)
        except (EOFError, struct.error):
            return
        _limit_time(seconds)
        answer = _answer(order)
        last = _grown()
        _write(answers, (_LAST if last else _MORE) + answer)
        if last:
            return


def _answer(order: bytes) -> bytes:
    try:
        module, name, args, kwargs = pickle.loads(order)  # noqa: S301  # from our own parent
        work = getattr(importlib.import_module(module), name)
        return pickle.dumps(("ok", work(*args, **kwargs)))
    except MemoryError:
        return pickle.dumps(("failed", "MemoryError"))
    except Exception as error:
        if type(error).__module__.partition(".")[0] in ("bot", "flows"):
            return pickle.dumps(("raised", type(error), getattr(error, "text", str(error))))
        # Its kind only: a message may repeat what is in the file.
        return pickle.dumps(("failed", type(error).__name__))


def _limit(memory: int) -> None:
    """Memory for good, and the processor only where nobody else wants it."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def _limit_time(seconds: float) -> None:
    """So much more of the processor, in whole seconds; then the process is ended."""
    if sys.platform == "win32":
        return
    import resource

    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + seconds), hard))


def _grown() -> bool:
    if sys.platform == "win32":
        return False
    import resource

    try:
        # What getrusage says includes the process that started this one, as large as that was.
        status = Path("/proc/self/status").read_text("utf-8")
        most = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        most *= 1 if sys.platform == "darwin" else 1024
    return most > GROWN
