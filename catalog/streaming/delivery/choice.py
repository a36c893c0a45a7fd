"""Which delivery STREAM_DELIVERY_URL chooses."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import SplitResult, parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from catalog.streaming.delivery import Delivery, DeliveryAddressRefused, signed_cookies
from catalog.streaming.delivery.by_cdn import CdnDelivery
from catalog.streaming.delivery.by_django import DjangoDelivery
from catalog.streaming.delivery.by_nginx import NginxDelivery
from catalog.streaming.delivery.by_redirect import RedirectDelivery


def get_delivery() -> Delivery:
    """Return the delivery that the settings name.

    Raises:
        DeliveryAddressRefused: the address, or the CDN's key, can't be used.
    """
    return open_delivery(settings.STREAM_DELIVERY_URL, settings.STREAM_CDN_PRIVATE_KEY)


@lru_cache(maxsize=8)
def open_delivery(address: str, cdn_key: str = "") -> Delivery:
    """Return the delivery at an address (see `catalog.streaming.delivery`); `cdn_key` in PEM, for a CDN.

    Raises:
        DeliveryAddressRefused: as `get_delivery`.
    """
    url = urlsplit(address)
    match url.scheme:
        case "django":
            return DjangoDelivery()
        case "redirect":
            return RedirectDelivery(rest=DjangoDelivery())
        case "nginx" if url.path.startswith("/") and len(url.path) > 1:
            return NginxDelivery(prefix=url.path.rstrip("/"))
        case "cdn" if url.netloc:
            return _open_cdn(url, cdn_key)
    raise DeliveryAddressRefused(
        f"{address!r} is no delivery: write django:, nginx:/_objects, redirect: or cdn://host?key_id=…&domain=…"
    )


def _open_cdn(url: SplitResult, pem: str) -> CdnDelivery:
    options = {name: values[-1] for name, values in parse_qs(url.query).items()}
    host, hash_name = url.hostname or "", options.get("hash", signed_cookies.SHA1)
    domain = options.get("domain", "")
    if "key_id" not in options or hash_name not in signed_cookies.HASHES:
        raise DeliveryAddressRefused(
            "a CDN's address names its key: cdn://host?key_id=K…, and hash=SHA256 if it can"
        )
    if domain and host != domain and not host.endswith(f".{domain}"):
        raise DeliveryAddressRefused(f"the CDN's host {host} is not in the domain {domain}")
    try:
        private_key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise DeliveryAddressRefused("the CDN's private key is no PEM without a password") from error
    if not isinstance(private_key, RSAPrivateKey):
        raise DeliveryAddressRefused("the CDN's private key is no RSA key")
    return CdnDelivery(
        host=url.netloc,
        domain=domain,
        key_id=options["key_id"],
        hash_name=hash_name,
        private_key=private_key,
        rest=DjangoDelivery(),
    )
