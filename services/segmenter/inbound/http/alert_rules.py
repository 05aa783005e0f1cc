"""Alert rules over HTTP."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field

from services.segmenter.domain.alert_rules import AlertRule, Message
from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.preconditions import Conditions, version_of
from shared.basics.errors import BadInput, Mistake
from shared.http.access import Who
from shared.http.fields import Body, DefaultingBody, Id, PathId, ShortText, Text
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(prefix="/alert-rules", tags=["alerts"])


class SubjectBody(Body):
    """A subject, by language."""

    es: ShortText | None = None
    en: ShortText | None = None
    pt: ShortText | None = None


class TextBody(Body):
    """A text, by language."""

    es: Text | None = None
    en: Text | None = None
    pt: Text | None = None


class MessageBody(Body):
    """The texts of a mail; a customer of a language that is not there gets the first of es, en, pt that is."""

    subject: SubjectBody
    body: TextBody

    def texts(self) -> Message:
        """In our own words."""
        return Message(_said(self.subject), _said(self.body))


def _said(texts: SubjectBody | TextBody) -> dict[str, str]:
    return {language: text for language, text in texts if text is not None}


class AlertRuleBody(DefaultingBody):
    """For whom (``when``, and one of the segments), and what is to be done."""

    name: ShortText
    when: dict[str, Any] | None = None
    segment_ids: Annotated[list[Id], Field(max_length=200, default_factory=list)]
    action: Literal["notify", "call", "message"]
    message: MessageBody | None = None
    existing: Literal["ignore", "raise"] = "ignore"
    status: Literal["active", "inactive"] = "active"

    def rule(self) -> AlertRule:
        """In our own words.

        Raises
        ------
        BadInput
            Its parts do not fit together.
        """
        mistakes = []
        if self.when is None and not self.segment_ids:
            mistakes.append(Mistake("/when", "required", "without segments, a rule says when it holds"))
        if self.action == "message" and self.message is None:
            mistakes.append(Mistake("/message", "required", "a message needs its texts"))
        mistakes += [
            Mistake(f"/message/{name}", "required", "in one language at least")
            for name in ("subject", "body")
            if self.message is not None and not _said(getattr(self.message, name))
        ]
        if self.action != "message" and self.message is not None:
            mistakes.append(Mistake("/message", "not_allowed", "texts go with the action message"))
        if mistakes:
            raise BadInput(*mistakes)
        return AlertRule(
            name=self.name,
            when=self.when,
            segment_ids=tuple(dict.fromkeys(self.segment_ids)),
            action=self.action,
            message=self.message.texts() if self.message else None,
            existing=self.existing,
            status=self.status,
        )


class MessageAnswer(BaseModel):
    """The texts of a mail, by language."""

    subject: dict[str, str]
    body: dict[str, str]


class AlertRuleAnswer(BaseModel):
    """An alert rule."""

    alert_rule_id: str
    name: str
    when: dict[str, Any] | None
    segment_ids: list[str]
    action: str
    message: MessageAnswer | None
    existing: str
    status: str

    @classmethod
    def of(cls, alert_rule_id: str, rule: AlertRule) -> "AlertRuleAnswer":
        texts = rule.message
        return cls(
            alert_rule_id=alert_rule_id,
            name=rule.name,
            when=rule.when,
            segment_ids=list(rule.segment_ids),
            action=rule.action,
            message=MessageAnswer(subject=dict(texts.subject), body=dict(texts.body)) if texts else None,
            existing=rule.existing,
            status=rule.status,
        )


@router.put("/{alert_rule_id}", responses={201: {"model": AlertRuleAnswer}})
async def put_alert_rule(
    alert_rule_id: PathId, body: AlertRuleBody, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> AlertRuleAnswer:
    """Create an alert rule, or replace it; everyone is judged by it at once."""
    rule = body.rule()
    if await doors.keep_alert_rules.put(alert_rule_id, rule, conditions.of_alert_rule, by=who.name):
        response.status_code = status.HTTP_201_CREATED
    response.headers["ETag"] = version_of(rule)
    return AlertRuleAnswer.of(alert_rule_id, rule)


@router.get("/{alert_rule_id}")
async def get_alert_rule(alert_rule_id: PathId, doors: Doors, response: Response) -> AlertRuleAnswer:
    """An alert rule."""
    rule = await doors.keep_alert_rules.get(alert_rule_id)
    response.headers["ETag"] = version_of(rule)
    return AlertRuleAnswer.of(alert_rule_id, rule)


@router.get("")
async def list_alert_rules(doors: Doors, after: After, limit: Limit = 50) -> Page[AlertRuleAnswer]:
    """Alert rules in order of id."""
    found = await doors.keep_alert_rules.page(after, limit)
    return page_of(found, limit, lambda one: (one[0],), lambda one: AlertRuleAnswer.of(*one))


@router.delete("/{alert_rule_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_alert_rule(alert_rule_id: PathId, conditions: Conditions, doors: Doors, who: Who) -> None:
    """Delete an alert rule; its open alerts are cleared."""
    await doors.keep_alert_rules.delete(alert_rule_id, conditions.of_alert_rule, by=who.name)
