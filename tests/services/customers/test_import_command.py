"""``python -m services.customers import``: what it writes, what it says, and how it ends."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from deploy.local.settings import ROOT
from tests.services.customers.test_import_file import ANA, HEAD, MAP

BAD = "3;X;Eva;900.3;F-3;31/01/2026;28/02/2026;5,00"


@dataclass(frozen=True)
class Terminal:
    """Where an operator stands: a database and a folder with a file and its map."""

    url: str
    folder: Path

    async def imports(self, *rows: str, flags: tuple[str, ...] = ()) -> tuple[int, str]:
        """(exit status, everything said) of importing these rows."""
        file, map_ = self.folder / "cartera.csv", self.folder / "cartera.toml"
        file.write_text("\n".join([HEAD, *rows]))
        map_.write_text(MAP)
        return await self.runs("import", str(file), "--map", str(map_), *flags)

    async def runs(self, *words: str) -> tuple[int, str]:
        settings = {"ENVIRONMENT": "local", "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9", "SERVICE_API_KEY": "x" * 16}
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "services.customers", *words],
            env={**os.environ, **settings, "CUSTOMERS_DATABASE_URL": self.url},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    async def invoices(self) -> list[str]:
        connection = await asyncpg.connect(self.url)
        try:
            return [row["invoice_id"] for row in await connection.fetch("SELECT invoice_id FROM invoices ORDER BY 1")]
        finally:
            await connection.close()


@pytest.fixture
def terminal(customers_database: str, tmp_path: Path) -> Terminal:
    return Terminal(customers_database, tmp_path)


async def test_a_good_file_is_in_the_books(terminal: Terminal) -> None:
    status, said = await terminal.imports(ANA)
    assert (status, said.splitlines()[-1]) == (0, "all of it is in the books")
    assert await terminal.invoices() == ["F-1"]


async def test_a_dry_run_writes_nothing(terminal: Terminal) -> None:
    status, said = await terminal.imports(ANA, flags=("--dry-run",))
    assert (status, said.splitlines()[-1]) == (0, "nothing was written")
    assert await terminal.invoices() == []


async def test_a_file_with_bad_rows_is_not_loaded_unless_they_may_be_left_out(terminal: Terminal) -> None:
    status, said = await terminal.imports(ANA, BAD)
    assert status == 1
    assert "line 3, column TIPO: wrong_type" in said
    assert await terminal.invoices() == []

    status, said = await terminal.imports(ANA, BAD, flags=("--skip-bad-rows",))
    assert (status, said.splitlines()[-1]) == (0, "all of it is in the books")
    assert await terminal.invoices() == ["F-1"]


async def test_what_the_books_refuse_ends_in_failure(terminal: Terminal) -> None:
    twin = "2;J;Otra;900.1;F-2;05/02/2026;07/03/2026;80,00"
    status, said = await terminal.imports(ANA, twin)
    assert status == 1
    assert said.splitlines()[-1] == "the books refused 3 lines; the others are kept"
    assert await terminal.invoices() == ["F-1"]


async def test_a_map_that_is_no_text_is_refused_as_such(terminal: Terminal) -> None:
    file = terminal.folder / "map.toml"
    file.write_bytes("# línea".encode("latin-1"))
    status, said = await terminal.runs("import", "x.csv", "--map", str(file))
    assert status == 2
    assert f"{file} is no text in UTF-8" in said


async def test_a_map_that_is_none_is_named(terminal: Terminal) -> None:
    (terminal.folder / "map.toml").write_text("[[lines]]\nkind = 'bill'")
    status, said = await terminal.runs("import", "x.csv", "--map", str(terminal.folder / "map.toml"))
    assert status == 2
    assert "the kinds are" in said
