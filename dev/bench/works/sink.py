"""Mails from due to received: through the step, the queue, the last gate and SMTP, beside Odoo's own mass mailing."""

from bench.measure import Side, alternate
from bench.report import Figure
from bench.works.mailing import BODY, LEAST_BATCH, SUBJECT, MassMailing, open_always
from bench.works.sending import mail_server

ROUNDS = 3


def sink(world, sizes, quick):
    """N mails of an email step until a mail server has them, beside a mass mailing of the same mails."""
    batch = LEAST_BATCH if quick else 1000
    partner_ids = world.partners(batch * ROUNDS)[: batch * ROUNDS]
    with mail_server(world):
        domain = world.env["mail.alias.domain"].create({"name": "example.com"})
        world.env["res.company"].search([]).write({"alias_domain_id": domain.id, "email": "news@example.com"})
        world.env.user.email = "news@example.com"
        scenario = world.scenario(("email", {"email_subject": SUBJECT, "email_body_html": BODY}))
        open_always(world)
        world.place(scenario.start_step_id.child_ids, partner_ids)
        sender = MassMailing(world, partner_ids, batch)
        ours, theirs, ratio = alternate(
            lambda: world.engine_batch(batch) and sent(world.env, scenario.step_ids.email_mailing_id),
            lambda: sender.batch() and sent(sender.mailing.env, sender.mailing),
        )
    world.retire(scenario)
    figure = Figure("mails at the recipient", len(partner_ids), ours.rate, theirs.rate, ratio, statements(ours))
    if quick:
        figure.budget, figure.met = "≤ SQL of mass mailing", statements(ours) <= statements(theirs)
    else:
        figure.budget, figure.met = "≤ 1 × mass mailing, aim at 0.33", ratio <= 1
    figure.note = f"{1 / ratio:.1f} times its rate, which takes {statements(theirs):.1f} SQL each"
    yield figure


def sent(env, mailing) -> int:
    """Have Odoo's queue send the mails of this mailing; return how many the server took."""
    mails = env["mail.mail"].search([("mailing_id", "=", mailing.id), ("state", "=", "outgoing")])
    traces = mails.mailing_trace_ids
    env["mail.mail"].process_email_queue(email_ids=mails.ids, batch_size=len(mails))
    env.cr.commit()
    traces.invalidate_recordset()
    left = traces.filtered(lambda trace: trace.trace_status != "sent")
    if left:
        raise AssertionError(f"{len(left)} mails did not leave: {left[:1].failure_reason or left[:1].trace_status}")
    return len(traces)


def statements(side: Side) -> float:
    """SQL statements for each mail."""
    return side.statements / side.total
