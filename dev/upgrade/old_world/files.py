"""Scenarios that the old version gave away as files."""

from base64 import b64encode

from upgrade.old_world.world import World


def live(world: World) -> None:
    """Export all scenarios that the old world knows; the first versions could not."""
    if hasattr(type(world.env["marketing.scenario"]), "_file"):
        world.known["files"] = {
            name: b64encode(scenario._file()).decode() for name, scenario in world.scenarios.items()
        }
