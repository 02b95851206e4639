"""Openings by machines are counted together with all else that became of messages: their own index serves nobody."""


def migrate(cr, version):
    """Drop it."""
    cr.execute("DROP INDEX IF EXISTS mailing_trace__marketing_machine_idx")
