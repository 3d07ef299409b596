"""Every setting once. What a county may change comes from the environment (docs/configuration.md) or county.toml."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from palauteketju.project import environment, keys

PACKAGE = Path(__file__).resolve().parent.parent

# --- Where we are --------------------------------------------------------------------------------

DATA_DIR = Path(environment.text("PALAUTEKETJU_DATA", "data")).absolute()
# "embedded" is set by the command line for its own database; whoever gives DATABASE_URL runs in production.
IS_PRODUCTION = not environment.boolean("PALAUTEKETJU_EMBEDDED", default=False)
PUBLIC_ADDRESS = environment.public_address("PALAUTEKETJU_ADDRESS", "http://127.0.0.1:8000")
IS_HTTPS = PUBLIC_ADDRESS.startswith("https:")
DEBUG = False
ALLOWED_HOSTS = [urlsplit(PUBLIC_ADDRESS).hostname or ""]
if not IS_PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]

KEY_RING = keys.load(DATA_DIR, production=IS_PRODUCTION)
SECRET_KEY = KEY_RING.fingerprint("django", purpose="secret-key").hex()

COUNTY_FILE = environment.text("PALAUTEKETJU_COUNTY_FILE", "") or None
BRAND_FILE = environment.text("PALAUTEKETJU_BRAND_FILE", "") or None

# --- The program ---------------------------------------------------------------------------------

STEPS = ["organisation", "surveys", "intake", "sms", "handling", "insight", "improvement", "publishing"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "procrastinate.contrib.django",
    "palauteketju.ui",
    "palauteketju.audit",
    *(f"palauteketju.{step}" for step in STEPS),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "palauteketju.project.middleware.add_content_security_policy",
    "palauteketju.project.middleware.refuse_undecodable",
    "palauteketju.organisation.language.choose_language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "palauteketju.project.urls"
WSGI_APPLICATION = "palauteketju.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "palauteketju.project.page.look",
            ],
        },
    },
]
# Unused: pages need one stylesheet, which project/assets.py serves. Django's test server wants the setting.
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- The database --------------------------------------------------------------------------------

_database: dict[str, Any] = dict(dj_database_url.parse(environment.text("DATABASE_URL")))
_database["OPTIONS"] = {
    **_database.get("OPTIONS", {}),
    "application_name": "palauteketju",
    # The daily count of answers looks back from a cut-off (insight): no transaction may stay open longer than that.
    # No compiling of statements: they take milliseconds, and the planner overrates those that read JSON so much that
    # PostgreSQL would compile them for a tenth of a second each time.
    "options": "-c statement_timeout=60s -c idle_in_transaction_session_timeout=60s -c lock_timeout=20s -c jit=off",
}
if _threads := environment.whole_number("PALAUTEKETJU_POOL", 0):
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _threads, "timeout": 10}
    _database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}

PROCRASTINATE_IMPORT_PATHS = ["palauteketju.operations.jobs"]

# --- People --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organisation.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "/kirjaudu/"
LOGIN_REDIRECT_URL = "/tyolista/"
LOGOUT_REDIRECT_URL = "/kirjaudu/"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "palauteketju.project.error_pages.form_too_old"

# --- What the browser may do ---------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
if environment.boolean("PALAUTEKETJU_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Far above the longest text, so that a text that is too long comes back to its writer with an explanation.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- Languages and time --------------------------------------------------------------------------

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"

# --- Messages out --------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 20
globals().update(environment.smtp("PALAUTEKETJU_SMTP", "smtp+plain://127.0.0.1:25"))
DEFAULT_FROM_EMAIL = environment.text("PALAUTEKETJU_FROM", "palaute@localhost")

SMS_GATEWAY = environment.one_of("PALAUTEKETJU_SMS_GATEWAY", ("none", "simulator", "http"), "none")
SMS_HTTP_ADDRESS = environment.text("PALAUTEKETJU_SMS_HTTP_ADDRESS", "")
SMS_HTTP_TOKEN = environment.text("PALAUTEKETJU_SMS_HTTP_TOKEN", "")
SMS_SIMULATOR_DIR = DATA_DIR / "simulator"

PUBLISHED_DIR = Path(environment.text("PALAUTEKETJU_PUBLISHED", str(DATA_DIR / "published"))).absolute()

# --- Logs: event names and ids, never what people wrote -------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "palauteketju.project.logs.WordlessFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("PALAUTEKETJU_LOG_LEVEL", "WARNING")},
    "loggers": {
        "palauteketju": {"level": "INFO"},
        # At INFO it writes down each address it calls, and a webhook's address is a secret.
        "httpx": {"level": "WARNING"},
    },
}
