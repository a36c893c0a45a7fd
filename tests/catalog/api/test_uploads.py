"""An upload over HTTP, as a program does it: part by part, then handed over."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from catalog.models import Delivery, Upload
from catalog.uploads import addresses
from mediaplatform.accounts import tokens
from mediaplatform.accounts.models import User
from tests.catalog.api.conftest import assert_problem, items, token_client
from tests.catalog.people import LABEL, OTHER
from tests.factories.catalog import make_geography, write_folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(lena_user: User) -> Client:
    return token_client(lena_user, tokens.DELIVER)


def post(client: Client, path: str, said: object) -> Any:
    return client.post(path, said, content_type="application/json")


def begin(client: Client) -> str:
    answer = post(client, "/api/v1/uploads", {"deliverer": LABEL})
    assert answer.status_code == 201, answer.content
    assert answer["Location"] == f"/api/v1/uploads/{answer.json()['id']}"
    return str(answer["Location"])


def announce(client: Client, upload: str, path: str, data: bytes) -> dict[str, Any]:
    """Name a file of one part and return where the part goes."""
    [file] = items(post(client, f"{upload}/files", {"files": [{"path": path, "size_bytes": len(data)}]}))
    part = {"file_id": file["id"], "number": 1, "sha256": hashlib.sha256(data).hexdigest()}
    return items(post(client, f"{upload}/parts", {"parts": [part]}))[0]


def put(url: str, data: bytes) -> Any:
    """Put bytes as somebody who has nothing but the address."""
    return Client(enforce_csrf_checks=True).put(url.replace("http://testserver", ""), data)


def send(client: Client, upload: str, path: str, data: bytes) -> int:
    place = announce(client, upload, path, data)
    assert put(place["url"], data).status_code == 204
    return int(place["file_id"])


def test_a_folder_is_sent_and_delivered(program: Client, tmp_path: Path) -> None:
    make_geography()
    folder = write_folder(tmp_path / "folder")
    upload = begin(program)
    ids = [
        send(program, upload, path.relative_to(folder).as_posix(), path.read_bytes())
        for path in sorted(folder.rglob("*"))
    ]
    arrived = items(post(program, f"{upload}/complete", {"file_ids": ids}))
    assert all(one["is_complete"] for one in arrived)
    made = [post(program, "/api/v1/deliveries", {"upload_id": upload.rpartition("/")[2]}) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json()["id"] == made[1].json()["id"] == Delivery.objects.get().pk
    assert made[0]["Location"] == f"/api/v1/deliveries/{made[0].json()['id']}"
    assert program.get(upload).json()["state"] == "sent"


def test_who_was_interrupted_learns_what_has_arrived(program: Client) -> None:
    upload = begin(program)
    send(program, upload, "a.csv", b"abc")
    post(program, f"{upload}/files", {"files": [{"path": "b.csv", "size_bytes": 2}]})
    first, second = items(program.get(f"{upload}/files"))
    assert first["parts"] == [{"number": 1, "sha256": hashlib.sha256(b"abc").hexdigest()}]
    assert second["parts"] == []
    page = program.get(f"{upload}/files?limit=1")
    assert [one["path"] for one in items(page)] == ["a.csv"]
    assert [one["path"] for one in items(program.get(f"{upload}/files?cursor={page.json()['next']}"))] == [
        "b.csv"
    ]


@pytest.mark.parametrize("data", [b"abX", b"ab", b"abcd"])
def test_an_address_takes_the_announced_bytes_alone(program: Client, data: bytes) -> None:
    upload = begin(program)
    place = announce(program, upload, "a.csv", b"abc")
    assert_problem(put(place["url"], data), 422, "part_wrong")
    [arrival] = items(post(program, f"{upload}/complete", {"file_ids": [place["file_id"]]}))
    assert (arrival["is_complete"], arrival["missing"]) == (False, [1])


def test_an_address_is_signed_and_expires(program: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    place = announce(program, begin(program), "a.csv", b"abc")
    head, _slash, ticket = place["url"].rpartition("/")
    other = signing.dumps([place["file_id"], 1, "0" * 64], salt="elsewhere")
    for wrong in (ticket[:-1] + ("A" if ticket[-1] != "A" else "B"), other, "x"):
        assert_problem(put(f"{head}/{wrong}", b"abc"), 403, "address_over")
    monkeypatch.setattr(addresses, "ADDRESS_S", -1)
    assert_problem(put(place["url"], b"abc"), 403, "address_over")


def test_an_address_takes_nothing_but_a_put(program: Client) -> None:
    place = announce(program, begin(program), "a.csv", b"abc")
    path = place["url"].replace("http://testserver", "")
    assert {Client().get(path).status_code, Client().post(path).status_code} == {405}


def test_a_cancelled_upload_is_over(program: Client) -> None:
    upload = begin(program)
    place = announce(program, upload, "a.csv", b"abc")
    etag = program.get(upload)["ETag"]
    assert_problem(program.delete(upload, headers={"If-Match": '"other"'}), 412, "changed")
    assert [program.delete(upload, headers={"If-Match": etag}).status_code] == [204]
    assert program.delete(upload).status_code == 204
    assert_problem(put(place["url"], b"abc"), 409, "upload_over")
    assert_problem(
        post(program, f"{upload}/files", {"files": [{"path": "b", "size_bytes": 1}]}), 409, "upload_over"
    )
    assert items(program.get("/api/v1/uploads")) == []


def test_a_file_is_taken_out(program: Client) -> None:
    upload = begin(program)
    file_id = send(program, upload, "a.csv", b"abc")
    assert program.delete(f"{upload}/files/{file_id}").status_code == 204
    assert items(program.get(f"{upload}/files")) == []
    assert_problem(program.delete(f"{upload}/files/{file_id}"), 404, "not_found")


def test_names_that_lead_out_are_refused_with_their_places(program: Client) -> None:
    upload = begin(program)
    files = [{"path": path, "size_bytes": 1} for path in ("a.csv", "../b.csv", "/c.csv")]
    answer = post(program, f"{upload}/files", {"files": files})
    assert_problem(answer, 422, "files_refused")
    assert [one["field"] for one in answer.json()["faults"]] == ["files.1.path", "files.2.path"]
    assert items(program.get(f"{upload}/files")) == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", {"deliverer": ""}),
        ("", {}),
        ("files", {"files": []}),
        ("files", {"files": [{"path": "a", "size_bytes": -1}]}),
        ("files", {"files": [{"path": "a"}] * 201}),
        ("parts", {"parts": [{"file_id": 1, "number": 0, "sha256": "0" * 64}]}),
        ("parts", {"parts": [{"file_id": 1, "number": 1, "sha256": "0" * 63}]}),
        ("parts", {"parts": [{"file_id": 1, "number": 1, "sha256": "0" * 64 + "\n"}]}),
        ("complete", {"file_ids": ["x"]}),
        ("complete", []),
    ],
)
def test_what_makes_no_sense_is_refused(program: Client, path: str, said: object) -> None:
    upload = begin(program)
    answer = post(program, f"{upload}/{path}" if path else "/api/v1/uploads", said)
    assert_problem(answer, 400, "invalid")


def test_an_upload_that_has_not_arrived_is_no_delivery(program: Client) -> None:
    upload = begin(program)
    announce(program, upload, "a.csv", b"abc")
    said = {"upload_id": upload.rpartition("/")[2]}
    assert_problem(post(program, "/api/v1/deliveries", said), 409, "files_incomplete")
    assert_problem(post(program, "/api/v1/deliveries", {"upload_id": "x"}), 400, "invalid")
    assert not Delivery.objects.exists()


def test_the_wrong_labels_user_and_strangers_come_nowhere_near(
    program: Client, charlie: Client, client: Client
) -> None:
    upload = begin(program)
    place = announce(program, upload, "a.csv", b"abc")
    upload_id = upload.rpartition("/")[2]
    for who, status, code in ((charlie, 404, "not_found"), (client, 401, "not_authenticated")):
        for answer in (
            who.get(upload),
            who.delete(upload),
            who.get(f"{upload}/files"),
            who.delete(f"{upload}/files/{place['file_id']}"),
            post(who, f"{upload}/files", {"files": [{"path": "b", "size_bytes": 1}]}),
            post(
                who,
                f"{upload}/parts",
                {"parts": [{"file_id": place["file_id"], "number": 1, "sha256": "0" * 64}]},
            ),
            post(who, f"{upload}/complete", {"file_ids": [place["file_id"]]}),
            post(who, "/api/v1/deliveries", {"upload_id": upload_id}),
        ):
            assert_problem(answer, status, code)
    assert items(charlie.get("/api/v1/uploads")) == []
    assert Upload.objects.get().state == "open"


@pytest.mark.parametrize("name", [OTHER, "nobody"])
def test_nobody_uploads_under_anothers_name(program: Client, charlie: Client, name: str) -> None:
    assert_problem(post(program, "/api/v1/uploads", {"deliverer": name}), 403, "not_your_deliverer")
