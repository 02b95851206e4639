"""Legal hours of an SMS, asked for many numbers at one moment (S32)."""

from ...tools import legal_hours


class SmsHours:
    """Openings from one moment on; what many numbers share is worked out once."""

    def __init__(self, moment):
        self.moment = moment
        self.holidays = {}
        self.found = {}

    def opening(self, number, zone, company, windows=()):
        """:return: naive UTC moment from which an SMS may reach ``number``

        :param zone: the target's time zone, used when the number does not tell its own
        :param company: its holidays close the hours, too
        :param windows: tuple of the sender's own windows
        :raise NeverOpens: these windows are never open in the legal hours
        """
        if company not in self.holidays:
            self.holidays[company] = company._marketing_holidays()
        own_zone = legal_hours.zone_of(number, self.moment)
        key = legal_hours.country_of(number), own_zone, zone, company, windows
        if key not in self.found:
            self.found[key] = legal_hours.opening(number, self.moment, zone, windows, self.holidays[company])
        return self.found[key]
