"""The runner for one machine: DuckDB reduces, worker processes allocate, Parquet streams out."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from royalties.engine.allocate import Usage, allocate
from royalties.engine.catalogue import Catalogue, Library, build_catalogue
from royalties.engine.findings import PlaysSurvey, check_plays, check_tables
from royalties.engine.policy import Policy
from royalties.engine.reduce import distinct_values, reduce_plays, survey_plays
from royalties.engine.tables import PLAYS, Finding, USAGE
from royalties.runs import backends, contract
from royalties.runs.contract import InputRefused, RunResult
from royalties.runs.period import close_period

__all__ = ["InputRefused", "RunResult", "run"]

# Called with a stage (`read`, `reduce`, `allocate`, `write`), what of it is done, and of how much.
Progress = Callable[[str, int, int], None]
