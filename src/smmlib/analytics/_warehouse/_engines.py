"""
Where the warehouse's tables stand: DuckDB, Parquet files, PostgreSQL or Spark.

An engine creates tables, replaces the rows of a scope and day, and answers SQL. All
else is written once, above it.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs

from smmlib.analytics._extras import extra
from smmlib.analytics._warehouse._schema import (
    TABLES,
    arrow_schema,
    as_arrow,
    ibis,
    sql_type,
)
from smmlib.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    Rows = list[Mapping[str, Any]]

_FEATURE = "the warehouse"


class Engine(Protocol):
    """
    What the warehouse asks of a database.
    """

    dialect: str

    def create(self) -> None:
        """
        Make the tables that are not there yet.
        """

    def replace(self, table: str, scope: str, days: Mapping[date, Rows]) -> None:
        """
        Put rows in place of all rows of a scope on these days: all of them or none.
        """

    def fill(self, table: str, sql: str) -> None:
        """
        Put the rows of a query in place of all rows of a table.
        """

    def fetch(self, sql: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """
        Names of columns and rows of a query.
        """

    def close(self) -> None:
        """
        Let go of files and connections.
        """


def engine_of(url: str) -> Engine:
    """
    The engine an address means.

    Raises:
        ConfigurationError: An address of no engine there is.
        MissingExtraError: A package the engine needs is not installed.
    """
    scheme, mark, rest = url.partition("://")
    if mark and scheme == "duckdb":
        path = rest.removeprefix("/")
        if path.endswith("/") or (path and Path(path).is_dir()):
            return FolderEngine(Path(path))
        return DuckDBEngine(path)
    if mark and scheme in {"postgresql", "postgres"}:
        return PostgresEngine(url)
    if mark and scheme == "spark" and rest:
        return SparkEngine(url)
    # Not the address itself: it may hold a password.
    raise ConfigurationError(
        f"the warehouse knows no engine '{scheme if mark else 'without ://'}'",
        hint="use duckdb:///facts.duckdb, duckdb:///folder/, "
        "postgresql://host/database or spark://local[2]",
    )


def _ddl(name: str, dialect: str, quote: str = '"') -> str:
    columns = ", ".join(
        f"{quote}{column}{quote} {sql_type(kind, dialect)}"
        for column, kind in TABLES[name].items()
    )
    return f"CREATE TABLE IF NOT EXISTS {quote}{name}{quote} ({columns})"


class DuckDBEngine:
    """
    One file, or nothing but memory.
    """

    dialect = "duckdb"

    def __init__(self, path: str = "") -> None:
        duckdb = extra("duckdb", _FEATURE)
        ibis()
        self._connection = duckdb.connect(path or ":memory:")
        self._lock = threading.RLock()

    def create(self) -> None:
        with self._lock:
            for name in TABLES:
                self._connection.execute(_ddl(name, self.dialect))

    def replace(self, table: str, scope: str, days: Mapping[date, Rows]) -> None:
        rows = [row for group in days.values() for row in group]
        with self._lock:
            cursor = self._connection.cursor()
            cursor.execute("BEGIN")
            try:
                cursor.execute(
                    f'DELETE FROM "{table}" WHERE scope = ? AND "on" IN '  # noqa: S608 -- names are ours
                    f"(SELECT unnest(?))",
                    [scope, list(days)],
                )
                if rows:
                    cursor.register("incoming", as_arrow(table, rows))
                    cursor.execute(f'INSERT INTO "{table}" SELECT * FROM incoming')  # noqa: S608 -- names are ours
                cursor.execute("COMMIT")
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            finally:
                cursor.close()

    def fill(self, table: str, sql: str) -> None:
        with self._lock:
            cursor = self._connection.cursor()
            cursor.execute("BEGIN")
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 -- names are ours
            cursor.execute(f'INSERT INTO "{table}" BY NAME {sql}')
            cursor.execute("COMMIT")
            cursor.close()

    def fetch(self, sql: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        cursor = self._connection.cursor()  # each thread its own
        try:
            cursor.execute(sql)
            names = tuple(column[0] for column in cursor.description)
            return names, cursor.fetchall()
        finally:
            cursor.close()

    def close(self) -> None:
        self._connection.close()


class _Folder:
    """
    Tables as Parquet files, one per scope and day: each is replaced as a whole.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        pq = extra("pyarrow.parquet", _FEATURE)
        for name in TABLES:
            folder = self.path / name
            folder.mkdir(parents=True, exist_ok=True)
            empty = folder / "empty.parquet"
            if not empty.exists():
                pq.write_table(arrow_schema(name).empty_table(), empty)

    def replace(self, table: str, scope: str, days: Mapping[date, Rows]) -> None:
        pq = extra("pyarrow.parquet", _FEATURE)
        folder = self.path / table / hashlib.sha256(scope.encode()).hexdigest()[:24]
        folder.mkdir(parents=True, exist_ok=True)
        for day, rows in days.items():
            file = folder / f"{day}.parquet"
            if not rows:
                file.unlink(missing_ok=True)
                continue
            # The name ends otherwise until the file is whole, so nobody reads half.
            draft = file.with_suffix(".part")
            pq.write_table(as_arrow(table, rows), draft)
            draft.replace(file)

    def files(self, table: str) -> str:
        return str(self.path / table / "**" / "*.parquet").replace("'", "''")


class FolderEngine:
    """
    A folder of Parquet files, read by an embedded DuckDB.
    """

    dialect = "duckdb"

    def __init__(self, path: Path) -> None:
        self._folder = _Folder(path)
        self._database = DuckDBEngine()

    def create(self) -> None:
        self._folder.create()
        for name in TABLES:
            self._look(name)

    def _look(self, name: str) -> None:
        files = self._folder.files(name)
        self._database._connection.execute(  # noqa: SLF001 -- it is ours alone
            f'CREATE OR REPLACE VIEW "{name}" AS '  # noqa: S608 -- names are ours
            f"SELECT * FROM read_parquet('{files}', hive_partitioning = false)"
        )

    def replace(self, table: str, scope: str, days: Mapping[date, Rows]) -> None:
        self._folder.replace(table, scope, days)

    def fill(self, table: str, sql: str) -> None:
        target = self._folder.path / table
        draft = target / "all.part"
        columns = ", ".join(f'"{column}"' for column in TABLES[table])
        place = str(draft).replace("'", "''")
        self._database.fetch(
            f"COPY (SELECT {columns} FROM ({sql})) TO '{place}' (FORMAT parquet)"  # noqa: S608 -- our own query
        )
        draft.replace(target / "all.parquet")

    def fetch(self, sql: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        return self._database.fetch(sql)

    def close(self) -> None:
        self._database.close()


class PostgresEngine:
    """
    A database of a PostgreSQL server.
    """

    dialect = "postgres"

    def __init__(self, url: str) -> None:
        psycopg = extra("psycopg", "a warehouse on PostgreSQL", "postgres")
        ibis()
        self._connection = psycopg.connect(url, autocommit=True)
        self._lock = threading.RLock()

    def create(self) -> None:
        with self._lock:
            for name in TABLES:
                self._connection.execute(_ddl(name, self.dialect))
                self._connection.execute(
                    f'CREATE INDEX IF NOT EXISTS "{name}_scope_on" '
                    f'ON "{name}" (scope, "on")'
                )

    def replace(self, table: str, scope: str, days: Mapping[date, Rows]) -> None:
        columns = TABLES[table]
        names = ", ".join(f'"{column}"' for column in columns)
        with self._lock, self._connection.transaction():
            cursor = self._connection.cursor()
            cursor.execute(
                f'DELETE FROM "{table}" WHERE scope = %s AND "on" = ANY(%s)',  # noqa: S608 -- names are ours
                [scope, list(days)],
            )
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for rows in days.values():
                    for row in rows:
                        copy.write_row([row.get(column) for column in columns])

    def fill(self, table: str, sql: str) -> None:
        names = ", ".join(f'"{column}"' for column in TABLES[table])
        with self._lock, self._connection.transaction():
            self._connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 -- names are ours
            self._connection.execute(
                f'INSERT INTO "{table}" ({names}) SELECT {names} FROM ({sql}) AS t'  # noqa: S608 -- our own query
            )
            self._connection.execute(f'ANALYZE "{table}"')

    def fetch(self, sql: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        with self._lock:
            cursor = self._connection.execute(sql)
            names = tuple(column.name for column in cursor.description or ())
            return names, cursor.fetchall()

    def close(self) -> None:
        self._connection.close()


def _spark_options() -> None:
    """
    Register what the compiler for Spark looks up, as its backend would.
    """
    config = extra("ibis.config", _FEATURE)

    class Options(config.Config):  # type: ignore[misc, name-defined]  # comes as Any
        treat_nan_as_null: bool = False

    if ibis().options.pyspark is None:
        ibis().options.pyspark = Options()


class SparkEngine:
    """
    Parquet files in a folder that Spark reads: here with `local[2]`, or on a cluster.
    """

    dialect = "pyspark"

    def __init__(self, url: str) -> None:
        sql = extra("pyspark.sql", "a warehouse on Spark", "spark")
        # Its compiler asks for a setting that only its backend registers, and that one
        # loads pandas, for user-defined functions nobody here has.
        _spark_options()
        # The brackets of local[2] are no address: take the text as it stands.
        master, _, query = url.removeprefix("spark://").partition("?")
        options = {name: values[-1] for name, values in parse_qs(query).items()}
        asked = options.pop("folder", "")
        master = master.rstrip("/")
        self._scratch = Path(tempfile.mkdtemp(prefix="smm-spark-"))
        place = Path(asked) if asked else self._scratch / "facts"
        self._folder = _Folder(place)
        builder = sql.SparkSession.builder.appName("smmlib").master(
            master if master.startswith("local") else f"spark://{master}"
        )
        for name, value in (self._settings() | options).items():
            builder = builder.config(name, value)
        self._session = builder.getOrCreate()

    def _settings(self) -> dict[str, str]:
        return {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.session.timeZone": "UTC",
            # Otherwise it writes a folder where it stands, and the next start fails.
            "spark.sql.warehouse.dir": str(self._scratch / "catalog"),
            "spark.sql.ansi.enabled": "true",
            "spark.log.level": "ERROR",
        }

    def create(self) -> None:
        self._folder.create()
        for name in TABLES:
            self._look(name)

    def _look(self, name: str) -> None:
        columns = ", ".join(
            f"`{column}` {sql_type(kind, self.dialect)}"
            for column, kind in TABLES[name].items()
        )
        reader = self._session.read.schema(columns)
        reader = reader.option("recursiveFileLookup", "true")
        reader = reader.option("pathGlobFilter", "*.parquet")
        place = str(self._folder.path.resolve() / name)
        reader.parquet(place).createOrReplaceTempView(name)

    def replace(self, table: str, scope: str, days: Mapping[date, Rows]) -> None:
        self._folder.replace(table, scope, days)
        self._look(table)

    def fill(self, table: str, sql: str) -> None:
        columns = ", ".join(f"`{column}`" for column in TABLES[table])
        target = self._folder.path / table
        draft = self._folder.path / f"{table}.part"
        chosen = self._session.sql(f"SELECT {columns} FROM ({sql})")  # noqa: S608 -- our own query
        chosen.write.mode("overwrite").parquet(str(draft.resolve()))
        shutil.rmtree(target)
        draft.rename(target)
        self._look(table)

    def fetch(self, sql: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        frame = self._session.sql(sql)
        rows: Sequence[Any] = frame.collect()
        return tuple(frame.columns), [tuple(row) for row in rows]

    def close(self) -> None:
        self._session.stop()
        with suppress(OSError):
            shutil.rmtree(self._scratch)
