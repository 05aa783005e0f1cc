"""Why a record cannot be read: where and what for, without the value that somebody wrote there."""

import pytest

from shared.contracts.customers_v1 import EVENTS
from shared.contracts.envelope import Undecodable, decode_data, decode_envelope


def test_a_value_of_no_kind_is_not_quoted() -> None:
    with pytest.raises(Undecodable) as refused:
        decode_data(b'{"customer_id": "ana", "type": "Ana Canary"}', EVENTS["customer.registered"])
    assert str(refused.value) == "payload: Invalid enum value '…' - at `$.type`"


def test_a_header_that_is_no_number_is_not_quoted() -> None:
    headers = [("ce_type", b"t"), ("ce_id", b"i"), ("ce_source", b"s"), ("ce_time", b"2026-01-01T00:00:00Z")]
    with pytest.raises(Undecodable) as refused:
        decode_envelope(b"k", [*headers, ("ce_sequence", b"Ana Canary"), ("ce_epoch", b"1")], b"{}")
    assert "Canary" not in str(refused.value)
