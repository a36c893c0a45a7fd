"""Deliveries to measure with: albums as ERN 4.3 or in the template, books as ONIX 3.0; all share one media file."""

from __future__ import annotations

import csv
from pathlib import Path

TRACKS = 10


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


def write_template(folder: Path, count: int, title: str) -> None:
    """Write albums of ten tracks in the template's sheet; their artist is known."""
    from tests.factories.catalog import write_wave

    write_wave(folder / "one.wav", seconds=1)
    names = "release_ref release_title medium label available_from resource_ref position resource_title file"
    with (folder / "delivery.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow((*names.split(), "credits"))
        for number in range(count):
            album = (f"A{number}", f"{title} {number}", "music", "Rive Gauche", "2026-01-15")
            for track in range(1, TRACKS + 1):
                part = (f"A{number}-{track}", track, f"Track {track}", "one.wav", "Ana Roux:main_artist")
                rows.writerow((*album, *part))


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
