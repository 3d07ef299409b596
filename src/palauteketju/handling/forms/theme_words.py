"""What a county adds to the words of one theme, and what it leaves out: one pattern a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from palauteketju.handling.forms.cases import MessageField, PlainForm
from palauteketju.handling.triage.word_patterns import BadPattern, Lexicon, parse

LONGEST = 20_000


class PatternsField(MessageField):
    """Lines of patterns; their list when clean."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
        super().__init__(required=False, label=label, help_text=help_text, widget=widget, max_length=LONGEST)

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value) or ""
        return list(dict.fromkeys(line.strip() for line in text.split("\n") if line.strip()))


class ThemeWordsForm(PlainForm):
    def __init__(self, *args: Any, shipped: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shipped = shipped
        self.fields |= {
            "fi": PatternsField(_("Own words in Finnish"), _("One on each line, for example mopopaik*")),
            "sv": PatternsField(_("Own words in Swedish")),
            "en": PatternsField(_("Own words in English")),
            "remove": PatternsField(
                _("The program's words that are left out"), _("Each exactly as it stands in the list below.")
            ),
            "unless": PatternsField(
                _("Where one of these is found, it does not count"),
                _("For example mopopaik* .. keittiö* when the words mean something else there."),
            ),
            "sample": MessageField(
                required=False,
                max_length=LONGEST,
                label=_("Try a sentence of your own"),
                widget=forms.Textarea(attrs={"rows": 2}),
            ),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("fi", "sv", "en", "unless"):
            for line in cleaned.get(name, []):
                self._judge(name, line)
        for line in cleaned.get("remove", []):
            if line not in self._shipped:
                self.add_error(
                    "remove", _says(_("The program has no such words in this theme: %(line)s"), line)
                )
        return cleaned

    def _judge(self, name: str, line: str) -> None:
        try:
            parse(line, Lexicon(), misspelt=name != "unless")
        except BadPattern:
            self.add_error(
                name,
                _says(
                    _(
                        "This line cannot be understood: %(line)s. Write words of letters; a star may begin or end one, and"
                        " at least three letters must stand beside it."
                    ),
                    line,
                ),
            )

    def patterns(self) -> dict[str, list[str]]:
        """What was written, theme entry fields only."""
        return {name: self.cleaned_data[name] for name in ("fi", "sv", "en", "remove", "unless")}


def _says(words: Any, line: str) -> ValidationError:
    return ValidationError(words, params={"line": line[:60]})
