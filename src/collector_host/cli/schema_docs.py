"""`collector schema docs`: a page for each schema."""

from __future__ import annotations

from pathlib import Path

import click

from collector_host.cli.published import installed, write
from collector_host.cli.start import exit_codes
from collector_lint.publishing.pages import pages


@click.command()
@click.argument(
    "folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path)
)
@click.option(
    "--check", is_flag=True, help="Write nothing; fail where a page is not current."
)
def docs(folder: Path, *, check: bool) -> None:
    """Write a page for each schema, in Markdown.

    DIR is made if it does not exist. With --check the exit code is 1 where a page in
    it is missing, too many, or says something else.
    """
    with exit_codes():
        published = installed()
        wanted = pages(published.ids, published.contents)
    found = {
        file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")
    }
    if not check:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in wanted.items():
            write(folder / name, text)
        click.echo(f"ok      {len(wanted)} pages in {folder}")
        return
    stale = sorted(
        name
        for name in wanted.keys() | found.keys()
        if wanted.get(name) != found.get(name)
    )
    for name in stale:
        click.echo(f"{folder / name} is not current: collector schema docs {folder}")
    raise SystemExit(1 if stale else 0)
