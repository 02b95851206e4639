"""A refusal that is stored just before the queues run: counted where the messages arrive."""

import logging
import time

from odoo import sql_db

from bench.world import World
from daytime import reachable
from e2e.receiver import Receiver
from e2e.smtp import MailServer
from faults.attacks import Battle, Finding
from faults.workers import send_mails, send_sms, walk_due

WAYS = {
    "no marketing at all": lambda person: person.write({"marketing_refuse_all": True}),
    "no mails, no SMS": lambda person: (person._set_opt_out("email"), person._set_opt_out("sms")),
    "opt-in taken back": lambda person: person.write({"marketing_optin": False}),
    "Odoo's blacklists": lambda person: (
        person.env["mail.blacklist"]._add(person.email),
        person.env["phone.blacklist"].add(person.phone_sanitized),
    ),
    "another record with the same addresses": lambda person: person.copy(
        {"email": person.email, "phone": person.phone, "marketing_refuse_all": True}
    ),
    "archived": lambda person: person.action_archive(),
    "deleted": lambda person: person.unlink(),
}


def refused_before(battle: Battle, rounds: int) -> Finding:
    """People refuse a second before both queues run, each in another way: counted at mail server and SMS provider"""
    finding = Finding("refused a second before")
    # The mail server runs in this process, whose screen shows the table.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    for number in range(rounds):
        with MailServer() as post, Receiver() as provider:
            people = _queue_both(battle, provider.url, number)
            refused = _refuse(battle, people)
            time.sleep(1)
            battle.worker(send_mails, post.port).wait()
            battle.worker(send_sms).wait()
            mails = sorted(address for delivery in post.deliveries for address in delivery.recipients)
            numbers = sorted(number for number, _text in provider.messages())
        finding.people += len(people)
        finding.troubles += len(refused)
        staying = [person for person in people if person not in refused]
        for what, arrived, place in (("mails", mails, 1), ("SMS", numbers, 2)):
            if arrived != sorted(person[place] for person in staying):
                wrong = {refused[person] for person in refused if person[place] in arrived}
                words = f"{len(arrived)} {what} arrived for {len(staying)} people who may get one"
                finding.losses.append(f"{words}; got one in spite of: {', '.join(sorted(wrong)) or 'nothing'}")
    finding.note = "troubles = refusals"
    return finding


def _queue_both(battle: Battle, url: str, number: int) -> list[tuple]:
    """Have an engine queue a mail and an SMS for many people; return ``(id, address, number)`` of each."""
    world = World(battle.database)
    try:
        world.env.company.write({"marketing_window_id": False, "email": "sender@company.example.com"})
        world.env["ir.config_parameter"].set_param("sms.endpoint", url)
        scenario = world.scenario(
            ("email", {"email_subject": "News", "email_body_html": "<p>Hello</p>"}),
            ("sms", {"sms_body": "Hello"}),
            ("end", {}),
            name=f"Refusals {number}",
        )
        people = world.env["res.partner"].create(
            [
                {
                    "name": f"Person {index}",
                    "email": f"refusal{number}x{index}@example.com",
                    "marketing_optin": True,
                    **reachable(number * 1000 + index),
                }
                for index in range(battle.size // 5)
            ]
        )
        world.env.flush_all()
        world.place(scenario.start_step_id, people.ids)
        found = [(person.id, person.email_normalized, person.phone_sanitized) for person in people]
        world.cr.commit()
    finally:
        world.close()
        sql_db.close_all()
    battle.worker(walk_due).wait()
    return found


def _refuse(battle: Battle, people: list[tuple]) -> dict:
    """Let two thirds of them refuse; return ``{person: in which way}``."""
    refused = {}
    world = World(battle.database)
    try:
        ways = list(WAYS)
        for person in battle.draw.sample(people, len(people) * 2 // 3):
            refused[person] = ways[len(refused) % len(ways)]
            WAYS[refused[person]](world.env["res.partner"].browse(person[0]))
        world.cr.commit()
    finally:
        world.close()
        sql_db.close_all()
    return refused
