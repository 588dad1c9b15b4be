"""What is new in a mail: quoted history, signatures and our own marker line cut off, for display."""

from tresen.kit.replies.cut import ReplyParts, cut_reply, split_quote
from tresen.kit.replies.lines import is_forward_subject
from tresen.kit.replies.words import REPLY_MARKERS, marker_line

__all__ = ["REPLY_MARKERS", "ReplyParts", "cut_reply", "is_forward_subject", "marker_line", "split_quote"]
