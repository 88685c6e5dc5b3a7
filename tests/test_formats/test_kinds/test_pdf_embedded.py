"""A file embedded in a PDF is named to who opens the record: its text would become pages that nobody sees in the document."""

from pathlib import Path

import pikepdf

from formats.hidden import hidden_content


def test_an_embedded_file_is_named_with_the_page_that_it_follows(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 400))
        pdf.save(path)
        assert hidden_content(path, mime="application/pdf") == ()
    with pikepdf.Pdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.attachments["名单.txt"] = b"CANARY"
        pdf.save(path)
    (found,) = hidden_content(path, mime="application/pdf")
    assert found.code == "embedded-file"
    assert "名单.txt" in found.message.text("zh")
    assert "page 1" in found.message.text("en")
