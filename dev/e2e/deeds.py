"""What people do with their first mail."""

from e2e import visitor
from e2e.mails import Mail
from e2e.people import Person
from e2e.walk import Walk


def react(walk: Walk, person: Person) -> None:
    """Do all of a person's deeds."""
    known = {
        "open": open_mail,
        "click": click,
        "fill": fill,
        "fill in browser": fill_in_browser,
        "bounce": bounce,
        "reply": reply,
        "unsubscribe": unsubscribe,
    }
    for deed in person.deeds:
        known[deed](walk, person, first_mail(walk, person))


def first_mail(walk: Walk, person: Person) -> Mail:
    """Return the campaign as the person got it."""
    return Mail(walk.post.to(person.address)[0])


def open_mail(walk: Walk, person: Person, mail: Mail) -> None:
    """Show the pictures."""
    walk.checks.same(visitor.open_pixel(mail.pixel), 200, f"{person.name}: the pixel")


def click(walk: Walk, person: Person, mail: Mail) -> None:
    """Follow the first link."""
    target = visitor.follow(mail.tracked_links[0])
    leads_to_form = target.startswith(walk.flow.brochure_form["public_url"])
    walk.checks.that(leads_to_form, f"{person.name}: the link leads to {target}")


def fill(walk: Walk, person: Person, mail: Mail) -> None:
    """Follow the link and fill the form behind it."""
    answer = visitor.fill_form(visitor.follow(mail.tracked_links[0]), email=person.address)
    walk.checks.same(answer.status_code, 303, f"{person.name}: the brochure form thanks")


def fill_in_browser(walk: Walk, person: Person, mail: Mail) -> None:
    """The same in Chromium."""
    if not walk.chromium:
        fill(walk, person, mail)
        return
    title = visitor.fill_form_in_browser(walk.chromium, mail.tracked_links[0], email=person.address)
    walk.checks.same(title, "Recevez la brochure", f"{person.name}: the page that thanks")


def bounce(walk: Walk, person: Person, mail: Mail) -> None:
    """The mail comes back."""
    walk.gateway.bounce(mail)
    [record] = walk.api.read(person.model, [("id", "=", person.record_id)], "marketing_invalid_email")
    walk.checks.that(record["marketing_invalid_email"], f"{person.name}: the bounced address is marked as invalid")


def reply(walk: Walk, person: Person, mail: Mail) -> None:
    """The person answers."""
    walk.gateway.reply(mail, "Merci, ça m’intéresse.")
    texts = walk.api.read("mail.message", [("model", "=", person.model), ("res_id", "=", person.record_id)], "body")
    walk.checks.that(any("intéresse" in text["body"] for text in texts), f"{person.name}: the reply is on the record")


def unsubscribe(walk: Walk, person: Person, mail: Mail) -> None:
    """The mail program's own button."""
    walk.checks.same(visitor.one_click(mail.one_click), 200, f"{person.name}: one-click unsubscription")
    [record] = walk.api.read(person.model, [("id", "=", person.record_id)], "marketing_refuse_email")
    walk.checks.that(record["marketing_refuse_email"], f"{person.name}: the refusal is on the record")
