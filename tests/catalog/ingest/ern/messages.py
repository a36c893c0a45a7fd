"""Messages as labels send them: an album of two tracks in ERN 4.3 and 3.8.2, with their files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from tests.factories.catalog import picture_bytes, write_wave

ICPN = "3760000000017"
ISRCS = ("FRZ112600001", "FRZ112600002")

DEAL_43 = """<Deal><DealTerms><TerritoryCode>Worldwide</TerritoryCode>
  <ValidityPeriod><StartDate>2026-01-15</StartDate></ValidityPeriod>
  <CommercialModelType>SubscriptionModel</CommercialModelType><UseType>OnDemandStream</UseType></DealTerms></Deal>"""
RECORDING_43 = """<SoundRecording><ResourceReference>A{n}</ResourceReference><Type>MusicalWorkSoundRecording</Type>
  <SoundRecordingEdition><ResourceId><ISRC>{isrc}</ISRC></ResourceId>
    <TechnicalDetails><TechnicalResourceDetailsReference>T{n}</TechnicalResourceDetailsReference>
      <DeliveryFile><Type>AudioFile</Type><File><URI>resources/{n}.wav</URI>
        <HashSum><Algorithm>SHA256</Algorithm><HashSumValue>{digest}</HashSumValue></HashSum></File></DeliveryFile>
    </TechnicalDetails></SoundRecordingEdition>
  <DisplayTitle><TitleText>Track {n}</TitleText></DisplayTitle>
  <DisplayArtist SequenceNumber="1"><ArtistPartyReference>P1</ArtistPartyReference>
    <DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>
  <Contributor><ContributorPartyReference>P2</ContributorPartyReference><Role>Composer</Role></Contributor>
  <Duration>PT{n}S</Duration><ParentalWarningType>NotExplicit</ParentalWarningType>
  <LanguageOfPerformance>fr</LanguageOfPerformance></SoundRecording>"""
MESSAGE_43 = """<?xml version="1.0" encoding="UTF-8"?>
<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/43" AvsVersionId="4.3" LanguageAndScriptCode="fr">
<MessageHeader><MessageId>M1</MessageId></MessageHeader>
<PartyList>
  <Party><PartyReference>P1</PartyReference><PartyName><FullName>Ana Roux</FullName></PartyName>
    <PartyId><ISNI>0000000121032683</ISNI></PartyId></Party>
  <Party><PartyReference>P2</PartyReference><PartyName><FullName>Bo Lind</FullName></PartyName></Party>
  <Party><PartyReference>P3</PartyReference><PartyName><FullName>Rive Gauche</FullName></PartyName></Party>
</PartyList>
<ResourceList>{recordings}
  <Image><ResourceReference>A9</ResourceReference><Type>FrontCoverImage</Type>
    <TechnicalDetails><File><URI>resources/cover.png</URI></File></TechnicalDetails></Image>
</ResourceList>
<ReleaseList>
  <Release><ReleaseReference>R0</ReleaseReference><ReleaseType>Album</ReleaseType>
    <ReleaseId><ICPN>{icpn}</ICPN></ReleaseId>
    <DisplayTitle><TitleText>Deux rives</TitleText><SubTitle>en public</SubTitle></DisplayTitle>
    <DisplayArtist><ArtistPartyReference>P1</ArtistPartyReference>
      <DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>
    <ReleaseLabelReference>P3</ReleaseLabelReference>
    <Genre><GenreText>Chanson</GenreText></Genre><OriginalReleaseDate>2026-01-10</OriginalReleaseDate>
    <ParentalWarningType>NotExplicit</ParentalWarningType>
    <ResourceGroup><SequenceNumber>1</SequenceNumber>
      <ResourceGroupContentItem><SequenceNumber>2</SequenceNumber>
        <ReleaseResourceReference>A1</ReleaseResourceReference></ResourceGroupContentItem>
      <ResourceGroupContentItem><SequenceNumber>1</SequenceNumber>
        <ReleaseResourceReference>A2</ReleaseResourceReference></ResourceGroupContentItem>
    </ResourceGroup></Release>
  <TrackRelease><ReleaseReference>R1</ReleaseReference></TrackRelease>
</ReleaseList>
<DealList><ReleaseDeal><DealReleaseReference>R0</DealReleaseReference>{deals}</ReleaseDeal></DealList>
</ern:NewReleaseMessage>
"""
DEAL_382 = """<Deal><DealTerms><CommercialModelType>SubscriptionModel</CommercialModelType>
  <Usage><UseType>OnDemandStream</UseType></Usage><TerritoryCode>FR</TerritoryCode><TerritoryCode>BE</TerritoryCode>
  <ValidityPeriod><StartDate>2026-01-15</StartDate><EndDate>2027-01-14</EndDate></ValidityPeriod></DealTerms></Deal>"""
MESSAGE_382 = """<?xml version="1.0" encoding="UTF-8"?>
<ernm:NewReleaseMessage xmlns:ernm="http://ddex.net/xml/ern/382" MessageSchemaVersionId="ern/382">
<MessageHeader><MessageId>M2</MessageId></MessageHeader>
<ResourceList><SoundRecording><SoundRecordingId><ISRC>{isrc}</ISRC></SoundRecordingId>
  <ResourceReference>A1</ResourceReference><ReferenceTitle><TitleText>Track 1</TitleText></ReferenceTitle>
  <Duration>PT0H0M1S</Duration><LanguageOfPerformance>fr</LanguageOfPerformance>
  <SoundRecordingDetailsByTerritory><TerritoryCode>US</TerritoryCode>
    <DisplayArtist><PartyName><FullName>Anna Red</FullName></PartyName>
      <ArtistRole>MainArtist</ArtistRole></DisplayArtist>
  </SoundRecordingDetailsByTerritory>
  <SoundRecordingDetailsByTerritory><TerritoryCode>Worldwide</TerritoryCode>
    <DisplayArtist><PartyName><FullName>Ana Roux</FullName></PartyName>
      <ArtistRole>MainArtist</ArtistRole></DisplayArtist>
    <ResourceContributor><PartyName><FullName>Léo Mix</FullName></PartyName>
      <ResourceContributorRole>Mixer</ResourceContributorRole></ResourceContributor>
    <IndirectResourceContributor><PartyName><FullName>Bo Lind</FullName></PartyName>
      <IndirectResourceContributorRole>Composer</IndirectResourceContributorRole></IndirectResourceContributor>
    <ParentalWarningType>Explicit</ParentalWarningType>
    <TechnicalSoundRecordingDetails><File><FileName>1.wav</FileName><FilePath>resources/</FilePath>
      <HashSum><HashSum>{digest}</HashSum><HashSumAlgorithmType>MD5</HashSumAlgorithmType></HashSum></File>
    </TechnicalSoundRecordingDetails></SoundRecordingDetailsByTerritory></SoundRecording></ResourceList>
<ReleaseList><Release IsMainRelease="true"><ReleaseId><ICPN IsEan="true">{icpn}</ICPN></ReleaseId>
  <ReleaseReference>R0</ReleaseReference><ReferenceTitle><TitleText>Une rive</TitleText></ReferenceTitle>
  <ReleaseResourceReferenceList><ReleaseResourceReference>A1</ReleaseResourceReference></ReleaseResourceReferenceList>
  <ReleaseType>Single</ReleaseType>
  <ReleaseDetailsByTerritory><TerritoryCode>Worldwide</TerritoryCode><LabelName>Rive Gauche</LabelName>
    <Genre><GenreText>Chanson</GenreText></Genre><ReleaseDate>2026-01-10</ReleaseDate></ReleaseDetailsByTerritory>
</Release><Release><ReleaseReference>R1</ReleaseReference><ReleaseType>TrackRelease</ReleaseType></Release></ReleaseList>
<DealList><ReleaseDeal><DealReleaseReference>R0</DealReleaseReference>{deals}</ReleaseDeal></DealList>
</ernm:NewReleaseMessage>
"""
TAKE_DOWN_382 = "<Deal><DealTerms><TakeDown>true</TakeDown></DealTerms></Deal>"
PURGE_43 = """<?xml version="1.0" encoding="UTF-16"?>
<ern:PurgeReleaseMessage xmlns:ern="http://ddex.net/xml/ern/43">
<PurgedRelease><ReleaseId><ICPN>{icpn}</ICPN></ReleaseId></PurgedRelease></ern:PurgeReleaseMessage>
"""


def write_files(folder: Path) -> list[Path]:
    """Write two recordings of one and two seconds and a cover; return the recordings."""
    tracks = [folder / "resources" / f"{n}.wav" for n in (1, 2)]
    for n, track in enumerate(tracks, start=1):
        write_wave(track, seconds=float(n))
    (folder / "resources" / "cover.png").write_bytes(picture_bytes(size=(900, 900)))
    return tracks


def write_43(folder: Path, *, deals: str = DEAL_43, edit: tuple[str, str] | None = None) -> Path:
    """Write the album of two tracks; `edit` replaces a text of the message by another."""
    digests = [hashlib.sha256(track.read_bytes()).hexdigest() for track in write_files(folder)]
    recordings = "".join(
        RECORDING_43.format(n=n, isrc=isrc, digest=digest)
        for n, (isrc, digest) in enumerate(zip(ISRCS, digests, strict=True), start=1)
    )
    message = MESSAGE_43.format(recordings=recordings, icpn=ICPN, deals=deals)
    if edit:
        assert edit[0] in message, edit
        message = message.replace(*edit)
    (folder / f"{ICPN}.xml").write_text(message)
    return folder


def write_42(folder: Path) -> Path:
    """Write the same album as 4.2 has it: no editions of a recording and no delivery files yet."""
    path = write_43(folder) / f"{ICPN}.xml"
    message = path.read_text().replace("/ern/43", "/ern/42").replace('"4.3"', '"4.2"')
    for wrapper in ("<SoundRecordingEdition>", "<DeliveryFile><Type>AudioFile</Type>", "<DeliveryFile>"):
        message = message.replace(wrapper, "")
    path.write_text(re.sub("</(SoundRecordingEdition|DeliveryFile)>", "", message))
    return folder


def write_382(folder: Path, *, deals: str = DEAL_382) -> Path:
    """Write the single of one track as a batch does: a folder for each release."""
    release = folder / ICPN
    digest = hashlib.md5(write_files(release)[0].read_bytes()).hexdigest()
    message = MESSAGE_382.format(isrc=ISRCS[0], icpn=ICPN, digest=digest, deals=deals)
    (release / f"{ICPN}.xml").write_text(message)
    return folder


def write_purge(folder: Path, *, icpn: str = ICPN) -> Path:
    """Write a purge, in UTF-16 as some senders do."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "purge.xml").write_bytes(PURGE_43.format(icpn=icpn).encode("utf-16"))
    return folder
