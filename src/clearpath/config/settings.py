"""Settings: read from the environment, with defaults that are safe on one machine."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import cast

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from clearpath.config import environment

# Where things are
HERE = Path(__file__).resolve().parent.parent
HOME = Path(environment.text("HOME", "var", "Folder of everything that Clearpath writes")).resolve()

# How it runs
DEMO = environment.flag("DEMO", False, "Demo network: invented people, one-click sign-in. Never with real patients")
DEBUG = environment.flag("DEBUG", False, "Developer's error pages")
ALLOWED_HOSTS = environment.words("HOSTS", "localhost,127.0.0.1,[::1]", "Names under which it is served")
BIND = environment.text("BIND", "127.0.0.1", "Address on which `clearpath serve` listens; 0.0.0.0 is every one")
PORT = environment.number("PORT", 8000, "Port on which `clearpath serve` listens")
WEB_PROCESSES = environment.number("WEB_PROCESSES", 2, "Processes that serve pages")
WEB_THREADS = environment.number("WEB_THREADS", 4, "Threads in each process that serves pages")
HTTPS = environment.flag("HTTPS", False, "Served under https: cookies are sent over https only")
JOBS_INLINE = environment.flag("JOBS_INLINE", False, "Run what follows a step at once instead of by `clearpath work`")

if DEMO and HTTPS:
    raise ImproperlyConfigured(
        "CLEARPATH_DEMO lets anybody sign in as anybody: it cannot be combined with CLEARPATH_HTTPS."
    )


def kept_secret(name: str, says: str) -> str:
    """A secret from the environment, or one that is made when it is first needed: most commands write nothing."""
    given = environment.text(name, "", says, secret=True)
    return given or cast("str", SimpleLazyObject(lambda: _kept(HOME / name.lower())))


def _kept(path: Path) -> str:
    """Made once and kept readable by its owner alone."""
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = HOME / f".{path.name}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, path)  # whole or not at all: of processes that start at once, the first one's is kept
        draft.unlink()
    return path.read_text()


SECRET_KEY = kept_secret("SECRET_KEY", "Signs sessions; made at first start when not given")
VAULT_KEY = kept_secret("VAULT_KEY", "Wraps the keys of documents; losing it loses the documents")
SIGNING_KEY = kept_secret("SIGNING_KEY", "Signs the heads of the audit log")

# What it is made of
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
    "clearpath.web",  # before allauth: its pages use our layout
    "allauth",
    "allauth.account",
    "clearpath.core",
    "clearpath.charter",
    "clearpath.trust",
    "clearpath.jobs",
    "clearpath.turns",
    "clearpath.parties",
    "clearpath.stewardship",
    "clearpath.journeys",
    "clearpath.records",
    "clearpath.agreements",
    "clearpath.offers",
    "clearpath.travel",
    "clearpath.aftercare",
    "clearpath.complaints",
    "clearpath.money",
    "clearpath.forums",
    "clearpath.marketing",
    "clearpath.config",
]
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("clearpath.") or (HERE / app[10:]).is_dir()]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clearpath.parties.middleware.ActorMiddleware",
    "clearpath.web.middleware.OutcomeMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clearpath.web.context.shell",
            ],
        },
    }
]
ROOT_URLCONF = "clearpath.config.urls"
WSGI_APPLICATION = "clearpath.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Data. Never ATOMIC_REQUESTS: `@step` owns the outermost transaction.
DATABASES = {"default": environment.database("DATABASE", HOME / "clearpath.sqlite3")}

# People
AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "clearpath.parties.accounts.InvitedOnly"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
AXES_FAILURE_LIMIT = 10
AXES_USERNAME_FORM_FIELD = "email"  # the name of what a person signs in with
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "429.html"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# No page asks another host for anything
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Mail: without a server it is written to a folder, so that nothing is lost and nothing fails
EMAIL_HOST = environment.text("MAIL_HOST", "", "Mail server; if empty, mails are written to CLEARPATH_HOME/mail")
EMAIL_PORT = environment.number("MAIL_PORT", 587, "Port of the mail server")
EMAIL_HOST_USER = environment.text("MAIL_USER", "", "Name at the mail server")
EMAIL_HOST_PASSWORD = environment.text("MAIL_PASSWORD", "", "Password at the mail server", secret=True)
EMAIL_USE_TLS = environment.flag("MAIL_TLS", True, "Speak to the mail server over TLS")
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", "clearpath@localhost", "Sender of mails")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"

# Which fees are lawful where
FEE_RULES = environment.text("FEE_RULES", "", "File of the rules on fees; if empty, the table that is shipped")

# Links by which patients hand their records out, and those of others that are read
LINK_URL = environment.text("LINK_URL", "", "Address before /shl/ in links to records; if empty, that of the page")
LINK_LONGEST_DAYS = environment.number("LINK_LONGEST_DAYS", 366, "Days that a link to records may last at most")
LINK_OPENINGS_A_MINUTE = environment.number("LINK_OPENINGS_A_MINUTE", 30, "How often a link is opened in a minute")
LINK_LOOPBACK = environment.flag(
    "LINK_LOOPBACK", False, "Reach this very machine, without https, by links and webhooks: for tests"
)

# Leads
ANSWERING = environment.text("ANSWERING", "", "File of the rules by which a facilitator is chosen to answer a lead")

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("tr", _("Turkish")), ("ar", _("Arabic"))]
LOCALE_PATHS = [HERE / "locale"]
FORMAT_MODULE_PATH = ["clearpath.config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# Files
STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
SCANNER = environment.neighbour(
    "SCANNER",
    "",
    "clamd that checks health records for malware before they are kept: path of its socket, or 127.0.0.1:3310; if"
    " empty, nothing is checked",
)

# What is written to the console
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"oauthlib": {"level": "WARNING"}},  # below that it writes tokens down
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "WARNING", "DEBUG, INFO, WARNING, ERROR")},
}
