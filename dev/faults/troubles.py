"""Bad moments made by people, texts, clocks, disks and mail servers; written as those of ``attacks``."""

import logging
import os
import shutil
import subprocess
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import requests
from lxml import html

from odoo import sql_db

from bench.world import World
from e2e.smtp import MailServer
from env import environment, start_server
from faults.attacks import Battle, Finding
from faults.workers import (
    HELD_SECONDS,
    hold_row,
    process_events,
    run_queries,
    send_mails,
    take_forms_in,
    walk_at,
    walk_due,
)

# How long everybody else may take while one contact is held: nearly as long as it is.
PATIENCE = 0.9 * HELD_SECONDS
HUMAN_SECONDS = 2.5
FULL_DISK = 12  # MB
FEW = 8


def contact_locked(battle: Battle, holds: int) -> Finding:
    """Somebody keeps a contact's row locked while the engine runs: everybody else goes on"""
    finding = Finding("contact locked by somebody")
    for _hold in range(holds):
        journey = battle.journey()
        held = battle.draw.choice(journey.partner_ids)
        ready = environment().work / "faults_row_held"
        ready.unlink(missing_ok=True)
        holder = battle.worker(hold_row, held, ready)
        _wait(ready.exists)
        finding.troubles += 1
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and journey.running() > 1:
            worker = battle.worker(walk_due)
            _wait(lambda worker=worker: not worker.alive(), end - time.monotonic())
            worker.kill()
            time.sleep(0.2)
        waiting = journey.running()
        holder.kill()
        if waiting > 1:
            finding.losses.append(f"{waiting} people waited for one locked contact for {PATIENCE:.0f} s")
        # The one who was held may have to wait for another try.
        battle.database.sql(
            "UPDATE marketing_scenario_enrollment SET next_run_at = localtimestamp - interval '1 hour'"
            f" WHERE scenario_id = {journey.scenario_id} AND state = 'running'"
        )
        journey.forgive_retries = True
        battle.settle(finding, journey)
    return finding


def poison_filter(battle: Battle, rounds: int) -> Finding:
    """Filters that cannot be run, in a rule, a dynamic query and an automation, beside healthy ones"""
    finding = Finding("filters that cannot be run")
    for _round in range(rounds):
        journey = battle.journey()
        world = World(battle.database)
        try:
            tag = world.tag("healthy query")
            good, bad = (world.scenario(("end", {}), name=name) for name in ("good query", "bad query"))
            partner = world.partners(1)[0]
            queries = world.env["marketing.scenario.query"].create(
                [
                    {"name": "bad", "scenario_id": bad.id, "domain": "[]"},
                    {"name": "good", "scenario_id": good.id, "domain": f"[('id', '=', {partner})]"},
                ]
            )
            automations = world.env["marketing.automatism"].create(
                [
                    {
                        "name": f"{name} {journey.source}",
                        "event_type": "tag_added",
                        "action_ids": [(0, 0, {"kind": "tag_add", "tag_id": tag.id})],
                    }
                    for name in ("bad", "good")
                ]
            )
            world.env.flush_all()
            poison = "[('id', '=', 'abc')]"
            for table, column, row in (
                ("marketing_scenario_query", "domain", queries[0]),
                ("marketing_automatism", "domain_partner", automations[0]),
            ):
                world.cr.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [poison, row.id])
            world.cr.execute("UPDATE marketing_scenario_query SET next_run_at = localtimestamp - interval '1 hour'")
            moment = "date_trunc('second', localtimestamp)"  # events carry whole seconds, as the clock does
            world.cr.execute(
                "INSERT INTO marketing_automatism_event (kind, res_model, res_id, payload, chain, at, next_try_at,"
                f" state, attempts) VALUES ('tag_added', 'res.partner', %s, '{{}}', '[]', {moment}, {moment},"
                " 'waiting', 0)",
                [partner],
            )
            world.cr.commit()
            names = queries.ids, tag.id, good.id, partner
        finally:
            world.close()
            sql_db.close_all()
        finding.troubles += 2
        for task in (run_queries, process_events):
            battle.worker(task).wait()
        query_ids, tag_id, good_id, partner_id = names
        count = battle.database.sql
        if count(f"SELECT count(*) FROM marketing_scenario_enrollment WHERE scenario_id = {good_id}") != "1":
            finding.losses.append("a dynamic query that cannot be run kept another one from being run")
        if count(f"SELECT coalesce(error_message, '') FROM marketing_scenario_query WHERE id = {query_ids[0]}") == "":
            finding.losses.append("a dynamic query that cannot be run does not say so")
        # this person alone: the tag of the round before is an event of its own, for which this one's automation fires
        given = f"category_id = {tag_id} AND partner_id = {partner_id}"
        if count(f"SELECT count(*) FROM res_partner_res_partner_category_rel WHERE {given}") != "1":
            finding.losses.append("an automation that cannot be run kept another one from being run")
        battle.settle(finding, journey)
    return finding


def flood(battle: Battle, events: int) -> Finding:
    """An automation that matches everything, and very many events"""
    finding = Finding("automation that matches all")
    world = World(battle.database)
    try:
        partner_ids = world.partners(events)
        tag = world.tag("flood")
        world.env["marketing.automatism"].create(
            {
                "name": "everybody",
                "event_type": "tag_added",
                "action_ids": [(0, 0, {"kind": "tag_add", "tag_id": tag.id})],
            }
        )
        world.env.flush_all()
        world.cr.execute(
            "INSERT INTO marketing_automatism_event (kind, res_model, res_id, payload, chain, at, next_try_at, state,"
            " attempts) SELECT 'tag_added', 'res.partner', id, '{}', '[]', localtimestamp, localtimestamp, 'waiting',"
            " 0 FROM unnest(%s) AS id",
            [partner_ids],
        )
        world.cr.commit()
        tag_id = tag.id
    finally:
        world.close()
        sql_db.close_all()
    finding.troubles, finding.people = events, len(partner_ids)
    waiting = "SELECT count(*) FROM marketing_automatism_event WHERE kind = 'tag_added' AND state = 'waiting'"
    tagged = f"SELECT count(*) FROM res_partner_res_partner_category_rel WHERE category_id = {tag_id}"
    end = time.monotonic() + 600
    kills = 0
    while int(battle.database.sql(waiting)) and time.monotonic() < end:
        worker = battle.worker(process_events)
        if kills < 2:
            time.sleep(battle.draw.uniform(0.5, 3))
            kills += worker.kill()
        elif worker.wait() > 0:
            finding.losses.append(f"processing events failed, see {battle.log}")
            break
        # The tags that the automation gives are events of their own, which it must not answer for ever.
    got = int(battle.database.sql(tagged))
    if got != events:
        finding.losses.append(f"{got} of {events} people got the tag")
    if left := int(battle.database.sql(waiting)):
        finding.losses.append(f"{left} events are left")
    battle.database.sql("UPDATE marketing_automatism SET active = false")
    return finding


def form_cut(battle: Battle, cuts: int) -> Finding:
    """The server is killed while visitors send a form; those without an answer send it again"""
    finding = Finding("server killed in mid-form")
    world = World(battle.database)
    try:
        world.env.company.email = "sender@company.example.com"
        point = world.env["marketing.engagement.point"].create({"name": "Form", "rate_limit": 0})
        path = point.public_url.partition("/marketing/")[2]
        keys = {field.maps_to: field.key for field in point.field_ids}
        world.cr.commit()
    finally:
        world.close()
        sql_db.close_all()
    sent = 0
    for cut in range(cuts):
        server = start_server(battle.database, cron_threads=0)
        url = f"{server.url}/marketing/{path}"
        try:
            posts = []
            for number in range(12):
                form = html.fromstring(requests.get(url, timeout=60).text).forms[0]
                answers = {keys["email"]: f"visitor{cut}x{number}@example.com"}
                if "name" in keys:
                    answers[keys["name"]] = f"Visitor {cut} {number}"
                posts.append({**dict(form.form_values()), **answers})
            time.sleep(HUMAN_SECONDS)
            answered: set[int] = set()
            threads = [threading.Thread(target=_post, args=(url, post, n, answered)) for n, post in enumerate(posts)]
            for thread in threads:
                thread.start()
            enough = battle.draw.randrange(len(posts) // 2)  # killed in the midst of them, on any machine
            _wait(lambda seen=answered, enough=enough: len(seen) >= enough)
        finally:
            server.kill()
        for thread in threads:
            thread.join()
        finding.troubles += len(posts) - len(answered)
        with start_server(battle.database, cron_threads=0) as again:
            for number, post in enumerate(posts):
                if number not in answered:
                    _post(f"{again.url}/marketing/{path}", post, number, answered)
        sent += len(posts)
        if len(answered) != len(posts):
            finding.losses.append(f"{len(posts) - len(answered)} visitors got no answer in the second try either")
    finding.people = sent
    if battle.worker(take_forms_in).wait():
        finding.losses.append(f"the forms received were not worked off, see {battle.log}")
    for what, statement in {
        "forms": "SELECT count(*) FROM marketing_engagement_submission WHERE state != 'spam'",
        "visitors": "SELECT count(DISTINCT email) FROM marketing_engagement_submission WHERE state != 'spam'",
        "people": "SELECT count(*) FROM crm_lead WHERE email_normalized LIKE 'visitor%'",
    }.items():
        count = int(battle.database.sql(statement))
        if count != sent:
            finding.losses.append(f"{count} {what} instead of {sent}")
    return finding


def mail_queue_killed(battle: Battle, kills: int) -> Finding:
    """The mail queue is killed when the mail server has taken a mail that is not yet known as sent"""
    finding, journey = Finding("mail queue killed"), battle.journey()
    battle.settle(finding, journey)
    # The mail server runs in this process, whose screen shows the table.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    with MailServer() as post:
        for _kill in range(kills):
            had = len(post.deliveries)
            worker = battle.worker(send_mails, post.port)
            wanted = had + battle.draw.randint(1, 20)
            _wait(lambda wanted=wanted: len(post.deliveries) >= wanted, 30)
            finding.troubles += worker.kill()
        for _try in range(3):
            battle.worker(send_mails, post.port).wait()
        got = Counter(address for delivery in post.deliveries for address in delivery.recipients)
    twice = sorted(address for address, count in got.items() if count > 1)
    finding.note = f"twice: {', '.join(twice) or 'nobody'}"
    if len(got) != journey.size:
        finding.losses.append(f"{len(got)} of {journey.size} people got their mail")
    # Between the answer of the mail server and the commit nobody can know: one mail for each kill.
    if len(twice) > finding.troubles or any(count > 2 for count in got.values()):
        finding.losses.append(f"{len(twice)} people got their mail twice after {finding.troubles} kills: {twice}")
    finding.losses += journey.unsent()
    return finding


def clock_back(battle: Battle, changes: int) -> Finding:
    """The clock is put back an hour, and later right again, while people walk"""
    finding = Finding("clock put back")
    for _change in range(changes):
        journey = battle.journey()
        worker = battle.worker(walk_due)
        time.sleep(battle.draw.uniform(0.2, 1.0))
        finding.troubles += worker.kill()
        for hours in (-1, 0, -1):
            worker = battle.worker(walk_at, hours)
            time.sleep(battle.draw.uniform(0.2, 1.0))
            worker.kill()
            finding.troubles += 1
        battle.settle(finding, journey)
    return finding


def disk_full(battle: Battle, fills: int) -> Finding:
    """The disk with the traces and the mails is full; somebody makes room"""
    finding = Finding("disk full")
    for _fill in range(fills):
        journey = battle.journey()
        try:
            with _small_disk(battle) as folder:
                filler = folder / "filler"
                free = shutil.disk_usage(folder).free
                filler.write_bytes(b"0" * max(free - 64 * 1024, 0))
                for _try in range(3):
                    # each of a batch is tried, for one bad record must not stop the others: few suffice here
                    battle.worker(walk_due, FEW).wait()
                    finding.troubles += 1
                stuck = journey.running()
                filler.unlink()
                if not stuck:
                    finding.note = "the disk was not full enough"
                battle.database.sql(
                    "UPDATE marketing_scenario_enrollment SET next_run_at = localtimestamp - interval '1 hour'"
                    f" WHERE scenario_id = {journey.scenario_id} AND state = 'running'"
                )
                journey.forgive_retries = True
                battle.settle(finding, journey)
        except PermissionError as error:
            finding.note = f"left out: {error}"
    return finding


@contextmanager
def _small_disk(battle: Battle):
    """Put the tables that a run adds rows to on a disk of a few megabytes of their own.

    :raise PermissionError: this user may not mount one
    """
    tables = ("marketing_scenario_trace", "mail_mail", "mail_message", "mailing_trace")
    folder = Path(f"/var/tmp/marketing_faults_{os.getpid()}")
    folder.mkdir()
    options = f"size={FULL_DISK + 20}m,mode=700"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True).returncode:
        folder.rmdir()
        raise PermissionError("no right to mount a small disk")
    space = f"small_{os.getpid()}"
    try:
        owner = battle.database.server.folder / "data"
        status = (owner if owner.exists() else battle.database.server.folder).stat()
        os.chown(folder, status.st_uid, status.st_gid)
        sql = battle.database.sql
        sql(f"CREATE TABLESPACE {space} LOCATION '{folder}'")
        try:
            for table in tables:
                sql(f"ALTER TABLE {table} SET TABLESPACE {space}")
            yield folder
        finally:
            for table in tables:
                sql(f"ALTER TABLE {table} SET TABLESPACE pg_default")
            sql(f"DROP TABLESPACE {space}")
    finally:
        subprocess.run(["umount", "-l", folder], capture_output=True)
        folder.rmdir()


def _post(url: str, answers: dict, number: int, answered: set) -> None:
    try:
        answer = requests.post(url, data=answers, timeout=30, allow_redirects=False)
    except requests.RequestException:
        return
    if answer.status_code < 400:
        answered.add(number)


def _wait(holds, seconds: float = 30) -> None:
    """Wait until something holds, for so long at most."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.005)
