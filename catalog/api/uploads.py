"""Uploads: a set of files on its way to a delivery."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import asked
from catalog.api.access import CatalogEndpoint, answer, check_unchanged, user_of
from catalog.holdings import words
from catalog.uploads import limits, selectors, services
from catalog.uploads.intake import NewFile
from mediaplatform.infrastructure.problem_schema import refusals

DENIED = {
    "_401": "not_authenticated, bad_token",
    "_403": "scope_missing, permission_denied",
    "_404": "not_found",
}
BIGGEST = 2**63 - 1
SHA256 = r"^[0-9a-f]{64}\Z"


class UploadState(serializers.Serializer[Any]):
    """An upload."""

    id = serializers.UUIDField()
    deliverer = serializers.CharField()
    state = serializers.ChoiceField(words.UPLOAD_STATES)
    created_at = serializers.DateTimeField()
    expires_at = serializers.SerializerMethodField(help_text="when it is removed if nothing more comes")
    file_count = serializers.IntegerField()
    complete_count = serializers.IntegerField(help_text="of files that have arrived")
    size_bytes = serializers.IntegerField(help_text="of all its files")
    delivery_id = serializers.IntegerField(allow_null=True, help_text="once it was handed over")

    class Meta:
        ref_name = "Upload"

    def get_expires_at(self, upload: Any) -> str:
        ends = upload.touched_at + timedelta(days=settings.UPLOAD_DAYS)
        return serializers.DateTimeField().to_representation(ends) or ""


class FileOut(serializers.Serializer[Any]):
    """A file of an upload, and what of it has arrived."""

    class Part(serializers.Serializer[Any]):
        number = serializers.IntegerField()
        sha256 = serializers.CharField()

        class Meta:
            ref_name = "UploadPartThere"

    id = serializers.IntegerField()
    path = serializers.CharField()
    size_bytes = serializers.IntegerField()
    part_bytes = serializers.IntegerField(help_text="of every part but the last")
    part_count = serializers.IntegerField()
    is_complete = serializers.BooleanField()
    parts = Part(many=True, help_text="those that have arrived, of a file that is not complete")

    class Meta:
        ref_name = "UploadFile"


class Uploads(CatalogEndpoint):
    """Uploads of the caller's deliverers."""

    class In(serializers.Serializer[dict[str, object]]):
        deliverer = serializers.CharField(max_length=100)

        class Meta:
            ref_name = "UploadIn"

    class Out(serializers.Serializer[Any]):
        items = UploadState(many=True)

        class Meta:
            ref_name = "UploadList"

    @extend_schema(
        operation_id="uploads_list",
        parameters=[asked.ETAG_KNOWN],
        responses={200: Out, **asked.UNCHANGED, **refusals(_401=DENIED["_401"])},
    )
    def get(self, request: Request) -> Response:
        """List the open uploads, newest first; at most 20 of a deliverer are open, and 200 are listed."""
        found = selectors.list_open(user=user_of(request), limit=asked.MOST)
        return answer(request, {"items": UploadState(found, many=True).data})

    @extend_schema(
        operation_id="uploads_create",
        request=In,
        responses={
            201: UploadState,
            **refusals(
                _400="invalid",
                _401=DENIED["_401"],
                _403="not_your_deliverer, scope_missing, permission_denied",
                _409="too_many_uploads",
            ),
        },
        examples=[OpenApiExample("For a label", {"deliverer": "rive-gauche"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Begin an upload."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        user = user_of(request)
        made = services.open_upload(user=user, deliverer=said.validated_data["deliverer"], now=timezone.now())
        upload = selectors.get_upload(user=user, upload_id=made.pk)
        place = reverse("catalog_api:upload", args=[made.pk])
        return Response(UploadState(upload).data, status=201, headers={"Location": place})


class OneUpload(CatalogEndpoint):
    """One upload."""

    @extend_schema(
        operation_id="uploads_get",
        parameters=[asked.ETAG_KNOWN],
        responses={200: UploadState, **asked.UNCHANGED, **refusals(_401=DENIED["_401"], _404="not_found")},
    )
    def get(self, request: Request, upload_id: UUID) -> Response:
        """Show how far an upload is."""
        return answer(request, self._data(request, upload_id))

    @extend_schema(
        operation_id="uploads_cancel",
        parameters=[asked.ETAG_EXPECTED],
        responses={204: None, **refusals(**DENIED, _409="upload_over", _412="changed")},
    )
    def delete(self, request: Request, upload_id: UUID) -> Response:
        """Cancel an upload and remove what has arrived. Cancelled again, it is cancelled."""
        check_unchanged(request, self._data(request, upload_id))
        services.cancel_upload(user=user_of(request), upload_id=upload_id)
        return Response(status=204)

    @staticmethod
    def _data(request: Request, upload_id: UUID) -> Any:
        return UploadState(selectors.get_upload(user=user_of(request), upload_id=upload_id)).data


class UploadFiles(CatalogEndpoint):
    """The files of an upload."""

    class Query(asked.PageIn):
        pass

    class In(serializers.Serializer[dict[str, object]]):
        class File(serializers.Serializer[dict[str, object]]):
            path = serializers.CharField(
                max_length=1_000, trim_whitespace=False, help_text="in the delivery's folder, with slashes"
            )
            size_bytes = serializers.IntegerField(min_value=0, max_value=BIGGEST)

            class Meta:
                ref_name = "UploadFileNew"

        files = File(many=True, allow_empty=False, max_length=limits.MAX_BATCH)  # type: ignore[call-arg]  # of a list

        class Meta:
            ref_name = "UploadFilesIn"

    class Out(serializers.Serializer[Any]):
        items = FileOut(many=True)
        next = serializers.CharField(allow_null=True, help_text="the next page's cursor; null on the last")

        class Meta:
            ref_name = "UploadFilePage"

    class Added(serializers.Serializer[Any]):
        items = FileOut(many=True, help_text="in the order in which they were named")

        class Meta:
            ref_name = "UploadFilesAdded"

    @extend_schema(
        operation_id="upload_files_list",
        parameters=[Query, asked.ETAG_KNOWN],
        responses={
            200: Out,
            **asked.UNCHANGED,
            **refusals(_400="invalid", _401=DENIED["_401"], _404="not_found"),
        },
    )
    def get(self, request: Request, upload_id: UUID) -> Response:
        """List files with the parts that are there: who was interrupted sends the others."""
        said = asked.read(request, self.Query)
        page = asked.page_of(said)
        upload = selectors.get_upload(user=user_of(request), upload_id=upload_id)
        found = selectors.list_files(upload=upload, after=page.after or 0, limit=page.limit)
        cursor = asked.write_cursor(found[-1].id if len(found) == page.limit else None)
        data = {"items": FileOut(found, many=True).data, "next": cursor}
        return answer(request, data, headers=asked.link_headers(request, cursor))

    @extend_schema(
        operation_id="upload_files_add",
        request=In,
        responses={
            200: Added,
            **refusals(_400="invalid", **DENIED, _409="upload_over, quota_full", _422="files_refused"),
        },
        examples=[
            OpenApiExample(
                "A sheet and a track",
                {
                    "files": [
                        {"path": "delivery.csv", "size_bytes": 812},
                        {"path": "disc 1/01.wav", "size_bytes": 50_331_692},
                    ]
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, upload_id: UUID) -> Response:
        """Say which files will come, at most 200 at once; a file that is known goes on where it stopped."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        files = [NewFile(**one) for one in said.validated_data["files"]]
        noted = services.add_files(
            user=user_of(request), upload_id=upload_id, files=files, now=timezone.now()
        )
        found = selectors.describe_files(noted)
        return Response({"items": FileOut(found, many=True).data})


class OneUploadFile(CatalogEndpoint):
    """One file of an upload."""

    @extend_schema(
        operation_id="upload_files_remove",
        responses={204: None, **refusals(**DENIED, _409="upload_over")},
    )
    def delete(self, request: Request, upload_id: UUID, file_id: int) -> Response:
        """Take a file out, with what has arrived of it."""
        services.remove_file(user=user_of(request), upload_id=upload_id, file_id=file_id)
        return Response(status=204)


class UploadParts(CatalogEndpoint):
    """Where parts go."""

    class In(serializers.Serializer[dict[str, object]]):
        class Part(serializers.Serializer[dict[str, object]]):
            file_id = serializers.IntegerField(min_value=1, max_value=BIGGEST)
            number = serializers.IntegerField(min_value=1, max_value=limits.MAX_PARTS)
            sha256 = serializers.RegexField(SHA256, trim_whitespace=False, help_text="in hex")

            class Meta:
                ref_name = "UploadPartNew"

        parts = Part(many=True, allow_empty=False, max_length=limits.MAX_BATCH)  # type: ignore[call-arg]  # of a list

        class Meta:
            ref_name = "UploadPartsIn"

    class Out(serializers.Serializer[Any]):
        class Place(serializers.Serializer[Any]):
            file_id = serializers.IntegerField()
            number = serializers.IntegerField()
            size_bytes = serializers.IntegerField()
            url = serializers.CharField(help_text="PUT the bytes here, with neither cookie nor key")
            headers = serializers.DictField(child=serializers.CharField(), help_text="to send with them")
            expires_at = serializers.DateTimeField()

            class Meta:
                ref_name = "UploadPartPlace"

        items = Place(many=True)

        class Meta:
            ref_name = "UploadPartsOut"

    @extend_schema(
        operation_id="upload_parts_announce",
        request=In,
        responses={
            200: Out,
            **refusals(_400="invalid", **DENIED, _409="upload_over, file_changed"),
        },
        examples=[
            OpenApiExample(
                "The first part of a file",
                {"parts": [{"file_id": 5, "number": 1, "sha256": "9f86d081" + "0" * 56}]},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, upload_id: UUID) -> Response:
        """Bind parts to their checksums, at most 200 at once, and learn where each is put within 30 minutes."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        parts = [services.Announced(**one) for one in said.validated_data["parts"]]
        places = services.announce_parts(
            user=user_of(request), upload_id=upload_id, parts=parts, now=timezone.now()
        )
        items = [
            {
                "file_id": place.file_id,
                "number": place.number,
                "size_bytes": place.size_bytes,
                "url": place.url
                or request.build_absolute_uri(reverse("catalog_api:part", args=[place.ticket])),
                "headers": place.headers,
                "expires_at": place.expires_at,
            }
            for place in places
        ]
        return Response(self.Out({"items": items}).data)


class CompleteFiles(CatalogEndpoint):
    """Files of which every part was sent."""

    class In(serializers.Serializer[dict[str, object]]):
        file_ids = serializers.ListField(
            child=serializers.IntegerField(min_value=1, max_value=BIGGEST),
            allow_empty=False,
            max_length=limits.MAX_BATCH,
        )

        class Meta:
            ref_name = "CompleteFilesIn"

    class Out(serializers.Serializer[Any]):
        class Arrival(serializers.Serializer[Any]):
            file_id = serializers.IntegerField()
            is_complete = serializers.BooleanField()
            missing = serializers.ListField(
                child=serializers.IntegerField(), help_text="numbers of parts to send (again)"
            )

            class Meta:
                ref_name = "UploadArrival"

        items = Arrival(many=True)

        class Meta:
            ref_name = "CompleteFilesOut"

    @extend_schema(
        operation_id="upload_files_complete",
        request=In,
        responses={200: Out, **refusals(_400="invalid", **DENIED, _409="upload_over")},
    )
    def post(self, request: Request, upload_id: UUID) -> Response:
        """Make whole files of their parts; one whose parts are not all there says which are missing."""
        said = self.In(data=request.data)
        said.is_valid(raise_exception=True)
        arrivals = services.complete_files(
            user=user_of(request),
            upload_id=upload_id,
            file_ids=list(dict.fromkeys(said.validated_data["file_ids"])),
            now=timezone.now(),
        )
        return Response(self.Out({"items": arrivals}).data)
