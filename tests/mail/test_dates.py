"""The Date header of every shape that still means one instant."""

from __future__ import annotations

import pytest

from tresen.kit.mime.dates import parse_date

DATES = {
    "Mon, 2 Mar 2026 10:00:00 +0100 (CET)": "2026-03-02T09:00:00",
    "Wed, 20 Sep 1995 00:19:00 (EDT) -0400": "1995-09-20T04:19:00",
    "Fri, Nov 01 02 15:01:05": "2002-11-01T15:01:05",
    "Wed 29 May 2019 06:09:22 PM EDT": "2019-05-29T22:09:22",
    "Tue Jan 05 10:00:00 CET 2010": "2010-01-05T09:00:00",
    "Mon Aug 17 00:39:51 2009 +0300": "2009-08-16T21:39:51",
    "Sun Mar 05 22:14:50 +0000 2006": "2006-03-05T22:14:50",
    "Tue, 05 Jan 2010 10:00:00 GMT+0200": "2010-01-05T08:00:00",
    "Sun, 12 Aug 2001 14:56:34 -07": "2001-08-12T21:56:34",
    "Thu, 18 Dec 103 20:25:11 +0000": "2003-12-18T20:25:11",
    "Sat, 01 Jan 00 00:00:00 -0500": "2000-01-01T05:00:00",
    "Fri, 10 Jun 2005 23:59:60 +0000": "2005-06-10T23:59:59",
    "Tue, Jan 9, 2007 3:04:05 PM": "2007-01-09T15:04:05",
    "Thursday, 3 September 2009 10:02 AM": "2009-09-03T10:02:00",
    "Mon,  3 Aug 2009 14.21.08 +0200": "2009-08-03T12:21:08",
    "2003-11-27T14:41:25.123+01:00": "2003-11-27T13:41:25",
    "20031127T144125Z": "2003-11-27T14:41:25",
    "27.11.2003 14:41": "2003-11-27T14:41:00",
    "11/27/2003 2:41:25 PM": "2003-11-27T14:41:25",
    "27/11/2003 14:41:25": "2003-11-27T14:41:25",
    "2009年8月3日 14:21": "2009-08-03T14:21:00",
    "Di, 3 März 2009 10:02:00 +0100": "2009-03-03T09:02:00",
    "pon., 5 paź 2009 10:02:00 +0100": "2009-10-05T09:02:00",
    "lun, 12 févr. 2024 10:00:00 +0100": "2024-02-12T09:00:00",
    "1 May 2008 09:45:10 +2500": "2008-05-01T09:45:10",
}
NONE = ["", "yesterday", "9999999999", "Sat, 30 Feb 2020 10:00:00 +0000", "Mon, 01 Jan 1900 00:00:00 GMT",
        "Mon, 99 Foo 99999 99:99:99 +9999", "Mon, 1 Jan 2101 00:00:00 +0000"]  # fmt: skip


@pytest.mark.parametrize("text", DATES)
def test_a_date_means_one_instant(text: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found.strftime("%Y-%m-%dT%H:%M:%S") == DATES[text]


@pytest.mark.parametrize("text", NONE)
def test_what_means_no_instant_is_none(text: str) -> None:
    assert parse_date(text) is None
