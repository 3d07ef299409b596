"""What each entry of the trail says, in the reader's language.

The steps write their actions as codes, which never change; the words for all of them stand here, because the pages that
show the trail show every step's. tests/audit/test_wording.py fails for an action without words.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: Final[dict[str, str | Promise]] = {
    "organisation.unit.added": _("Unit added"),
    "organisation.unit.changed": _("Unit changed"),
    "organisation.person.added": _("Person added"),
    "organisation.person.closed": _("Person's account closed"),
    "organisation.person.reopened": _("Person's account opened again"),
    "organisation.person.signed_in": _("Signed in"),
    "organisation.person.sign_in_failed": _("Sign-in failed"),
    "organisation.person.password_changed": _("Own password changed"),
    "organisation.person.password_reset": _("Person's password set anew"),
    "organisation.role.given": _("Role given"),
    "organisation.role.taken": _("Role taken away"),
    "organisation.integration.added": _("Key for another system made"),
    "organisation.integration.revoked": _("Key of another system revoked"),
    "organisation.absence.added": _("Absence marked"),
    "organisation.absence.removed": _("Absence removed"),
    "intake.feedback.keyed_in": _("Feedback written down for a customer"),
    "intake.feedback.deleted_by_age": _("Old feedback deleted"),
    "handling.case.opened": _("Case opened"),
    "handling.case.read": _("Feedback read"),
    "handling.case.searched": _("Feedback searched by words"),
    "handling.case.printed": _("Case printed for a records request"),
    "handling.case.clarification_asked": _("Customer asked for more"),
    "handling.case.answered": _("Customer answered"),
    "handling.case.noted": _("Note written"),
    "handling.case.called": _("Phone call written down"),
    "handling.case.closed": _("Case closed"),
    "handling.case.extended": _("More time taken"),
    "handling.case.moved": _("Case moved to another unit"),
    "handling.case.split": _("Case split"),
    "handling.case.linked": _("Case linked with another"),
    "handling.case.unlinked": _("Link to another case removed"),
    "handling.case.redirected": _("Customer shown the formal way"),
    "handling.case.urgency_confirmed": _("Found urgent"),
    "handling.case.urgency_removed": _("Found not urgent"),
    "handling.case.urgent_by_message": _("Urgent by what the customer wrote later"),
    "handling.case.reminded": _("Reminder or alarm of the deadline made"),
    "handling.case.recounted": _("Deadline counted anew"),
    "handling.deadlines.recounted": _("All deadlines counted anew"),
    "handling.answer_times.counted": _("Answer times of a month counted"),
    "handling.feedback_list.read": _("List of feedback read"),
    "handling.feedback.themes_corrected": _("Themes corrected"),
    "handling.contact.read": _("Contact details read"),
    "handling.contact_details.deleted": _("Contact details deleted"),
    "handling.customer.wrote": _("Customer wrote"),
    "handling.customer.told": _("Customer told that a message waits"),
    "handling.customer.asked_if_helped": _("Customer asked whether the answer helped"),
    "handling.customer.told_if_helped": _("Customer told whether the answer helped"),
    "handling.prompt.sent": _("Prompt sent by e-mail"),
    "handling.digest.sent": _("Daily e-mail of prompts sent"),
    "handling.prompt_settings.changed": _("Own settings of prompts changed"),
    "handling.mailbox.refused": _("A mailbox refused an e-mail"),
    "handling.chat.posted": _("Prompt posted to a chat channel"),
    "handling.chat_channel.added": _("Chat channel added"),
    "handling.chat_channel.closed": _("Chat channel closed"),
    "handling.quote.approved": _("Quote approved"),
    "handling.quote.withdrawn": _("Quote withdrawn"),
    "handling.theme_words.saved": _("Theme words of the county saved"),
    "handling.reply_template.added": _("Reply template added"),
    "handling.reply_template.changed": _("Reply template changed"),
    "handling.reply_template.deleted": _("Reply template deleted"),
    "insight.blocks.closed": _("Figures counted"),
    "insight.quotes.released": _("Quotes joined to the reports"),
    "insight.reports.ordered": _("Reports by e-mail chosen"),
    "insight.report_mail.sent": _("Links to reports sent by e-mail"),
    "improvement.measure.recorded": _("Measure recorded"),
    "improvement.measure.revised": _("Measure revised"),
    "improvement.measure.approved": _("Measure approved"),
    "improvement.measure.returned": _("Measure sent back"),
    "improvement.measure.completed": _("Measure marked as done"),
    "improvement.effect.approved": _("What a measure changed approved"),
    "improvement.week.reviewed": _("Week gone through in the unit's meeting"),
    "improvement.board.opened": _("Unit's board opened"),
    "improvement.board.closed": _("Unit's board closed"),
}


def in_words(action: str) -> str | Promise:
    """An action of an earlier version of the program, which has no words any more, as it was written."""
    return ACTIONS.get(action, action)
