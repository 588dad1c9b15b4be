"""Text signed or encrypted with PGP in the open (RFC 4880, 6.2 and 7)."""

from __future__ import annotations

SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
SIGNATURE_END = "-----END PGP SIGNATURE-----"
ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
MARK = "-----BEGIN PGP "


def is_encrypted(text: str) -> bool:
    """Whether the text itself, not a quote in it, is a PGP message."""
    return MARK in text and text.lstrip().startswith(ENCRYPTED)


def without_armour(text: str) -> str:
    """The words of clear-signed text, also of one that was signed again (three times at most)."""
    for _ in range(3):
        if SIGNED not in text:
            break
        text = _without_one(text)
    return text


def _without_one(text: str) -> str:
    """Its headers, its signature and its escaped dashes undone."""
    out: list[str] = []
    place = "outside"
    for line in text.split("\n"):
        bare = line.rstrip()
        if place == "outside" and bare == SIGNED:
            place = "headers"
        elif place == "headers":
            place = "headers" if bare else "inside"
        elif place == "inside" and bare == SIGNATURE:
            place = "signature"
        elif place == "signature":
            place = "outside" if bare == SIGNATURE_END else "signature"
        else:
            out.append(line[2:] if place == "inside" and line.startswith("- ") else line)
    return "\n".join(out)
