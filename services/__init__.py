"""The three services. They never import each other; they meet on Kafka and over HTTP."""
