"""How events leave a service and reach another, as a small vocabulary.

A *record* is what Kafka holds; an *event* is a record that could be read. A *batch* of events is *applied* in one
transaction, then its offsets are committed. A customer whose events cannot be applied in sequence is *behind* and is
*repaired* from its snapshot. Bytes that cannot be read are *quarantined*. The *outbox* holds events not yet sent, the
*relay* sends them. Source: architecture decisions 1–3.
"""
