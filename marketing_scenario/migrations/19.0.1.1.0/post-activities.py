"""Activities know the moment at which they were done."""


def migrate(cr, version):
    """Those done so far were last written when they were done."""
    cr.execute(
        """
        UPDATE mail_activity SET marketing_done_at = write_date
         WHERE active IS NOT TRUE AND date_done IS NOT NULL AND marketing_done_at IS NULL
        """
    )
