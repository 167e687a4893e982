"""`econcierge coverage`: decides one printer's coverage from a case file. Needs no database."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click

from econcierge.coverage import casefile, rules, termsfile
from econcierge.coverage import types as t

STATUS_SENTENCES = {
    t.Status.NOT_ELIGIBLE: "This printer cannot have the free extended service.",
    t.Status.PENDING: "This printer is enrolled but not covered yet.",
    t.Status.ACTIVE: "This printer is covered.",
    t.Status.AT_RISK: "This printer is covered, and a replacement needs an explanation.",
    t.Status.ENDED: "Coverage of this printer has ended.",
}
REASON_SENTENCES = {
    t.Reason.MODEL_NOT_LISTED: "The model was not on the list of eligible products.",
    t.Reason.NOT_NETWORKED: "The printer is not on the network.",
    t.Reason.MANAGED_PRINT: "The printer is under a managed print services agreement.",
    t.Reason.NOT_ENROLLED: "The printer is not enrolled.",
    t.Reason.ENROLLED_OUTSIDE_WINDOW: "It was enrolled after its warranty and any extension had ended.",
    t.Reason.OUTSIDE_SUPPLY: "It was decided that a supply from outside the programme was used.",
    t.Reason.LEFT_PROGRAMME: "The customer left the programme.",
    t.Reason.TOO_OLD: "The printer has reached the greatest age that the programme covers.",
    t.Reason.SUPPORT_ENDED: "Support of the model has ended.",
    t.Reason.INTERRUPTED: "Orders through the programme were interrupted for too long.",
    t.Reason.AWAITING_ORDERS: "More eligible supplies have to be ordered through the programme.",
    t.Reason.OUTSIDE_SUPPLY_SUSPECTED: "A replacement does not match anything the programme delivered.",
    t.Reason.COVERED: "Enough eligible supplies were ordered through the programme.",
}
NEXT_SENTENCES = {
    t.NextStep.ENROL: "Next: enrol it, while its warranty or extension lasts.",
    t.NextStep.ORDER_TWO: "Next: order two eligible supplies for it.",
    t.NextStep.ORDER_ONE_MORE: "Next: order one more eligible supply for it.",
    t.NextStep.EXPLAIN_REPLACEMENT: "Next: explain where the replacement came from.",
    t.NextStep.KEEP_ORDERING: "Next: keep ordering its supplies through the programme.",
    t.NextStep.NONE: "There is nothing to do.",
}


@click.group()
def coverage() -> None:
    """What is covered, and why."""


@coverage.command()
@click.argument("case", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", type=click.DateTime(formats=["%Y-%m-%d"]), help="Decide for this day, not the file's.")
@click.option("--json", "as_json", is_flag=True, help="Print the decision as one JSON object.")
def decide(case: Path, on: datetime | None, as_json: bool) -> None:
    """Decide the coverage of the printer described in the YAML file CASE."""
    try:
        decision, day = decide_file(path=case, on=None if on is None else on.date())
    except (t.CoverageError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(casefile.render_decision(decision)) if as_json else in_sentences(decision, on=day))


def decide_file(*, path: Path, on: date | None) -> tuple[t.Decision, date]:
    """Reads a case file and decides it under the built-in terms of its day; also says which day that was."""
    case = casefile.parse_case(text=path.read_text(encoding="utf-8"), where=path.name, on=on)
    versions = termsfile.built_in_terms(programme=case.programme)
    terms = rules.terms_on(versions=versions, programme=case.programme, on=case.on)
    return rules.decide(case.facts, terms, case.on), case.on


def in_sentences(decision: t.Decision, *, on: date) -> str:
    """The decision as a person reads it, in plain English, one sentence a line."""
    lines = [
        f"On {on.isoformat()}: {STATUS_SENTENCES[decision.status]}",
        *(REASON_SENTENCES[reason] for reason in decision.reasons),
        f"{decision.qualifying} of {decision.required} supplies ordered through the programme.",
    ]
    if decision.active_from is not None:
        lines.append(f"The orders needed were reached on {decision.active_from.isoformat()}.")
    if decision.ends_on is not None:
        lines.append(f"By age and support, the last day is the one before {decision.ends_on.isoformat()}.")
    return "\n".join([*lines, NEXT_SENTENCES[decision.next_step], f"Terms: {decision.terms_version}."])
