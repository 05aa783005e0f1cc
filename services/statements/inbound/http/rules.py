"""Statement rules over HTTP."""

from fastapi import APIRouter, Response

from services.statements.domain.rule import Rule
from services.statements.inbound.http.doors import Doors
from services.statements.inbound.http.preconditions import Conditions, version_of
from services.statements.inbound.http.rule_answer import RuleAnswer
from services.statements.inbound.http.rule_body import RuleBody
from services.statements.storage.rules import StoredRule
from shared.http.access import Who
from shared.http.fields import Body, Id, PathId, ShortText
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["rules"], prefix="/rules")


class CopyBody(Body):
    """Under which id and name to copy."""

    rule_id: Id
    name: ShortText


@router.put("/{rule_id}", responses={201: {"description": "It is new", "model": RuleAnswer}})
async def put_rule(
    rule_id: PathId, body: RuleBody, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> RuleAnswer:
    """Create a rule, or replace the one of that id (with its ETag as If-Match)."""

    def wanted(stored: StoredRule | None) -> Rule:
        return body.rule(doors.business_time_zone, stored.rule if stored else None)

    _, is_new = await doors.put_rule(
        rule_id, wanted, lambda stored: conditions.check_put(stored, wanted(stored)), by=who.name
    )
    return await _answer(rule_id, doors, response, 201 if is_new else 200)


@router.get("/{rule_id}")
async def get_rule(rule_id: PathId, doors: Doors, response: Response) -> RuleAnswer:
    """A rule, with when it is due next and its last run."""
    return await _answer(rule_id, doors, response)


@router.get("")
async def list_rules(doors: Doors, after: After, limit: Limit = 50) -> Page[RuleAnswer]:
    """All rules in order of id."""
    found = await doors.read_rules.page(after, limit)
    return page_of(found, limit, lambda view: (view.stored.rule_id,), RuleAnswer.of)


@router.delete("/{rule_id}", status_code=204)
async def delete_rule(rule_id: PathId, conditions: Conditions, doors: Doors, who: Who) -> None:
    """Delete a rule (with its ETag as If-Match); what it sent stays to be read."""
    await doors.delete_rule(rule_id, conditions.check_delete, by=who.name)


@router.post("/{rule_id}/activate")
async def activate_rule(
    rule_id: PathId, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> RuleAnswer:
    """Let a rule fall due from now on."""
    await doors.switch_rule(rule_id, "active", conditions.check_action, by=who.name)
    return await _answer(rule_id, doors, response)


@router.post("/{rule_id}/deactivate")
async def deactivate_rule(
    rule_id: PathId, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> RuleAnswer:
    """Let a rule fall due no more, and skip what a run under way has not sent yet."""
    await doors.switch_rule(rule_id, "inactive", conditions.check_action, by=who.name)
    return await _answer(rule_id, doors, response)


@router.post("/{rule_id}/copy", status_code=201, responses={200: {"description": "It is there", "model": RuleAnswer}})
async def copy_rule(
    rule_id: PathId, body: CopyBody, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> RuleAnswer:
    """Copy a rule; the copy is inactive."""
    _, is_new = await doors.copy_rule(rule_id, body.rule_id, body.name, conditions.check_action, by=who.name)
    return await _answer(body.rule_id, doors, response, 201 if is_new else 200)


async def _answer(rule_id: str, doors: Doors, response: Response, status: int = 200) -> RuleAnswer:
    view = await doors.read_rules.one(rule_id)
    response.status_code = status
    response.headers["ETag"] = version_of(view.stored)
    return RuleAnswer.of(view)
