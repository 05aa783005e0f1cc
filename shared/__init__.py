"""What all services need and none owns. Nothing here imports a service."""
