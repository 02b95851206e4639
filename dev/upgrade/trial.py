"""One old version: its world is made, updated, compared, and goes on."""

from pathlib import Path

from e2e.receiver import Receiver
from e2e.smtp import MailServer
from env import Database, environment, free_port, run_odoo, start_server, step
from toolbox import odoo_log
from upgrade import inventory, variety
from upgrade.compare import Comparison
from upgrade.files import Files
from upgrade.new_world import NewWorld, opened
from upgrade.outside import Outside
from upgrade.queues import Queues
from upgrade.report import Report
from upgrade.screens import Screens
from upgrade.successes import Successes
from upgrade.versions import OldOdoo, OldVersion
from upgrade.walking import Walking

LOGS = ("old", "update", "new", "server")


class Trial:
    """A database of an old version, and the servers that its messages go to."""

    def __init__(self, version: OldVersion, database: Database, post: MailServer, receiver: Receiver, report: Report):
        self.version, self.database, self.post, self.receiver, self.report = version, database, post, receiver, report
        place = environment()
        self.settings = {"smtp_server": "127.0.0.1", "smtp_port": post.port}
        self.logs = {name: place.logs / f"upgrade_{version.name}_{name}.log" for name in LOGS}
        for log in self.logs.values():
            log.unlink(missing_ok=True)
        # Known before there is a server: it stands in the links of the old mails.
        self.port = free_port()

    def run(self) -> None:
        """Do all of it."""
        facts = self._old_world()
        before = inventory.take(self.database, self.version.folder / "before.json")
        variety.check(before, facts, self.report)
        step(f"updating it to the code at hand (log: {self.logs['update']})")
        run_odoo(self.database, "-u", "marketing_scenario", log=self.logs["update"])
        self._log_is_clean("update", "the update's log")
        after = inventory.take(self.database, self.version.folder / "after.json")
        Comparison(before, after, self.report).judge()
        step("going on walking")
        with opened(self.database, facts, self.logs["new"], **self.settings) as world:
            self._go_on(world)
        self._log_is_clean("new", "the new code's log")
        self._log_is_clean("server", "the server's log")

    def _old_world(self) -> dict:
        step("installing the old version")
        old = OldOdoo(self.version, self.database, self.logs["old"], **self.settings)
        old.install()
        step(f"making its world (log: {self.logs['old']})")
        return old.make_world(server_url=f"http://127.0.0.1:{self.port}", receiver_url=self.receiver.url)

    def _go_on(self, world: NewWorld) -> None:
        queues = Queues(world, self.report, self.post, self.receiver)
        walking = Walking(world, self.report, queues)
        screens = Screens(world, self.report)
        successes = Successes(world, self.report, queues)
        files = Files(world, self.report)
        parts = (files.take_in, screens.same_figures, screens.same_filters, walking.nobody_moves, queues.empty)
        world.live_through(self.report, *parts, successes.go_on, walking.go_on, screens.load)
        step("people outside use what they were given before")
        with start_server(self.database, self.port, cron_threads=0, log=self.logs["server"], **self.settings):
            Outside(world, self.report, queues).use_all()

    def _log_is_clean(self, name: str, text: str) -> None:
        self.report.none(problems(self.logs[name]), f"{text} has no error, and no warning about the addon")


def problems(log: Path) -> list[str]:
    """Return the errors of a log, and its warnings about the addon."""
    return [str(record).splitlines()[0] for record in odoo_log.problems(log)]
