"""PDFs and pictures in the brand's look."""

import io

import pytest
import typst
from PIL import Image

from palauteketju.brand import documents, tokens

PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set text(lang: data.look.language, font: data.look.font)
#set page(width: 200pt, height: 100pt)
= #data.title
#data.text
#image(bytes(data.look.logo), format: "svg", alt: data.look.county, width: 20pt)
"""


@pytest.fixture
def template(tmp_path):
    file = tmp_path / "page.typ"
    file.write_text(PAGE)
    return file


@pytest.fixture
def data():
    return {"look": documents.look(tokens.load(), "sv"), "title": "Veckan", "text": "Åäö – 42 %"}


def test_it_works(template, data):
    content = documents.render_pdf(template, data)

    assert content.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b"/StructTreeRoot" in content
    assert b"/Lang(sv)" in content
    assert b'<rdf:li xml:lang="x-default">Veckan</rdf:li>' in content or b"Veckan" in content


def test_the_fonts_are_inside_and_are_ours(template, data):
    content = documents.render_pdf(template, data)

    assert b"SourceSans3" in content
    assert b"/FontFile" in content


def test_the_same_data_gives_the_same_bytes_and_no_clock(template, data):
    first = documents.render_pdf(template, data)

    assert documents.render_pdf(template, data) == first
    assert b"/CreationDate" not in first
    assert b"xmp:CreateDate" not in first


def test_texts_never_become_markup(template, data):
    data["title"] = 'A #panic("x") *b* $c$ [d] "e" \\ https://f'

    assert documents.render_pdf(template, data)


def test_a_picture_has_the_size_asked_for(template, data):
    picture = Image.open(io.BytesIO(documents.render_png(template, data, ppi=144)))

    assert picture.size == (400, 200)


def test_a_picture_without_its_text_is_refused(template, data):
    template.write_text(PAGE.replace(", alt: data.look.county", ""))

    with pytest.raises(typst.TypstError, match="alt"):
        documents.render_pdf(template, data)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Neuvola 😀", "Neuvola"),
        ("Neuvola 👩‍👩‍👧 pohjoinen", "Neuvola pohjoinen"),
        ("中文 a\u0301", "□ á"),
        ("Kiitos, 中文 ja 日本 kielellä", "Kiitos, □ ja □ kielellä"),
        ("مرحبا שלום สวัสดี Здравствуйте", "مرحبا שלום สวัสดี Здравствуйте"),
        ("Sámi: čđŋšŧž", "Sámi: čđŋšŧž"),
        ("yksi\n  kaksi", "yksi\n  kaksi"),
        ("a\u0000b\ufeffc\u200dd", "abcd"),
        ("1\u00a0234", "1\u00a0234"),
        ("", ""),
    ],
)
def test_what_no_font_can_draw_is_marked_or_left_out(text, printed):
    assert documents.printable(text) == printed


def test_every_character_that_is_let_through_can_be_drawn(template, data):
    every = "".join(chr(code) for code in sorted(documents._drawable()))
    data["text"] = documents.printable(every)

    assert len(data["text"]) > 1500
    assert documents.render_pdf(template, data)


def test_letters_of_other_scripts_are_drawn_with_fonts_that_have_them(template, data):
    data["text"] = "مرحبا שלום สวัสดี"
    content = documents.render_pdf(template, data)
    for font in (b"NotoSansArabic", b"NotoSansHebrew", b"NotoSansThai"):
        assert font in content


def test_nested_texts_are_cleaned_too(template, data):
    data["look"]["county"] = "Alue 😀"

    assert documents.render_pdf(template, data)


def test_the_licence_of_the_fonts_is_beside_them():
    assert "SIL Open Font License" in (documents.FONTS / "OFL.txt").read_text(encoding="utf-8")
