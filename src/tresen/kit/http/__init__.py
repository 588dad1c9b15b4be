"""Asking other servers by HTTP: the only door out, and it is guarded (safety decision 10).

`fetch(url)` looks at the address before it speaks: only public addresses, only the ports of the web, no redirects
unless asked for, bounded in bytes and in time. Whatever goes wrong is one `NotReached` with one text, so that nobody
learns by asking what stands in our network. `check_url(url)` judges an address when somebody enters it. Importing
another HTTP client fails a house test.
"""

from tresen.kit.http.client import Answer, Limits, NotReached, fetch
from tresen.kit.http.judging import WrongUrl, check_url

__all__ = ["Answer", "Limits", "NotReached", "WrongUrl", "check_url", "fetch"]
