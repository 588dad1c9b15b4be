"""Reading mail: any bytes in, one `ParsedMail` out, in time and memory that grow only with the bytes."""

from tresen.kit.mime.addresses import Address
from tresen.kit.mime.limits import LIMITS, Limits, MailUnreadable
from tresen.kit.mime.parse import parse_headers, parse_mail, precheck
from tresen.kit.mime.parsed import AttachedFile, ParsedMail

__all__ = [
    "LIMITS",
    "Address",
    "AttachedFile",
    "Limits",
    "MailUnreadable",
    "ParsedMail",
    "parse_headers",
    "parse_mail",
    "precheck",
]
