"""Ways in: HTTP, events from Kafka, ticks of the clock."""
