"""What is new in a mail: quoted history, signatures and our own marker line cut off, for display."""

from tresen.kit.replies.cut import ReplyParts, cut_reply, split_quote
from tresen.kit.replies.lines import says_forward
from tresen.kit.replies.words import REPLY_MARKERS, marker_line

__all__ = ["REPLY_MARKERS", "ReplyParts", "cut_reply", "marker_line", "says_forward", "split_quote"]
