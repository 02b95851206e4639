"""A small picture of a tree of steps, as SVG: shapes in the colors of the families, no text."""

from xml.sax.saxutils import quoteattr

WIDTH, HEIGHT, GAP, ROW = 34, 20, 12, 38  # of a step, and from one to the next
COLORS = {
    "message": "#d64545",
    "pause": "#ef8e2b",
    "condition": "#6cb8e6",
    "edge": "#8a94a3",
    "action": "#3a6fc4",
    "redirection": "#3d9a5f",
}


def svg(nodes, title=""):
    """:param nodes: ``[(ref, parent ref or None, family)]`` in reading order; the first is the beginning
    :param title: what the picture shows, for those who do not see it
    """
    children = {}
    for ref, parent, _family in nodes:
        children.setdefault(parent, []).append(ref)
    places, width = _places(nodes, children)
    depth = max(y for _x, y in places.values())
    size = (width * (WIDTH + GAP) + GAP, (depth + 1) * ROW)
    lines = [_line(_at(places[parent]), _at(places[ref])) for ref, parent, _family in nodes if parent is not None]
    shapes = [_shape(_at(places[ref]), family) for ref, _parent, family in nodes]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]:g} {size[1]:g}" width="{size[0]:g}"'
        f' height="{size[1]:g}" role="img" aria-label={quoteattr(title)}>'
        f'<g fill="none" stroke="#b6bfca" stroke-width="2">{"".join(lines)}</g>{"".join(shapes)}</svg>'
    )


def _places(nodes, children):
    """``{ref: (column, row)}`` and the number of columns: leaves side by side, each step above what follows it."""
    rows, leaves, places = {}, 0, {}
    for ref, parent, _family in nodes:
        rows[ref] = rows[parent] + 1 if parent is not None else 0
    # in reading order a branch is complete before the next one begins
    for ref in _deepest_first(nodes[0][0], children):
        below = [places[child][0] for child in children.get(ref, ())]
        if not below:
            places[ref] = (leaves, rows[ref])
            leaves += 1
        else:
            places[ref] = ((below[0] + below[-1]) / 2, rows[ref])
    return places, leaves


def _deepest_first(root, children):
    order, waiting = [], [root]
    while waiting:
        ref = waiting.pop()
        order.append(ref)
        waiting += children.get(ref, ())
    return reversed(order)


def _at(place):
    column, row = place
    return GAP + column * (WIDTH + GAP) + WIDTH / 2, row * ROW + ROW / 2


def _line(start, end):
    (x1, y1), (x2, y2) = start, end
    middle = (y1 + y2) / 2
    return f'<path d="M{x1:g} {y1:g}V{middle:g}H{x2:g}V{y2:g}"/>'


def _shape(place, family):
    x, y = place
    color = COLORS.get(family, COLORS["edge"])
    if family == "edge":
        return f'<circle cx="{x:g}" cy="{y:g}" r="8" fill="{color}"/>'
    if family == "condition":
        half = HEIGHT * 0.62
        points = f"{x:g},{y - half:g} {x + half * 1.3:g},{y:g} {x:g},{y + half:g} {x - half * 1.3:g},{y:g}"
        return f'<polygon points="{points}" fill="{color}"/>'
    left, top = x - WIDTH / 2, y - HEIGHT / 2
    radius = HEIGHT / 2 if family == "pause" else 4
    shape = f'<rect x="{left:g}" y="{top:g}" width="{WIDTH}" height="{HEIGHT}" rx="{radius:g}" fill="{color}"/>'
    if family == "message":
        flap = f"M{left + 9:g} {top + 5:g}l8 6l8 -6"
        shape += f'<path d="{flap}" fill="none" stroke="#fff" stroke-width="1.8"/>'
    return shape
