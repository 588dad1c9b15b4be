"""Django's settings. What a person may change is data, not a line here; see environment.py for the few exceptions."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tresen.config.environment import EnvironmentFault, database_settings, read_environment

try:
    ENVIRONMENT = read_environment()
    DATABASES = {"default": database_settings(ENVIRONMENT.database_url, ENVIRONMENT.data)}
except EnvironmentFault as fault:
    sys.exit(f"Error: {fault}")

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key
BASE_URL = ENVIRONMENT.base_url
DATA = ENVIRONMENT.data
FILES = ENVIRONMENT.files
HTTPS = BASE_URL.startswith("https://")
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
# Addresses of our own network that requests to the outside may reach, and the proxy they leave by (kit/http).
OUTBOUND_ALLOW = ENVIRONMENT.outbound_allow
OUTBOUND_PROXY = ENVIRONMENT.outbound_proxy
# Links are built from BASE_URL and the hosts of brands, never from the Host header, so any host may be served.
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_prose_editor",
    "template_partials",
    "csp",
    "tresen.kit",
    "tresen.spine.jobs",
    "tresen.spine.events",
    "tresen.spine.limits",
    "tresen.core.people",
    "tresen.core.calendars",
    "tresen.core.attendance",
    "tresen.core.tickets",
    "tresen.core.teamwork",
    "tresen.core.knowledge",
    "tresen.core.catalog",
    "tresen.core.announcements",
    "tresen.channels.mail",
    "tresen.service.routing",
    "tresen.service.learning",
    "tresen.service.recurring",
    "tresen.service.procedures",
    "tresen.service.search",
    "tresen.service.answers",
    "tresen.service.notifications",
    "tresen.service.bulk",
    "tresen.service.live",
    "tresen.service.views",
    "tresen.service.preferences",
    "tresen.service.texts",
    "tresen.service.sla",
    "tresen.service.rules",
    "tresen.service.levels",
    "tresen.service.webhooks",
    "tresen.service.oncall",
    "tresen.service.surveys",
    "tresen.service.participation",
    "tresen.service.announcing",
    "tresen.faces.account",
    "tresen.faces.desk",
    "tresen.faces.setup",
    "tresen.faces.portal",
    "tresen.faces.api",
]

MIDDLEWARE = [
    "tresen.kit.requests.ProxyMiddleware",
    "tresen.kit.requests.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "tresen.faces.account.brand_hosts.BrandHostMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tresen.kit.bodies.RefusedBodyMiddleware",
    "tresen.kit.origins.OriginMiddleware",
    "tresen.faces.account.middleware.AccountMiddleware",
    "tresen.faces.account.middleware.PersonMiddleware",
    "tresen.faces.account.first_run.emptiness.EmptyDeskMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "tresen.config.urls"
ASGI_APPLICATION = "tresen.config.asgi.application"
WIRING = ["tresen.config.wiring"]

APP_TEMPLATES = "django.template.loaders.app_directories.Loader"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("tresen.kit.folding.Loader", [APP_TEMPLATES])])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "tresen.kit.context.face",
            ],
        },
    }
]
FORM_RENDERER = "tresen.kit.forms.Renderer"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["tresen.faces.account.backends.PasswordBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "account:sign-in"

SESSION_ENGINE = "tresen.core.people.sessions"
SESSION_COOKIE_NAME = "__Host-tresen" if HTTPS else "tresen"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-tresen-csrf" if HTTPS else "tresen-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tresen.kit.errors.csrf_failure"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# One upload is at most 25 MB, ten files a form (docs/limits); bodies beyond that are refused with 413.
MAX_FILE_BYTES = 25 * 1024 * 1024
MAX_FILES = 10
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The largest form is that of a procedure: 30 steps (procedures/steps.MOST_STEPS) of 33 fields, and a few of its own.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1100
# The body of a whole request (kit/bodies): an upload to the interface, its JSON, a mail in a provider's call, a form
# with files, every other form.
FORM_WITH_FILES = MAX_FILES * MAX_FILE_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE
BODY_LIMITS = [
    ("/api/v1/attachments", 30 * 1024 * 1024),
    ("/api/", DATA_UPLOAD_MAX_MEMORY_SIZE),
    ("/hooks/", 52 * 1024 * 1024),
    *((face, FORM_WITH_FILES) for face in ("/desk/", "/requests/", "/t/")),
    ("/", DATA_UPLOAD_MAX_MEMORY_SIZE),
]
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("pl", _("Polish"))]
USE_I18N = True
FORMAT_MODULE_PATH = ["tresen.config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES}},
    "staticfiles": {"BACKEND": "tresen.kit.assets.JoinedStaticFilesStorage"},
}
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
SOURCE = Path(__file__).resolve().parents[1]
LOCALE_PATHS = [SOURCE / "config" / "locale"]

# Shared by the processes of an installation (sign-in limits must count over all of them).
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

NINJA_PAGINATION_MAX_LIMIT = 100

MAIL_HOST = urlsplit(BASE_URL).hostname or "localhost"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "tresen.kit.logs.RedactingFilter"}},
    "formatters": {"line": {"()": "tresen.kit.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENVIRONMENT.log_level},
    "loggers": {
        "django": {"level": "INFO", "handlers": [], "propagate": True},
        "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
        "mail.log": {"level": "WARNING"},
    },
}
