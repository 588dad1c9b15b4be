"""The web application for an ASGI server."""

from __future__ import annotations

import os
import warnings

from django.conf import settings
from django.core.asgi import get_asgi_application

from tresen.kit.bodies import BodyLimits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tresen.config.settings")
# Files are served from synchronous iterators, which are small and read ahead; the word at each start helps nobody.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
django_application = get_asgi_application()

from tresen.faces.desk.live.stream import LiveStreams  # noqa: E402 - its models need Django to be set up

application = BodyLimits(LiveStreams(django_application), settings.BODY_LIMITS)
