"""Phone numbers as people write them."""

import phonenumbers


def finnish_mobile(phone: str) -> str | None:
    """The number in international form (+358…), or None for anything but one valid Finnish mobile number.

    The only spelling in which two numbers may be compared, hashed or sent to.
    """
    # The library also takes letters, and the first of two numbers; we would then be guessing.
    if not phone or any(character not in "+0123456789 -()." for character in phone):
        return None
    try:
        number = phonenumbers.parse(phone, "FI")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number_for_region(number, "FI"):
        return None
    if phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
