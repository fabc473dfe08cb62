"""The version of the client; it goes with the service's first two numbers."""

VERSION = "0.1.0"
