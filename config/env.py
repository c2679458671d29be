"""What an installation is told by its environment: every value read and checked, all problems reported at once."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from config import addresses
from config.wording import in_words

SECRET_KEY_LENGTH = 50
HOST_NAME = re.compile(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:]+\]")
STRIPE_KEY = re.compile(r"(sk|rk)_(test|live)_\w{8,}")
WEBHOOK_SECRET = re.compile(r"whsec_\S{8,}")
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DEFAULT_PORT = 8000
NOT_FOR_THE_EMBEDDED_RUN = frozenset(
    {
        "ALLOWED_HOSTS", "CACHE_URL", "CELERY_BROKER_URL", "DB_POOL_SIZE", "DEBUG", "DEFAULT_FROM_EMAIL", "EMAIL_URL",
        "PLEIN_PROCESS", "SECRET_KEY", "SITE_URL", "TRUSTED_PROXY_COUNT",
    }
)  # fmt: skip
"""Settings of a real installation: with them in the shell a trial would take its tasks or send its mail."""


class Environment:
    """The variables of one process. Reading never raises: a problem is kept, and `stop_if_wrong` tells them all."""

    def __init__(self, values: Mapping[str, str], *, base_dir: Path) -> None:
        self._values = values
        self._problems: list[str] = []
        self._hosts: list[str] = []
        self.embedded = values.get("PLEIN_EMBEDDED", "") == "1"
        self.var_dir = Path(values.get("PLEIN_VAR") or base_dir / "var").resolve()

    @classmethod
    def of(cls, base_dir: Path) -> Self:
        """The process's variables, completed from the file `.env` in `base_dir` unless this is an embedded run."""
        values, problems = dict(os.environ), []
        file = base_dir / ".env"
        if values.get("PLEIN_EMBEDDED") != "1" and file.is_file():
            try:
                values = read_env_file(file) | values
            except (OSError, UnicodeDecodeError) as fault:
                problems = [in_words(f"{file} is niet te lezen: {fault}", f"{file} cannot be read: {fault}")]
        env = cls(values, base_dir=base_dir)
        env._problems += problems
        return env

    @property
    def problems(self) -> list[str]:
        """One sentence for each wrong or missing value, in the order they were read."""
        return list(dict.fromkeys(self._problems))

    def stop_if_wrong(self) -> None:
        """End the process (exit code 1, no traceback) with every problem found so far; nothing when there is none."""
        if not self._problems:
            return
        head = in_words(
            "Plein start niet: deze instellingen kloppen niet (zie .env.example).",
            "Plein does not start: these settings are wrong or missing (see .env.example).",
        )
        raise SystemExit("\n".join([head, *(f"  {problem}" for problem in self.problems)]))

    def text(self, name: str, *, hint: str, default: str | None = None) -> str:
        """The value as typed; without one the default; without a default a problem."""
        value = self._values.get(name, "").strip() or default
        if value is None:
            self._missing(name, hint)
        return value or ""

    def optional(self, name: str) -> str:
        """The value as typed, or an empty string."""
        return self._values.get(name, "").strip()

    def number(self, name: str, *, default: int, low: int, high: int) -> int:
        """A whole number from low to high inclusive."""
        raw = self.optional(name)
        if not raw:
            return default
        if not re.fullmatch(r"\d{1,9}", raw) or not low <= int(raw) <= high:
            self._wrong(name, raw, f"{low}–{high}")
            return default
        return int(raw)

    def off(self, name: str) -> bool:
        """Always False: a switch that may not be on. Turned on, it is a problem."""
        if self.optional(name).lower() not in {"", "0", "false", "no", "off"}:
            self._wrong(name, self.optional(name), in_words("laat deze weg", "leave it out"))
        return False

    def port(self) -> int:
        """The port the web server of the embedded run listens on."""
        return self.number("PORT", default=DEFAULT_PORT, low=1, high=65_535)

    def secret_key(self) -> str:
        """SECRET_KEY of at least 50 characters; the embedded run makes its own and keeps it in the data folder."""
        value = self.optional("SECRET_KEY")
        if self.embedded and not value:
            return kept_secret(self.var_dir / "secret-key")
        hint = 'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
        if not value:
            self._missing("SECRET_KEY", hint)
        elif len(value) < SECRET_KEY_LENGTH or value.startswith("django-insecure"):
            self._wrong(
                "SECRET_KEY",
                "…",
                in_words(
                    f"minstens 50 tekens, maak er een met: {hint}",
                    f"at least 50 characters, make one with: {hint}",
                ),
            )
        return value or secrets.token_urlsafe(64)

    def hosts(self) -> list[str]:
        """ALLOWED_HOSTS: host names between commas, without https:// and without a wildcard for everything."""
        raw = self.optional("ALLOWED_HOSTS")
        if self.embedded and not raw:
            return list(LOCAL_HOSTS)
        if not raw:
            self._missing("ALLOWED_HOSTS", "plein.example.nl")
        names = [name.strip() for name in raw.split(",") if name.strip()]
        for name in names:
            if not HOST_NAME.fullmatch(name):
                self._wrong("ALLOWED_HOSTS", name, "plein.example.nl")
        if self.embedded and not set(names) <= set(LOCAL_HOSTS):
            self._not_embedded()
        self._hosts = names
        return names

    def site_url(self) -> str:
        """SITE_URL without a slash at its end: https, or http on this machine itself. Read `hosts` first."""
        local = f"http://127.0.0.1:{self.port()}" if self.embedded else None
        value = self.text("SITE_URL", hint="https://plein.example.nl", default=local).rstrip("/")
        if not value:
            return value
        scheme, host = _scheme_and_host(value)
        is_local = scheme == "http" and host in {"127.0.0.1", "localhost"}
        if not host or not (scheme == "https" or is_local):
            self._wrong("SITE_URL", addresses.without_password(value), "https://plein.example.nl")
        elif self.embedded and not is_local:
            self._not_embedded()
        elif self._hosts and all(HOST_NAME.fullmatch(name) for name in self._hosts):
            self._among_hosts(value, host)
        return value

    def sender(self, name: str, *, hint: str, default: str | None = None) -> str:
        """Somebody with an address, "Plein <plein@example.nl>" or the address alone."""
        value = self.text(name, hint=hint, default=default)
        if value and not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(value)[1]):
            self._wrong(name, value, hint)
        return value

    def database(self, name: str, *, pooled: bool, pool_size: int) -> dict[str, Any]:
        """Django's DATABASES entry. Pooled (web) connections give up on slow statements; see `addresses.database`."""
        example = "postgresql://plein:PASSWORD@127.0.0.1:5432/plein"
        default = "postgresql:///plein" if self.embedded else None
        url = self.text(name, hint=example, default=default)
        settings = self._parsed(name, url, addresses.database, example)
        if pooled:
            addresses.pool(settings, size=pool_size)
        return settings

    def cache(self, name: str) -> dict[str, Any]:
        """Django's CACHES entry: a table in the database unless a Redis address is given."""
        return self._parsed(name, self.optional(name), addresses.cache, "redis://127.0.0.1:6379/1")

    def mail(self, name: str) -> dict[str, Any]:
        """Django's EMAIL_* settings; the embedded run keeps its mail as files in the data folder."""
        example = "smtp+tls://USER:PASSWORD@smtp.example.nl:587"
        if self.embedded and not self.optional(name):
            return addresses.mail_to_files(self.var_dir / "mail")
        return self._parsed(name, self.text(name, hint=example), addresses.mail, example)

    def broker(self, name: str, *, database: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Celery's broker and its transport options. `pgmq://` alone is `database` itself, as in the embedded run."""
        example = "redis://127.0.0.1:6379/0"
        url = self.text(name, hint=example, default="pgmq://" if self.embedded else None)
        options = self._parsed(name, url, addresses.broker, example)
        if url == "pgmq://" and database:
            options["conn_string"] = addresses.conninfo(database)
        return url, options

    def stripe(self) -> tuple[str, str]:
        """STRIPE_SECRET_KEY, and STRIPE_API_BASE of a stand-in; both empty where nobody pays online.

        A live key is for real money: never with a stand-in, and not in the embedded run.
        """
        key, base = self.optional("STRIPE_SECRET_KEY"), self.optional("STRIPE_API_BASE").rstrip("/")
        is_live = bool(key) and "_live_" in key[:8]
        if key and not STRIPE_KEY.fullmatch(key):
            self._wrong("STRIPE_SECRET_KEY", "…", "sk_test_…, sk_live_…, rk_test_…, rk_live_…")
        elif is_live and self.embedded:
            out = in_words(
                "een testsleutel (sk_test_…) in een proefopstelling", "a test key (sk_test_…) in a trial"
            )
            self._wrong("STRIPE_SECRET_KEY", "sk_live_…", out)
        if base and is_live:
            out = in_words("weg: er staat een echte sleutel", "left out: the key is a live one")
            self._wrong("STRIPE_API_BASE", base, out)
        elif base and not (_scheme_and_host(base)[0] in {"http", "https"} and _scheme_and_host(base)[1]):
            self._wrong("STRIPE_API_BASE", base, "http://127.0.0.1:12111")
        return key, base

    def webhook_secrets(self) -> list[str]:
        """STRIPE_WEBHOOK_SECRETS: secrets between commas, the newest first; two while one replaces the other."""
        found = [each.strip() for each in self.optional("STRIPE_WEBHOOK_SECRETS").split(",") if each.strip()]
        if not all(WEBHOOK_SECRET.fullmatch(each) for each in found):
            self._wrong("STRIPE_WEBHOOK_SECRETS", "…", "whsec_…,whsec_…")
        return found

    def _parsed(
        self, name: str, url: str, parse: Callable[[str], dict[str, Any]], example: str
    ) -> dict[str, Any]:
        try:
            return parse(url)
        except ValueError:
            if url:
                self._wrong(name, addresses.without_password(url), example)
            return {}

    def _among_hosts(self, value: str, host: str) -> None:
        """A visitor who follows a letter's link must not be turned away."""
        suffixes = [name for name in self._hosts if name.startswith(".")]
        if host not in self._hosts and not any(f".{host}".endswith(suffix) for suffix in suffixes):
            self._wrong(
                "SITE_URL", value, in_words("een naam uit ALLOWED_HOSTS", "a name from ALLOWED_HOSTS")
            )

    def _not_embedded(self) -> None:
        """The embedded run shows its mail to everybody and has well-known passwords: for this machine only."""
        out = in_words("laat deze weg op een echte installatie", "leave it out of a real installation")
        self._wrong("PLEIN_EMBEDDED", "1", out)

    def _missing(self, name: str, example: str) -> None:
        self._problems.append(
            in_words(f"{name} ontbreekt. Zet erin: {example}", f"{name} is missing. Put there: {example}")
        )

    def _wrong(self, name: str, value: str, example: str) -> None:
        self._problems.append(
            in_words(
                f"{name} is nu '{value}'. Dat moet zijn: {example}",
                f"{name} is now '{value}'. It must be: {example}",
            )
        )


def read_env_file(file: Path) -> dict[str, str]:
    """NAME=value lines; empty lines and lines with # are skipped; quotes around a value are taken off.

    PLEIN_EMBEDDED counts only in the process's own environment: a file must not turn an installation into a trial.
    """
    found: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8-sig").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            found[name.strip()] = value.strip().strip("'\"")
    found.pop("PLEIN_EMBEDDED", None)
    return found


def _scheme_and_host(url: str) -> tuple[str, str]:
    """Both empty for what is no address."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises when it is no number
    except ValueError:
        return "", ""
    host = parts.hostname or ""
    return parts.scheme, f"[{host}]" if ":" in host else host


def kept_secret(file: Path) -> str:
    """The secret in `file`, made once (readable by its owner only). Two processes at once get the same one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    if not file.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            os.link(fresh, file)  # atomic, and refuses when another process was first
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text(encoding="ascii").strip()
