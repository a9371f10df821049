"""schakel receipt verify: can an answer be computed again to the bit?"""

from __future__ import annotations

from pathlib import Path

import click

from schakel.cli.speech import tell


@click.group()
def receipt() -> None:
    """Compute a run again and compare.

    \b
    Example:
      schakel receipt verify answer.json
    """


@receipt.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--threads", type=click.IntRange(1, 256), help="Number of threads; all cores when left out.")
def verify(file: Path, threads: int | None) -> None:
    """Compute the answer in FILE (as a command wrote it as JSON) again, and compare inputs, SQL, result and what stands beside it.

    \b
    Example:
      schakel screen reference --reporter NLD --method crma --year 2023 --format json > answer.json
      schakel receipt verify answer.json
      schakel monitor NLD --files json && schakel receipt verify monitor-out/monitor-NLD-2024-en.json
      schakel shock run neon-2022 --draws 1 --format json --out neon.json && schakel receipt verify neon.json
    """
    from schakel.cli.options import open_flows
    from schakel.dependency.verify import read_answer, verify_answer

    answer = read_answer(file)
    if str(answer["receipt"]["parameters"].get("command")).startswith("shock "):
        from schakel.shocks import verify as shocks

        for line in shocks.verify(file, threads=threads):
            tell(line)
        return
    for line in verify_answer(
        answer, lambda path, reading: open_flows(path, threads=threads, **reading), where=str(file)
    ):
        tell(line)
