"""The nine steps of the source document: mail, pause, three conditions, a form, reminders, a loop, the ways out."""

from docs.hand import Hand

PANEL = ".o_step_inspector"
CASES = f"{PANEL} .o_field_widget[name=case_ids] > .o_scenario_sentences"
DESIGNER = ".o_step_inspector_side"
MENU = ".o-autocomplete--dropdown-menu"


def build(hand: Hand) -> None:
    """From “New” to active, mails designed, form and automation included."""
    hand.click(".o_list_button_add")
    hand.sees(".o_scenario_gallery_name:focus")
    hand.type("Brochure follow-up")
    hand.click(".o_scenario_card_bare")
    hand.sees(card("Start"))
    enter_by_newsletter(hand)
    campaign(hand)
    pause(hand)
    conditions(hand)
    hand.click(".o_zoom_fit")
    form_filled(hand)
    mail(hand, "no", "A question about our brochure?", "Any question?")
    loop(hand)
    mail(hand, "case_3", "One last time: our brochure", "Still there?")
    hand.click(f"{PANEL}:not({DESIGNER}) [aria-label=Close]")
    hand.click(".o_canvas_add_ends")
    hand.sees(".o_canvas_board:not(:has(.o_canvas_open))")
    hand.page.wait_for_timeout(500)
    hand.look()
    hand.click("button[name=action_activate_checked]")
    hand.sees(".o_data_row:has-text('Brochure follow-up'):has-text('Active')")
    hand.look()


def enter_by_newsletter(hand: Hand) -> None:
    """Who fills the form of the newsletter enters: the automation, beside what Start says."""
    hand.click(card("Start"))
    hand.click(f"{PANEL} button[name=action_add_automatism]")
    hand.click(f"{DESIGNER} .o_field_widget[name=form_point_id] input")
    new_form(hand, "Newsletter")
    hand.click(f"{DESIGNER} [aria-label=Close]")
    hand.sees(f"{card('Start')}:has-text('1 automation')")


def campaign(hand: Hand) -> None:
    """The first mail."""
    mail(hand, "next", "Our new brochure is here", "Discover our brochure")


def mail(hand: Hand, outcome: str, subject: str, heading: str) -> None:
    """A mail on a way out: its subject, its design."""
    add(hand, "email", outcome)
    hand.sees(f"{PANEL} .o_field_widget[name=email_subject] input:focus")
    hand.type(subject)
    hand.click(f"{PANEL} button[name=action_email_design]")
    hand.click(f"{DESIGNER} .o_mail_theme_selector [data-name]:has-text('Welcome')")
    text = hand.page.frame_locator(f"{DESIGNER} iframe").locator("h1, h2, h3")
    hand.click(text)
    hand.press("Home")
    hand.press("Shift+End")
    hand.type(heading)
    hand.click(f"{DESIGNER} [aria-label=Close]")
    hand.find(DESIGNER).wait_for(state="detached")
    hand.sees(f"{card('Email')}:has-text('{subject}'):not(.o_incomplete)")


def pause(hand: Hand) -> None:
    """A week."""
    add(hand, "pause", "next")
    hand.sees(f"{PANEL} .o_field_widget[name=pause_days] input:focus")
    hand.type("7")
    hand.press("Tab")
    hand.sees(f"{card('Pause')}:has-text('7 days')")


def conditions(hand: Hand) -> None:
    """Who clicked, who opened, who did neither."""
    add(hand, "switch", "next")
    case(hand, 1, "Clickers", ("clicked",))
    case(hand, 2, "Openers", ("opened",))
    case(hand, 3, "Inactive", ("clicked", "opened", "error", "blocked"), contrary=True)


def case(hand: Hand, number: int, name: str, statuses: tuple[str, ...], contrary: bool = False) -> None:
    """A case of the switch with its rule."""
    hand.click(f"{CASES} > .o_scenario_add")
    row = f"{CASES} > ol > li:nth-child({number})"
    hand.sees(f"{row} .o_field_widget[name=name] input:focus")
    hand.type(name)
    hand.click(f"{row} .o_scenario_add")
    hand.click(".o_scenario_add_menu [data-value=email_status]")
    if contrary:
        hand.click(f"{row} .o_field_widget[name=email_status_operator] input")
        hand.click(".o_select_menu_item:has-text('none')")
    for status in statuses:
        hand.click(f"{row} .o_field_widget[name=email_is_{status}] input")
    hand.sees(f".o_canvas_words:has-text('{name}: ')")


def form_filled(hand: Hand) -> None:
    """Those who clicked: has the form been filled?"""
    add(hand, "if", "case_1")
    hand.click(f"{PANEL} .o_field_widget[name=rule_ids] .o_scenario_add")
    hand.click(".o_scenario_add_menu [data-value=form_filled]")
    hand.sees(f"{PANEL} .o_field_widget[name=form_point_id] input:focus")
    new_form(hand, "Brochure request")
    hand.sees(f"{card('IF')}:has-text('Brochure request')")


def new_form(hand: Hand, name: str) -> None:
    """Make a form where one is asked for, with the fields that a form has from the beginning."""
    hand.type(name)
    hand.page.wait_for_timeout(800)  # the menu follows what is typed
    hand.click(f"{MENU} .o_m2o_dropdown_option_create_edit")
    field = hand.page.locator(".o_dialog .o_field_widget[name=name] :is(input, textarea)").first
    if not field.input_value():
        hand.type(name)  # the menu was slower than the hand; the focus is there
    hand.click(".o_dialog .o_form_button_save")
    hand.find(".o_dialog").wait_for(state="detached")


def loop(hand: Hand) -> None:
    """Those who opened join those who clicked."""
    add(hand, "goto", "case_2")
    hand.sees(f"{PANEL} .o_field_widget[name=goto_step_id] input:focus")
    hand.type("Email")
    hand.click(f"{MENU} li:nth-child(2)")
    hand.sees(f"{card('Go to a step')}:not(.o_incomplete)")


def add(hand: Hand, step_type: str, outcome: str) -> None:
    """Drag a type from the palette onto an open way out."""
    count = hand.page.locator(".o_canvas_card").count()
    hand.drag(f".o_canvas_type[data-type={step_type}]", f".o_canvas_open[data-key$=':{outcome}']")
    hand.page.locator(".o_canvas_card").nth(count).wait_for()
    step_id = hand.find(".o_canvas_card.o_selected").get_attribute("data-key")
    hand.sees(f"{PANEL}[data-step='{step_id}'] .o_form_sheet")
    hand.page.wait_for_timeout(200)  # the focus goes where something is lacking


def card(name: str) -> str:
    """The card of a step."""
    return f".o_canvas_card:has(.o_canvas_name:text-is('{name}'))"
