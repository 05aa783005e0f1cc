"""What carries the services: the container image and the local stack."""
