"""Addresses of a library's console, all under its own name."""

from django.urls import include, path

from subscriptions.staff import codes, desk, exclusions, patrons, team

app_name = "staff"

pages = [
    path("", desk.dashboard, name="dashboard"),
    path("subscription/", desk.subscription, name="subscription"),
    path("settings/", desk.settings, name="settings"),
    path("codes/", codes.batches, name="codes"),
    path("codes/<int:batch_id>/", codes.batch, name="batch"),
    path("codes/<int:batch_id>/sheet.pdf", codes.sheet, name="sheet"),
    path("codes/<int:batch_id>/codes.csv", codes.export, name="codes_csv"),
    path("codes/<int:batch_id>/<int:code_id>/withdraw/", codes.withdraw, name="withdraw"),
    path("patrons/", patrons.patron_list, name="patrons"),
    path("patrons/<int:patron_id>/suspend/", patrons.suspend, name="suspend"),
    path("patrons/<int:patron_id>/restore/", patrons.restore, name="restore"),
    path("offer/", exclusions.exclusion_list, name="exclusions"),
    path("offer/exclude/", exclusions.exclude, name="exclude"),
    path("offer/<int:exclusion_id>/readmit/", exclusions.readmit, name="readmit"),
    path("patrons/<int:patron_id>/erase/", patrons.erase, name="erase"),
    path("team/", team.team, name="team"),
    path("team/<int:membership_id>/role/", team.change_role, name="role"),
    path("team/<int:membership_id>/remove/", team.remove, name="remove"),
]

urlpatterns = [path("<slug:slug>/", include(pages))]
