"""When advertising by SMS may reach a number (S32): the law or the code of conduct of the number's country.

A floor that no wider window overrides. Each row names its source. Where a country regulates calls only, an SMS keeps
the hours of calls. Where nothing gives hours, the law asks for consent and the hours are the addon's own caution.

Pure functions: moments are naive UTC datetimes. No Odoo import.
"""

from dataclasses import dataclass, replace

import phonenumbers
import pytz
from phonenumbers import timezone

from . import schedule
from .public_holidays import OVERSEAS_FRANCE, public_holidays
from .schedule import Window

SATURDAY, SUNDAY = 5, 6
MON_FRI, MON_SAT = frozenset(range(5)), frozenset(range(6))


@dataclass(frozen=True)
class Hours:
    """The hours of a country: window, whether they exclude public holidays, and where they come from."""

    window: Window
    holidays: bool
    source: str


DEFAULT = Hours(Window(9.0, 20.0, MON_SAT), False, "caution of this addon: no source known")


def _consent(law, holidays=False):
    """A country whose law asks for consent and gives no hours."""
    return Hours(DEFAULT.window, holidays, f"{law}: consent, no hours given; caution of this addon")


FRANCE = Hours(
    Window(8.0, 20.0, MON_SAT),
    True,
    "Charte SMS+ / règles AF2M de l'envoi de SMS commerciaux; CPCE art. L34-5",
)

LEGAL_HOURS = {
    "FR": FRANCE,
    **dict.fromkeys(OVERSEAS_FRANCE, FRANCE),
    # hours given by a law or a code
    "ES": Hours(Window(9.0, 21.0, MON_FRI), True, "Real Decreto Legislativo 1/2007, art. 96.2"),
    "IT": Hours(
        Window(9.0, 20.0, MON_SAT, special=((SATURDAY, 10.0, 19.0),)),
        True,
        "Codice di condotta telemarketing e teleselling (Garante, 2023)",
    ),
    "NL": Hours(
        Window(9.0, 21.0, MON_SAT, special=((SATURDAY, 10.0, 16.0),)),
        True,
        "Code Telemarketing (Stichting Reclame Code); Telecommunicatiewet art. 11.7",
    ),
    "PT": Hours(Window(9.0, 22.0, MON_SAT), True, "Decreto-Lei 134/2009 (call centres), 9–22; Lei 41/2004 art. 13-A"),
    "NO": Hours(Window(9.0, 21.0, MON_FRI), True, "Markedsføringsloven § 14"),
    "GB": Hours(
        Window(8.0, 21.0, special=((SUNDAY, 10.0, 17.0),)),
        False,
        "PECR 2003 reg. 22 (consent); DMA Code and ICO guidance on unsociable hours",
    ),
    "US": Hours(
        Window(8.0, 20.0, MON_SAT),
        False,
        "TCPA, 47 CFR 64.1200(c)(1): 8–21; Fla. Stat. 501.616(6): 8–20; Ala., La., Miss.: not on Sunday",
    ),
    "CA": Hours(
        Window(9.0, 21.5, special=((SATURDAY, 10.0, 18.0), (SUNDAY, 10.0, 18.0))),
        False,
        "CRTC Unsolicited Telecommunications Rules, part III, s. 23; CASL (consent)",
    ),
    # consent without hours
    "AT": _consent("TKG 2021 § 174", holidays=True),
    "BE": _consent("Code de droit économique, art. XII.13", holidays=True),
    "BG": _consent("Law on Electronic Communications, art. 261"),
    "CH": _consent("UWG art. 3 (1) o", holidays=True),
    "CY": _consent("Law 112(I)/2004, s. 106"),
    "CZ": _consent("Act 480/2004, § 7"),
    "DE": _consent("UWG § 7", holidays=True),
    "DK": _consent("Markedsføringsloven § 10"),
    "EE": _consent("Elektroonilise side seadus § 103¹"),
    "FI": _consent("Act on Electronic Communications Services 917/2014, § 200"),
    "GR": _consent("Law 3471/2006, art. 11"),
    "HR": _consent("Zakon o elektroničkim komunikacijama (NN 76/22)"),
    "HU": _consent("Act XLVIII of 2008, § 6"),
    "IE": _consent("S.I. 336/2011, reg. 13"),
    "LT": _consent("Law on Electronic Communications, art. 81"),
    "LU": _consent("Loi du 30 mai 2005, art. 11", holidays=True),
    "LV": _consent("Law on Information Society Services, s. 9"),
    "MT": _consent("S.L. 586.01, reg. 9"),
    "PL": _consent("Prawo komunikacji elektronicznej 2024, art. 398", holidays=True),
    "RO": _consent("Legea 506/2004, art. 12"),
    "SE": _consent("Marknadsföringslagen § 19"),
    "SI": _consent("ZEKom-2, art. 226"),
    "SK": _consent("Act 452/2021, § 116"),
}


def country_of(number):
    """ISO code of the country of an E.164 number, or None."""
    parsed = _parse(number)
    return parsed and phonenumbers.region_code_for_number(parsed)


def zone_of(number, moment):
    """Name of the time zone of an E.164 number, or None when its places have different times at ``moment``."""
    parsed = _parse(number)
    if not parsed:
        return None
    zones = timezone.time_zones_for_number(parsed)
    country = pytz.country_timezones.get(phonenumbers.region_code_for_number(parsed) or "", ())
    zones = [zone for zone in zones if zone in country] or zones  # a prefix may be shared with another country
    times = {schedule.to_local(moment, zone) for zone in zones}
    return zones[0] if len(times) == 1 and zones[0] != timezone.UNKNOWN_TIMEZONE else None


def window(country, moment, holidays=frozenset()):
    """The legal hours of a country, with its public holidays of this year and the next.

    :param country: ISO code of the country whose law applies, or None: the cautious hours
    :param moment: naive UTC; the window is searched from here on
    :param holidays: further days off (the company's own calendar)
    """
    hours = LEGAL_HOURS.get(country, DEFAULT)
    if not hours.holidays:
        return hours.window
    days = frozenset(holidays) | public_holidays(country, moment.year) | public_holidays(country, moment.year + 1)
    return replace(hours.window, holidays=days)


def opening(number, moment, zone, windows=(), holidays=frozenset()):
    """First moment from ``moment`` on at which an SMS may reach ``number``, within further ``windows``.

    :param zone: time zone to use when the number does not tell its own
    :param windows: the sender's own windows
    :raise schedule.NeverOpens: they are never open together
    """
    legal = replace(window(country_of(number), moment, holidays), zone=zone_of(number, moment))
    return schedule.next_joint_opening(moment, zone, [*windows, legal])


def _parse(number):
    try:
        return phonenumbers.parse(number or "", None)
    except phonenumbers.NumberParseException:
        return None
