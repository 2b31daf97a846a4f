"""What people paste becomes one form per platform."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.choices import Platform
from partners.handles import HandleError, parse, profile_url, shown

SAME = {
    (Platform.INSTAGRAM, "rina.barong"): [
        ("instagram", "rina.barong"),
        ("instagram", "@Rina.Barong"),
        ("instagram", "  @rina.barong  "),
        ("", "https://www.instagram.com/rina.barong/"),
        ("", "http://instagram.com/Rina.Barong?igsh=MXg0&utm_source=qr"),
        ("tiktok", "https://m.instagram.com/rina.barong"),
        ("", "instagram.com/rina.barong/reels/"),
        ("", "https://www.instagram.com/stories/rina.barong/3312/"),
        ("", "https://instagram.com/_u/rina.barong"),
    ],
    (Platform.TIKTOK, "info_kubar"): [
        ("tiktok", "@Info_Kubar"),
        ("", "https://www.tiktok.com/@info_kubar?lang=id-ID"),
        ("", "https://m.tiktok.com/@info_kubar/video/7312"),
    ],
    (Platform.FACEBOOK, "info.kubar"): [
        ("facebook", "info.kubar"),
        ("", "https://web.facebook.com/Info.Kubar?mibextid=ZbWKwL"),
        ("", "https://id-id.facebook.com/info.kubar/about"),
        ("", "fb.com/info.kubar"),
        ("", "https://m.facebook.com/pg/info.kubar/posts"),
    ],
    (Platform.FACEBOOK, "100012345678901"): [
        ("", "https://www.facebook.com/profile.php?id=100012345678901&sk=about"),
        ("facebook", "profile.php?id=100012345678901"),
        ("", "https://m.facebook.com/people/Budi-Santoso/100012345678901/"),
        ("", "https://www.facebook.com/p/Budi-Santoso-100012345678901/"),
        ("facebook", "100012345678901"),
    ],
    (Platform.YOUTUBE, "infokubar"): [
        ("youtube", "@InfoKubar"),
        ("youtube", "infokubar"),
        ("", "https://www.youtube.com/@InfoKubar/videos"),
        ("", "https://m.youtube.com/@infokubar?si=abc"),
    ],
    (Platform.YOUTUBE, "channel/UCabcdefghijABCDEFGHIJ12"): [
        ("", "https://www.youtube.com/channel/UCabcdefghijABCDEFGHIJ12/featured"),
        ("youtube", "UCabcdefghijABCDEFGHIJ12"),
    ],
    (Platform.YOUTUBE, "c/infokubar"): [("", "youtube.com/c/InfoKubar"), ("youtube", "c/infokubar")],
    (Platform.X, "info_kubar"): [
        ("x", "@info_kubar"),
        ("", "https://x.com/Info_Kubar/status/1"),
        ("", "https://mobile.twitter.com/info_kubar?lang=id"),
        ("", "https://twitter.com/intent/user?screen_name=info_kubar"),
    ],
}


@pytest.mark.parametrize(
    ("wanted", "platform", "text"), [(want, *pasted) for want, many in SAME.items() for pasted in many]
)
def test_handle_pasted_in_any_way_is_one(wanted, platform, text):
    handle = parse(text, platform)

    assert (handle.platform, handle.handle) == wanted


@pytest.mark.parametrize(
    ("platform", "text", "code"),
    [
        ("instagram", "   ", "empty"),
        ("instagram", "rina barong", "malformed"),
        ("instagram", "a" * 31, "malformed"),
        ("instagram", "x" * 301, "malformed"),
        ("", "rina", "malformed"),
        ("linkedin", "rina", "malformed"),
        ("x", "nama-panjang-sekali", "malformed"),
        ("", "https://www.linkedin.com/in/rina", "address"),
        ("", "https://instagram.com.jahat.id/rina", "address"),
        ("", "javascript://instagram.com/%0aalert(1)//", "malformed"),
        ("", "https://vm.tiktok.com/ZMabc/", "short_link"),
        ("", "https://www.instagram.com/p/C9abc/", "not_a_profile"),
        ("", "https://www.instagram.com/", "not_a_profile"),
        ("instagram", "instagram.com", "not_a_profile"),
        ("", "https://www.facebook.com/groups/123", "not_a_profile"),
        ("", "https://www.facebook.com/profile.php?id=abc", "not_a_profile"),
        ("", "https://www.youtube.com/watch?v=abc", "not_a_profile"),
        ("", "https://www.youtube.com/channel/abc", "not_a_profile"),
        ("", "https://x.com/home", "not_a_profile"),
        ("instagram", "<script>", "malformed"),
        ("", "https://[::1/rina", "malformed"),
        ("", f"https://www.youtube.com/c/{'ΐ' * 59}", "not_a_profile"),
    ],
)
def test_handle_that_names_no_profile_is_refused(platform, text, code):
    with pytest.raises(HandleError) as refused:
        parse(text, platform)

    assert refused.value.code == code


@given(st.sampled_from(Platform.values), st.text(max_size=120))
def test_handle_read_twice_stays_the_same(platform, text):
    try:
        once = parse(text, platform)
    except HandleError:
        return

    assert parse(once.handle, once.platform) == once
    assert parse(shown(once.platform, once.handle), once.platform) == once


@given(
    st.sampled_from(Platform.values),
    st.from_regex(r"[a-zA-Z0-9_]{3,15}", fullmatch=True),
    st.sampled_from(["", "www.", "m."]),
    st.sampled_from(["", "/", "?x=1", "/?utm_source=a&b=c", "#top"]),
)
def test_handle_in_an_address_is_the_handle_alone(platform, name, prefix, tail):
    hosts = {"instagram": "instagram.com/", "tiktok": "tiktok.com/@", "facebook": "facebook.com/"}
    hosts |= {"youtube": "youtube.com/@", "x": "x.com/"}
    try:
        alone = parse(name, platform)
    except HandleError:
        return

    assert parse(f"https://{prefix}{hosts[platform]}{name}{tail}", "") == alone


@given(st.sampled_from(Platform.values), st.text(max_size=60))
def test_handle_leads_back_to_itself_through_its_address(platform, text):
    try:
        handle = parse(text, platform)
    except HandleError:
        return

    assert handle.url.startswith("https://")
    assert parse(profile_url(handle.platform, handle.handle), "") == handle
