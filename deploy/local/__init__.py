"""The local stack: real PostgreSQL, real Kafka, a mail catcher and the three services, from Python alone."""
