"""The wire between services: envelopes, event payloads, snapshots. Additive changes only within v1.

Each type has an example file under ``docs/contracts/events/`` that the tests read. Source: contract.md, *Events*.
"""
