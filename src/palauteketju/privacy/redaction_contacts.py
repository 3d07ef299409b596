"""How somebody can be reached: e-mail addresses, also spelled out, links and names of social media, telephone numbers."""

import re
from typing import Final

# "(at)", "[ät]" and the names of the sign in three languages.
_AT: Final = r"(?:@|\s?[(\[{](?:at|ät|a|miuku|snabel-?a)[)\]}]\s?)"
_SPELLED_AT: Final = r"(?:ät|ätt|miuku(?:mauku)?|snabel-?a|at)"
_SPELLED_DOT: Final = r"(?:\.| ?\. ?| (?:piste|dot|punkt) )"
_ENDING: Final = r"(?:fi|com|net|org|se|eu|info|nu)(?!\w)"
EMAILS: Final = (
    re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}{_AT}[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,4}}", re.IGNORECASE),
    re.compile(
        rf"(?<![\w.+-])[\w.+-]{{1,64}}(?: (?:piste|dot|punkt) [\w+-]{{1,64}}){{0,2}}\s?(?:{_AT}| {_SPELLED_AT})\s?"
        rf"[\w-]{{1,63}}(?: (?:piste|dot|punkt) [\w-]{{1,63}}){{0,2}} (?:piste|dot|punkt) {_ENDING}",
        re.IGNORECASE,
    ),
    # "matti.m at luukku.com", but not "I was at pori.fi".
    re.compile(
        rf"(?<![\w.+-])[a-z0-9]{{1,30}}[._\d][\w.+-]{{0,32}} {_SPELLED_AT} [\w-]{{1,63}}\.{_ENDING}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![\w.+-])[\w.+-]{{1,64}} (?:ät|ätt|miuku(?:mauku)?) [\w-]{{1,63}}\.{_ENDING}", re.IGNORECASE
    ),
)
EMAIL_SIGN: Final = re.compile(r"[@(\[{]| (?:ät|ätt|at|miuku(?:mauku)?|snabel-?a)\b", re.IGNORECASE)

_MEDIA: Final = r"(?:snap(?:chat)?|sn[aä]pp?i|insta(?:gram)?|ig|discord|tiktok|tik tok|telegram|whatsapp|signal|twitter|facebook|fb|kik|skype|steam|messenger|threads|jodel)"
# A name nobody would take for a word: with a digit, a low line, or a dot between letters.
_ODD_NAME: Final = r"(?!covid)(?=[\w.]{0,30}[a-zåäö])(?=[\w.]{0,30}(?:\d|_|[a-z]\.[a-z]))[a-z_][\w.]{1,30}\w(?:#\d{2,6})?|[a-z_][\w.]{1,30}#\d{2,6}"
HANDLES: Final = (
    re.compile(r"(?:\bhttps?://|\bwww\.)[^\s<>\"]{2,500}", re.IGNORECASE),
    re.compile(
        r"\b(?:facebook|fb|instagram|tiktok|twitter|x|youtube|linkedin|snapchat|threads|t|wa)\.(?:com|me|net)/[^\s<>\"]{1,300}",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w@.])@[\w.]{2,40}\w"),
    re.compile(
        rf"(?<![\w@])(?:{_MEDIA}[a-zäö]{{0,6}})(?:(?: [a-zåäö]{{1,12}}){{0,3}}[ :=]{{1,3}})(?P<is>{_ODD_NAME})(?!\w)",
        re.IGNORECASE,
    ),
    # Nothing but a name is written so: "ig maijuli," "snap: hoitsu".
    re.compile(
        rf"(?<![\w@])(?:{_MEDIA}[a-zäö]{{0,4}} ?[:=] ?|(?:ig|snap) )(?P<is>[a-z][\w.]{{2,30}})(?=$|[,;!?)\n]|\.(?:\s|$)| (?:ja|tai|och|eller|and|or)\b)",
        re.IGNORECASE,
    ),
)
HANDLE_SIGN: Final = re.compile(rf"[/@]|[wW]{{3}}|(?<![\w@]){_MEDIA}", re.IGNORECASE)

PHONES: Final = (
    re.compile(r"(?<![\w.,/])(?:\+|00|\(0|0)(?:[ \t\u00a0\u202f\u2011().–-]{0,3}\d){5,14}(?![\w])"),
    # "044/123 4567", but not a month and a year.
    re.compile(r"(?<![\w.,/])0\d{1,3} ?/ ?(?!(?:19|20)\d\d(?!\d))\d(?:[ -]?\d){5,8}(?![\w/])"),
    re.compile(
        r"(?:\b(?:puh|puhelin|numero(?:on|ni)?|numerosta|tel|nummer|telefon|phone|number)\b[.: ]{1,3})(?P<is>\d(?:[ -]?\d){5,11})(?!\w)",
        re.IGNORECASE,
    ),
)


def may_be_phone(text: str, start: int, end: int) -> bool:
    return 6 <= sum(letter.isdecimal() for letter in text[start:end]) <= 15
