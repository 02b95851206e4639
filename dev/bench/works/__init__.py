"""What is measured: each work is ``work(world, sizes, quick)`` and yields figures."""

from bench.works.control import control
from bench.works.entry import entry
from bench.works.fairness import fairness
from bench.works.gate import gate
from bench.works.growth import growth
from bench.works.idle import idle
from bench.works.journey import journey
from bench.works.lanes import lanes
from bench.works.mailing import mailing
from bench.works.outbox import outbox
from bench.works.query import query
from bench.works.traces import traces

WORKS = {
    "entry": entry,
    "journey": journey,
    "control": control,
    "mailing": mailing,
    "gate": gate,
    "lanes": lanes,
    "fairness": fairness,
    "outbox": outbox,
    "query": query,
    "idle": idle,
    "growth": growth,
    "traces": traces,
}
