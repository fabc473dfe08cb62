"""What amounts of money say, and where they stand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.entities._money import find_money, read_money


@pytest.mark.parametrize(
    ("surface", "value"),
    [
        ("$425 million", "425000000 USD"),
        ("$1.2 billion", "1200000000 USD"),
        ("$3,500", "3500 USD"),
        ("$1.50", "1.5 USD"),
        ("$0.75", "0.75 USD"),
        ("US$40bn", "40000000000 USD"),
        ("A$5m", "5000000 AUD"),
        ("C$2.5 million", "2500000 CAD"),
        ("HK$100", "100 HKD"),
        ("€300 million", "300000000 EUR"),
        ("£20m", "20000000 GBP"),
        ("£9.99", "9.99 GBP"),
        ("₹500 crore", "5000000000 INR"),
        ("₽1 trillion", "1000000000000 RUB"),
        ("GH₵20", "20 GHS"),
        ("₵1.5 million", "1500000 GHS"),
        ("GHS 20 million", "20000000 GHS"),
        ("₾30", "30 GEL"),
        ("৳500", "500 BDT"),
        ("$1.2-billion", "1200000000 USD"),
        ("USD 40 million", "40000000 USD"),
        ("40 million USD", "40000000 USD"),
        ("3.5 bn EUR", "3500000000 EUR"),
        ("20€", "20 EUR"),
        ("10 billion euros", "10000000000 EUR"),
        ("two million dollars", "2000000 USD"),
        ("a million dollars", "1000000 USD"),
        ("One hundred dollars", None),
        ("500,000 Swiss francs", "500000 CHF"),
        ("100 Australian dollars", "100 AUD"),
        ("1,000 Mexican pesos", "1000 MXN"),
        ("50 billion yuan", "50000000000 CNY"),
        ("90 million pounds", "90000000 GBP"),
        ("5 pounds sterling", "5 GBP"),
        ("7 roubles", "7 RUB"),
        ("300 million reais", "300000000 BRL"),
        ("2 billion won", "2000000000 KRW"),
        ("$20-billion", "20000000000 USD"),
    ],
)
def test_an_amount_is_said_in_full_with_its_currency(surface: str, value: str | None) -> None:
    assert read_money(surface) == value


@pytest.mark.parametrize(
    "surface",
    ["500 rupees", "20 pesos", "¥500 billion", "40 francs", "100 kroner", "Rs 500", "millions", "dollars", ""],
)
def test_a_currency_that_several_countries_share_stays_open(surface: str) -> None:
    assert read_money(surface) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a $425 million package", ["$425 million"]),
        ("It costs $1,200, not €1,100.", ["$1,200", "€1,100"]),
        ("between $3 million and $5 million", ["$3 million and $5 million"]),
        ("They had $3 million and $5 million more", ["$3 million", "$5 million"]),
        ("fines of $5-10 million", ["$5-10 million"]),
        ("fell from $20 to $10", ["$20", "$10"]),
        ("80 cents a share, 20 per cent", ["80 cents"]),
        ("half a billion dollars", ["half a billion dollars"]),
        ("tens of millions of euros", ["tens of millions of euros"]),
        ("worth 1.5m euros", ["1.5m euros"]),
        ("worth 10 billion euros a year", ["10 billion euros"]),
        ("paid 500 rupees", ["500 rupees"]),
        ("a US$40m loan", ["US$40m"]),
        ("weighs 20 pounds", []),
        ("raised 20 million pounds", ["20 million pounds"]),
        ("In 2020 won the cup", []),
        ("$5 mothers", ["$5"]),
        ("$5bnx", []),
        ("$1,2345", []),
        ("version 1.2.3 USD", []),
        ("the dollar fell", []),
    ],
)
def test_amounts_are_found_where_they_stand(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in sorted(find_money(text))] == found


@given(
    st.integers(0, 10**9),
    st.sampled_from(["", " million", "bn", " trillion"]),
    st.sampled_from([("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("A$", "AUD"), ("CHF ", "CHF")]),
    st.sampled_from(["", ","]),
)
def test_every_writing_of_an_amount_says_that_amount(
    number: int, scale: str, mark: tuple[str, str], group: str
) -> None:
    surface = f"{mark[0]}{format(number, group)}{scale}"
    times = {"": 0, " million": 6, "bn": 9, " trillion": 12}[scale]
    assert read_money(surface) == f"{number * 10**times} {mark[1]}"
    assert find_money(f"It cost {surface}.") == [(8, 8 + len(surface))]


@given(st.decimals(Decimal("0.01"), Decimal(10**6), places=2))
def test_amounts_are_exact_and_never_in_powers_of_ten(amount: Decimal) -> None:
    value = read_money(f"${amount} million")
    assert value is not None
    assert "E" not in value.removesuffix(" USD")
    assert Decimal(value.removesuffix(" USD")) == amount * 10**6
