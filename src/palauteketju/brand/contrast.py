"""How well one colour can be told from another, as WCAG 2.1 counts it."""


def contrast(a: str, b: str) -> float:
    """Ratio from 1 (the same) to 21 (black on white) between two colours written #rrggbb; the order does not matter."""
    darker, lighter = sorted((_luminance(a), _luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    # WCAG 2.1, "relative luminance".
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
