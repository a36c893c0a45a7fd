"""Every address of the platform."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path

from mediaplatform import pages
from mediaplatform.infrastructure.problems import no_such_endpoint

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # one login page, with its limits and second factor

urlpatterns = [
    path("", pages.landing, name="landing"),
    path("home/", pages.home, name="home"),
    path("", include("mediaplatform.ui.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("catalog.urls")),
    path("", include("subscriptions.urls")),
    path("", include("royalties.urls")),
    re_path(r"^api/", no_such_endpoint),
]
