"""The world that an old version leaves behind. Runs in Odoo's shell with the old code, knows nothing of the new one."""

from upgrade.old_world import doors, files, first_days, last_day, scenarios, settings, successes
from upgrade.old_world.world import World


def make(env, server_url: str, receiver_url: str) -> dict:
    """Make the world.

    :param server_url: where Odoo will be reached after the upgrade; stands in the links of the mails
    :param receiver_url: stands for the SMS provider and for a program that gets webhooks
    :return: names and ids to find the people and things again
    """
    world = World(env, server_url, receiver_url)
    for part in (settings, scenarios, doors, first_days, successes, last_day, files):
        part.live(world)
        env.cr.commit()
    return world.facts()
