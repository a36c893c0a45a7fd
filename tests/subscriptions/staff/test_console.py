"""A library's console: what each role may do, what the pages say, and nothing of it for anybody else."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from mediaplatform.accounts.models import User
from subscriptions.libraries import services as libraries
from subscriptions.models import AccessCode, CodeBatch, Library, Patron, StaffMembership
from subscriptions.patrons import services as patrons
from tests.subscriptions.people import make_library, make_staff

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}
PAGES = {
    "": "reader",
    "subscription/": "reader",
    "offer/": "manager",
    "codes/": "manager",
    "codes/{batch}/": "manager",
    "codes/{batch}/sheet.pdf": "manager",
    "codes/{batch}/codes.csv": "manager",
    "codes/{batch}/{code}/withdraw/": "manager",
    "patrons/": "manager",
    "patrons/{patron}/suspend/": "manager",
    "team/": "admin",
    "team/{member}/remove/": "admin",
    "settings/": "admin",
}


@pytest.fixture
def batch(library: Library) -> CodeBatch:
    last_day = timezone.localdate() + timedelta(days=90)
    patrons.create_codes(library=library, batch="Desk", count=3, expires_on=last_day)
    return CodeBatch.objects.get()


@pytest.fixture
def bob(library: Library, batch: CodeBatch) -> Patron:
    code = patrons.create_codes(
        library=library, batch="bob", count=1, expires_on=timezone.localdate() + timedelta(days=9)
    )
    return patrons.redeem_code(library=library, code=code[0], now=timezone.now())


@pytest.fixture
def alice(library: Library) -> Client:
    return make_staff(library, "admin")


def address(page: str, library: Library, batch: CodeBatch, bob: Patron) -> str:
    code = AccessCode.objects.filter(batch=batch).first()
    member = StaffMembership.objects.filter(library=library).first()
    parts = {
        "batch": batch.pk,
        "code": code.pk if code else 0,
        "patron": bob.pk,
        "member": member.pk if member else 0,
    }
    return f"/staff/{library.slug}/{page.format(**parts)}"


@pytest.mark.parametrize("page", list(PAGES))
def test_an_administrator_sees_every_page(
    page: str, alice: Client, library: Library, batch: CodeBatch, bob: Patron
) -> None:
    assert alice.get(address(page, library, batch, bob)).status_code == 200


@pytest.mark.parametrize("page", list(PAGES))
def test_another_librarys_staff_sees_none(
    page: str, charlie: Client, library: Library, batch: CodeBatch, bob: Patron
) -> None:
    assert charlie.get(address(page, library, batch, bob)).status_code == 404
    assert charlie.post(address(page, library, batch, bob)).status_code in {404, 405}


@pytest.mark.parametrize("page", list(PAGES))
def test_visitors_are_asked_to_sign_in(
    page: str, client: Client, library: Library, batch: CodeBatch, bob: Patron
) -> None:
    answer = client.get(address(page, library, batch, bob))
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize(("role", "refused"), [("reader", {"manager", "admin"}), ("manager", {"admin"})])
def test_each_role_sees_what_is_its_own(
    role: str, refused: set[str], library: Library, batch: CodeBatch, bob: Patron
) -> None:
    browser = make_staff(library, role, f"{role}@example.org")
    answers = {page: browser.get(address(page, library, batch, bob)).status_code for page in PAGES}
    assert answers == {page: 404 if needed in refused else 200 for page, needed in PAGES.items()}


def test_a_batch_of_another_library_is_not_found_under_ones_own_name(
    charlie: Client, library: Library, batch: CodeBatch
) -> None:
    other = Library.objects.exclude(pk=library.pk).get()
    assert charlie.get(f"/staff/{other.slug}/codes/{batch.pk}/").status_code == 404
    assert charlie.get(f"/staff/{other.slug}/codes/{batch.pk}/codes.csv").status_code == 404


def test_codes_are_made_and_printed(alice: Client, library: Library) -> None:
    last_day = timezone.localdate() + timedelta(days=30)
    answer = alice.post(
        f"/staff/{library.slug}/codes/", {"name": "Autumn", "count": "13", "expires_on": last_day.isoformat()}
    )
    made = CodeBatch.objects.get()
    assert answer.headers["Location"] == f"/staff/{library.slug}/codes/{made.pk}/"
    sheet = alice.get(f"/staff/{library.slug}/codes/{made.pk}/sheet.pdf")
    pages = PdfReader(BytesIO(sheet.content)).pages
    assert len(pages) == 2
    assert made.codes.earliest("pk").last_four in pages[0].extract_text()


def test_a_batch_that_nobody_could_use_is_refused(alice: Client, library: Library) -> None:
    answer = alice.post(
        f"/staff/{library.slug}/codes/",
        {"name": "Old", "count": "3", "expires_on": "2020-01-01"},
        headers=ENGLISH,
    )
    assert answer.status_code == 422
    assert "This day is over" in answer.content.decode()
    assert not CodeBatch.objects.exists()


def test_a_name_is_given_to_one_batch_alone(alice: Client, library: Library, batch: CodeBatch) -> None:
    last_day = (timezone.localdate() + timedelta(days=3)).isoformat()
    answer = alice.post(
        f"/staff/{library.slug}/codes/",
        {"name": "Desk", "count": "3", "expires_on": last_day},
        headers=ENGLISH,
    )
    assert answer.status_code == 422
    assert "There is a batch named “Desk” already." in answer.content.decode()


def test_the_csv_has_only_what_can_still_be_handed_out(
    alice: Client, library: Library, batch: CodeBatch
) -> None:
    code = batch.codes.earliest("pk")
    alice.post(f"/staff/{library.slug}/codes/{batch.pk}/{code.pk}/withdraw/")
    rows = (
        alice.get(f"/staff/{library.slug}/codes/{batch.pk}/codes.csv")
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert len(rows) == 1 + 2


def test_withdrawing_a_code_keeps_its_patron_out(alice: Client, library: Library, bob: Patron) -> None:
    code = AccessCode.objects.get(patron=bob)
    alice.post(f"/staff/{library.slug}/codes/{code.batch_id}/{code.pk}/withdraw/")
    bob.refresh_from_db()
    assert bob.suspended_at is not None


def test_a_patron_is_suspended_and_restored(alice: Client, library: Library, bob: Patron) -> None:
    alice.post(f"/staff/{library.slug}/patrons/{bob.pk}/suspend/")
    assert Patron.objects.get(pk=bob.pk).suspended_at is not None
    alice.post(f"/staff/{library.slug}/patrons/{bob.pk}/restore/")
    assert Patron.objects.get(pk=bob.pk).suspended_at is None


def test_a_patron_is_found_by_the_end_of_the_code(alice: Client, library: Library, bob: Patron) -> None:
    last_four = AccessCode.objects.get(patron=bob).last_four
    assert last_four in alice.get(f"/staff/{library.slug}/patrons/?q={last_four}").content.decode()
    assert "····" not in alice.get(f"/staff/{library.slug}/patrons/?q=0000").content.decode()


def test_the_list_of_patrons_costs_the_same_however_many_there_are(
    alice: Client, library: Library, bob: Patron, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Patron.objects.bulk_create(Patron(library=library) for _number in range(40))
    with django_assert_max_num_queries(9):
        alice.get(f"/staff/{library.slug}/patrons/")


def test_a_colleague_is_invited_by_mail(
    alice: Client, library: Library, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        alice.post(
            f"/staff/{library.slug}/team/", {"email": "new@example.org", "name": "New", "role": "manager"}
        )
    member = StaffMembership.objects.get(user__email="new@example.org")
    assert (member.library, member.role) == (library, "manager")
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_the_link_in_the_mail_lets_a_password_be_chosen(
    alice: Client, client: Client, library: Library, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        alice.post(f"/staff/{library.slug}/team/", {"email": "new@example.org", "role": "reader"})
    link = next(line for line in mail.outbox[0].body.splitlines() if "/key/" in line)
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "rigole-goemon-7", "password2": "rigole-goemon-7"})
    assert User.objects.get(email="new@example.org").check_password("rigole-goemon-7")


def test_the_last_administrator_stays(alice: Client, library: Library) -> None:
    member = StaffMembership.objects.get(library=library)
    alice.post(f"/staff/{library.slug}/team/{member.pk}/role/", {"role": "reader"})
    alice.post(f"/staff/{library.slug}/team/{member.pk}/remove/")
    assert StaffMembership.objects.get(library=library).role == "admin"


def test_the_look_is_changed(alice: Client, library: Library) -> None:
    look = {"accent": "#0b5d57", "welcome": "Come in!", "contact": "desk@example.org"}
    alice.post(f"/staff/{library.slug}/settings/", look)
    library.refresh_from_db()
    assert (library.accent, library.welcome, library.contact) == tuple(look.values())


@pytest.mark.parametrize("contact", ["desk", "javascript://example.org/%0aalert(1)", "https://", "a@b, c@d"])
def test_a_contact_that_leads_nowhere_is_refused(alice: Client, library: Library, contact: str) -> None:
    answer = alice.post(f"/staff/{library.slug}/settings/", {"accent": "#0b5d57", "contact": contact})
    assert answer.status_code == 422
    assert not Library.objects.get(pk=library.pk).contact


def test_a_colour_that_is_none_is_refused(alice: Client, library: Library) -> None:
    answer = alice.post(f"/staff/{library.slug}/settings/", {"accent": "red;}", "welcome": ""})
    assert answer.status_code == 422


def test_a_dashboard_without_a_subscription_says_what_to_do(alice: Client, library: Library) -> None:
    page = alice.get(f"/staff/{library.slug}/", headers=ENGLISH).content.decode()
    assert "No subscription is running" in page
    assert "Nobody has come in this month yet." in page


def test_who_works_for_two_libraries_goes_from_one_to_the_other(library: Library) -> None:
    alice = make_staff(library, "reader")
    other, elsewhere = make_library("Bibliothèque B", "69123"), make_library("Bibliothèque C", "69123")
    libraries.add_staff(library=other, user=User.objects.get(), role="reader")
    page = alice.get(f"/staff/{library.slug}/", headers=ENGLISH).content.decode()
    assert f'href="/staff/{other.slug}/"' in page
    assert elsewhere.slug not in page


def test_who_works_for_one_library_sees_no_other(library: Library) -> None:
    page = make_staff(library, "reader").get(f"/staff/{library.slug}/", headers=ENGLISH)
    assert "Another library" not in page.content.decode()
