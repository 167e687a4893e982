"""Django's settings; every value that differs between machines comes from the environment (`environment`)."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from econcierge.config import environment

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("ECONCIERGE_DATA_DIR", "var")).resolve()

# Installers of the Supplies Assistant and their signed metadata (`metadata/`, `targets/`), served at /updates/.
RELEASES_DIR = Path(environment.text("ECONCIERGE_RELEASES_DIR", str(DATA_DIR / "releases"))).resolve()

DEMO = environment.flag("ECONCIERGE_DEMO", default=False)
DEBUG = environment.flag("ECONCIERGE_DEBUG", default=False)
SECRET_KEY = environment.text("ECONCIERGE_SECRET_KEY")
ALLOWED_HOSTS = environment.words("ECONCIERGE_HOSTS", "localhost,127.0.0.1,[::1]")
PUBLIC_URL = environment.text("ECONCIERGE_PUBLIC_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE = PUBLIC_URL.startswith("https://")

DOMAINS = [
    "core",
    "audit",
    "accounts",
    "catalogue",
    "notifications",
    "fleet",
    "supplies",
    "forecasting",
    "alerts",
    "orders",
    "coverage",
    "payments",
    "fulfilment",
    "service",
    "replenishment",
]
INSTALLED_APPS = [
    *(f"econcierge.{domain}" for domain in DOMAINS),
    "econcierge.interfaces.web",
    "econcierge.interfaces.jobs",
    "econcierge.interfaces.backoffice",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    # Django's own adds random bytes, and tokens are masked anew in every answer: length tells nothing (BREACH).
    "econcierge.interfaces.web.middleware.CompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "econcierge.interfaces.web.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "econcierge.interfaces.web.middleware.ContentSecurityPolicyMiddleware",
    "econcierge.interfaces.web.middleware.ScopeMiddleware",
    "econcierge.interfaces.web.errors.ExpectedErrorsMiddleware",
]
CSRF_FAILURE_VIEW = "econcierge.interfaces.web.errors.csrf_failure"
ROOT_URLCONF = "econcierge.config.urls"
WSGI_APPLICATION = "econcierge.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "econcierge.interfaces.web.context.site",
            ],
        },
    }
]

# `default` is the role that row security binds; `owner` migrates and does nothing else.
DATABASES = {
    "default": environment.database(
        "ECONCIERGE_DATABASE_APP_URL", "postgresql://econcierge_app@127.0.0.1:5432/econcierge"
    )
    | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True},
    "owner": environment.database(
        "ECONCIERGE_DATABASE_OWNER_URL", "postgresql://econcierge_owner@127.0.0.1:5432/econcierge"
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_ADAPTER = "econcierge.interfaces.web.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "econcierge.interfaces.web.forms.Login",
    "reset_password": "econcierge.interfaces.web.forms.ResetPassword",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "en-ca"
LANGUAGES = [("fr-ca", _("French")), ("en-ca", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.text("ECONCIERGE_TIME_ZONE", "America/Toronto")
FORMAT_MODULE_PATH = ["econcierge.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

EMAIL_HOST = environment.text("ECONCIERGE_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = environment.whole_number("ECONCIERGE_SMTP_PORT", 25)
EMAIL_HOST_USER = environment.text("ECONCIERGE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = environment.text("ECONCIERGE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("ECONCIERGE_SMTP_TLS", default=False)
EMAIL_TIMEOUT = 20
MAIL_LEASE_S = environment.whole_number("ECONCIERGE_MAIL_LEASE_S", 120)  # how long a message belongs to one worker
DEFAULT_FROM_EMAIL = environment.text("ECONCIERGE_MAIL_FROM", "econcierge <no-reply@econcierge.test>")

SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MAX_REPORT_BYTES = 1_000_000  # a report as it came over the line
MAX_REPORT_BYTES_UNPACKED = 8_000_000
# Proxies before us, whose `X-Forwarded-For` is believed; none: whoever connects is who asks.
TRUSTED_PROXIES = environment.trusted_proxies("ECONCIERGE_TRUSTED_PROXIES")
# How often one assistant may report, in each web process; beyond it is told to come again.
REPORTS_PER_SECOND = environment.whole_number("ECONCIERGE_REPORTS_PER_SECOND", 30)
REPORTS_BURST = environment.whole_number("ECONCIERGE_REPORTS_BURST", 120)
# How often one person's key may ask, in each web process.
API_PER_SECOND = environment.whole_number("ECONCIERGE_API_PER_SECOND", 10)
API_BURST = environment.whole_number("ECONCIERGE_API_BURST", 60)
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_REPORT_BYTES

PROCRASTINATE_ON_APP_READY = "econcierge.interfaces.jobs.left_behind.watch_every_job"
# How often the schedule looks for due work (seconds are the sixth field).
TICK_CRON = f"* * * * * */{environment.whole_number('ECONCIERGE_TICK_S', 1 if DEMO else 10)}"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"procrastinate": {"level": "WARNING"}, "httpx": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": environment.text("ECONCIERGE_LOG_LEVEL", "INFO")},
}
