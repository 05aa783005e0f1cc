"""What goes on and on is said at once, then every half minute; when it comes again, at once."""

import logging

from shared.runtime.seldom import Seldom, SeldomRepeated


class Now:
    """A clock of the machine that is set."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_what_lasts_is_said_every_half_minute() -> None:
    now = Now()
    seldom = Seldom(now=now)
    assert [seldom.is_due("kafka"), seldom.is_due("kafka"), seldom.is_due("database")] == [True, False, True]
    now.seconds += 29
    assert not seldom.is_due("kafka")
    now.seconds += 1
    assert seldom.is_due("kafka")
    seldom.is_over("kafka")
    assert seldom.is_due("kafka")


def test_a_sentence_of_a_library_is_one_whatever_it_is_about() -> None:
    now = Now()
    repeated = SeldomRepeated("aiokafka", Seldom(now=now))

    def passes(sentence: str, *values: object, of: str = "aiokafka.consumer") -> bool:
        return repeated.filter(logging.LogRecord(of, logging.ERROR, "", 0, sentence, values, None))

    assert passes("Heartbeat failed: %s", "once")
    assert not passes("Heartbeat failed: %s", "twice")
    assert passes("Fetch failed: %s", "once")
    assert [passes("Answered", of="services"), passes("Answered", of="services")] == [True, True]
    now.seconds += 30
    assert passes("Heartbeat failed: %s", "later")
