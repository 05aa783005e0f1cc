"""What the log tells of errors: where and which, and words only where they quote nobody."""

import json

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.basics.errors import Conflict
from shared.database.engine import Database
from shared.messaging.taking import RunOfFailures
from shared.runtime.failures import harmless_words, told_failure

CANARY = "Ana Canary"


def caught(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as found:
        return found


class Person(BaseModel):
    age: int


def pydantic_refusal() -> ValueError:
    with pytest.raises(ValueError, match="age") as refused:
        Person.model_validate({"age": CANARY})
    return refused.value


def quoting() -> list[BaseException]:
    return [
        ValueError(f"invalid literal: {CANARY!r}"),
        KeyError(CANARY),
        Conflict("document_taken", f"{CANARY} has it", customer_id="c-1"),
        pydantic_refusal(),
    ]


@pytest.mark.parametrize("error", quoting(), ids=lambda error: type(error).__name__)
def test_an_error_that_may_quote_somebody_tells_its_type_and_place_alone(error: BaseException) -> None:
    told = told_failure((type(error), caught(error), None))
    assert CANARY not in json.dumps(told)
    assert type(error).__name__ in told[0]["type"]
    assert any(place.endswith(" caught") for place in told[0]["at"])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RunOfFailures("20 events in a row could not be applied"), "20 events in a row could not be applied"),
        (ConnectionRefusedError(111, "refused"), "[Errno 111] refused"),
        (httpx.ConnectTimeout("too long"), "too long"),
        (Conflict("document_taken", CANARY), "document_taken"),
    ],
)
def test_words_of_our_own_and_of_the_network_are_told(error: BaseException, words: str) -> None:
    assert harmless_words(error) == words


def test_causes_are_told_after_the_error() -> None:
    told = told_failure((RunOfFailures, caught(RunOfFailures("twenty"), caught(KeyError(CANARY))), None))
    assert [one["type"] for one in told] == ["shared.messaging.taking.RunOfFailures", "KeyError"]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELECT CAST(CAST(:value AS text) AS integer)", "SQLSTATE 22P02"),
        ("INSERT INTO api_keys (key_id, name, hash, scopes) VALUES (:value, NULL, '', '{}')", "SQLSTATE 23502"),
        ("SELECT * FROM nothing WHERE name = :value", 'SQLSTATE 42P01: relation "nothing" does not exist'),
    ],
)
async def test_of_the_server_its_state_is_told_and_no_value(database: Database, statement: str, words: str) -> None:
    with pytest.raises(DBAPIError) as failed:
        async with database.transaction() as connection:
            await connection.execute(text(statement), {"value": CANARY})
    told = told_failure((failed.type, failed.value, failed.tb))
    assert CANARY not in json.dumps(told)
    assert words in {one.get("words", "").replace("SQLSTATE 42P01: <class", "") for one in told}
