"""Tables and queries. Every transaction is opened by a use case; what stands here runs inside it."""
