"""Queueing mails, beside Odoo's own mass mailing."""

from odoo import api

from bench.measure import Side, alternate
from bench.report import Figure

SUBJECT = "News for {{ object.name }}"
BODY = """
    <div>
        <h1>A word about your project</h1>
        <p>Hello <t t-out="object.name">you</t>,</p>
        <p>Here is <a href="https://www.example.com/offer">the offer</a> we talked about, and
        <a href="https://www.example.com/help">where to ask</a>.</p>
        <p><a href="https://www.example.com/book" style="padding: 8px 16px;">Book a visit</a></p>
    </div>
"""
ROUNDS = 3
# Odoo sends up to 100 mails at once instead of leaving them to its queue.
LEAST_BATCH = 101
# The mails of a batch once more, row by row as they are: what writing them costs, without knowing how they came about.
COPY = """
    WITH queued AS MATERIALIZED (
        SELECT id, mail_message_id, nextval(pg_get_serial_sequence('mail_mail', 'id')) AS new_id,
               nextval(pg_get_serial_sequence('mail_message', 'id')) AS new_message_id
          FROM mail_mail WHERE id = ANY(%(ids)s)
    ), messages AS (
        INSERT INTO mail_message (id, {mail_message})
        SELECT new_message_id, {from_mail_message}
          FROM queued JOIN mail_message source ON source.id = queued.mail_message_id
    ), mails AS (
        INSERT INTO mail_mail (id, mail_message_id, {mail_mail})
        SELECT new_id, new_message_id, {from_mail_mail} FROM queued JOIN mail_mail source ON source.id = queued.id
    ), recipients AS (
        INSERT INTO mail_mail_res_partner_rel (mail_mail_id, res_partner_id)
        SELECT new_id, res_partner_id FROM queued JOIN mail_mail_res_partner_rel ON mail_mail_id = queued.id
    )
    INSERT INTO mailing_trace (mail_mail_id, mail_mail_id_int, {mailing_trace})
    SELECT new_id, new_id, {from_mailing_trace}
      FROM queued JOIN mailing_trace source ON source.mail_mail_id = queued.id
"""


def mailing(world, sizes, quick):
    """The email step, beside Odoo's mass mailing that creates the same mails with the same traces."""
    if "email" not in dict(world.env["marketing.scenario.step"]._fields["step_type"].selection):
        return
    batch = 2 * LEAST_BATCH if quick else 1000
    partner_ids = world.partners(batch * ROUNDS)[: batch * ROUNDS]
    scenario = world.scenario(("email", {"email_subject": SUBJECT, "email_body_html": BODY}))
    step = scenario.start_step_id.child_ids
    open_always(world)
    world.place(step, partner_ids)
    sender = MassMailing(world, partner_ids, batch)
    ours, theirs, ratio = alternate(lambda: world.engine_batch(batch), sender.batch)
    _same_mails(world, step.email_mailing_id, sender.mailing)
    plain = copied(world, step.email_mailing_id, batch)
    world.retire(scenario)
    figure = Figure("email step", len(partner_ids), ours.rate, theirs.rate, ratio, _statements(ours))
    if quick:
        figure.budget, figure.met = "≤ SQL of mass mailing", _statements(ours) <= _statements(theirs)
    else:
        figure.budget, figure.met = "≤ 1 × mass mailing, aim at 0.33", ratio <= 1
    figure.note = f"{1 / ratio:.1f} times its rate, which takes {_statements(theirs):.2f} SQL each"
    yield figure
    figure = Figure("email step beside plain SQL", len(partner_ids), ours.rate, plain.rate, ours.each / plain.each)
    figure.note = "the floor writes messages, mails, recipients and statistics; no moves, no paths"
    yield figure


def copied(world, mailing, batch) -> Side:
    """Write the mails that a mailing has queued once more by plain SQL, in batches."""
    cr, ids = world.floor_cr, world.env["mail.mail"].search([("mailing_id", "=", mailing.id)], order="id").ids
    statement, side = COPY.format(**_columns(cr)), Side()

    def one(part):
        cr.execute(statement, {"ids": part})
        if cr.rowcount != len(part):
            raise AssertionError(f"{cr.rowcount} of {len(part)} mails were copied")
        cr.commit()
        return len(part)

    for start in range(0, len(ids), batch):
        side.run(lambda start=start: one(ids[start : start + batch]))
    return side


def _columns(cr) -> dict[str, str]:
    """The columns of each table that are copied as they are, and the same with the name of their source."""
    columns = {}
    for table, others in (
        ("mail_message", ("id",)),
        ("mail_mail", ("id", "mail_message_id")),
        ("mailing_trace", ("id", "mail_mail_id", "mail_mail_id_int")),
    ):
        cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> ALL(%s)",
            [table, list(others)],
        )
        names = [f'"{name}"' for (name,) in cr.fetchall()]
        columns[table] = ", ".join(names)
        columns[f"from_{table}"] = ", ".join(f"source.{name}" for name in names)
    return columns


class MassMailing:
    """Odoo's own mass mailing of the same text to the same people."""

    def __init__(self, world, partner_ids, batch):
        env = api.Environment(world.floor_cr, api.SUPERUSER_ID, {"ir_cron_progress_id": False})
        self.chunks = [partner_ids[start : start + batch] for start in range(0, len(partner_ids), batch)]
        self.mailing = env["mailing.mailing"].create(
            {
                "subject": SUBJECT,
                "body_arch": BODY,
                "body_html": BODY,
                "mailing_model_id": env["ir.model"]._get_id("res.partner"),
                "mailing_domain": "[]",
            }
        )
        env.cr.commit()

    def batch(self) -> int:
        """Queue the mails of the next chunk; the mass mailing commits by itself."""
        if not self.chunks:
            return 0
        chunk = self.chunks.pop(0)
        self.mailing.action_send_mail(chunk)
        self.mailing.env.cr.commit()
        return len(chunk)


def open_always(world) -> None:
    """Take the sending hours away: the figures must not depend on the time of day."""
    world.env["res.company"].search([]).marketing_window_id = False
    world.cr.commit()


def _same_mails(world, *mailings) -> None:
    """Check that both sides queued mails with traces, one of each per person."""
    counts = []
    for queued in mailings:
        world.cr.execute(
            """
            SELECT (SELECT count(*) FROM mail_mail WHERE mailing_id = %(id)s AND state = 'outgoing'),
                   (SELECT count(*) FROM mailing_trace WHERE mass_mailing_id = %(id)s AND trace_status = 'outgoing')
            """,
            {"id": queued.id},
        )
        counts.append(world.cr.fetchone())
    if counts[0] != counts[1]:
        raise AssertionError(f"not the same mails and traces: {counts}")


def _statements(side: Side) -> float:
    return side.statements / side.total
