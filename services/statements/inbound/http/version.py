"""The version that the API tells of itself."""

VERSION = "1"
