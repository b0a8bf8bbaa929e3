from bench.profiling import area_of, by_area, table

COMPILER = ("/env/site-packages/django/db/models/sql/compiler.py", 10, "as_sql")
TEMPLATE = ("/env/site-packages/django/template/base.py", 20, "render")
VIEW = ("/checkout/blog/views/home.py", 30, "get_context_data")
GETATTR = ("~", 0, "<built-in method builtins.getattr>")
EXECUTE = ("~", 0, "<method 'execute' of 'sqlite3.Cursor' objects>")


def row(own: float, callers: dict | None = None) -> tuple:
    return (1, 1, own, own, {caller: (1, 1, share, share) for caller, share in (callers or {}).items()})


STATS = {
    COMPILER: row(2.0),
    TEMPLATE: row(1.0),
    VIEW: row(0.5),
    GETATTR: row(0.4, {COMPILER: 0.3, TEMPLATE: 0.1}),
    EXECUTE: row(0.7, {COMPILER: 0.7}),
}


def test_each_function_is_in_one_area_by_where_it_stands() -> None:
    areas = [area_of(function) for function in (COMPILER, TEMPLATE, VIEW, EXECUTE)]
    assert areas == ["ORM", "templates", "our code", "database"]
    assert area_of(("/usr/lib/python3.11/copy.py", 1, "copy")) == "rest"


def test_built_in_function_counts_where_it_was_called_and_the_database_for_itself() -> None:
    seconds = {name: area.seconds for name, area in by_area(STATS).items()}
    assert seconds == {"ORM": 2.3, "templates": 1.1, "our code": 0.5, "database": 0.7}


def test_table_gives_milliseconds_a_request_and_shares() -> None:
    lines = table(by_area(STATS), requests=100).splitlines()
    areas = [line.split() for line in lines if line.endswith("%")]
    assert areas[0] == ["ORM", "23.00", "50%"]
    assert [words[0] for words in areas] == ["ORM", "templates", "database", "our"]
