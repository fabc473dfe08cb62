"""The version of Dateline: here once, read by the package, the API, the command and every failure record."""

VERSION = "0.1.0"
