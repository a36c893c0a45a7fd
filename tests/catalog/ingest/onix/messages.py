"""Messages as publishers send them: an e-book beside its printed edition, by reference names or short tags."""

from __future__ import annotations

import re
from pathlib import Path

from catalog.ingest.onix.codes import COMPOSITES, SHORT_TAGS
from tests.factories.catalog import picture_bytes, write_epub

ISBN, PRINTED, AUDIO = "9782070360024", "9782070368228", "9782070413119"
SHORT_OF = {name: tag for tag, name in {**SHORT_TAGS, **COMPOSITES}.items()} | {"ONIXMessage": "ONIXmessage"}

PRODUCT = """<Product>
  <RecordReference>fr.rive.{isbn}</RecordReference><NotificationType>{notification}</NotificationType>
  <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier>
  <DescriptiveDetail>
    <ProductComposition>00</ProductComposition><ProductForm>{form}</ProductForm>
    <ProductFormFeature><ProductFormFeatureType>09</ProductFormFeatureType>
      <ProductFormFeatureValue>52</ProductFormFeatureValue></ProductFormFeature>
    <ProductFormFeature><ProductFormFeatureType>09</ProductFormFeatureType>
      <ProductFormFeatureValue>99</ProductFormFeatureValue></ProductFormFeature>
    <ProductFormFeature><ProductFormFeatureType>12</ProductFormFeatureType>
      <ProductFormFeatureValue>11</ProductFormFeatureValue></ProductFormFeature>
    <TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
      <TitlePrefix>L’</TitlePrefix><TitleWithoutPrefix>été des crues</TitleWithoutPrefix>
      <Subtitle>récit</Subtitle></TitleElement></TitleDetail>
    <Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole>
      <NamesBeforeKey>Bo</NamesBeforeKey><KeyNames>Lind</KeyNames></Contributor>
    <Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
      <NameIdentifier><NameIDType>16</NameIDType><IDValue>{isni}</IDValue></NameIdentifier>
      <PersonName>Ana Roux</PersonName>
      <BiographicalNote>&lt;p&gt;Née à &lt;b&gt;Lyon&lt;/b&gt;.&lt;/p&gt;
        &lt;p&gt;Elle écrit.&lt;/p&gt;</BiographicalNote>
    </Contributor>
    <Contributor><SequenceNumber>3</SequenceNumber><ContributorRole>A36</ContributorRole>
      <PersonName>Somebody who drew the cover</PersonName></Contributor>
    <Language><LanguageRole>01</LanguageRole><LanguageCode>fre</LanguageCode></Language>
    <Language><LanguageRole>02</LanguageRole><LanguageCode>swe</LanguageCode></Language>
    <Subject><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier><SubjectCode>FBA</SubjectCode>
      <SubjectHeadingText>Roman contemporain</SubjectHeadingText></Subject>
    <Subject><SubjectSchemeIdentifier>29</SubjectSchemeIdentifier><SubjectCode>3442</SubjectCode></Subject>
    <Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier>
      <SubjectHeadingText>Loire; crue; mémoire</SubjectHeadingText></Subject>
    <Audience><AudienceCodeType>01</AudienceCodeType><AudienceCodeValue>02</AudienceCodeValue></Audience>
    <AudienceRange><AudienceRangeQualifier>17</AudienceRangeQualifier>
      <AudienceRangePrecision>03</AudienceRangePrecision><AudienceRangeValue>9</AudienceRangeValue>
      <AudienceRangePrecision>04</AudienceRangePrecision><AudienceRangeValue>12</AudienceRangeValue></AudienceRange>
  </DescriptiveDetail>
  <CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
    <Text textformat="05"><p>La Loire <em>monte</em>.</p><p>On attend.</p></Text></TextContent></CollateralDetail>
  <PublishingDetail>
    <Imprint><ImprintName>Rive Gauche</ImprintName></Imprint>
    <PublishingStatus>{status}</PublishingStatus>
    <PublishingDate><PublishingDateRole>01</PublishingDateRole><Date dateformat="00">20260110</Date></PublishingDate>
    <PublishingDate><PublishingDateRole>02</PublishingDateRole><Date>2026-01-15</Date></PublishingDate>
    {rights}
  </PublishingDetail>
  <RelatedMaterial><RelatedProduct><ProductRelationCode>13</ProductRelationCode>
    <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9782070368228</IDValue></ProductIdentifier>
    </RelatedProduct><RelatedProduct><ProductRelationCode>06</ProductRelationCode>
    <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>123</IDValue></ProductIdentifier>
    </RelatedProduct></RelatedMaterial>
</Product>"""
FOR_SALE = """<SalesRights><SalesRightsType>01</SalesRightsType>
  <Territory><CountriesIncluded>FR BE CH</CountriesIncluded></Territory></SalesRights>"""


def product(isbn: str = ISBN, **changes: str) -> str:
    """Return a product; `notification`, `form`, `isni`, `status` and `rights` are what is usual, if not given."""
    usual = {
        "notification": "03",
        "form": "ED",
        "isni": "0000000121032683",
        "status": "04",
        "rights": FOR_SALE,
    }
    return PRODUCT.format(isbn=isbn, **usual | changes)


def write_message(folder: Path, *products: str, is_short: bool = False, release: str = "3.1") -> Path:
    """Write a message with the files of the e-book beside it; return the folder."""
    folder.mkdir(exist_ok=True)
    form = "short" if is_short else "reference"
    text = (
        f'<ONIXMessage release="{release}" xmlns="http://ns.editeur.org/onix/{release}/{form}">'
        f"<Header><Sender><SenderName>Rive Gauche</SenderName></Sender></Header>{''.join(products)}</ONIXMessage>"
    )
    if is_short:
        text = re.sub(r"(</?)(\w+)", lambda tag: tag[1] + SHORT_OF.get(tag[2], tag[2]), text)
    (folder / "books.xml").write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', encoding="utf-8")
    write_epub(folder / f"{ISBN}.epub")
    (folder / f"{ISBN}.png").write_bytes(picture_bytes())
    return folder
