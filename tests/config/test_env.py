"""What an installation may be told, and what it answers when that is wrong or missing."""

from pathlib import Path

import pytest

from config import addresses
from config.env import Environment, kept_secret, read_env_file

GOOD = {
    "DATABASE_URL": "postgresql://plein:s3cret@db.example.nl:5433/plein?sslmode=require",
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEY": "k" * 64,
    "ALLOWED_HOSTS": "plein.example.nl, www.plein.example.nl",
    "SITE_URL": "https://plein.example.nl/",
    "EMAIL_URL": "smtp+tls://plein%40example.nl:pw@smtp.example.nl:587",
    "DEFAULT_FROM_EMAIL": "Plein <plein@example.nl>",
}


def read_all(values: dict[str, str], folder: Path) -> Environment:
    env = Environment(values, base_dir=folder)
    env.secret_key()
    env.off("DEBUG")
    env.hosts()
    env.site_url()
    database = env.database(
        "DATABASE_URL", pooled=True, pool_size=env.number("DB_POOL_SIZE", default=8, low=1, high=200)
    )
    env.cache("CACHE_URL")
    env.mail("EMAIL_URL")
    env.stripe()
    env.webhook_secrets()
    env.sender("DEFAULT_FROM_EMAIL", hint="Plein <plein@example.nl>")
    env.broker("CELERY_BROKER_URL", database=database)
    return env


def names(env: Environment) -> list[str]:
    return [problem.split()[0] for problem in env.problems]


def test_a_good_environment_has_no_problems(tmp_path: Path) -> None:
    env = read_all(GOOD, tmp_path)

    env.stop_if_wrong()
    assert env.problems == []
    assert env.hosts() == ["plein.example.nl", "www.plein.example.nl"]
    assert env.site_url() == "https://plein.example.nl"


def test_everything_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    env = read_all({}, tmp_path)

    assert sorted(names(env)) == sorted(GOOD)
    with pytest.raises(SystemExit) as stop:
        env.stop_if_wrong()
    assert all(name in str(stop.value) for name in GOOD)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///plein.db"),
        ("DATABASE_URL", "postgresql://plein@db.example.nl"),
        ("DATABASE_URL", "postgresql://plein@db.example.nl:port/plein"),
        ("CELERY_BROKER_URL", "kafka://somewhere"),
        ("CELERY_BROKER_URL", "redis:///0"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "django-insecure-" + "k" * 64),
        ("ALLOWED_HOSTS", "https://plein.example.nl"),
        ("ALLOWED_HOSTS", "*"),
        ("SITE_URL", "plein.example.nl"),
        ("SITE_URL", "http://plein.example.nl"),
        ("SITE_URL", "https://plein.example.nl:abc"),
        ("SITE_URL", "http://["),
        ("SITE_URL", "https://elsewhere.example.nl"),
        ("DEFAULT_FROM_EMAIL", "Plein"),
        ("DEFAULT_FROM_EMAIL", "Plein <plein>"),
        ("EMAIL_URL", "mail.example.nl"),
        ("EMAIL_URL", "smtp://:25"),
        ("CACHE_URL", "memcached://127.0.0.1"),
        ("DB_POOL_SIZE", "many"),
        ("DB_POOL_SIZE", "0"),
        ("DEBUG", "true"),
        ("STRIPE_SECRET_KEY", "pk_" + "test_51PleinHardenberg"),
        ("STRIPE_SECRET_KEY", "sk_" + "test_"),
        ("STRIPE_WEBHOOK_SECRETS", "whsec_" + "hardenberg1,old"),
        ("STRIPE_API_BASE", "127.0.0.1:12111"),
    ],
)
def test_a_wrong_value_stops_the_start_with_its_name(name: str, value: str, tmp_path: Path) -> None:
    env = read_all(GOOD | {name: value}, tmp_path)

    assert names(env) == [name]


@pytest.mark.parametrize(
    "password", ["s3cret", "s3c/ret", "s3c#ret", "s3c?ret", "s3c@ret", "s3c:ret", "[s3cret"]
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "EMAIL_URL", "CACHE_URL", "CELERY_BROKER_URL", "SITE_URL"])
def test_a_problem_never_shows_a_password(name: str, password: str, tmp_path: Path) -> None:
    env = read_all(GOOD | {name: f"mysql://plein:{password}@db.example.nl/plein?password=s3c"}, tmp_path)

    assert names(env) == [name]
    assert "s3c" not in " ".join(env.problems)
    assert "db.example.nl" in " ".join(env.problems)


TEST_KEY = "sk_" + "test_51PleinHardenberg"
LIVE_KEY = "rk_" + "live_51PleinHardenberg"


def test_a_key_of_stripe_is_read_with_its_secrets_the_newest_first(tmp_path: Path) -> None:
    secrets = ["whsec_" + "newest123", "whsec_" + "oldest123"]
    told = {"STRIPE_SECRET_KEY": TEST_KEY, "STRIPE_API_BASE": "http://127.0.0.1:12111/"}
    env = read_all(GOOD | told | {"STRIPE_WEBHOOK_SECRETS": ", ".join(secrets)}, tmp_path)

    assert env.problems == []
    assert env.stripe() == (TEST_KEY, "http://127.0.0.1:12111")
    assert env.webhook_secrets() == secrets


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"STRIPE_API_BASE": "http://127.0.0.1:12111"}, ["STRIPE_API_BASE"]),
        ({"DEBUG": "1"}, ["DEBUG"]),
        ({"PLEIN_EMBEDDED": "1", "ALLOWED_HOSTS": "", "SITE_URL": ""}, ["STRIPE_SECRET_KEY"]),
    ],
    ids=["with a stand-in", "with DEBUG", "in a trial"],
)
def test_a_live_key_does_not_start(told: dict[str, str], named: list[str], tmp_path: Path) -> None:
    env = read_all(GOOD | told | {"STRIPE_SECRET_KEY": LIVE_KEY}, tmp_path)

    assert names(env) == named
    assert LIVE_KEY not in " ".join(env.problems)


def test_a_form_may_lead_to_the_payment_page_only_with_a_key() -> None:
    assert addresses.payment_pages("", stand_in="") == []
    assert addresses.payment_pages(LIVE_KEY, stand_in="") == ["https://checkout.stripe.com"]
    assert addresses.payment_pages(TEST_KEY, stand_in="http://127.0.0.1:1") == ["http://127.0.0.1:1"]


@pytest.mark.parametrize(
    "told", [{"SITE_URL": "https://plein.example.nl"}, {"ALLOWED_HOSTS": "plein.example.nl"}]
)
def test_an_installation_is_no_trial_with_well_known_passwords(told: dict[str, str], tmp_path: Path) -> None:
    env = Environment({"PLEIN_EMBEDDED": "1"} | told, base_dir=tmp_path)
    env.hosts()
    env.site_url()

    assert "PLEIN_EMBEDDED" in names(env)


def test_a_file_does_not_make_an_installation_a_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLEIN_EMBEDDED")
    (tmp_path / ".env").write_text(
        "\ufeffSITE_URL=https://plein.example.nl\nPLEIN_EMBEDDED=1\n", encoding="utf-8"
    )
    monkeypatch.delenv("SITE_URL")

    env = Environment.of(tmp_path)

    assert not env.embedded
    assert env.site_url() == "https://plein.example.nl"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLEIN_EMBEDDED")
    (tmp_path / ".env").write_bytes("SECRET_KEY=geëncrypt".encode("utf-16"))

    env = Environment.of(tmp_path)

    assert str(tmp_path / ".env") in env.problems[0]


def test_a_host_with_a_dot_in_front_allows_what_is_under_it(tmp_path: Path) -> None:
    assert read_all(GOOD | {"ALLOWED_HOSTS": ".example.nl"}, tmp_path).problems == []


def test_the_table_for_rate_limits_does_not_forget_them() -> None:
    assert addresses.cache("")["OPTIONS"]["MAX_ENTRIES"] >= 100_000


def test_the_embedded_run_needs_nothing_and_keeps_its_secret(tmp_path: Path) -> None:
    env = Environment({"PLEIN_EMBEDDED": "1"}, base_dir=tmp_path)

    assert env.secret_key() == env.secret_key()
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert env.site_url() == "http://127.0.0.1:8000"
    assert env.problems == []


def test_a_secret_that_somebody_else_made_first_is_used(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "secret-key")

    assert kept_secret(tmp_path / "secret-key") == first
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_a_database_address_keeps_its_password_options_and_the_case_of_a_socket_folder() -> None:
    server = addresses.database("postgresql://plein:p%40ss@db.example.nl:5433/plein?sslmode=require")
    socket = addresses.database("postgresql://plein@%2Ftmp%2FHubA%2Fsocket/plein")

    assert (server["PASSWORD"], server["PORT"], server["OPTIONS"]["sslmode"]) == ("p@ss", "5433", "require")
    assert (socket["HOST"], socket["USER"], socket["NAME"]) == ("/tmp/HubA/socket", "plein", "plein")


def test_a_web_process_gives_up_on_slow_statements_and_other_processes_do_not() -> None:
    worker = addresses.database(GOOD["DATABASE_URL"])
    web = addresses.database(GOOD["DATABASE_URL"])
    addresses.pool(web, size=8)

    assert "options" not in worker["OPTIONS"]
    assert web["OPTIONS"]["options"] == "-c statement_timeout=15s -c idle_in_transaction_session_timeout=60s"
    assert web["OPTIONS"]["pool"]["max_size"] == 8


def test_a_broker_in_the_database_gets_the_databases_address(tmp_path: Path) -> None:
    env = Environment({"CELERY_BROKER_URL": "pgmq://"}, base_dir=tmp_path)
    database = addresses.database("postgresql://plein:it's@db.example.nl/plein")

    _, options = env.broker("CELERY_BROKER_URL", database=database)

    assert "host='db.example.nl'" in options["conn_string"]
    assert r"password='it\'s'" in options["conn_string"]


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.nl", 25, False, False),
        ("smtp+tls://mail.example.nl", 587, True, False),
        ("smtps://mail.example.nl", 465, False, True),
    ],
)
def test_a_mail_address_says_how_it_is_protected(url: str, port: int, tls: bool, ssl: bool) -> None:  # noqa: FBT001
    settings = addresses.mail(url)

    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (port, tls, ssl)


def test_an_env_file_has_one_value_a_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# a remark\n\nSITE_URL='https://plein.example.nl'\nexport PORT=8001\nnonsense\n", encoding="utf-8"
    )

    assert read_env_file(file) == {"SITE_URL": "https://plein.example.nl", "PORT": "8001"}


def test_every_setting_that_is_read_stands_in_the_example_file() -> None:
    root = Path(__file__).resolve().parents[2]
    example = (root / ".env.example").read_text(encoding="utf-8")

    for name in [*GOOD, "CACHE_URL", "DB_POOL_SIZE", "TRUSTED_PROXY_COUNT", "PLEIN_VAR"]:
        assert f"{name}=" in example, name
