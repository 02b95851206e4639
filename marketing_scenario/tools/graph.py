"""The scenario tree as plain data: what a check of its shape needs. No Odoo import."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    """One step. ``outcomes`` = the ways out it offers; ``jumps_to`` = the step a go-to points at."""

    outcomes: tuple = ()
    children: dict = field(default_factory=dict)  # outcome → id of the step hanging there
    jumps_to: int | None = None
    waits: bool | tuple = False  # time surely passes on this step, or on these of its ways out
    is_root: bool = False

    @property
    def successors(self):
        return [*self.children.values(), *([self.jumps_to] if self.jumps_to else [])]

    @property
    def successors_at_once(self):
        """The successors to which one comes without any time passing."""
        if self.waits is True:
            return []
        slow = self.waits or ()
        ways = [child for outcome, child in self.children.items() if outcome not in slow]
        return [*ways, *([self.jumps_to] if self.jumps_to else [])]


def open_outcomes(nodes):
    """``[(node id, outcome)]`` of the ways out on which nothing hangs, in the order of ``nodes``."""
    return [
        (node_id, outcome)
        for node_id, node in nodes.items()
        for outcome in node.outcomes
        if outcome not in node.children
    ]


def unreachable(nodes):
    """Ids of the nodes that no path from a root meets."""
    seen = set()
    coming = [node_id for node_id, node in nodes.items() if node.is_root]
    while coming:
        node_id = coming.pop()
        if node_id in seen or node_id not in nodes:
            continue
        seen.add(node_id)
        coming += nodes[node_id].successors
    return [node_id for node_id in nodes if node_id not in seen]


def loops_without_wait(nodes):
    """Ids of the jumping nodes that lie on a cycle on which no node waits (S26)."""
    return [node_id for node_id, node in nodes.items() if node.jumps_to and _returns(nodes, node_id)]


def _returns(nodes, start_id):
    """Whether a walk from ``start_id`` comes back to it without passing a waiting node."""
    seen = set()
    coming = [nodes[start_id].jumps_to]
    while coming:
        node_id = coming.pop()
        if node_id == start_id:
            return True
        if node_id in seen or node_id not in nodes:
            continue
        seen.add(node_id)
        coming += nodes[node_id].successors_at_once
    return False


def reachable(nodes):
    """``{node id: ids of the nodes to which one can come after leaving it}``."""
    return {node_id: _after(nodes, node_id) for node_id in nodes}


def _after(nodes, start_id):
    seen = set()
    coming = list(nodes[start_id].successors)
    while coming:
        node_id = coming.pop()
        if node_id not in seen and node_id in nodes:
            seen.add(node_id)
            coming += nodes[node_id].successors
    return seen
