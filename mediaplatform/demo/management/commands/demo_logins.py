"""`manage.py demo_logins`: where to go in the demo, and what to type there."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from mediaplatform.demo.logins import list_demo_logins


class Command(BaseCommand):
    help = "Print the addresses and logins of the demo's people."

    def handle(self, *_args: object, **_options: object) -> None:
        found = list_demo_logins()
        if not found:
            raise CommandError("There is no demo yet: run `manage.py load_demo`.")
        for login in found:
            what = f"{login.login}  password {login.password}" if login.password else f"code {login.login}"
            self.stdout.write(f"  {login.who}\n      {login.url}\n      {what}")
