"""`econcierge catalogue` and `econcierge prices`, as an operator types them."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.catalogue.models import Part, Price
from econcierge.cli import main
from econcierge.launch import postgres

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands use the database of the tests, and start none of their own."""
    monkeypatch.setenv(postgres.APP_VARIABLE, "the one of the tests")


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "m.csv").write_text("name\nVersaLink C405\n")
    (tmp_path / "s.csv").write_text("part_number,kind,sold\n106R03512,toner,retail\n")
    (tmp_path / "f.csv").write_text("part_number,model\n106R03512,VersaLink C405\n")
    return tmp_path


def test_the_starter_catalogue_comes_in_with_one_command() -> None:
    done = _run("catalogue", "import", "--starter", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {"models": 140, "supplies": 279, "fits": 522, "dry_run": False}


def test_files_come_in_and_out_again(files: Path) -> None:
    done = _run(
        "catalogue", "import", "--models", files / "m.csv", "--supplies", files / "s.csv", "--fits", files / "f.csv"
    )
    assert (done.exit_code, done.output) == (0, "imported 1 models, 1 supplies, 1 fits\n")
    out = _run("catalogue", "export", files / "out")
    assert out.exit_code == 0
    assert (files / "out" / "fits.csv").read_text() == "part_number,model,source\n106R03512,VersaLink C405,\n"


def test_bad_lines_are_listed_and_the_exit_status_says_so(files: Path) -> None:
    (files / "s.csv").write_text("part_number,kind,sold\n106R03512,tonner,retail\nB,toner,gift\n")
    done = _run("catalogue", "import", "--supplies", files / "s.csv")
    assert done.exit_code == 1
    assert "nothing was imported" in done.output
    assert "s.csv, line 2, kind: 'tonner'" in done.output
    assert "s.csv, line 3, sold: 'gift'" in done.output
    assert not Part.objects.exists()


def test_a_dry_run_says_what_it_would_do(files: Path) -> None:
    done = _run("catalogue", "import", "--models", files / "m.csv", "--dry-run")
    assert (done.exit_code, done.output) == (0, "would import 1 models; nothing was changed\n")


@pytest.mark.parametrize(
    "arguments",
    [("catalogue", "import"), ("catalogue", "import", "--models", "/nowhere.csv"), ("prices", "import", "x.csv")],
)
def test_bad_usage_is_exit_status_two(arguments: tuple[str, ...]) -> None:
    assert _run(*arguments).exit_code == 2


def test_a_price_list_belongs_to_a_dealer(cast: SimpleNamespace, files: Path) -> None:
    _run("catalogue", "import", "--supplies", files / "s.csv")
    (files / "p.csv").write_text("part_number,unit_price,valid_from\n106R03512,164.95,2026-01-01\n")
    done = _run("prices", "import", "--dealer", "papeterie", files / "p.csv")
    assert (done.exit_code, done.output) == (0, "imported 1 prices\n")
    scoping.enter(Scope.everything())
    assert Price.objects.get().unit_price_minor == 16495
    nobody = _run("prices", "import", "--dealer", "nobody", files / "p.csv")
    assert (nobody.exit_code, nobody.output) == (1, "Error: there is no dealer 'nobody'\n")
