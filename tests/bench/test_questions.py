"""What `make bench` asks, on fewer rooms: the house and SQL by hand agree, and each question costs so many queries."""

import psycopg
import pytest
from django.db import connection

from tests.bench import __main__ as bench
from tests.bench import data, questions

QUERIES = {
    "week of a room": 1,
    "week of a room as a table": 3,
    "month grid of a hub": 1,
    "search: free rooms of a hub": 6,
    "first free 2 h in 30 days": 5,
    "conflicts of 53 dates": 1,
    "book a room (hold, confirm)": 30,
    "weekly year looked at": 3,
    "weekly year booked": 19,
    "an event of Stripe taken on": 3,
}


@pytest.mark.django_db(transaction=True)
def test_each_question_has_the_answer_of_the_floor_and_its_number_of_queries(monkeypatch):
    monkeypatch.setattr(data, "ROOMS", 4)
    rows = data.generate("hub")
    where = {name: value for name, value in connection.get_connection_params().items() if name in bench.WHERE}
    counted = {}
    with psycopg.connect(**where, autocommit=True) as raw:
        for question in questions.questions(rows, raw):
            counted[question.words], answer = bench.counted(question.ours)
            assert answer, question.words
            assert answer == question.floor(), question.words
    assert counted == QUERIES
