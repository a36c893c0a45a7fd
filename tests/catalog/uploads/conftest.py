"""Uploads of lena's, into a folder or a bucket."""

from __future__ import annotations

import hashlib
import io
import secrets
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from catalog.models import Upload, UploadFile
from catalog.uploads import services
from catalog.uploads.intake import NewFile
from catalog.uploads.services import Announced, PartPlace
from mediaplatform.accounts.models import User
from mediaplatform.infrastructure import objectstore
from mediaplatform.infrastructure.embedded.seaweed import Seaweed
from mediaplatform.infrastructure.problems import Refusal
from tests.catalog.people import LABEL, lena_user

__all__ = ["lena_user"]


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> objectstore.ObjectStore:
    """The platform's object store for this test, a folder and a bucket in turn."""
    settings.OBJECT_STORE_URL = f"file://{tmp_path}/objects"
    if request.param == "s3":
        server: Seaweed = request.getfixturevalue("s3_server")
        settings.OBJECT_STORE_URL = f"s3://uploads-{secrets.token_hex(6)}?endpoint={server.endpoint}"
    chosen = objectstore.get_store()
    chosen.prepare()
    return chosen


class Sender:
    """What a browser does, step by step."""

    def __init__(self, user: User, upload_id: uuid.UUID) -> None:
        self.user, self.upload_id = user, upload_id

    @property
    def upload(self) -> Upload:
        return Upload.objects.get(pk=self.upload_id)

    def add(self, path: str, size_bytes: int) -> UploadFile:
        files = [NewFile(path=path, size_bytes=size_bytes)]
        return services.add_files(user=self.user, upload_id=self.upload_id, files=files, now=timezone.now())[
            0
        ]

    def announce(self, file: UploadFile, number: int, data: bytes) -> PartPlace:
        part = Announced(file_id=file.pk, number=number, sha256=hashlib.sha256(data).hexdigest())
        return services.announce_parts(
            user=self.user, upload_id=self.upload_id, parts=[part], now=timezone.now()
        )[0]

    def send(self, file: UploadFile, number: int, data: bytes) -> None:
        put(self.announce(file, number, data), data)

    def complete(self, *files: UploadFile) -> list[services.Arrival]:
        return services.complete_files(
            user=self.user, upload_id=self.upload_id, file_ids=[one.pk for one in files], now=timezone.now()
        )

    def deliver(self, path: str, data: bytes) -> UploadFile:
        """Send a whole file of one part."""
        file = self.add(path, len(data))
        if data:
            self.send(file, 1, data)
        self.complete(file)
        return file


def put(place: PartPlace, data: bytes) -> int:
    """Put a part where it goes, and return the status."""
    if place.ticket:
        try:
            services.receive_part(ticket=place.ticket, body=io.BytesIO(data))
        except Refusal as refusal:
            return refusal.status
        return 200
    request = urllib.request.Request(place.url, data=data, headers=place.headers, method="PUT")
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code


@pytest.fixture
def sender(lena_user: User, store: objectstore.ObjectStore) -> Sender:
    """Lena, who has begun an upload for her label."""
    upload = services.open_upload(user=lena_user, deliverer=LABEL, now=timezone.now())
    return Sender(lena_user, upload.pk)
