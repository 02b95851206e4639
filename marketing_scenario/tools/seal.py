"""Keeps a piece of code inside this process: while it runs, its thread reaches no network, program, thread or file.

The interpreter itself tells of each attempt (``sys.addaudithook``), whatever library makes it; the attempt is refused
with an error before it has any effect. Other threads notice nothing.
"""

import logging
import os
import sys
import threading
from contextlib import contextmanager

NETWORK = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"}
PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty"}
FILES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.move"}
REFUSED = NETWORK | PROGRAMS | FILES
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_state = threading.local()
_installed = False
_install_lock = threading.Lock()


class Sealed(PermissionError):
    """What was attempted would have had an effect outside; it did not."""


def is_sealed():
    """Whether this thread runs sealed now."""
    return getattr(_state, "depth", 0) > 0


@contextmanager
def sealed():
    """Refuse, for this thread and until the end of the block, whatever has an effect outside its own memory.

    The database is not seen from here: see ``models.dry``.

    :raise Sealed: inside the block, from the call that tried
    """
    _install()
    _state.depth = getattr(_state, "depth", 0) + 1
    try:
        yield
    finally:
        _state.depth -= 1


def _install():
    """An audit hook stays for the life of the process: add it once, and only where something is ever sealed."""
    global _installed  # noqa: PLW0603 one hook per process
    with _install_lock:
        if _installed:
            return
        _installed = True
        sys.addaudithook(_refuse)
        # no event tells of a thread in all versions of Python, and a new one would not be sealed
        start = threading.Thread.start

        def start_unless_sealed(thread):
            if is_sealed():
                raise Sealed("thread")
            return start(thread)

        threading.Thread.start = start_unless_sealed


def _refuse(event, args):
    if not is_sealed():
        return
    if event in REFUSED or (event == "open" and _writes(*args) and not _is_log(args[0])):
        raise Sealed(event)


def _writes(_path, mode, flags):
    """Whether opening a file so could change it."""
    return bool((flags or 0) & WRITING) if mode is None else bool(set(mode) & set("wax+"))


def _is_log(path):
    """A log that was moved away, to begin a new one, is opened by who writes to it next."""
    return any(getattr(handler, "baseFilename", None) == path for handler in logging.getLogger().handlers)
