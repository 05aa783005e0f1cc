"""The page of results: plain, aligned, and no wider than 100 columns."""

from deploy.demo.report import page
from deploy.demo.table import WIDTH, table
from tests.deploy.demo_builders import a_segment, good_results

ADDRESSES = {
    "CUSTOMERS_URL": "http://127.0.0.1:8001",
    "SEGMENTER_URL": "http://127.0.0.1:8002",
    "STATEMENTS_URL": "http://127.0.0.1:8003",
    "MAIL_URL": "http://127.0.0.1:8025",
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
    "API_KEY": "llave",
}


def test_tells_everything_within_the_page() -> None:
    lines = page(good_results(), ADDRESSES)
    text = "\n".join(lines)
    assert all(len(line) <= WIDTH for line in lines)
    for part in (
        "CASCADA: 30 days of 3 customers, 2 March 2026 to 31 March 2026",
        "Pagos fallidos   Agradecimiento           1       120.000",
        "event          1   an invoice",
        "day turn       1   a day passed",
        "refresh        2   “Actualizar” published revision 2",
        "CLI-1  Ana (persona)",
        " 2 mar  Pagó.",
        "Facturas vencidas: skipped 2 nothing to state",
        "Subject: Facturas vencidas",
        "http://127.0.0.1:8003/docs",
        "http://127.0.0.1:8025/",
    ):
        assert part in text


def test_sums_customers_and_balances() -> None:
    lines = page(good_results(), ADDRESSES)
    rows = [line.split() for line in lines]
    assert ["3", "45.420.200"] in rows


def test_a_long_name_is_cut_at_the_edge_of_the_page() -> None:
    lines = page(good_results(cascade=(a_segment("Un nombre " * 12, 3),)), ADDRESSES)
    assert max(len(line) for line in lines) == WIDTH
    assert any(line.endswith("…") for line in lines)


def test_numbers_stand_at_the_right_of_their_column() -> None:
    assert table(("Name", ">N"), [("uno", "1"), ("dos mil", "2.000")]) == [
        "  Name          N",
        "  ───────   ─────",
        "  uno           1",
        "  dos mil   2.000",
    ]
