"""ONIX' short tags and codes as ours. The number of a code list stands beside each table."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.works import particulars as works
from catalog.works.accessibility import FEATURES

# Short tags of the elements that are read and have no plain lower-case one.
SHORT_TAGS: Mapping[str, str] = {
    "onixmessage": "ONIXMessage",
    "a001": "RecordReference", "a002": "NotificationType",
    "b221": "ProductIDType", "b244": "IDValue",
    "b012": "ProductForm", "b333": "ProductFormDetail",
    "b202": "TitleType", "x409": "TitleElementLevel", "b203": "TitleText", "b030": "TitlePrefix",
    "b031": "TitleWithoutPrefix", "b029": "Subtitle",
    "b034": "SequenceNumber", "b035": "ContributorRole", "x415": "NameIDType", "b036": "PersonName",
    "b039": "NamesBeforeKey", "b247": "PrefixToKey", "b040": "KeyNames", "b041": "NamesAfterKey",
    "b047": "CorporateName", "b044": "BiographicalNote",
    "b253": "LanguageRole", "b252": "LanguageCode",
    "b067": "SubjectSchemeIdentifier", "b069": "SubjectCode", "b070": "SubjectHeadingText",
    "b074": "AudienceRangeQualifier", "b075": "AudienceRangePrecision", "b076": "AudienceRangeValue",
    "b204": "AudienceCodeType", "b206": "AudienceCodeValue",
    "x426": "TextType", "d104": "Text",
    "x436": "ResourceContentType", "x435": "ResourceLink",
    "b079": "ImprintName", "b291": "PublishingRole", "b081": "PublisherName", "b394": "PublishingStatus",
    "x448": "PublishingDateRole", "b306": "Date",
    "b089": "SalesRightsType", "x449": "CountriesIncluded", "x450": "RegionsIncluded",
    "x451": "CountriesExcluded", "x452": "RegionsExcluded", "x456": "ROWSalesRightsType",
    "j396": "ProductAvailability",
    "b334": "ProductFormFeatureType", "b335": "ProductFormFeatureValue", "x455": "ProductRelationCode",
}  # fmt: skip
# Composites whose short tag is their name in lower case.
COMPOSITES = {
    name.lower(): name
    for name in (
        *("Product", "ProductIdentifier", "DescriptiveDetail", "TitleDetail", "TitleElement"),
        *("Contributor", "NameIdentifier", "Language", "Subject", "AudienceRange", "Audience"),
        *("CollateralDetail", "TextContent", "SupportingResource", "ResourceVersion"),
        *("PublishingDetail", "Imprint", "Publisher", "PublishingDate", "SalesRights", "Territory"),
        *("ProductSupply", "SupplyDetail", "ProductFormFeature", "RelatedMaterial", "RelatedProduct"),
    )
}

DELETE = "05"  # list 1, of a record
GONE = frozenset(
    {"01", "05", "08", "11", "12", "15", "16", "17"}
)  # list 64: cancelled, inactive, withdrawn, recalled
UNAVAILABLE = frozenset({"43", "46", "49", "52"})  # list 65: no longer supplied, withdrawn, recalled
ISBN_13, GTIN_13 = "15", "03"  # list 5
ISNI = "16"  # list 44
DIGITAL_TEXT, DIGITAL_AUDIO = "E", ("AJ", "AN", "AZ")  # list 150, by its first letters
ROLES: Mapping[str, str] = {  # list 17
    "A01": "author", "A02": "author", "A03": "author", "A04": "author", "A05": "author", "A09": "author",
    "A06": "composer", "A07": "illustrator", "A12": "illustrator", "A35": "illustrator", "A40": "illustrator",
    "B06": "translator", "B08": "translator", "B10": "translator",
    "D02": "director", "D03": "performer",
    "E01": "performer", "E03": "narrator", "E07": "narrator", "E08": "performer",
}  # fmt: skip
LANGUAGE_OF_TEXT = "01"  # list 22
DISTINCTIVE_TITLE, WHOLE_PRODUCT = "01", "01"  # lists 15 and 149
DESCRIPTIONS = ("03", "02")  # list 153: the long one, the short one
FRONT_COVER = "01"  # list 158
PUBLISHER = "01"  # list 45
PUBLISHED_ON, EMBARGO_UNTIL, FIRST_PUBLISHED, NO_MORE_FROM = "01", "02", "11", "13"  # list 163
FOR_SALE = frozenset({"01", "02", "07", "08"})  # list 46
AGE_IN_YEARS, FROM, TO, EXACT = ("17", "18"), "03", "04", "01"  # lists 30 and 31
ONIX_AUDIENCE, CHILDREN = "01", frozenset({"02", "11", "12"})  # lists 29 and 28
ACCESSIBILITY_DETAIL = "09"  # list 79, of a feature whose value is of list 196
ACCESSIBILITY = frozenset(FEATURES)
RELATIONS = frozenset(works.RELATIONS)  # list 51: editions, formats, translations, what is alike
KEYWORDS = "20"  # list 27
SCHEMES: Mapping[str, str] = {"93": "Thema", "12": "BIC", "10": "BISAC", "29": "CLIL"}
