"""One line of the settings chooses the engine, another says where it is."""

from __future__ import annotations

import pytest

from trigpoint.definitions.reading import read_catalogue
from trigpoint.definitions.settings import Cluster
from trigpoint.terms.errors import DefinitionError

NAMED = "name: A trust\nhome: T\n"
UNITS = "code,name,level\nT,A trust,trust\n"


def read(lines: str) -> tuple[str, Cluster | None]:
    settings = read_catalogue({"trigpoint.yaml": NAMED + lines, "definitions/units.csv": UNITS}).settings
    return settings.engine, settings.spark


def test_duckdb_is_the_engine_where_nothing_is_said() -> None:
    assert read("") == ("duckdb", None)


@pytest.mark.parametrize(
    ("lines", "cluster"),
    [
        ("spark: {master: 'spark://127.0.0.1:7077'}", Cluster(master="spark://127.0.0.1:7077")),
        ("spark: {master: 'spark://one:7077,two:7077'}", Cluster(master="spark://one:7077,two:7077")),
        ("spark: {master: 'local[*]'}", Cluster(master="local[*]")),
        ("spark: {master: 'local-cluster[2,1,1024]'}", Cluster(master="local-cluster[2,1,1024]")),
        ("spark: {connect: 'sc://one'}", Cluster(connect="sc://one")),
        ("spark: {connect: 'sc://one:443/;use_ssl=true'}", Cluster(connect="sc://one:443/;use_ssl=true")),
        (
            "spark:\n  master: local[2]\n  config: {spark.executor.memory: 4g}",
            Cluster(master="local[2]", config={"spark.executor.memory": "4g"}),
        ),
    ],
)
def test_spark_is_where_its_master_or_its_url_says(lines: str, cluster: Cluster) -> None:
    assert read(f"engine: spark\n{lines}\n") == ("spark", cluster)


def test_a_cluster_may_stay_while_duckdb_is_used() -> None:
    assert read("engine: duckdb\nspark: {connect: 'sc://one'}\n") == ("duckdb", Cluster(connect="sc://one"))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("engine: sparc", "duckdb or spark"),
        ("engine: spark", "`engine: spark` needs `spark`, with a master or connect"),
        ("engine: spark\nspark: {}", "either a master or connect"),
        ("engine: spark\nspark: {master: 'local[2]', connect: 'sc://one'}", "either a master or connect"),
        ("engine: spark\nspark: {master: yarn}", "master is spark://host:7077"),
        ("engine: spark\nspark: {master: 'spark://one'}", "master is spark://host:7077"),
        ("engine: spark\nspark: {connect: 'spark://one:7077'}", "connect is sc://host:15002"),
        ("engine: spark\nspark: {mastr: 'local[2]'}", "Nearest: master"),
    ],
)
def test_what_is_no_engine_and_no_cluster_is_refused_with_its_line(lines: str, words: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read(lines + "\n")
    message = str(refused.value)
    assert words in message
    assert "trigpoint.yaml:" in message
