"""What tests stand on: real servers, fresh databases, whole stacks, and waiting for what is to come."""
