"""Shares of people who reacted, compared: intervals, and when the better of several may be called so.

The intervals are those of Wilson (1927) for one share and of Newcombe (1998, "Interval estimation for the difference
between independent proportions", Statistics in Medicine 17, method 10) for the difference of two: both hold for small
numbers and for shares near 0 and 1. The tests compare them with a maintained library (statsmodels).

Who looks at a running comparison again and again finds "a difference" in the end even where there is none. So it is
looked at a few times only, when each side has 100, 200, 400 … people, and the allowed error of 5 % is spent over these
looks: look k may err with 5 % / (k (k + 1)), which adds up to 5 % however long it goes on (Bonferroni's inequality; the
spending of an error over looks: Lan and DeMets, 1983). No assumption is made on how the looks hang together, so
stopping at any look is allowed. Of n sides, the one that is really best can wrongly fall behind each of the n - 1
others, or wrongly be set above one that is as good: n errors in one direction, so each interval gets 2 / n of it.
"""

from math import log2, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
FIRST_LOOK = 100  # people on each side
LARGE = 30  # people from whom on a mean is taken as spread normally


def quantile(confidence):
    """How many standard errors lie to each side: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(count, total, confidence=CONFIDENCE):
    """:return: ``(low, high)``: the interval of a share ``count / total``"""
    if not total:
        return 0.0, 1.0
    z = quantile(confidence)
    share = count / total
    middle = share + z * z / (2 * total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def newcombe(count, total, other_count, other_total, confidence=CONFIDENCE):
    """:return: ``(low, high)``: the interval of ``count / total - other_count / other_total``"""
    if not (total and other_total):
        return -1.0, 1.0
    share, other = count / total, other_count / other_total
    low, high = wilson(count, total, confidence)
    other_low, other_high = wilson(other_count, other_total, confidence)
    difference = share - other
    return (
        difference - sqrt((share - low) ** 2 + (other_high - other) ** 2),
        difference + sqrt((high - share) ** 2 + (other - other_low) ** 2),
    )


def difference_of_means(mean, variance, total, other_mean, other_variance, other_total, confidence=CONFIDENCE):
    """As ``newcombe``, of ``mean - other_mean`` for groups of unlike variance (Welch).

    :return: ``(low, high)``, or None: one of the groups is too small for it
    """
    if min(total, other_total) < LARGE:
        return None
    half = quantile(confidence) * sqrt(variance / total + other_variance / other_total)
    return mean - other_mean - half, mean - other_mean + half


def look_of(total):
    """The number of the last look that ``total`` people on the smallest side allow; 0: too early for the first."""
    return int(log2(total / FIRST_LOOK)) + 1 if total >= FIRST_LOOK else 0


def size_of(look):
    """How many people on each side the look of this number needs."""
    return FIRST_LOOK * 2 ** (look - 1)


def confidence_of(look, sides):
    """The confidence of each interval at this look, so that all looks at all sides together err in 5 %."""
    return 1 - (1 - CONFIDENCE) / (look * (look + 1)) * 2 / sides


def best(counts, look):
    """The side that is shown to be better than each other one.

    :param counts: list of ``(count, total)``
    :param look: number of this look
    :return: its index, or None: nothing is shown yet
    """
    confidence = confidence_of(look, len(counts))
    leader = max(range(len(counts)), key=lambda i: counts[i][0] / counts[i][1])
    others = (side for i, side in enumerate(counts) if i != leader)
    return leader if all(newcombe(*counts[leader], *side, confidence)[0] > 0 for side in others) else None
