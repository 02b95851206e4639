"""Submissions tell whether the automations of their form have been told."""


def migrate(cr, version):
    """Note it for those that still wait for a confirmation: only forms set so told them at once."""
    cr.execute(
        """
        UPDATE marketing_engagement_submission AS submission
           SET fired = TRUE
          FROM marketing_engagement_point AS point
         WHERE point.id = submission.point_id
           AND (submission.state = 'done' OR submission.state = 'to_confirm' AND point.fire_on = 'fill')
        """
    )
