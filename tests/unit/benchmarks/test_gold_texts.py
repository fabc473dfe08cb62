from benchmarks.gold_texts import GATES, measure, read_texts


def test_every_text_says_what_should_come_out() -> None:
    texts = list(read_texts())
    assert len(texts) == len({text.name for text in texts}) >= 30
    assert all(text.kept and "title" in text.told and "⟦" not in text.html for text in texts)


def test_clean_answers_as_the_gates_demand() -> None:
    found = measure()
    low = [name for name, gate in GATES.items() if found[name] < gate.get("min", 0)]
    high = [name for name, gate in GATES.items() if found[name] > gate.get("max", found[name])]
    assert (low, high) == ([], [])
