"""The stages, and the one place that chains them."""
