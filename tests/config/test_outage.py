"""What a visitor sees when something is wrong on our side."""

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path


def no_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("server closed the connection")


def mistake(request: HttpRequest) -> HttpResponse:
    raise ValueError("ours")


handler500 = "config.outage.server_error"
urlpatterns = [
    path("no-database", no_database, name="health-live"),
    path("mistake", mistake, name="health-ready"),
]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@override_settings(ROOT_URLCONF=__name__)
def test_without_a_database_the_site_is_closed_for_a_moment_and_says_when_to_try_again(
    visitor: Client,
) -> None:
    answer = visitor.get("/no-database")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


@override_settings(ROOT_URLCONF=__name__)
def test_a_mistake_of_ours_has_a_code_that_is_in_the_log_too(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = visitor.get("/mistake")

    code = next(record.args[0] for record in caplog.records if record.name == "config.outage")
    assert answer.status_code == 500
    assert code in answer.content.decode()
