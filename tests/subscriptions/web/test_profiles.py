"""Who is listening: a child's profile shows what suits its age on every surface, and is left with the PIN alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Release
from subscriptions.models import AccessCode, Library, Patron, Profile
from subscriptions.patrons import profiles, services
from subscriptions.patrons.profiles import ProfileMissing, ProfileRefused
from tests.factories.catalog import make_geography, make_party, make_release
from tests.subscriptions.access.people import Person, make_person
from tests.subscriptions.api.people import sign_in
from tests.subscriptions.web.surfaces import met

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PIN = "2468"
SURFACES = {
    "release",
    "play",
    "cover",
    "artist",
    "discover",
    "search",
    "count",
    "facets",
    "suggest",
    "stream",
}
SURFACES |= {"queue", "api"}
# A title that is one word of its own, its age, and whether it is explicit.
WORKS = [
    ("Abricotier", 0, False),
    ("Brouette", 7, False),
    ("Cyclamen", 14, False),
    ("Dromadaire", 3, True),
    ("Échalote", None, False),
]


@pytest.fixture
def bob() -> Person:
    return make_person()


@pytest.fixture
def browser(bob: Person) -> Client:
    return sign_in(bob)


def add_child(bob: Person, max_age: int = 6, name: str = "Lou") -> Profile:
    return profiles.create_youth_profile(
        patron_id=bob.patron.pk, by=bob.profile.pk, name=name, max_age=max_age, pin=PIN
    )


def become(browser: Client, profile: Profile, pin: str = "") -> Any:
    return browser.post(f"/profiles/{profile.pk}/enter/", {"pin": pin})


def whose(browser: Client) -> int:
    return int(browser.session["profile_id"])


def make_works() -> list[Release]:
    home = make_geography()["42218"]
    return [
        make_release(
            title,
            artist=make_party(f"{title} Quartz", home=home),
            min_age=age,
            is_explicit=is_explicit,
            subjects=[f"only{title.lower()}"],
            description="Un conte.",
        )
        for title, age, is_explicit in WORKS
    ]


@pytest.mark.parametrize("band", [3, 10, 16])
def test_a_child_meets_what_suits_its_age_and_nothing_else(band: int, bob: Person, browser: Client) -> None:
    works = make_works()
    become(browser, add_child(bob, band))
    for work in works:
        suits = work.min_age is not None and work.min_age <= band and not work.is_explicit
        surfaces = {one.partition(" ")[0] for one in met(browser, work)}
        if suits:  # "facets" too, unless the child sees no other work: there is nothing to choose then
            assert surfaces | {"facets"} == SURFACES, work.title
        else:
            assert surfaces == set(), work.title


def test_an_adult_adds_a_child_and_hands_the_device_over(bob: Person, browser: Client) -> None:
    browser.post("/profiles/new/", {"name": " Lou ", "max_age": "6", "pin": PIN})
    child = Profile.objects.get(kind="youth")
    assert (child.name, child.max_age) == ("Lou", 6)
    page = browser.get("/profiles/").content.decode()
    assert "Lou" in page
    assert become(browser, child)["Location"] == "/discover/"
    assert whose(browser) == child.pk
    assert PIN not in Patron.objects.get(pk=bob.patron.pk).pin_hash


def test_leaving_a_childs_profile_takes_the_pin(bob: Person, browser: Client) -> None:
    child = add_child(bob)
    become(browser, child)
    assert 'name="pin"' in browser.get(f"/profiles/{bob.profile.pk}/enter/").content.decode()
    assert [become(browser, bob.profile, wrong).status_code for wrong in ("", "1111", "24680000000")] == [
        422
    ] * 3
    assert whose(browser) == child.pk
    assert become(browser, bob.profile, PIN).status_code == 302
    assert whose(browser) == bob.profile.pk


def test_a_younger_siblings_profile_is_open_and_an_older_ones_is_not(bob: Person, browser: Client) -> None:
    small, middle, big = add_child(bob, 3), add_child(bob, 6), add_child(bob, 13)
    become(browser, middle)
    assert become(browser, small).status_code == 302
    assert become(browser, big).status_code == 422
    assert whose(browser) == small.pk


@pytest.mark.parametrize(
    ("now", "wanted", "expected"),
    [(None, None, False), (None, 3, False), (6, 3, False), (6, 6, False), (6, 10, True), (16, None, True)],
)
def test_a_pin_guards_what_shows_more(now: int | None, wanted: int | None, expected: bool) -> None:
    assert profiles.needs_pin(now_max_age=now, wanted_max_age=wanted) is expected


def test_a_pin_cannot_be_guessed(bob: Person) -> None:
    child, now = add_child(bob), timezone.now()

    def attempt(pin: str, at: datetime) -> str:
        try:
            profiles.choose_profile(
                patron_id=bob.patron.pk, from_id=child.pk, to_id=bob.profile.pk, pin=pin, now=at
            )
        except ProfileRefused as refusal:
            return refusal.code
        return "in"

    assert [attempt("0000", now) for _time in range(5)] == ["wrong_pin"] * 5
    assert attempt(PIN, now + timedelta(minutes=4)) == "pin_locked"
    assert attempt(PIN, now + timedelta(minutes=6)) == "in"


def test_a_child_changes_nothing(bob: Person, browser: Client) -> None:
    child = add_child(bob)
    become(browser, child)
    said = {"name": "Big", "max_age": "16", "pin": "1111"}
    answers = [
        browser.get("/profiles/new/"),
        browser.post("/profiles/new/", said),
        browser.get("/profiles/pin/"),
        browser.post("/profiles/pin/", {"pin": "1111"}),
        browser.post(f"/profiles/{child.pk}/remove/"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert Profile.objects.filter(kind="youth").count() == 1


def test_another_patrons_profiles_are_not_there(bob: Person, browser: Client) -> None:
    charlie = make_person(commune_code="69123")
    theirs = add_child(charlie)
    assert become(browser, theirs).status_code == 404
    assert browser.get(f"/profiles/{theirs.pk}/enter/").status_code == 404
    assert browser.post(f"/profiles/{theirs.pk}/remove/").status_code == 404
    with pytest.raises(ProfileMissing):
        profiles.choose_profile(
            patron_id=bob.patron.pk, from_id=theirs.pk, to_id=bob.profile.pk, pin="", now=timezone.now()
        )
    assert "Lou" not in browser.get("/profiles/").content.decode()


@pytest.mark.parametrize(
    "said",
    [
        {"name": "", "max_age": "6", "pin": PIN},
        {"name": "x" * 41, "max_age": "6", "pin": PIN},
        {"name": "Lou", "max_age": "7", "pin": PIN},
        {"name": "Lou", "max_age": "6", "pin": "12"},
        {"name": "Lou", "max_age": "6", "pin": "abcd"},
        {"name": "Lou", "max_age": "6", "pin": ""},
    ],
)
def test_a_bad_form_is_given_back(said: dict[str, str], browser: Client) -> None:
    assert browser.post("/profiles/new/", said).status_code == 422
    assert not Profile.objects.filter(kind="youth").exists()


def test_an_account_has_so_many_profiles_and_no_more(bob: Person) -> None:
    for number in range(profiles.MOST_PROFILES - 1):
        add_child(bob, name=f"L{number}")
    with pytest.raises(ProfileRefused) as refusal:
        add_child(bob)
    assert refusal.value.code == "too_many_profiles"


def test_an_adult_changes_the_pin_and_removes_a_child(bob: Person, browser: Client) -> None:
    child = add_child(bob)
    assert browser.post("/profiles/pin/", {"pin": "135790"}).status_code == 302
    become(browser, child)
    assert become(browser, bob.profile, PIN).status_code == 422
    assert become(browser, bob.profile, "135790").status_code == 302
    browser.post(f"/profiles/{child.pk}/remove/")
    browser.post(f"/profiles/{bob.profile.pk}/remove/")
    assert list(Profile.objects.all()) == [bob.profile]


def test_what_is_kept_is_said_to_the_one_who_asks(bob: Person, browser: Client) -> None:
    child = add_child(bob)
    assert "We do not know it" in browser.get("/profiles/kept/").content.decode()
    become(browser, child)
    page = browser.get("/profiles/kept/").content.decode()
    assert "“Lou”" in page
    assert "what suits 6 years" in page


def test_visitors_have_no_profile(client: Client) -> None:
    for address in ("", "new/", "pin/", "kept/", "1/enter/"):
        assert client.get(f"/profiles/{address}").status_code == 302


def make_code(library: Library) -> str:
    [code] = services.create_codes(
        library=library, batch=f"Desk {AccessCode.objects.count()}", count=1, expires_on=date(2090, 1, 1)
    )
    return code


def enter(browser: Client, library: Library, code: str) -> Any:
    return browser.post(f"/l/{library.slug}/enter/", {"code": code})


@pytest.fixture
def code(bob: Person) -> str:
    """The code of bob's household."""
    made = make_code(bob.library)
    AccessCode.objects.update(patron=bob.patron, redeemed_at=timezone.now(), sealed_code=None)
    return made


@pytest.mark.parametrize("leaves_first", [False, True])
def test_the_households_code_does_not_lead_around_the_pin(
    bob: Person, browser: Client, code: str, leaves_first: bool
) -> None:
    child = add_child(bob)
    become(browser, child)
    if leaves_first:
        browser.post(f"/l/{bob.library.slug}/leave/")
    answer = enter(browser, bob.library, code)
    assert answer["Location"] == f"/profiles/{bob.profile.pk}/enter/"
    assert whose(browser) == child.pk
    assert become(browser, bob.profile, PIN).status_code == 302
    browser.post(f"/l/{bob.library.slug}/leave/")
    assert (
        enter(browser, bob.library, code)["Location"] == "/discover/"
    )  # the PIN was given: no child's any more
    assert whose(browser) == bob.profile.pk


@pytest.mark.parametrize("leaves_first", [False, True])
def test_another_code_opens_nothing_in_a_childs_browser_and_is_not_used_up(
    bob: Person, browser: Client, leaves_first: bool
) -> None:
    become(browser, add_child(bob))
    if leaves_first:
        browser.post(f"/l/{bob.library.slug}/leave/")
    patrons = Patron.objects.count()
    answer = enter(browser, bob.library, other := make_code(bob.library))
    assert (answer.status_code, "handed to a child" in answer.content.decode()) == (422, True)
    assert Patron.objects.count() == patrons
    assert enter(Client(), bob.library, other).status_code == 302


def test_the_code_in_another_browser_lets_a_forgotten_pin_be_changed(
    bob: Person, browser: Client, code: str
) -> None:
    become(browser, add_child(bob))
    fresh = Client(headers={"accept-language": "en"})
    enter(fresh, bob.library, code)
    assert fresh.post("/profiles/pin/", {"pin": "97531"}).status_code == 302
    assert become(browser, bob.profile, "97531").status_code == 302


def test_a_browser_whose_child_is_gone_is_anybodys_again(bob: Person, browser: Client) -> None:
    become(browser, child := add_child(bob))
    browser.post(f"/l/{bob.library.slug}/leave/")
    child.delete()
    assert enter(browser, bob.library, make_code(bob.library)).status_code == 302
