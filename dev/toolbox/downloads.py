"""Packages that few need: fetched with the machine's own pip when a command asks for them, not with the set-up."""

from pathlib import Path

from toolbox import paths, python_env
from toolbox.console import run_logged, step
from toolbox.locks import built_folder


def provide(name: str, *packages: str, options: tuple[str, ...] = ()) -> Path:
    """Return the folder ``.dev/NAME`` with these packages, fetched unless they are there."""
    target = paths.WORK / name
    marker = target / ".done"
    if marker.exists() and marker.read_text() == " ".join(packages):
        return target
    step(f"fetching {name}")
    with built_folder(target) as folder:
        line = [python_env.PYTHON, "-m", "pip", "install", "-q", *options, "--target", folder, *packages]
        advice = "check the network and pip's settings, then repeat the command."
        run_logged(line, paths.LOGS / f"{name}.log", f"fetching {name}", advice)
        (folder / marker.name).write_text(" ".join(packages))
    return target
