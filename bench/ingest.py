"""What a delivery costs: `make bench ARGS="ingest --releases 500 5000"`.

Generated messages of ERN 4.3 (ten tracks an album) and ONIX 3.0 (one book a product), whose releases share one
recording and one EPUB. Each is delivered to an empty PostgreSQL, then again with every title changed. The floor is
a bare COPY of the same rows of the same tables with their indexes, in the same run: works, parts, credits, windows,
the journal, warnings, packages. `read` is parsing, probing, checks and the diff; `apply` is the transaction and the
word to the workers.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.place import throwaway_place

TRACKS = 10


def main(options: list[str] | None = None) -> None:
    """Measure each number of releases in both formats."""
    parser = argparse.ArgumentParser(prog="bench ingest", description=__doc__)
    parser.add_argument("--releases", type=int, nargs="+", default=[500, 5_000])
    chosen = parser.parse_args(options)
    head = (
        "format",
        "releases",
        "rows",
        "read s",
        "apply s",
        "releases/s",
        "update/s",
        "COPY s",
        "apply / COPY",
        "peak MiB",
    )
    say("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    with tempfile.TemporaryDirectory(prefix="bench-ingest-") as folder:
        Path(folder).chmod(0o755)
        with throwaway_place(Path(folder) / "place"):
            for count in chosen.releases:
                for name, write in (("ERN 4.3", write_ern), ("ONIX 3.0", write_onix)):
                    _measure(name, count, write, Path(folder))


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _measure(name: str, count: int, write: Callable[[Path, int, str], None], place: Path) -> None:
    from catalog.ingest import deliverers, outcome
    from catalog.ingest.examination import examine_folder
    from catalog.models import Delivery

    deliverer = f"{name} {count}"
    deliverers.ensure_deliverer(name=deliverer)
    spent = []
    for title in ("Deux rives", "Trois rives"):
        folder = place / deliverer.replace(" ", "-") / title.replace(" ", "-")
        work = folder / "work"
        work.mkdir(parents=True)
        write(folder, count, title)
        began = time.perf_counter()
        examined = examine_folder(folder=folder, deliverer=deliverer, workplace=work)
        read = time.perf_counter()
        faults = [fault.message for fault in examined.folder.faults.found[:3]]
        if faults:
            sys.exit(f"{name}: {faults}")
        outcome.apply_plan(Delivery(deliverer=deliverer), examined)
        spent.append((read - began, time.perf_counter() - read))
    floor_s, rows = _copy_again(deliverer)
    (read_s, apply_s), update = spent
    say(
        f"| {name} | {count:,} | {rows:,} | {read_s:.1f} | {apply_s:.1f} | {count / (read_s + apply_s):.0f} | "
        f"{count / sum(update):.0f} | {floor_s:.2f} | {apply_s / floor_s:.0f} | {peak_mib()} |"
    )


def peak_mib() -> int:
    """Return the most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _copy_again(deliverer: str) -> tuple[float, int]:
    """Return how long a COPY of the same rows takes into tables with the same indexes, and how many rows."""
    from django.db import connection

    tables = {
        "catalog_release": "deliverer = %s",
        "catalog_availability": "release_id IN (SELECT id FROM catalog_release WHERE deliverer = %s)",
        "catalog_resource": "release_id IN (SELECT id FROM catalog_release WHERE deliverer = %s)",
        "catalog_credit": "release_id IN (SELECT id FROM catalog_release WHERE deliverer = %s)",
        "catalog_deliverychange": f"delivery_id = ({FIRST})",
        "catalog_deliveryfault": f"delivery_id = ({FIRST})",
        "catalog_package": "resource_id IN (SELECT r.id FROM catalog_resource r JOIN catalog_release l "
        "ON l.id = r.release_id WHERE l.deliverer = %s)",
    }
    spent, rows = 0.0, 0
    with connection.cursor() as cursor:
        for table, which in tables.items():
            cursor.execute(f"CREATE TABLE floor (LIKE {table} INCLUDING ALL)")
            with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {which}) TO STDOUT", [deliverer]) as out:
                data = b"".join(bytes(part) for part in out)
            began = time.perf_counter()
            with cursor.copy("COPY floor FROM STDIN") as copy:
                copy.write(data)
            spent += time.perf_counter() - began
            rows += data.count(b"\n")
            cursor.execute("DROP TABLE floor")
    return spent, rows


FIRST = "SELECT min(id) FROM catalog_delivery WHERE deliverer = %s"  # the second changes titles alone


def ean(number: int) -> str:
    """Return an EAN-13 of our own range with its check digit."""
    digits = f"376{number:09}"
    return f"{digits}{-sum(int(one) * (3 if place % 2 else 1) for place, one in enumerate(digits)) % 10}"


def isbn(number: int) -> str:
    """Return an ISBN-13 with its check digit."""
    digits = f"97910{number:07}"
    return f"{digits}{-sum(int(one) * (3 if place % 2 else 1) for place, one in enumerate(digits)) % 10}"


def write_ern(folder: Path, count: int, title: str) -> None:
    """Write one message a hundred albums; every track is the same file."""
    from tests.factories.catalog import write_wave

    write_wave(folder / "one.wav", seconds=1)
    for first in range(0, count, 100):
        recordings, releases, deals = [], [], []
        for number in range(first, min(first + 100, count)):
            items = []
            for track in range(TRACKS):
                reference = f"A{number}T{track}"
                recordings.append(
                    RECORDING.format(
                        ref=reference, isrc=f"FRZ11{number % 100:02}{number // 100:03}{track:02}"
                    )
                )
                items.append(ITEM.format(place=track + 1, ref=reference))
            releases.append(
                RELEASE.format(n=number, icpn=ean(number), title=f"{title} {number}", items="".join(items))
            )
            deals.append(DEAL.format(n=number))
        (folder / f"{first:06}.xml").write_text(
            MESSAGE.format(recordings="".join(recordings), releases="".join(releases), deals="".join(deals))
        )


def write_onix(folder: Path, count: int, title: str) -> None:
    """Write one message; every book is the same file under its own name, linked."""
    from tests.factories.catalog import write_epub

    book = write_epub(folder / "book.epub")
    for number in range(count):
        (folder / f"{isbn(number)}.epub").hardlink_to(book)
    products = "".join(
        PRODUCT.format(isbn=isbn(n), title=f"{title} {n}", author=n % 500) for n in range(count)
    )
    (folder / "books.xml").write_text(
        f'<?xml version="1.0"?><ONIXMessage release="3.0">{products}</ONIXMessage>', encoding="utf-8"
    )


RECORDING = (
    "<SoundRecording><ResourceReference>{ref}</ResourceReference><SoundRecordingEdition><ResourceId><ISRC>{isrc}</ISRC>"
    "</ResourceId><TechnicalDetails><DeliveryFile><File><URI>one.wav</URI></File></DeliveryFile></TechnicalDetails>"
    "</SoundRecordingEdition><DisplayTitle><TitleText>Track {ref}</TitleText></DisplayTitle><DisplayArtist>"
    "<ArtistPartyReference>P1</ArtistPartyReference><DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>"
    "<Duration>PT1S</Duration></SoundRecording>"
)
ITEM = (
    "<ResourceGroupContentItem><SequenceNumber>{place}</SequenceNumber>"
    "<ReleaseResourceReference>{ref}</ReleaseResourceReference></ResourceGroupContentItem>"
)
RELEASE = (
    "<Release><ReleaseReference>R{n}</ReleaseReference><ReleaseType>Album</ReleaseType><ReleaseId><ICPN>{icpn}</ICPN>"
    "</ReleaseId><DisplayTitle><TitleText>{title}</TitleText></DisplayTitle><ReleaseLabelReference>P2"
    "</ReleaseLabelReference><Genre><GenreText>Chanson</GenreText></Genre><ResourceGroup>{items}</ResourceGroup></Release>"
)
DEAL = (
    "<ReleaseDeal><DealReleaseReference>R{n}</DealReleaseReference><Deal><DealTerms><TerritoryCode>Worldwide"
    "</TerritoryCode><ValidityPeriod><StartDate>2026-01-15</StartDate></ValidityPeriod><CommercialModelType>"
    "SubscriptionModel</CommercialModelType><UseType>OnDemandStream</UseType></DealTerms></Deal></ReleaseDeal>"
)
MESSAGE = (
    '<?xml version="1.0"?><ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/43"><PartyList>'
    "<Party><PartyReference>P1</PartyReference><PartyName><FullName>Ana Roux</FullName></PartyName></Party>"
    "<Party><PartyReference>P2</PartyReference><PartyName><FullName>Rive Gauche</FullName></PartyName></Party>"
    "</PartyList>"
    "<ResourceList>{recordings}</ResourceList><ReleaseList>{releases}</ReleaseList><DealList>{deals}</DealList>"
    "</ern:NewReleaseMessage>"
)
PRODUCT = (
    "<Product><RecordReference>r{isbn}</RecordReference><NotificationType>03</NotificationType><ProductIdentifier>"
    "<ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier><DescriptiveDetail>"
    "<ProductForm>ED</ProductForm><TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01"
    "</TitleElementLevel><TitleText>{title}</TitleText></TitleElement></TitleDetail><Contributor><SequenceNumber>1"
    "</SequenceNumber><ContributorRole>A01</ContributorRole><PersonName>Author {author}</PersonName></Contributor>"
    "<Language><LanguageRole>01</LanguageRole><LanguageCode>fre</LanguageCode></Language></DescriptiveDetail>"
    "<PublishingDetail><Imprint><ImprintName>Rive Gauche</ImprintName></Imprint><PublishingStatus>04</PublishingStatus>"
    "<PublishingDate><PublishingDateRole>01</PublishingDateRole><Date>20260115</Date></PublishingDate>"
    "</PublishingDetail></Product>"
)
