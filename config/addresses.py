"""Addresses as one line (URLs) into Django's and Celery's settings. A wrong address raises ValueError."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

CACHE_TABLE = "plein_cache"
CACHE_ENTRIES = (
    200_000  # Django's own 300 would throw rate limits away: guess often enough, and it is forgotten
)
WEB_STATEMENT_SECONDS = (
    15  # a page that takes longer is broken; without this a stuck query keeps a thread for ever
)
IDLE_IN_TRANSACTION_SECONDS = 60  # a process that hangs halfway gives its locks back
CONNECT_SECONDS = 5
POOL_WAIT_SECONDS = 5  # then the page says that the database does not answer
MAIL_SECONDS = 20
PUBLISHING = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
"""Celery's own default tries for ever to reach a broker that is away; a request that only wakes the worker must not."""

PAYMENT_PAGE = "https://checkout.stripe.com"


def payment_pages(key: str, *, stand_in: str) -> list[str]:
    """Where a form of ours may lead to when somebody pays online: Chromium holds `form-action` to redirects as well."""
    return [stand_in or PAYMENT_PAGE] if key else []


def database(url: str) -> dict[str, Any]:
    """postgresql://user:password@host:port/name?option=value; a host of %2Fdir is the folder of a socket."""
    parts = _split(url, {"postgres", "postgresql"})
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") if "%2" not in parts.netloc else _socket_folder(parts),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS, "application_name": "plein"}
        | dict(parse_qsl(parts.query)),
    }


def pool(settings: dict[str, Any], *, size: int) -> None:
    """Give database settings a pool of connections and the time limits of a web process."""
    if not settings:
        return
    options = settings["OPTIONS"]
    limits = (
        f"-c statement_timeout={WEB_STATEMENT_SECONDS}s "
        f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_SECONDS}s"
    )
    options["options"] = f"{options.get('options', '')} {limits}".strip()
    options["pool"] = {"min_size": 1, "max_size": size, "timeout": POOL_WAIT_SECONDS}


def cache(url: str) -> dict[str, Any]:
    """Empty: a table in the database, so that rate limits hold over all processes; else redis:// or rediss://."""
    if not url:
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": CACHE_TABLE,
            "OPTIONS": {"MAX_ENTRIES": CACHE_ENTRIES},
        }
    _with_host(_split(url, {"redis", "rediss"}))
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }


def mail(url: str) -> dict[str, Any]:
    """smtp:// (plain), smtp+tls:// (STARTTLS, port 587) or smtps:// (TLS from the start, port 465)."""
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    parts = _with_host(_split(url, set(ports)))
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": MAIL_SECONDS,
    }


def mail_to_files(folder: Path) -> dict[str, Any]:
    """Mail is written to `folder`, one file a message, for the mailbox page of the embedded run."""
    return {"EMAIL_BACKEND": "config.mailbox.FileBackend", "EMAIL_FILE_PATH": str(folder)}


def broker(url: str) -> dict[str, Any]:
    """Celery's transport options for redis(s)://, amqp(s):// or pgmq:// (the database itself)."""
    parts = _split(url, {"redis", "rediss", "amqp", "amqps", "pgmq"})
    if parts.scheme == "pgmq":
        # rows of a dead worker return after visibility_timeout; NOTIFY wakes the worker, polling is the fallback
        return PUBLISHING | {
            "init_extension": False,
            "visibility_timeout": 300,
            "wait_time_seconds": 0,
            "polling_interval": 1,
            "use_notify": True,
            "pool_size": 1,
            "pool_timeout": 2,
        }
    _with_host(parts)
    if parts.scheme.startswith("redis"):
        # Redis's own default lets the tasks of a dead worker wait for an hour
        return PUBLISHING | {
            "visibility_timeout": 300,
            "unacked_restore_throttle": 1,
            "unacked_restore_limit": 1000,
            "socket_connect_timeout": 1,
            "socket_timeout": 5,
            "socket_keepalive": True,
        }
    return PUBLISHING | {"connect_timeout": 1}


def conninfo(settings: dict[str, Any]) -> str:
    """libpq's connection string for Django's database settings, for a broker that lives in the same database."""
    pairs = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "dbname": settings["NAME"],
        **{key: value for key, value in settings["OPTIONS"].items() if key not in {"pool", "options"}},
    }
    return " ".join(f"{key}={_quoted(str(value))}" for key, value in pairs.items() if value)


def without_password(url: str) -> str:
    """The address as it may be shown: nothing before its last @, whatever a password does to the parts of a URL."""
    before, at, rest = url.rpartition("@")
    scheme, slashes, _ = before.partition("://")
    shown = rest.partition("?")[0]
    return f"{scheme + slashes if slashes else ''}…@{shown}" if at else shown


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _split(url: str, schemes: set[str]) -> SplitResult:
    parts = urlsplit(url)
    if (
        parts.scheme not in schemes or (parts.port or 1) < 1
    ):  # .port raises ValueError itself when it is no number
        raise ValueError(url)
    return parts


def _with_host(parts: SplitResult) -> SplitResult:
    if not parts.hostname:
        raise ValueError(parts.geturl())
    return parts


def _socket_folder(parts: SplitResult) -> str:
    """urlsplit lowers the case of a host; a folder's name must keep its own."""
    host = parts.netloc.rpartition("@")[2]
    return unquote(host.partition(":")[0])
