"""The common way to refresh a cascade: a query for each segment, of whoever no earlier one took.

Each replaces the rows of its members, and writes what a refresh promises of who moved: aging bucket and risk level,
history, and the events of segment, bucket and risk. It is one transaction a segment, however long it takes, and waits
for no backlog: what our own way does beside that (short transactions, a watermark, a fence) is not asked of it.
"""

import re
from datetime import date

import msgspec
from sqlalchemy import TextClause, text

from services.segmenter.domain.cascade import Cascade
from services.segmenter.storage.revisions import load_published, read_cascade
from services.segmenter.storage.rule_sql import CompiledCascade, compile_cascade
from services.segmenter.storage.top_cutoffs import with_top_cutoffs
from shared.database.engine import Database, Transaction
from tests.bench.policies import Segment
from tests.services.segmenter.listener import DEFAULT

_TAKEN = 'CREATE UNLOGGED TABLE taken (customer_id text COLLATE "C" PRIMARY KEY)'
_REPLACE = """
WITH members AS MATERIALIZED (
    SELECT c.customer_id, {bucket} AS bucket, {risk} AS risk, {score} AS score
    FROM customers c JOIN behaviour b USING (customer_id)
    WHERE {rule} AND NOT EXISTS (SELECT FROM taken t WHERE t.customer_id = c.customer_id)
), held AS MATERIALIZED (
    SELECT customer_id, segment_id, aging_bucket, risk_level, sequence FROM membership
    WHERE customer_id IN (SELECT customer_id FROM members) ORDER BY customer_id FOR UPDATE
), judged AS MATERIALIZED (
    SELECT n.*, m.segment_id AS from_segment, m.aging_bucket AS from_bucket, m.risk_level AS from_risk, m.sequence,
        (m.segment_id <> :segment_id)::int AS moves, (m.aging_bucket <> n.bucket)::int AS ages,
        (m.risk_level <> n.risk)::int AS risks
    FROM members n JOIN held m USING (customer_id)
), replaced AS (
    UPDATE membership m SET segment_id = :segment_id, aging_bucket = n.bucket, risk_level = n.risk, told = true,
        since = CASE WHEN moves = 1 THEN clock_timestamp() ELSE since END, revision = :revision, as_of = :as_of,
        sequence = n.sequence + moves + ages + risks
    FROM judged n WHERE n.customer_id = m.customer_id
), recorded AS (
    INSERT INTO moves (customer_id, sequence, at, as_of, from_segment, to_segment, cause, revision)
    SELECT customer_id, sequence + 1, clock_timestamp(), :as_of, from_segment, :segment_id, 'refresh', :revision
    FROM judged WHERE moves = 1 ORDER BY customer_id
), events AS (
    SELECT customer_id, sequence + 1 AS sequence, 'segment.assigned' AS type, json_build_object(
        'customer_id', customer_id,
        'from', json_build_object('id', from_segment, 'name', :names ->> from_segment),
        'to', json_build_object('id', :segment_id, 'name', :names ->> :segment_id), 'flow', NULL,
        'revision', :revision, 'as_of', :as_of, 'cause', 'refresh') AS data
    FROM judged WHERE moves = 1
    UNION ALL
    SELECT customer_id, sequence + moves + 1, 'aging_bucket.changed',
        json_build_object('customer_id', customer_id, 'from', from_bucket, 'to', bucket, 'as_of', :as_of)
    FROM judged WHERE ages = 1
    UNION ALL
    SELECT customer_id, sequence + moves + ages + 1, 'risk_level.changed',
        json_build_object('customer_id', customer_id, 'from', from_risk, 'to', risk, 'score', score, 'as_of', :as_of)
    FROM judged WHERE risks = 1
), told AS (
    INSERT INTO outbox (key, type, event_id, sequence, epoch, time, history, data)
    SELECT customer_id, type, CAST(uuidv7() AS text), sequence, 1, clock_timestamp(), false,
        convert_to(CAST(data AS text), 'UTF8')
    FROM events ORDER BY customer_id, sequence
)
INSERT INTO taken SELECT customer_id FROM members
"""
_TYPES = {"segment_id": "text", "revision": "integer", "as_of": "date", "names": "jsonb"}


async def refresh_by_segments(database: Database, segments: list[Segment], as_of: date) -> None:
    """Put everyone where these segments (Default is added) say."""
    async with database.transaction() as connection:
        left = await load_published(connection)
        cascade = await _next(connection, left, segments, as_of)
        await connection.execute(text(_TAKEN))
    compiled = compile_cascade(cascade)
    names = {one.segment_id: one.name for one in (*left.segments, *cascade.segments)}
    common = {"revision": cascade.revision, "as_of": as_of, "names": msgspec.json.encode(names).decode()}
    for segment in cascade.segments:
        async with database.transaction() as connection:
            given = {**compiled.params, **common, "segment_id": segment.segment_id}
            await connection.execute(_statement(compiled, segment.segment_id), given)
    async with database.transaction() as connection:
        await connection.execute(text("DROP TABLE taken"))


async def _next(connection: Transaction, left: Cascade, segments: list[Segment], as_of: date) -> Cascade:
    """A revision after the one in force, its cutoffs counted."""
    settings = await with_top_cutoffs(connection, left.settings, as_of)
    return await read_cascade(connection, left.revision + 1, [*segments, DEFAULT], settings)


def _statement(compiled: CompiledCascade, segment_id: str) -> TextClause:
    sql = _REPLACE.format(
        bucket=compiled.bucket_sql,
        risk=compiled.risk_sql,
        score=compiled.score_sql,
        rule=compiled.rule_sqls.get(segment_id, "true"),
    )
    for name, sql_type in _TYPES.items():
        sql = re.sub(rf"(?<!CAST\():{name}\b", f"CAST(:{name} AS {sql_type})", sql)
    return text(sql)
