"""Between the processes: TCP proxies that count, cut and drain. They live in a thread with an event loop of its own."""
