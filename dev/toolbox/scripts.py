"""Commands that only prepare the ground and then hand over to a script of this folder, such as ``dev/e2e``."""

from __future__ import annotations

import dataclasses
import os

from toolbox import odoo, paths, postgres, python_env
from toolbox.preparation import prepared_server, system_programs
from toolbox.process import call


@dataclasses.dataclass(frozen=True)
class Script:
    """The command of a script: takes the place of a module of ``commands/``."""

    name: str
    TAKES_THE_REST = True
    HELP_IS_ELSEWHERE = True

    @classmethod
    def of(cls, name: str) -> Script | None:
        """Return the command if there is a script of that name."""
        return cls(name) if (paths.TOOL / name / "__main__.py").exists() else None

    def add_arguments(self, parser) -> None:
        """Hand everything on."""

    def main(self, options) -> int:
        """Run the script with the prepared Python; its exit status is ours."""
        prepared_server(postgres.FAST)
        system_programs()
        # The scripts import env.py, Odoo's client libraries and their own neighbours.
        search_path = os.pathsep.join([str(paths.TOOL), odoo.environment()["PYTHONPATH"]])
        environment = {**odoo.environment(), "PYTHONPATH": search_path}
        return call([python_env.PYTHON, paths.TOOL / self.name, *options.rest], environment)
