"""Custom variables over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.customers.inbound.http.doors import Doors
from services.customers.inbound.http.preconditions import Conditions, version_of
from services.customers.inbound.http.variable_body import Key, VariableAnswer, VariableBody
from services.customers.inbound.http.writing import created
from shared.http.access import Who
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["variables"], prefix="/variables")


@router.put("/{key}", responses=created(VariableAnswer))
async def put_variable(
    key: Annotated[Key, Path()], body: VariableBody, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> VariableAnswer:
    """Declare a variable, or change its words and choices."""
    asked = body.asked(key)
    declared = await doors.declare_variable(asked, conditions.check_stored, by=who.name)
    response.status_code = 201 if declared.is_new else 200
    response.headers["ETag"] = version_of(asked)
    return VariableAnswer.of(asked)


@router.get("/{key}")
async def get_variable(key: Annotated[Key, Path()], doors: Doors, response: Response) -> VariableAnswer:
    """A declaration."""
    variable = await doors.read_variables.one(key)
    response.headers["ETag"] = version_of(variable)
    return VariableAnswer.of(variable)


@router.get("")
async def list_variables(doors: Doors, after: After, limit: Limit = 50) -> Page[VariableAnswer]:
    """Declarations in order of key."""
    found = await doors.read_variables.page(after, limit)
    return page_of(found, limit, lambda variable: (variable.key,), VariableAnswer.of)
