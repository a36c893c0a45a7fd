"""Who may deliver, and under which name: the name is the namespace of the references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from catalog.errors import CatalogError
from catalog.models import Deliverer, Delivery, Release
from mediaplatform.accounts import services as accounts
from mediaplatform.accounts.models import User

HOUSE = "house"  # the namespace of references that nobody else claims
LONGEST = 100


class DelivererMissing(CatalogError):
    """There is no such deliverer, or it is none of this user's."""

    code = "deliverer_missing"


class NameTaken(CatalogError):
    """Somebody delivers under that name already."""

    code = "name_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class DelivererLine:
    """A deliverer as the operators' list shows it."""

    id: int
    name: str
    members: list[User]
    delivery_count: int
    release_count: int


def list_deliverers(user: User) -> list[str]:
    """Return the names under which a user may deliver, in order: all of them for an operator, else their own."""
    return list(_of(user).values_list("name", flat=True))


def may_deliver_as(user: User, *, name: str) -> bool:
    """Tell whether a user may deliver under a name and see what came under it. False for a name that nobody has."""
    return _of(user).filter(name=name).exists()


def list_lines() -> list[DelivererLine]:
    """List every deliverer with its members and how much it delivered. For operators."""

    def counted(model: type[Delivery | Release]) -> Subquery:
        same: QuerySet[Any] = model._default_manager.filter(deliverer=OuterRef("name"))  # noqa: SLF001 - Django's documented name for it
        return Subquery(same.order_by().values("deliverer").annotate(count=Count("pk")).values("count"))

    found = Deliverer.objects.annotate(deliveries=counted(Delivery), releases=counted(Release))
    return [
        DelivererLine(
            id=one.pk,
            name=one.name,
            members=sorted(one.members.all(), key=str),
            delivery_count=one.deliveries or 0,
            release_count=one.releases or 0,
        )
        for one in found.prefetch_related("members")
    ]


def ensure_deliverer(*, name: str) -> Deliverer:
    """Return the deliverer of a name, made if there is none."""
    return Deliverer.objects.get_or_create(name=name)[0]


def create_deliverer(*, name: str) -> Deliverer:
    """Open a namespace. Raises: NameTaken."""
    deliverer, is_new = Deliverer.objects.get_or_create(name=name.strip())
    if not is_new:
        raise NameTaken(_("Somebody delivers under the name %(name)s already.") % {"name": name})
    return deliverer


@transaction.atomic
def invite_member(*, deliverer_id: int, email: str, name: str = "") -> User:
    """Let a person deliver; whoever has no account yet gets a mail to choose a password.

    Raises:
        DelivererMissing: there is none of this number.
    """
    deliverer = _get(deliverer_id)
    user = accounts.invite(email=email, name=name, to=_("deliver as %(name)s") % {"name": deliverer.name})
    deliverer.members.add(user)
    return user


def add_member(*, name: str, user: User) -> None:
    """Let a user deliver under a name, which is made if there is none."""
    ensure_deliverer(name=name).members.add(user)


def remove_member(*, deliverer_id: int, user_id: int) -> None:
    """Take a person off; the account stays. Raises: DelivererMissing."""
    _get(deliverer_id).members.remove(user_id)


def _get(deliverer_id: int) -> Deliverer:
    found = Deliverer.objects.filter(pk=deliverer_id).first()
    if found is None:
        raise DelivererMissing(f"no deliverer {deliverer_id}")
    return found


def _of(user: User) -> QuerySet[Deliverer]:
    if not user.is_active:
        return Deliverer.objects.none()
    return Deliverer.objects.all() if user.is_operator else Deliverer.objects.filter(members=user)
