"""Locks between processes, and folders that appear complete or not at all."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from toolbox import paths
from toolbox.console import step


@contextlib.contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Hold the named lock; the system releases it when the process ends, however it ends."""
    paths.make_work_folders()
    with (paths.WORK / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step(f"waiting for another command that holds the lock '{name}'")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def built_folder(target: Path) -> Iterator[Path]:
    """Give a scratch folder that becomes ``target`` only when the block ends well."""
    scratch = target.with_name(f"{target.name}.partial")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    yield scratch
    shutil.rmtree(target, ignore_errors=True)
    os.rename(scratch, target)
