"""A CSV file with a map: every bad cell is named by line and column before anything is written, then all is loaded."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from services.customers.inbound.commands.import_file import ImportFile
from services.customers.inbound.commands.import_map import read_map
from services.customers.wiring.api import Parts, use_cases
from shared.basics.errors import BadInput
from tests.services.customers.house import House

MAP = """
delimiter = ";"

[[lines]]
kind = "customer"
customer_id = { column = "CLIENTE", prefix = "cli-" }
type = { column = "TIPO", words = { N = "person", J = "company" } }
name = "NOMBRE"
"document.type" = { value = "NIT" }
"document.number" = "NIT"

[[lines]]
kind = "invoice"
customer_id = { column = "CLIENTE", prefix = "cli-" }
id = "FACTURA"
issued_on = { column = "FECHA", date = "%d/%m/%Y" }
due_on = { column = "VENCE", date = "%d/%m/%Y" }
amount = { column = "VALOR", decimal = "," }

[[lines]]
kind = "payment"
customer_id = { column = "CLIENTE", prefix = "cli-" }
id = { column = "FACTURA", prefix = "pago-" }
status = { value = "succeeded" }
occurred_at = { column = "FECHA", instant = "%d/%m/%Y" }
amount = { value = "100" }
"""
HEAD = "CLIENTE;TIPO;NOMBRE;NIT;FACTURA;FECHA;VENCE;VALOR"
ANA = "1;N;Ana Gómez;900.1;F-1;31/01/2026;28/02/2026;1.250,50"
TOLIMA = "2;J;Ferretería Tolima;900.2;F-2;05/02/2026;07/03/2026;80,00"


@dataclass
class Desk:
    """A person at a terminal, with a file and a map."""

    house: House
    folder: Path
    said: list[str] = field(default_factory=list)

    def opens(self, *rows: str, map_: str = MAP) -> ImportFile:
        path = self.folder / "cartera.csv"
        path.write_text("\n".join([HEAD, *rows]))
        return ImportFile(path, read_map(map_), self.house.clock.where, self.said.append)

    async def loads(self, file: ImportFile) -> bool:
        parts = Parts(self.house.database, self.house.clock, self.house.clock.where, ("COP",), lambda: None)
        load_batch = use_cases(parts).load_batch
        refused = await file.load(lambda lines, history: load_batch(lines, history=history, by="test"), file.check())
        return not refused


@pytest.fixture
async def desk(house: House, tmp_path: Path) -> Desk:
    return Desk(house, tmp_path)


async def test_every_row_becomes_its_lines(desk: Desk) -> None:
    assert await desk.loads(desk.opens(ANA, TOLIMA))

    ana = (await desk.house.get("/customers/cli-1/profile")).json()
    assert (ana["type"], ana["name"], ana["document"]["number"]) == ("person", "Ana Gómez", "900.1")
    assert [one["amount"]["amount"] for one in ana["open_invoices"]] == ["1250.50"]
    assert ana["open_invoices"][0]["due_on"] == "2026-02-28"
    assert ana["recent_charges"][0]["occurred_on"] == "2026-01-31"
    assert {event.history for event in await desk.house.told()} == {True}
    assert desk.said[0] == "checked 2 rows, 6 lines: 0 rows are bad"
    assert desk.said[1].startswith("6 of 6 lines, 100 %")


async def test_loading_again_changes_nothing(desk: Desk) -> None:
    await desk.loads(desk.opens(ANA))
    told = await desk.house.told()
    assert await desk.loads(desk.opens(ANA))
    assert await desk.house.told() == told


async def test_what_is_wrong_is_named_by_line_and_column_before_anything_is_written(desk: Desk) -> None:
    bad = "3;X;;900.3;F-3;31/02/2026;28/02/2026;-5,00"
    checked = desk.opens(ANA, bad).check()
    assert checked.bad_rows == {3}
    places = [line.split(": ")[:2] for line in desk.said[:-1]]
    assert places == [
        ["line 3, column TIPO", "wrong_type"],
        ["line 3, column FECHA", "wrong_type"],
        ["line 3, column FECHA", "wrong_type"],
    ]
    assert desk.said[-1] == "checked 2 rows, 6 lines: 1 rows are bad"
    assert await desk.house.told() == []


async def test_a_mistake_of_the_body_is_its_column_s(desk: Desk) -> None:
    desk.opens(ANA, "3;N;;900.3;F-3;31/01/2026;28/02/2026;-5,00").check()
    assert [line.split(": ")[:2] for line in desk.said[:-1]] == [
        ["line 3, column NOMBRE", "required"],
        ["line 3, column VALOR", "out_of_range"],
    ]


async def test_rows_that_are_good_load_without_the_bad_ones(desk: Desk) -> None:
    assert await desk.loads(desk.opens(ANA, "3;X;Eva;900.3;F-3;31/01/2026;28/02/2026;5,00"))
    assert (await desk.house.get("/customers/cli-1")).status_code == 200
    assert (await desk.house.get("/customers/cli-3")).status_code == 404


async def test_what_only_the_books_know_is_named_while_loading(desk: Desk) -> None:
    twin = "2;J;Otra;900.1;F-2;05/02/2026;07/03/2026;80,00"
    assert not await desk.loads(desk.opens(ANA, twin))
    refused = [line for line in desk.said if line.startswith("line 3")]
    assert refused[0].startswith("line 3: document_in_use: customer: ")
    assert desk.said[-1] == "loaded 3 lines; the books refused 3"


@pytest.mark.parametrize(
    ("said", "place", "code"),
    [
        ("x = [", "", "malformed_toml"),
        ("delimiter = ';'", "/lines", "required"),
        ("[[lines]]\nkind = 'bill'", "/lines/0/kind", "unknown_choice"),
        ("[[lines]]\nkind = 'invoice'\nid = {}", "/lines/0/id", "one_of"),
        ("[[lines]]\nkind = 'invoice'\nid = {column = 'A', colour = 1}", "/lines/0/id/colour", "unknown_field"),
        ("comma = ';'\n[[lines]]\nkind = 'invoice'", "/comma", "unknown_field"),
    ],
)
def test_a_map_that_cannot_be_read_says_where(said: str, place: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_map(said)
    [one] = refused.value.mistakes
    assert (one.pointer, one.code) == (place, code)


async def test_a_file_without_a_column_of_the_map_is_refused(desk: Desk) -> None:
    file: Any = desk.opens(ANA, map_=MAP.replace('"NOMBRE"', '"NAME"'))
    with pytest.raises(BadInput, match="no column 'NAME'"):
        file.check()
