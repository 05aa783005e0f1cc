"""Ways out: mails, the mail gateway, events for Kafka."""
