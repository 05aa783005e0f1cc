"""Which events of a batch are taken: exactly the next of each customer."""

from services.segmenter.domain.facts import Fact
from services.segmenter.usecases.admit_events import Admitted, Heard, admit
from shared.messaging.sequence import Position

KNOWN = {"ana": Position(1, 3), "bea": Position(1, 1)}


def an_event(customer_id: str, seq: int, *, epoch: int = 1, history: bool = False) -> Heard:
    return Heard(customer_id, Position(epoch, seq), Fact(seq=seq), history)


def taken(admitted: Admitted) -> dict[str, int]:
    return {customer_id: len(facts) for customer_id, facts in admitted.facts.items()}


def test_the_next_ones_are_taken_in_order() -> None:
    admitted = admit([an_event("ana", 4), an_event("bea", 2), an_event("ana", 5)], KNOWN)
    assert taken(admitted) == {"ana": 2, "bea": 1}
    assert admitted.positions == {"ana": Position(1, 5), "bea": Position(1, 2)}


def test_what_is_known_is_dropped_also_within_a_batch() -> None:
    admitted = admit([an_event("ana", 3), an_event("ana", 4), an_event("ana", 4)], KNOWN)
    assert (taken(admitted), admitted.behind) == ({"ana": 1}, {})


def test_after_a_gap_nothing_more_is_taken_and_the_highest_is_remembered() -> None:
    admitted = admit([an_event("ana", 4), an_event("ana", 6), an_event("ana", 7)], KNOWN)
    assert (admitted.positions["ana"], admitted.behind) == (Position(1, 4), {"ana": Position(1, 7)})


def test_a_stranger_is_for_repair() -> None:
    assert admit([an_event("zoe", 1)], KNOWN).behind == {"zoe": Position(1, 1)}


def test_a_higher_epoch_is_for_repair_and_a_lower_one_is_dropped() -> None:
    known = {"ana": Position(2, 3)}
    assert admit([an_event("ana", 4, epoch=3)], known).behind == {"ana": Position(3, 4)}
    assert admit([an_event("ana", 4, epoch=1)], known) == Admitted()


def test_history_is_noted_of_what_is_taken() -> None:
    admitted = admit([an_event("ana", 4, history=True), an_event("bea", 1, history=True)], KNOWN)
    assert admitted.of_history == {"ana"}
