"""The old versions that databases come from, and running Odoo with one of them instead of this repository's addon."""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import NamedTuple

from env import Database, DevError, environment, write_config
from toolbox import locks, odoo, odoo_source, paths
from toolbox.console import run_logged

# Commits whose databases are in use; add one for each version that is given away.
OLD_VERSIONS = (
    "04cbd346e991e1a3e532bd4813b3cbd6af4e9334",  # 19.0.1.0.0
    "1a41e648e4a75d322643a7e72797e2cdb2bfbedd",  # 19.0.1.1.0
    "b63d0ec419e53530e6bd385b6f0c9a9d66ba39a7",  # 19.0.1.2.0
    "9cdcd597228950bff32877edd3083f7f8a2fc716",  # 19.0.1.3.0
    "6ccaed6cfa8d7463980012662694a789c8642c3d",  # 19.0.1.4.0
    "fb00c5c0eb0881044ff4097d152ab5aa8391792d",  # 19.0.1.5.0
)
FACTS = "FACTS OF THE OLD WORLD "
SCRIPT = """
import json, sys
sys.path.append({tool!r})
from odoo.addons import marketing_scenario
from upgrade import old_world
assert marketing_scenario.__file__.startswith({folder!r}), marketing_scenario.__file__
facts = old_world.make(env, **{details!r})
print({mark!r} + json.dumps(facts))
"""


class OldVersion(NamedTuple):
    """An old version of the addon, as a folder for Odoo's addons path."""

    commit: str
    folder: Path

    @property
    def name(self) -> str:
        """What people call it."""
        return self.commit[:7]

    @property
    def addon(self) -> Path:
        """The addon's folder."""
        return self.folder / paths.ADDON_NAME


def unpacked(commit: str) -> OldVersion:
    """Return an old version, taken out of git's history the first time.

    :raise DevError: git does not know the commit
    """
    commit = full_name(commit)
    version = OldVersion(commit, paths.WORK / "upgrade" / commit)
    with locks.exclusive("upgrade"):
        if not version.addon.is_dir():
            content = git("archive", "--format=zip", commit, paths.ADDON_NAME)
            with locks.built_folder(version.folder) as scratch:
                zipfile.ZipFile(io.BytesIO(content)).extractall(scratch)
    return version


def full_name(commit: str) -> str:
    """Return the full name of a commit, which may be given by any name that git knows.

    :raise DevError: git does not know it
    """
    try:
        return git("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").decode().strip()
    except DevError as error:
        raise DevError(
            f"the old version {commit[:7]} is not in this repository {error.what}".strip(),
            "this command needs the whole history: git fetch --unshallow, or a clone without --depth.",
        ) from error


def git(*arguments: str) -> bytes:
    """Return what git says about this repository."""
    if not shutil.which("git"):
        raise DevError("the program git is missing", "the old versions of the addon come out of git: install it.")
    result = subprocess.run(["git", "-C", str(paths.ROOT), *arguments], capture_output=True)
    if result.returncode:
        raise DevError(result.stderr.decode().strip())
    return result.stdout


class OldOdoo:
    """Runs Odoo on a database with an old version in the place of the repository's addon."""

    def __init__(self, version: OldVersion, database: Database, log: Path, **options):
        self.version, self.database, self.log = version, database, log
        folders = ",".join(map(str, (version.folder, *odoo_source.get().addons_paths)))
        file = environment().work / "conf" / f"{log.stem}.conf"
        self.config = write_config(file, database, addons_path=folders, **options)

    def install(self) -> None:
        """Install the old addon."""
        line = odoo.command("-c", self.config, "-d", self.database.name, "--no-http", "--stop-after-init")
        options = ["-i", paths.ADDON_NAME, "--skip-auto-install", "--without-demo"]
        run_logged([*line, *options], self.log, "installing the old version", env=odoo.environment())

    def make_world(self, **details) -> dict:
        """Live in the old world (``old_world.make``) with the old code; return what has to be known of it."""
        names = {"tool": str(paths.TOOL), "folder": str(self.version.folder)}
        script = SCRIPT.format(**names, details=details, mark=FACTS)
        line = odoo.command("shell", "-c", self.config, "-d", self.database.name, "--no-http", "--log-level=error")
        result = subprocess.run(line, env=odoo.environment(), input=script, capture_output=True, text=True)
        with self.log.open("a") as output:
            output.write(f"{result.stdout}\n{result.stderr}")
        facts = [text for text in result.stdout.splitlines() if FACTS in text]
        if result.returncode or not facts:
            raise DevError("making the old world", f"read the whole log: {self.log}", self.log)
        return json.loads(facts[0].partition(FACTS)[2])
