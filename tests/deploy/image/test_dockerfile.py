"""The recipe of the image: hadolint has nothing to say of it, and does of each planted mistake."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.settings import ROOT

RECIPE = ROOT / "deploy" / "image" / "Dockerfile"

MISTAKES = {
    "a base of any version": ("FROM ${BASE}@${BASE_DIGEST}\n", "FROM python\n", "DL3006"),
    "the newest base": ("FROM ${BASE}@${BASE_DIGEST}\n", "FROM python:latest\n", "DL3007"),
    "root at the end": ("USER 10001:10001", "USER root", "DL3002"),
    "a download without a look": ("COPY shared /app/shared", "ADD shared /app/shared", "DL3020"),
    "a folder relative to who knows what": ("WORKDIR /app", "WORKDIR app", "DL3000"),
    "a shell between the signal and the process": ('ENTRYPOINT ["python", "-m"]', "ENTRYPOINT python -m", "DL3025"),
    "a stage that is not there": ("--from=made /app /app", "--from=build /app /app", "DL3022"),
    "libraries of any version": (
        "--require-hashes \\\n        --requirement /build/requirements.txt",
        "fastapi",
        "DL3013",
    ),
    "a cache in the image": ("install --no-cache-dir", "install", "DL3042"),
    "two ways to start": ("USER 10001", 'ENTRYPOINT ["sh"]\nUSER 10001', "DL4004"),
}


def complaints(recipe: Path) -> str:
    hadolint = Path(sys.executable).with_name("hadolint")
    return subprocess.run([hadolint, recipe], capture_output=True, text=True, check=False).stdout


def test_hadolint_has_nothing_to_say() -> None:
    assert complaints(RECIPE) == ""


@pytest.mark.parametrize("name", MISTAKES)
def test_a_planted_mistake_is_caught(name: str, tmp_path: Path) -> None:
    right, wrong, rule = MISTAKES[name]
    text = RECIPE.read_text()
    assert right in text
    broken = tmp_path / "Dockerfile"
    broken.write_text(text.replace(right, wrong))
    assert rule in complaints(broken)


def test_the_base_is_named_by_a_digest_and_nobody_runs_it_as_root() -> None:
    text = RECIPE.read_text()
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${BASE}@${BASE_DIGEST}"}
    assert re.findall(r"^ARG BASE_DIGEST(.*)$", text, re.MULTILINE) == [""]
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001:10001"]


def test_what_is_let_into_the_image_is_all_that_services_read(tmp_path: Path) -> None:
    """With what the ignore file lets through alone, every service starts, and fonts and templates are there."""
    rules = (RECIPE.parent / "Dockerfile.dockerignore").read_text().splitlines()
    ignored = shutil.ignore_patterns(*(rule.removeprefix("**/") for rule in rules if rule.startswith("**/")))
    for folder in (ROOT / rule[1:] for rule in rules if rule.startswith("!")):
        if folder.is_dir():
            shutil.copytree(folder, tmp_path / folder.name, ignore=ignored)
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    said = subprocess.run(
        [sys.executable, "-c", _EVERY_MODULE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert str(tmp_path) in said.stdout
    assert {file.suffix for file in (tmp_path / "services" / "statements" / "outbound").rglob("*.*")} >= _MADE_OF


_EVERY_MODULE = """
import importlib, pkgutil, services
names = [module.name for module in pkgutil.walk_packages(services.__path__, "services.")]
print(*(importlib.import_module(name) for name in names if "migrations" not in name), sep="\\n")
"""
_MADE_OF = {".ttf", ".html", ".txt", ".typ"}
