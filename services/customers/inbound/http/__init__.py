"""The HTTP room: one file per noun, bodies beside the routes that take them."""
