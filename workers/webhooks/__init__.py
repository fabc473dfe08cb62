"""Calling webhooks: a process that follows the feed for every subscription, in order, and signs what it sends."""
