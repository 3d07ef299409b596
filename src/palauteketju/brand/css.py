"""The brand as CSS custom properties: the only colours and sizes the style sheets may use."""

from dataclasses import asdict

from palauteketju.brand.tokens import Brand, Palette

_TEXT_NAMES = ("small", "body", "lead", "section", "title", "figure")


def custom_properties(brand: Brand, *, dark: bool = True) -> str:
    """One `:root` rule and, unless `dark` is off, the dark colours for whatever carries the class `staff`.

    Dark colours are for screens only: paper is white.
    """
    root = f":root{{color-scheme:light;{_colours(brand.light)}{_sizes(brand)}}}"
    if not dark:
        return root
    return root + (
        f"@media screen and (prefers-color-scheme:dark){{.staff{{color-scheme:dark;{_colours(brand.dark)}}}}}"
    )


def _colours(palette: Palette) -> str:
    return "".join(f"--{name.replace('_', '-')}:{value.lower()};" for name, value in asdict(palette).items())


def _sizes(brand: Brand) -> str:
    """Sizes in rem, so that a reader who has chosen larger text gets it."""
    shape = brand.shape
    space = "".join(f"--space-{step}:{_rem(px)};" for step, px in enumerate(shape.space, start=1))
    text = "".join(f"--text-{name}:{_rem(px)};" for name, px in zip(_TEXT_NAMES, shape.text, strict=True))
    return f"--font:{brand.fonts.page};--radius:{_rem(shape.radius)};{space}{text}"


def _rem(px: int) -> str:
    return f"{px / 16:g}rem" if px else "0"
