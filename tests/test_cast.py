"""The cast itself: that its scopes are what the stories rely on."""

from events.queries.events import events_visible_to
from partners.queries.partners import partners_visible_to


def test_cast_scopes_are_those_of_the_stories(cast):
    cast.partner("Sari", unit="polres-kubar")
    event = cast.event()

    assert [p.full_name for p in partners_visible_to(cast.kubar)] == ["Sari"]
    assert list(partners_visible_to(cast.berau)) == []
    assert [p.full_name for p in partners_visible_to(cast.divhumas)] == ["Sari"]
    assert list(partners_visible_to(cast.diskominfo)) == []
    assert list(events_visible_to(cast.kubar)) == [event]
    assert list(events_visible_to(cast.berau)) == []
    assert list(events_visible_to(cast.bidhumas)) == [event]
