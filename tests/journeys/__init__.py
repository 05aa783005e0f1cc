"""Journeys: the whole of Cascada on real servers, from an HTTP call to a move on Kafka and a mail in its box."""
