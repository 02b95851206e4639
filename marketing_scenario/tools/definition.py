"""Two definitions of a scenario compared: what was added, removed, moved and changed.

A definition is plain data (``models/draft/definition.py`` writes and applies it)::

    {"settings": {field: value}, "lines": {field: [{"ref", "values", "lines"}]},
     "steps": [{"ref", "type", "parent": ref or None, "outcome",
                "values": {field: value}, "lines": {field: [{"ref", "values", "lines"}]}}]}

Steps stand before those that hang on them. A field that is empty is left out.
"""

import hashlib
import json

EVERYBODY = 25  # with more suspects than this, all of them count as moved: the tree was rebuilt


def stamp(part):
    """A short text that differs when this definition, or this part of one, does."""
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()


def compare(before, after):
    """What leads from one definition to the other.

    :return: list of changes in reading order: ``{"kind": "setting"|"removed"|"added"|"moved"|"changed", "details"}``
        and, beside settings, ``"ref", "type", "name"``, for added and moved also ``"parent"`` (name of the step before
        it) and ``"outcome"``. A detail is ``{"field", "old", "new"}``, or for a line ``{"field", "line": "added" |
        "removed" | "changed", "values" or "details"}``.
    """
    old, new = _by_ref(before), _by_ref(after)
    changes = []
    settings = _value_changes(before["settings"], after["settings"])
    rows = _line_changes(before.get("lines", {}), after.get("lines", {}))
    changes += [{"kind": "setting", "details": [detail]} for detail in (*settings, *rows)]
    changes += [_change("removed", node) for ref, node in old.items() if ref not in new]
    moved = _moved(old, new)
    for ref, node in new.items():
        place = {"parent": _name(new.get(node["parent"])), "outcome": node["outcome"], "parent_ref": node["parent"]}
        if ref not in old:
            changes.append({**_change("added", node), **place})
            continue
        if ref in moved:
            changes.append({**_change("moved", node), **place})
        if details := _node_changes(old[ref], node):
            changes.append({**_change("changed", node), "details": details})
    return changes


def same(old, new):
    """Whether two values of a definition are one; a record that was renamed is still the same."""
    return _bare(old) == _bare(new)


def _bare(value):
    if isinstance(value, list):
        return sorted(map(_bare, value), key=str)
    if isinstance(value, dict) and "id" in value:
        return value["id"]
    if isinstance(value, dict) and "languages" in value:
        return in_all_languages(value["languages"])
    return value or None


def in_all_languages(texts):
    """The value of a text in several languages: the text alone where all say the same."""
    said = set(texts.values())
    return {"languages": dict(sorted(texts.items()))} if len(said) > 1 else next(iter(said), None)


def reduced(steps, other):
    """``steps`` of a definition without what ``other`` has as well: a step that both have alike is its ref only."""
    known = {node["ref"]: node for node in other}
    return [node["ref"] if known.get(node["ref"]) == node else node for node in steps]


def filled(steps, other):
    """The way back from ``reduced``."""
    known = {node["ref"]: node for node in other}
    return [node if isinstance(node, dict) else known[node] for node in steps]


def renamed(steps, renames):
    """``steps`` of a definition, reduced or not, with other refs.

    :param renames: ``{"steps": {old ref: new ref}, field of lines: {old ref: new ref}}``
    """
    known = renames.get("steps", {})
    return [
        {**_renamed_part(node, known, renames), "parent": known.get(node["parent"], node["parent"])}
        if isinstance(node, dict)
        else known.get(node, node)
        for node in steps
    ]


def _renamed_part(part, known, renames):
    """:param known: the renames of such parts"""
    steps = renames.get("steps", {})
    return {
        **part,
        "ref": known.get(part["ref"], part["ref"]),
        "values": {
            name: {"step": steps.get(value["step"], value["step"])} if _is_step(value) else value
            for name, value in part["values"].items()
        },
        "lines": {
            name: [_renamed_part(line, renames.get(name, {}), renames) for line in lines]
            for name, lines in part["lines"].items()
        },
    }


def _is_step(value):
    return isinstance(value, dict) and "step" in value


def follower(definition, ref, kept):
    """Ref of the step on which those who stand on a step that goes go on, or None.

    :param kept: refs that stay: the first of them that follows the step, by its first ways
    """
    nodes = _by_ref(definition)
    children = {}
    for node in nodes.values():
        children.setdefault(node["parent"], []).append(node["ref"])
    while ref is not None and ref not in kept:
        ref = next(iter(children.get(ref, ())), None)
    return ref


def successor(before, after, ref):
    """Ref of what now stands where the branch of a removed step hung, or None."""
    old, new = _by_ref(before), _by_ref(after)
    outcome = old[ref]["outcome"]
    parent = old[ref]["parent"]
    while parent is not None and parent not in new:
        parent, outcome = old[parent]["parent"], old[parent]["outcome"]
    return next((r for r, node in new.items() if (node["parent"], node["outcome"]) == (parent, outcome)), None)


def _by_ref(definition):
    return {node["ref"]: node for node in definition["steps"]}


def _name(node):
    return node["values"].get("name", "") if node else ""


def _change(kind, node):
    return {"kind": kind, "ref": node["ref"], "type": node["type"], "name": _name(node), "details": []}


def _value_changes(old, new):
    return [
        {"field": name, "old": old.get(name), "new": new.get(name)}
        for name in dict.fromkeys((*old, *new))
        if not same(old.get(name), new.get(name))
    ]


def _node_changes(old, new):
    details = _value_changes({"step_type": old.get("type")}, {"step_type": new.get("type")})
    details += _value_changes(old["values"], new["values"])
    return details + _line_changes(old["lines"], new["lines"])


def _line_changes(old, new):
    details = []
    for name in dict.fromkeys((*old, *new)):
        lines_before = {line["ref"]: line for line in old.get(name, ())}
        lines_after = {line["ref"]: line for line in new.get(name, ())}
        for ref, line in lines_before.items():
            if ref not in lines_after:
                details.append({"field": name, "line": "removed", "values": line["values"]})
        for ref, line in lines_after.items():
            if ref not in lines_before:
                details.append({"field": name, "line": "added", "values": line["values"]})
            elif inner := _node_changes(lines_before[ref], line):
                details.append({"field": name, "line": "changed", "values": line["values"], "details": inner})
    return details


def _moved(old, new):
    """Refs of the fewest steps whose moving explains the new tree, steps added and removed apart."""
    common = old.keys() & new.keys()
    moved = set()
    while suspects := [r for r in new if r in common - moved and _is_elsewhere(r, old, new, common - moved)]:
        if len(suspects) > EVERYBODY:
            return moved | set(suspects)
        best = min(suspects, key=lambda ref: _misplaced(old, new, common - moved - {ref}))
        moved.add(best)
    return moved


def _misplaced(old, new, fixed):
    return sum(_is_elsewhere(ref, old, new, fixed) for ref in fixed)


def _is_elsewhere(ref, old, new, fixed):
    return _anchor(ref, old, fixed) != _anchor(ref, new, fixed)


def _anchor(ref, nodes, fixed):
    """The nearest step above that stayed, and the way out of it on which ``ref`` hangs."""
    node = nodes[ref]
    while node["parent"] is not None and node["parent"] not in fixed:
        node = nodes[node["parent"]]
    return node["parent"], node["outcome"] if node["parent"] is not None else None
