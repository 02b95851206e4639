"""The database after the update, opened by the new code: its machinery is run by hand, its clock is moved."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from env import Database, environment, write_config
from upgrade.compare import ENROLLMENT, TRACE
from upgrade.inventory import table_of
from upgrade.report import Report


class NewWorld:
    """What was made by the old code, found again by its names."""

    def __init__(self, database: Database, facts: dict):
        self.database, self.facts = database, facts
        self.cr = Registry(database.name).cursor()
        self.env = api.Environment(self.cr, api.SUPERUSER_ID, {})
        self.admin = self.env(user=self.env.ref("base.user_admin"), su=False)
        # What is written from now on is the new code's work.
        self._last_old_trace = self.env[TRACE].search([], order="id desc", limit=1).id

    def close(self) -> None:
        """Give the connection back."""
        self.cr.rollback()
        self.cr.close()

    def commit(self) -> None:
        """Keep what was done and see what others did."""
        self.env.cr.commit()
        self.env.invalidate_all()

    def live_through(self, report: Report, *parts: Callable) -> None:
        """Do one part after the other; one that breaks off is a failed check and does not stop the others."""
        for part in parts:
            try:
                part()
            except Exception as error:  # noqa: BLE001 - whatever it is, the new code cannot do it
                traceback.print_exc()
                report.that(False, f"{part.__qualname__}: {type(error).__name__}: {error}")
                self.cr.rollback()
                self.env.invalidate_all()

    # -- finding --------------------------------------------------------------------------------------------------

    def run(self, role: str):
        """Return the enrollment of somebody of the old world."""
        return self.env[ENROLLMENT].browse(self.facts["runs"][role])

    def person(self, role: str):
        """Return a contact or lead of the old world."""
        model, record_id = self.facts["people"][role]
        return self.env[model].browse(record_id)

    def scenario(self, name: str):
        """Return a scenario of the old world."""
        return self.env["marketing.scenario"].browse(self.facts["scenarios"][name])

    def tag(self, name: str):
        """Return a contact tag of the old world."""
        return self.env["res.partner.category"].browse(self.facts["tags"][name])

    def runs_in(self, name: str, person):
        """Return the runs of a contact or lead in a scenario."""
        field = "lead_id" if person._name == "crm.lead" else "partner_id"
        return self.env[ENROLLMENT].search([("scenario_id", "=", self.scenario(name).id), (field, "=", person.id)])

    def news(self, run) -> list[str]:
        """Return what happened to a run since the update, as ``label:way out or event``."""
        traces = self.env[TRACE].search([("enrollment_id", "=", run.id), ("id", ">", self._last_old_trace)], order="id")
        return [f"{trace.step_id.name}:{said(trace)}" for trace in traces]

    # -- machinery ------------------------------------------------------------------------------------------------

    def engine(self) -> int:
        """Let the engine move everybody who is due; return how many."""
        handled = self.env["marketing.scenario.engine"]._run_due()
        self.commit()
        return handled

    def job(self, name: str) -> None:
        """Run a scheduled job now."""
        self.commit()
        self.env.ref(name).method_direct_trigger()
        self.commit()

    def make_due(self, *runs) -> None:
        """Let the moment of runs come."""
        self.set_past(ENROLLMENT, [run.id for run in runs])

    def set_past(self, model: str, ids: list[int]) -> None:
        """Let the next moment of rows lie in the past."""
        self.env.flush_all()
        statement = f"UPDATE {table_of(model)} SET next_run_at = localtimestamp - interval '1 day' WHERE id = ANY(%s)"
        self.cr.execute(statement, [ids])
        self.commit()

    @contextmanager
    def clock(self, moment: datetime) -> Iterator[None]:
        """Let this transaction take place at another moment."""
        self.commit()
        self.cr._now = moment
        try:
            yield
        finally:
            self.commit()


def said(trace) -> str:
    """Return what a trace says: its event, if the version has that field, else its way out."""
    return ("event" in trace._fields and trace.event) or trace.outcome or ""


@contextmanager
def opened(database: Database, facts: dict, log: Path, **options) -> Iterator[NewWorld]:
    """Open an updated database with the repository's code."""
    file = write_config(environment().work / "conf" / f"{log.stem}.conf", database, **options)
    config.parse_config(
        ["-c", str(file), "-d", database.name, "--log-level=warn", "--logfile", str(log)], setup_logging=True
    )
    world = NewWorld(database, facts)
    try:
        yield world
    finally:
        world.close()
        Registry.delete(database.name)
        sql_db.close_all()
