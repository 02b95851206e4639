"""What a dry run caches is its own.

Odoo's caches (``ormcache``) belong to the process: other threads would read from them what is going to be undone.
"""

import threading
from contextlib import contextmanager

from odoo.tools.lru import LRU

_changing = threading.Lock()


class OwnCache(LRU):
    """A cache of a dry run: what the process has cached is read through, until something is forgotten."""

    def __init__(self, shared):
        super().__init__(shared.count)
        self._shared = shared

    def __getitem__(self, key):
        try:
            return super().__getitem__(key)
        except KeyError:
            return self._shared[key]

    def clear(self):
        self._shared = {}
        return super().clear()


class ThreadCaches(dict):
    """The caches of a registry by name: a thread in a dry run gets its own, every other one those of the process."""

    def __init__(self, shared):
        super().__init__(shared)
        self.own = {}  # thread → {name: its cache}

    def __getitem__(self, name):
        own = self.own.get(threading.get_ident())
        return super().__getitem__(name) if own is None else own[name]


@contextmanager
def own_caches(registry):
    """In this block, nobody else sees what this thread caches, and nobody forgets what it forgets."""
    thread = threading.get_ident()
    with _changing:
        caches = registry._Registry__caches
        if not isinstance(caches, ThreadCaches):
            caches = registry._Registry__caches = ThreadCaches(caches)
        caches.own[thread] = {name: OwnCache(shared) for name, shared in caches.items()}
    try:
        yield
    finally:
        with _changing:
            del caches.own[thread]
            if not caches.own:  # looking things up costs nothing again
                registry._Registry__caches = dict(caches)
