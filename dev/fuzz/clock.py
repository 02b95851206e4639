"""The clock of a round: all processes share it, and it can be set forward and back while they run."""

import datetime
import multiprocessing


class Clock:
    """So many seconds ahead of the real time. Made before any process is forked."""

    def __init__(self):
        self._ahead = multiprocessing.Value("d", 0.0)
        self._rules = False
        self._start: datetime.datetime | None = None  # where time stands still; None: it goes on by itself

    def jump(self, hours: float) -> None:
        """Let time pass, or put it back."""
        with self._ahead.get_lock():
            self._ahead.value += hours * 3600

    def stand(self, moment: datetime.datetime) -> None:
        """From this moment on time passes by jumps only. To be said before any process is forked."""
        self._start, self._ahead.value = moment, 0.0

    @property
    def stands(self) -> bool:
        """Whether time passes by jumps only."""
        return self._start is not None

    def now(self) -> datetime.datetime:
        """Naive UTC."""
        return (self._start or datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)) + self._shift()

    def _shift(self) -> datetime.timedelta:
        return datetime.timedelta(seconds=self._ahead.value)

    def rule(self) -> None:
        """Let Odoo go by this clock in this process and those forked from it: one instant for a transaction."""
        from odoo import fields, sql_db  # noqa: PLC0415 - once Odoo is configured

        from odoo.addons.mail.models import mail_mail  # noqa: PLC0415

        if self._rules:
            return
        self._rules = True
        clock, real = self, sql_db.BaseCursor.now

        def of_transaction(cursor):
            if cursor._now is None:
                cursor._now = (clock._start or real(cursor)) + clock._shift()
            return cursor._now

        class AnyMoment(type):
            def __instancecheck__(cls, value):
                return isinstance(value, datetime.datetime)

        class Shifted(datetime.datetime, metaclass=AnyMoment):
            @classmethod
            def utcnow(cls):
                return clock.now()

        class Module:
            """As the module ``datetime``; the queue of mails asks it what is to leave now."""

            datetime = Shifted

            def __getattr__(self, name):
                return getattr(datetime, name)

        sql_db.BaseCursor.now = of_transaction
        fields.Datetime.now = staticmethod(lambda *_: clock.now().replace(microsecond=0))
        mail_mail.datetime = Module()
