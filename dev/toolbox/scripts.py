"""Commands that only prepare the ground and then hand over to a script of this folder."""

import os

from toolbox import odoo, paths, postgres, python_env
from toolbox.console import say
from toolbox.preparation import prepared_server, system_programs
from toolbox.process import call

MISSING = 2


def hand_over(name: str, arguments: list[str]) -> int:
    """Run ``dev/NAME.py`` or the package ``dev/NAME`` with the prepared Python."""
    script = next(
        (path for path in (paths.TOOL / f"{name}.py", paths.TOOL / name / "__main__.py") if path.exists()), None
    )
    if script is None:
        say(f"There is no {paths.TOOL.name}/{name}.py: 'python3 dev {name}' is not available in this checkout.")
        return MISSING
    prepared_server(postgres.FAST)
    system_programs()
    # The scripts import env.py, Odoo's client libraries and their own neighbours.
    search_path = os.pathsep.join([str(paths.TOOL), odoo.environment()["PYTHONPATH"]])
    target = script.parent if script.name == "__main__.py" else script
    environment = {**odoo.environment(), "PYTHONPATH": search_path}
    return call([python_env.PYTHON, target, *arguments], environment)
