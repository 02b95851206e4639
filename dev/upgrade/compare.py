"""Nothing is lost: the inventories before and after the update, side by side."""

from upgrade import on_purpose
from upgrade.inventory import AUTOMATIC
from upgrade.report import Report

# The public contract: columns that keep their names and their values.
CONTRACT = {
    "marketing.scenario": ("name", "state", "reentry", "reentry_days", "allow_other_scenarios", "target_kinds"),
    "marketing.scenario.step": ("scenario_id", "name", "step_type", "parent_id", "outcome", "goto_step_id"),
    "marketing.scenario.enrollment": (
        *("scenario_id", "target_kind", "partner_id", "lead_id", "step_id", "state", "next_run_at", "wake_outcome"),
        *("run_number", "attempts", "end_reason", "door"),
    ),
    "marketing.scenario.trace": (
        *("enrollment_id", "step_id", "scenario_id", "at", "reason", "message", "mailing_trace_id"),
    ),
}
TRACE, ENROLLMENT = "marketing.scenario.trace", "marketing.scenario.enrollment"
# What stands in a trace that is no way out of a step. Versions with the column ``event`` keep it there.
EVENTS = (
    *("entered", "skipped", "retry", "error", "paused", "resumed", "moved", "rescheduled", "stopped", "end", "goto"),
    "inherited",
)
# Odoo's own mirror of the code: it comes and goes with the code.
REFLECTED = ("ir.model", "ir.model.fields", "ir.model.fields.selection", "ir.model.constraint", "ir.model.relation")
REFLECTED += ("ir.model.inherit",)
# A new version may bring some of its own.
GROWING = ("scheduled jobs", "server actions", "parameters", "attachments")
EMPTY = (None, False, 0, "", [], {})


class Comparison:
    """The old inventory and the new one."""

    def __init__(self, before: dict, after: dict, report: Report):
        self.before, self.after, self.report = before, after, report

    def judge(self) -> None:
        """Make all checks."""
        self._version()
        self._rows()
        self._contract()
        self._enrollments()
        self._traces()
        self._other_columns()
        self._relations()
        self._elsewhere("additions", "what we keep on records of")
        self._elsewhere("neighbours", "of other modules:")
        self._external_ids()

    def _version(self) -> None:
        """Migrations run, and people are told, only when the version is raised."""
        before, after = self.before["version"], self.after["version"]
        changed = self.before["columns"] != self.after["columns"]
        raised = [int(part) for part in after.split(".")] > [int(part) for part in before.split(".")]
        text = f"a changed database has a higher version in the manifest ({before} → {after})"
        self.report.that(raised or not changed, text)

    def _rows(self) -> None:
        for model, rows in self.before["models"].items():
            if model not in self.after["models"]:
                reason = on_purpose.MODELS.get(model)
                self.report.that(reason, f"{model}: gone, for {reason}", "its table is gone")
                continue
            found = self.after["models"][model].keys()
            gone, new = rows.keys() - found, found - rows.keys() - self._brought(model)
            if model in on_purpose.ADDED:
                new = set()
            trouble = f"gone: {sorted(gone, key=int)}, new: {sorted(new, key=int)}"
            self.report.that(not gone and not new, f"{model}: {len(rows)} rows, all there", trouble)

    def _brought(self, model: str) -> set[str]:
        """Return the ids of the records that the new version brings along."""
        names = self.after["external ids"].items()
        return {
            str(number) for name, (kind, number) in names if kind == model and name not in self.before["external ids"]
        }

    def _contract(self) -> None:
        for model, columns in CONTRACT.items():
            missing = set(columns) - set(self.after["columns"].get(model, ()))
            self.report.none(sorted(missing), f"{model}: the columns of the public contract are there")
            kept = [column for column in columns if column not in missing and excuse(model, column) is None]
            troubles = differences(self._old(model), self._new(model), kept)
            self.report.none(troubles, f"{model}: the public contract's values are the same")

    def _enrollments(self) -> None:
        """Who stands where, and when they go on."""
        place = ("scenario_id", "step_id", "state", "next_run_at", "wake_outcome", "run_number", "end_reason")
        moved = differences(self._old(ENROLLMENT), self._new(ENROLLMENT), place)
        states = sorted({row["state"] for row in self._old(ENROLLMENT).values()})
        self.report.none(moved, f"everybody stands where they stood ({', '.join(states)})")

    def _traces(self) -> None:
        """The path of each enrollment reads the same: what is no way out may have moved to ``event``."""
        changed = [
            f"trace {number}: {written(row)} → {written(self._new(TRACE).get(number))}"
            for number, row in self._old(TRACE).items()
            if written(row) != written(self._new(TRACE).get(number))
        ]
        self.report.none(changed, "the path of each enrollment reads the same (event or outcome)")
        if "event" in self.after["columns"].get(TRACE, ()):
            mixed = [
                f"trace {number}: outcome {row['outcome']}, event {row['event']}"
                for number, row in self._new(TRACE).items()
                if row["outcome"] in EVENTS
            ]
            self.report.none(mixed, "what is no way out of a step stands in the event, not in the outcome")

    def _other_columns(self) -> None:
        """Columns that keep their name keep their values; the values of the others are found under a new name."""
        troubles = []
        for model in self.before["models"].keys() & self.after["models"].keys():
            before, after = set(self.before["columns"][model]), set(self.after["columns"][model])
            passed_over = {*AUTOMATIC, *(("outcome", "event") if model == TRACE else ())}
            kept = [name for name in sorted((before & after) - passed_over) if excuse(model, name) is None]
            troubles += [f"{model} {text}" for text in differences(self._old(model), self._new(model), kept)]
            for name in sorted(before - after):
                troubles += self._gone(model, name, sorted(after - before))
        self.report.none(troubles, "every other column of ours has its values")

    def _gone(self, model: str, name: str, candidates: list[str]) -> list[str]:
        """Return the trouble with a column that is gone, if its values are."""
        values = {number: row[name] for number, row in self._old(model).items()}
        if excuse(model, name) is not None or all(value in EMPTY for value in values.values()):
            return []
        for candidate in candidates:
            if all(self._new(model).get(number, {}).get(candidate) == value for number, value in values.items()):
                return []
        return [f"{model}.{name} is gone, and no new column has its values"]

    def _relations(self) -> None:
        troubles = [
            f"{name}: {len(rows)} rows, now {len(self.after['relations'].get(name, []))}"
            for name, rows in self.before["relations"].items()
            if rows and rows != self.after["relations"].get(name)
        ]
        self.report.none(troubles, "links between records (many2many) are the same")

    def _elsewhere(self, part: str, text: str) -> None:
        """Our columns on records of other modules; rows of other modules that belong to our work."""
        for name, rows in self.before[part].items():
            found = self.after[part].get(name, {})
            columns = sorted({column for row in rows.values() for column in row})
            columns = [column for column in columns if excuse(name, column) is None]
            new = () if name in GROWING else found.keys() - rows.keys()
            troubles = [f"{number} is new" for number in sorted(new, key=int)]
            troubles += differences(rows, found, columns)
            self.report.none(troubles, f"{text} {name}: {len(rows)} rows are the same")

    def _external_ids(self) -> None:
        before = {name: ref for name, ref in self.before["external ids"].items() if ref[0] not in REFLECTED}
        after = self.after["external ids"]
        gone = [name for name in sorted(before) if name not in after and name not in on_purpose.EXTERNAL_IDS]
        self.report.none(gone, f"the {len(before)} external ids of screens, jobs, rights and data still resolve")
        moved = [
            f"{name}: {before[name]} → {after[name]}"
            for name in sorted(before)
            if after.get(name, ref := before[name]) != ref
        ]
        self.report.none(moved, "they point at the same records")

    def _old(self, model: str) -> dict:
        return self.before["models"].get(model, {})

    def _new(self, model: str) -> dict:
        return self.after["models"].get(model, {})


def written(trace: dict | None) -> str | None:
    """Return what a trace says, in whichever of its two columns."""
    return trace and (trace.get("event") or trace.get("outcome"))


def excuse(model: str, column: str) -> str | None:
    """Return why a column's values may change."""
    return on_purpose.COLUMNS.get(f"{model}.{column}")


def differences(before: dict, after: dict, columns) -> list[str]:
    """Return what differs, row by row; a row that is gone differs as well."""
    troubles = []
    for number, row in before.items():
        found = after.get(number)
        if found is None:
            troubles.append(f"{number} is gone")
            continue
        for column in columns:
            # a text that can be translated now is its own English
            if found.get(column) not in (row.get(column), {"en_US": row.get(column)}):
                troubles.append(f"{number}.{column}: {row.get(column)!r} → {found.get(column)!r}")
    return troubles
