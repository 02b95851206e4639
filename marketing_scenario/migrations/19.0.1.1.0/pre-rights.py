"""Everything that runs later runs with the rights of somebody: who made it, where nobody was noted."""


def migrate(cr, version):
    """Name an owner for scenarios without one, and for automations, which had none."""
    cr.execute("UPDATE marketing_scenario SET user_id = COALESCE(create_uid, 1) WHERE user_id IS NULL")
    cr.execute("ALTER TABLE marketing_automatism ADD COLUMN IF NOT EXISTS user_id integer")
    cr.execute("UPDATE marketing_automatism SET user_id = COALESCE(create_uid, 1) WHERE user_id IS NULL")
