"""A patron goes, with every link to what they played; whatever was counted stays."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Heartbeat
from catalog.usage import log, schema, selectors
from mediaplatform.kernel.periods import Month
from subscriptions.models import AccessCode, Library, Patron, Profile, PseudonymKey, SignedInBeside
from subscriptions.patrons import erasure, pseudonyms, services, tasks
from subscriptions.patrons.pseudonyms import PseudonymsDestroyed
from tests.catalog.usage.conftest import make_session
from tests.subscriptions.people import make_library, make_staff, make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 10, 14, 10, tzinfo=UTC)
DAY, OCTOBER = date(2026, 10, 14), Month(2026, 10)


def come_in(library: Library, *, now: datetime | None = None) -> tuple[Patron, str]:
    """Return a new patron and the code that lets them in."""
    [code] = services.create_codes(
        library=library,
        batch=f"Desk {AccessCode.objects.count()}",
        count=1,
        expires_on=date(2030, 1, 1),
    )
    return services.redeem_code(library=library, code=code, now=now or timezone.now()), code


def browse(library: Library, code: str) -> Client:
    """Return the browser of a patron who came in."""
    client = Client(headers={"accept-language": "en"})
    assert client.post(f"/l/{library.slug}/enter/", {"code": code}).status_code == 302
    return client


def test_an_erased_patron_cannot_be_found_and_no_total_changes(library: Library) -> None:
    patron, _code = come_in(library)
    name = pseudonyms.pseudonym_of(patron_id=patron.pk, month=OCTOBER)
    table = schema.table_of([(make_session(patron=name, library_id=library.pk), 60)])
    log.write_day(day=DAY, table=table)
    before = selectors.count_library_use(library_id=library.pk, month=OCTOBER)
    bytes_before = log.find_day(day=DAY).sha256  # type: ignore[union-attr]
    assert erasure.erase_patron(patron_id=patron.pk, now=NOON)
    assert selectors.count_library_use(library_id=library.pk, month=OCTOBER) == before
    assert log.find_day(day=DAY).sha256 == bytes_before  # type: ignore[union-attr]
    assert not Patron.objects.exists()
    assert not Profile.objects.exists()
    with pytest.raises(PseudonymsDestroyed):
        pseudonyms.pseudonym_of(patron_id=patron.pk, month=OCTOBER)
    assert not erasure.erase_patron(patron_id=patron.pk, now=NOON)


def test_not_even_a_new_patron_of_the_same_number_bears_the_old_name(library: Library) -> None:
    patron, _code = come_in(library)
    name = pseudonyms.pseudonym_of(patron_id=patron.pk, month=OCTOBER)
    erasure.erase_patron(patron_id=patron.pk, now=NOON)
    again = Patron.objects.create(pk=patron.pk, library=library)
    assert pseudonyms.pseudonym_of(patron_id=again.pk, month=OCTOBER) != name


def test_the_code_of_an_erased_patron_counts_as_withdrawn(library: Library) -> None:
    patron, code = come_in(library)
    erasure.erase_patron(patron_id=patron.pk, now=timezone.now())
    with pytest.raises(services.CodeRefused) as refused:
        services.redeem_code(library=library, code=code, now=timezone.now())
    assert refused.value.code == "code_revoked"
    assert AccessCode.objects.count() == 1


def test_a_patron_erases_themself_after_being_asked(library: Library) -> None:
    _patron, code = come_in(library)
    bob = browse(library, code)
    assert "Erase everything about me?" in bob.get("/what-is-kept/erase/").content.decode()
    assert Patron.objects.exists()
    assert bob.post("/what-is-kept/erase/").status_code == 302
    assert not Patron.objects.exists()
    assert bob.get("/what-is-kept/erase/").status_code == 404


def test_a_child_cannot_erase_the_household(library: Library) -> None:
    patron, code = come_in(library)
    child = services.add_youth_profile(patron_id=patron.pk, name="Lou", max_age=10)
    client = browse(library, code)
    session = client.session
    session["profile_id"] = child.pk
    session.save()
    assert client.post("/what-is-kept/erase/").status_code == 404
    assert Patron.objects.exists()


def test_staff_erases_its_own_patrons_alone(library: Library, charlie: Client) -> None:
    patron, _code = come_in(library)
    alice = make_staff(library, "manager")
    address = f"/staff/{library.slug}/patrons/{patron.pk}/erase/"
    elsewhere = f"/staff/{Library.objects.exclude(pk=library.pk).get().slug}/patrons/{patron.pk}/erase/"
    assert [charlie.post(one).status_code for one in (address, elsewhere)] == [404, 404]
    assert Client().post(address).status_code == 302
    assert (alice.get(address).status_code, Patron.objects.count()) == (200, 1)
    assert (alice.post(address).status_code, Patron.objects.count()) == (302, 0)


def test_who_was_not_here_for_a_year_is_forgotten(library: Library) -> None:
    stays, _code = come_in(library, now=NOON)
    goes, _code = come_in(library, now=NOON - timedelta(days=1))
    on = DAY + timedelta(days=365)
    assert erasure.remove_absent_patrons(on=on, now=NOON) == 1
    assert list(Patron.objects.all()) == [stays]
    assert goes.pk != stays.pk
    tasks.keep_no_longer()


def test_keys_go_four_months_after_their_months_close_with_what_was_made_by_them(library: Library) -> None:
    patron, _code = come_in(library)
    pseudonyms.note_signed_in_beside(patron_id=patron.pk, user_id=7, month=OCTOBER)
    pseudonyms.note_signed_in_beside(patron_id=patron.pk, user_id=7, month=OCTOBER.following)
    pseudonyms.note_close(month=OCTOBER, at=datetime(2026, 12, 18, 9, tzinfo=UTC))
    pseudonyms.note_close(
        month=OCTOBER, at=datetime(2027, 1, 18, 9, tzinfo=UTC)
    )  # again: the first one counts
    assert pseudonyms.destroy_old_keys(now=datetime(2027, 4, 17, 21, tzinfo=UTC)) == 0
    assert pseudonyms.destroy_old_keys(now=datetime(2027, 4, 17, 23, tzinfo=UTC)) == 1  # the 18th in Paris
    assert list(SignedInBeside.objects.values_list("month", flat=True)) == ["2026-11"]
    assert PseudonymKey.objects.get(month="2026-10").key is None
    with pytest.raises(PseudonymsDestroyed):
        pseudonyms.pseudonym_of(patron_id=patron.pk, month=OCTOBER)


def test_a_month_that_nobody_closes_keeps_its_key_for_a_year(library: Library) -> None:
    patron, _code = come_in(library)
    pseudonyms.pseudonym_of(patron_id=patron.pk, month=OCTOBER)
    assert pseudonyms.destroy_old_keys(now=datetime(2027, 10, 31, 12, tzinfo=UTC)) == 0
    assert pseudonyms.destroy_old_keys(now=datetime(2027, 11, 1, 12, tzinfo=UTC)) == 1


def test_a_close_on_the_last_of_a_month_lasts_to_the_last_of_a_shorter_one(library: Library) -> None:
    pseudonyms.note_close(month=OCTOBER, at=datetime(2026, 10, 31, 12, tzinfo=UTC))
    assert pseudonyms.destroy_old_keys(now=datetime(2027, 2, 27, 12, tzinfo=UTC)) == 0
    assert pseudonyms.destroy_old_keys(now=datetime(2027, 2, 28, 12, tzinfo=UTC)) == 1
    assert library.pk


def test_an_account_beside_a_patron_is_noted_once_a_month_and_unreadable(library: Library) -> None:
    patron, code = come_in(library)
    bob = browse(library, code)
    user = make_user("dora@example.org")
    month = Month.of(timezone.now())
    bob.get("/what-is-kept/")
    assert not SignedInBeside.objects.exists()
    bob.force_login(user)
    session = bob.session
    session["patron_id"], session["profile_id"] = patron.pk, patron.profiles.get().pk
    session.save()
    bob.get("/what-is-kept/")
    bob.get("/what-is-kept/")
    kept = SignedInBeside.objects.get()
    assert (len(kept.account), str(user.pk) == kept.account) == (32, False)
    name = pseudonyms.pseudonym_of(patron_id=patron.pk, month=month)
    assert pseudonyms.find_beside(month=month, user_ids=[user.pk, 99]) == {user.pk: frozenset({name})}
    erasure.erase_patron(patron_id=patron.pk, now=timezone.now())
    assert not SignedInBeside.objects.exists()


def test_history_is_off_until_the_patron_turns_it_on(library: Library) -> None:
    patron, code = come_in(library)
    bob = browse(library, code)
    assert "Where you stop is not remembered." in bob.get("/what-is-kept/").content.decode()
    bob.post("/what-is-kept/history/", {"wanted": "1"})
    assert patron.profiles.get().keeps_history
    bob.post("/what-is-kept/history/", {"wanted": "0"})
    assert not patron.profiles.get().keeps_history
    assert Client().post("/what-is-kept/history/", {"wanted": "1"}).status_code == 404


@pytest.mark.parametrize(("language", "words"), [("fr", "Ce qui est conservé"), ("en", "What is kept")])
def test_anybody_may_read_what_is_kept(language: str, words: str) -> None:
    page = Client(headers={"accept-language": language}).get("/what-is-kept/").content.decode()
    assert words in page
    assert "/what-is-kept/erase/" not in page


def test_no_address_of_a_network_is_in_the_log_or_in_its_buffer(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    names = {field.name for field in Heartbeat._meta.fields} | set(schema.SCHEMA.names)
    assert not {name for name in names if "ip" in name.split("_") or "addr" in name or "agent" in name}
    with caplog.at_level(logging.DEBUG):
        client = Client(REMOTE_ADDR="203.0.113.9")
        client.get("/what-is-kept/")
        client.post(f"/l/{make_library('Other', '69123').slug}/enter/", {"code": "NOSUCHCODE12"})
        client.post("/m/1.k1.abc.def/heartbeat", "{}", content_type="application/json")
    assert "203.0.113.9" not in caplog.text
    assert library.pk
