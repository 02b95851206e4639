"""What became of a click, in words."""


def notice(message, level="success", **params):
    """Odoo's notification; then the list or form behind it is read again.

    :param level: ``success``, or ``warning`` where something stayed undone
    :param params: ``title``, ``sticky``, another ``next`` action
    """
    params = {"next": {"type": "ir.actions.act_window_close"}, **params}
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {"type": level, "message": message, **params},
    }
