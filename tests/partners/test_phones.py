"""A phone typed in any spelling is one number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.fields import PhoneField
from ui.phones import masked_address, masked_form, spoken_form, written_form

NUMBERS = st.from_regex(r"8(1[1-9]|2[1-3]|5[2-9]|7[7-8]|9[5-9])[2-9][0-9]{6,7}", fullmatch=True)
SPELLINGS = ["0{}", "{}", "62{}", "+62{}", "+62 {}", "0062{}", "+620{}", "62 0{}", " 0{} "]


@given(NUMBERS, st.sampled_from(SPELLINGS), st.sampled_from(["", " ", "-", ".", " - "]))
def test_phone_in_any_spelling_is_one_number(number, spelling, separator):
    spaced = separator.join([number[:3], number[3:7], number[7:]])

    assert str(PhoneField().clean(spelling.format(spaced))) == f"+62{number}"


@given(st.text(max_size=30))
def test_phone_spoken_twice_stays_the_same(text):
    assert spoken_form(spoken_form(text)) == spoken_form(text)


@pytest.mark.parametrize("text", ["12", "08", "abc", "0812-3456-7890-1234-5", "+62", "081234567890; DROP"])
def test_phone_that_is_none_is_refused_with_an_example(text):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        PhoneField(required=False).clean(text)

    assert any("0812-3456-7890" in message for message in refused.value.messages)


def test_phone_is_written_and_masked():
    assert written_form("+6281234567890") == "0812-3456-7890"
    assert masked_form("+6281234567890") == "0812-••••-••90"
    assert masked_address("sari@gmail.com") == "s••••@gmail.com"
    assert masked_address("") == "••••"
