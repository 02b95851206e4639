from . import activity, call, date, form, lead, message, partner, score
