"""How the verifier of the dedupe stage is fitted: ``python -m training.dedupe.train``."""
