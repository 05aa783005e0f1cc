"""Batches as CSV: a row is answered as the same line in JSON would be."""

from typing import Any

import httpx
import pytest

from tests.services.customers.house import House
from tests.services.customers.sentences import a_person, a_variable, an_invoice, in_dollars, pesos


async def load(house: House, content: str | bytes, **params: Any) -> httpx.Response:
    raw = content.encode() if isinstance(content, str) else content
    headers = {"content-type": "text/csv; charset=utf-8"}
    return await house.http.post("/v1/batches", content=raw, params=params, headers=headers)


async def named(house: House, content: str | bytes) -> list[tuple[int, int, str, list[str]]]:
    """(line, status, code, pointers) of the rows that failed."""
    answer = await load(house, content)
    assert answer.status_code == 200, answer.text
    return [
        (one["line"], one["status"], one["code"], [e["pointer"] for e in one["errors"]])
        for one in answer.json()["results"]
    ]


async def test_a_row_for_every_kind(house: House) -> None:
    answer = await load(
        house,
        "\ufeffkind,customer_id,id,type,name,title.es,product,status,started_on,opened_on,invoice_id,made_on,due_on,"
        "issued_on,amount,currency,occurred_at,cancelled,allocations.0.invoice_id,allocations.0.amount\r\n"
        "variable,,cupo,money,,Cupo,,,,,,,,,,,,,,\r\n"
        'customer,ana,,person,"Gómez, Ana",,,,,,,,,,,USD,,,,\r\n'
        "invoice,ana,f1,,,,,,,,,,2026-02-15,2026-02-01,100,COP,,,,\r\n"
        "payment,ana,p1,,,,,succeeded,,,,,,,60.5,COP,2026-03-01T15:00:00Z,,f1,40\r\n"
        "subscription,ana,s1,,,,Internet,active,2026-01-15,,,,,,5,,,,,\r\n"
        "dispute,ana,d1,,,,,,,2026-03-01,f1,,,,,,,,,\r\n"
        "promise,ana,m1,,,,,,,,,2026-03-01,2026-03-20,,39.5,COP,,TRUE,,\r\n",
        results="all",
    )
    assert [(one["line"], one["status"]) for one in answer.json()["results"]] == [(n, 201) for n in range(2, 9)]
    ana = (await house.get("/customers/ana")).json()
    assert (ana["name"], ana["currency"]) == ("Gómez, Ana", "USD")
    assert (await house.get("/customers/ana/invoices/f1")).json()["balance"] == pesos("39.50")
    payment = (await house.get("/customers/ana/payments/p1")).json()
    assert payment["allocations"] == [{"invoice_id": "f1", "amount": pesos("40.00")}]
    assert (await house.get("/customers/ana/subscriptions/s1")).json()["amount"] == in_dollars("5.00")
    assert (await house.get("/customers/ana/promises/m1")).json()["cancelled"] is True


async def test_cells_take_the_types_of_their_fields(house: House) -> None:
    kinds = {"cupo": "money", "puntos": "number", "vip": "boolean", "desde": "date", "asesor": "text"}
    for key, kind in kinds.items():
        await house.put(f"/variables/{key}", a_variable(kind))
    answer = await load(
        house,
        "kind,customer_id,merge,type,name,risk_score,document.type,document.number,document.country,emails.0,emails.1,"
        "variables.cupo,variables.puntos,variables.vip,variables.desde,variables.asesor\n"
        "customer,ana,,person,Ana,640.5,CC,1.2,CO,a@b.co,c@d.co,10.5,7,true,2026-01-02,12\n"
        "customer,ana,true,,,641,,,,,,,-0.5,FALSE,,\n",
    )
    assert (answer.json()["accepted"], answer.json()["results"]) == (2, [])
    ana = (await house.get("/customers/ana")).json()
    assert (ana["risk_score"], ana["emails"]) == (641, ["a@b.co", "c@d.co"])
    assert ana["document"] == {"type": "CC", "number": "1.2", "country": "CO"}
    loaded = {"cupo": pesos("10.50"), "puntos": -0.5, "vip": False, "desde": "2026-01-02", "asesor": "12"}
    assert ana["variables"] == loaded


async def test_money_of_variables_may_name_its_currency(house: House) -> None:
    await house.put("/variables/cupo", a_variable("money"))
    header = "kind,customer_id,type,name,variables.cupo.amount,variables.cupo.currency\n"
    await load(house, header + "customer,ana,person,Ana,3,USD\n")
    assert (await house.get("/customers/ana")).json()["variables"] == {"cupo": in_dollars("3.00")}


async def test_bad_rows_are_named_by_their_line_of_the_file_and_good_ones_kept(house: House) -> None:
    await house.put("/variables/puntos", a_variable("number"))
    content = (
        b"kind,customer_id,id,type,name,amount,due_on,issued_on,risk_score,variables.puntos,nickname\n"
        b'customer,ana,,person,"Ana\nMar\xc3\xada",,,,,,\n'  # lines 2 and 3
        b"\n"
        b",,,,,,,,,,\n"
        b"customer,eva,,person,Eva,,,,,\n"  # 6: a cell too few
        b'customer,eva,,person,"E"va,,,,,,\n'  # 7: a quote in the middle
        b"customer,eva,,person,\xff,,,,,,\n"  # 8
        b"customer,eva,,person,Eva,,,,much,,\n"  # 9
        b"customer,eva,,person,Eva,,,,,x,\n"  # 10
        b"customer,eva,,person,Eva,,,,,,Evita\n"  # 11
        b"invoice,ana,f1,,,1e3,2026-02-01,2026-02-01,,,\n"  # 12
        b"invoice,nobody,f1,,,1,2026-02-01,2026-02-01,,,\n"  # 13
        b"void,ana,f1,,,,,,,,\n"  # 14
        b",ana,f1,,,,,,,,\n"  # 15
        b"customer,a\x00b,,person,Eva,,,,,,\n"  # 16
        b"invoice,ana,f1,,,1,2026-02-01,2026-02-01,,,\n"
        b'customer,eva,,person,"Eva,,,,,\n'  # 18: never closed
        b"customer,luz,,person,Luz,,,,,,\n"
    )
    assert await named(house, content) == [
        (6, 400, "malformed_csv", []),
        (7, 400, "malformed_csv", []),
        (8, 400, "malformed_csv", []),
        (9, 422, "wrong_type", ["/risk_score"]),
        (10, 422, "wrong_type", ["/variables/puntos"]),
        (11, 422, "unknown_field", ["/nickname"]),
        (12, 422, "wrong_type", ["/amount"]),
        (13, 404, "unknown_customer", []),
        (14, 422, "unknown_choice", ["/kind"]),
        (15, 422, "required", ["/kind"]),
        (16, 422, "invalid_id", ["/customer_id"]),
        (18, 400, "malformed_csv", []),
    ]
    assert [one["customer_id"] for one in (await house.get("/customers")).json()["items"]] == ["ana"]
    assert (await house.get("/customers/ana")).json()["name"] == "Ana\nMaría"
    assert (await house.get("/customers/ana/invoices/f1")).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "kind,kind",
        "amount,amount.currency",
        "variables,variables.cupo",
        "a" * 201,
        'kind,"customer',
        b"kind,\xff",
    ],
)
async def test_a_header_that_says_two_things_is_refused(house: House, header: str | bytes) -> None:
    raw = header if isinstance(header, bytes) else header.encode()
    answer = await load(house, raw + b"\ncustomer,ana\n")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_csv")


@pytest.mark.parametrize("content", ["", "\n", "kind,customer_id\n", "kind,customer_id"])
async def test_no_rows_are_nothing(house: House, content: str) -> None:
    answer = await load(house, content)
    assert answer.json() == {"accepted": 0, "unchanged": 0, "failed": 0, "results": []}


async def test_more_rows_than_allowed(house: House) -> None:
    answer = await load(house, "kind,customer_id\n" + "customer,x\n" * 10_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_lines")


async def test_a_row_is_what_the_same_line_in_json_is(house: House) -> None:
    await house.batch(
        {"kind": "customer", "customer_id": "ana", **a_person("Ana", email="ana@correo.demo")},
        {"kind": "invoice", "customer_id": "ana", "id": "f1", **an_invoice("10")},
    )
    rows = (
        "kind,customer_id,id,type,name,email,amount,issued_on,due_on\n"
        "customer,ana,,person,Ana,ana@correo.demo,,,\n"
        "invoice,ana,f1,,,,10.0,2026-02-01,2026-02-15\n"
    )
    assert (await load(house, rows)).json()["unchanged"] == 2


async def test_the_past_may_come_as_csv_too(house: House) -> None:
    await load(house, "kind,customer_id,type,name\ncustomer,ana,person,Ana\n", history=True)
    assert [event.history for event in await house.told()] == [True]
