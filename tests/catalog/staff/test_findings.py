"""What EPUBCheck found in a book stands on its delivery's page, with its place and what to do."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.models import Delivery, Package
from catalog.packaging.epub_findings import advise, read_findings
from tests.catalog.people import LABEL, OTHER, make_member, sign_in
from tests.factories.catalog import make_release

pytestmark = pytest.mark.django_db
MESSAGES = [
    {"level": "error", "code": "RSC-012", "file": "OEBPS/one.xhtml", "line": 12, "message": "Fragment <x>."},
    {"level": "warning", "code": "XYZ-001", "file": "", "line": 0, "message": "Odd."},
]
REPORT = {"checker": "epubcheck-ts 0.7", "fatal": 0, "error": 120, "warning": 1, "messages": MESSAGES}


@pytest.fixture
def delivery(db: None) -> Delivery:
    """A published delivery of lena's label with one book, of which EPUBCheck had something to say."""
    delivery = Delivery.objects.create(deliverer=LABEL, digest="1" * 64, state="published")
    delivery.releases.add(make_release("Le pont", medium="book", deliverer=LABEL))
    Package.objects.update(facts={"format": "epub", "epubcheck": REPORT})
    return delivery


@pytest.mark.parametrize(
    ("language", "advice", "count"),
    [
        ("en", "The link&#x27;s target is missing: give it this id, or correct the link.", "120 errors"),
        ("fr", "La cible du lien manque", "120 erreurs"),
    ],
)
def test_a_deliverer_reads_what_to_do_where(
    delivery: Delivery, language: str, advice: str, count: str
) -> None:
    lena = sign_in(make_member("lena@example.org", LABEL))
    page = lena.get(f"/deliveries/{delivery.pk}/", headers={"accept-language": language}).content.decode()
    assert advice in page
    assert count in page
    assert "OEBPS/one.xhtml:12" in page
    assert "Fragment &lt;x&gt;." in page
    assert "RSC-012" in page


def test_nobody_else_reads_it(delivery: Delivery, client: Client) -> None:
    charlie = sign_in(make_member("charlie@example.org", OTHER))
    assert charlie.get(f"/deliveries/{delivery.pk}/").status_code == 404
    assert client.get(f"/deliveries/{delivery.pk}/").status_code == 302


@pytest.mark.parametrize("facts", [{}, {"epubcheck": None}, {"epubcheck": {**REPORT, "messages": []}}])
def test_a_book_without_findings_says_nothing(delivery: Delivery, facts: dict[str, object]) -> None:
    Package.objects.update(facts=facts)
    lena = sign_in(make_member("lena@example.org", LABEL))
    assert "EPUBCheck" not in lena.get(f"/deliveries/{delivery.pk}/").content.decode()
    assert read_findings(facts) is None


def test_each_rule_has_an_advice() -> None:
    rules = ["RSC-012", "RSC-999", "OPF-001", "NEW-001"]
    assert len({str(advise(rule)) for rule in rules}) == len(rules)
