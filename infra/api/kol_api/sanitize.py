"""The one form in which texts enter a graph; the twin of src/core/sanitize-text.ts."""

import re
import unicodedata

_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def sanitize_text(text: str | None) -> str:
    """None becomes "", NUL goes, lone surrogates become U+FFFD, lower case, NFC, emoji keep their identity in the
    private use area and what else lies beyond the BMP becomes U+FFFD."""
    if not text:
        return ""
    plain = text.replace("\0", "")
    if _SURROGATE.search(plain):
        # Two halves that had only a NUL between them are one character again.
        plain = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    plain = unicodedata.normalize("NFC", plain.lower())
    return _BEYOND_BMP.sub(lambda match: _beyond_bmp(ord(match[0])), plain)


def _beyond_bmp(code_point: int) -> str:
    return chr(0xE000 + code_point - 0x1F000) if 0x1F000 <= code_point <= 0x1FAFF else "\ufffd"
