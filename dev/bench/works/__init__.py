"""What is measured: each work is ``work(world, sizes, quick)`` and yields figures."""

from bench.works.aside import aside
from bench.works.canvas import canvas
from bench.works.control import control
from bench.works.entry import entry
from bench.works.events import events
from bench.works.fairness import fairness
from bench.works.forecast import forecast
from bench.works.forms import forms
from bench.works.growth import growth
from bench.works.health import health
from bench.works.idle import idle
from bench.works.journey import journey
from bench.works.lanes import lanes
from bench.works.mailing import mailing
from bench.works.mails import mails
from bench.works.many import many
from bench.works.outbox import outbox
from bench.works.query import query
from bench.works.reports import reports
from bench.works.screens import screens
from bench.works.sending import sending
from bench.works.server import server
from bench.works.sink import sink
from bench.works.traces import traces
from bench.works.watched import watched

# Real servers and browsers, which a busy machine alone can make slow, and what takes long: not in the quick form.
ONLY_FULL = ("mails", "watched", "lanes", "canvas", "server", "forms", "aside")
WORKS = {
    "entry": entry,
    "journey": journey,
    "control": control,
    "mailing": mailing,
    "sink": sink,
    "sending": sending,
    "mails": mails,
    "watched": watched,
    "lanes": lanes,
    "fairness": fairness,
    "many": many,
    "events": events,
    "outbox": outbox,
    "query": query,
    "idle": idle,
    "forecast": forecast,
    "health": health,
    "growth": growth,
    "traces": traces,
    "aside": aside,
    "screens": screens,
    "canvas": canvas,
    "reports": reports,
    "server": server,
    "forms": forms,
}
