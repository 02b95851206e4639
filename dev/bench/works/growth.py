"""Does the cost of one grow with the number of all, does the memory?"""

from bench.measure import alternate, forget_peak, peak_mb
from bench.report import Figure
from bench.works.journey import Journey

TOLERANCE = 1.2


def growth(world, sizes, quick):
    """The journey again from 10,000 up: cost of one and peak memory against the smallest.

    The machine's own drift shows in the floor, which runs in turn with the engine, and is divided out.
    """
    compared = [size for size in sizes if size >= 10_000]
    if len(compared) < 2:
        return
    first = None
    for size in compared:
        twins = Journey(world)
        twins.fill(world.partners(size))
        forget_peak()
        ours, floor, _ratio = alternate(world.engine_batch, twins.floor_batch)
        world.retire(twins.ours)
        point = (ours.each, floor.each, peak_mb())
        first = first or point
        cost, drift, peak = (now / then for now, then in zip(point, first, strict=True))
        figure = Figure("growth of the journey", size, ours.rate, floor.rate, peak_mb=point[2])
        figure.budget = f"cost and memory ≤ {TOLERANCE:g} × the smallest"
        figure.met = cost / max(drift, 1) <= TOLERANCE and peak <= TOLERANCE
        figure.note = f"cost × {cost:.2f} (machine × {drift:.2f}), memory × {peak:.2f}"
        yield figure
