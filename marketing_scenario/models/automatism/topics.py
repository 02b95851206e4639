"""Which events of one kind concern which automation: an index of what they are about, made once per batch."""

from collections import defaultdict


class Topics:
    """Events of one kind by their payload: who listens to one tag is not asked about the others."""

    def __init__(self, events, handled):
        """``handled``: ``{event id: ids of the automations that have seen it}``."""
        self._events = events
        self.facts = {}  # event id → (model, record id, chain)
        self._common = []  # ids of the events that are for all automations
        self._own = defaultdict(list)  # automation id → ids of the events for it alone
        self._handled = defaultdict(set)  # automation id → ids of the events it has seen
        self._index = defaultdict(set)  # (key, value) of a payload → ids
        for event in events:
            self.facts[event.id] = (event.res_model, event.res_id, tuple(event.chain or ()))
            (self._own[event.automatism_id.id] if event.automatism_id else self._common).append(event.id)
            for automatism_id in handled.get(event.id, ()):
                self._handled[automatism_id].add(event.id)
            for key, value in (event.payload or {}).items():
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, int | str):
                        self._index[key, one].add(event.id)

    def of(self, automatism_id, models=None, about=()):
        """The events that concern an automation, oldest first.

        :param models: the models it is for; None: all
        :param about: ``{key of the payload: wanted values}``, empty values: any
        :return: recordset
        """
        ids = sorted(self._common + self._own[automatism_id]) if automatism_id in self._own else self._common
        handled = self._handled.get(automatism_id, ())
        for key, wanted in dict(about).items():
            if wanted:
                found = set().union(*(self._index.get((key, value), ()) for value in wanted))
                ids = [i for i in ids if i in found]
        return self._events.browse(
            [i for i in ids if i not in handled and (models is None or self.facts[i][0] in models)]
        )
