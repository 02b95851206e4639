"""Messages that wait in Odoo's queues since the earlier version pass the last gate, too."""


def migrate(cr, version):
    """Mark what a scenario queued and what has not left yet."""
    for table, states in (("mail_mail", ("outgoing", "exception")), ("sms_sms", ("outgoing", "error"))):
        cr.execute(
            f"""
            UPDATE {table} message SET marketing_message = 'step'
              FROM mailing_mailing mailing
             WHERE mailing.id = message.mailing_id AND mailing.marketing_step_id IS NOT NULL
               AND message.state IN %s
            """,  # noqa: S608 two names written here
            [states],
        )
