"""schakel serve: pages and REST on this machine."""

from __future__ import annotations

from typing import Any

import click

from schakel.cli.options import open_flows
from schakel.cli.speech import note


@click.command()
@click.argument("flows", default="reference")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port on 127.0.0.1.")
@click.option(
    "--coverage",
    type=click.Choice(["world", "imports"]),
    default="world",
    show_default=True,
    help="What a flow file of your own covers.",
)
@click.option("--hs", type=int, help="HS revision of the product codes; found out when left out.")
@click.option(
    "--decimal", type=click.Choice([".", ","]), default=".", show_default=True, help="Decimal mark of the CSV."
)
@click.option("--delimiter", default=",", show_default=True, help="Column delimiter of the CSV.")
def serve(flows: str, port: int, **reading: Any) -> None:
    """Serve the monitor of FLOWS (the embedded tables when left out) to browsers on this machine only.

    \b
    Example:
      schakel serve --port 8000
    """
    import socket

    import uvicorn

    from schakel import settings
    from schakel.errors import MachineError
    from schakel.web import patience
    from schakel.web.answers import Answers
    from schakel.web.app import create_app

    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise MachineError(f"port {port} is taken", where="127.0.0.1", remedy="choose another with --port")
    data = open_flows(flows, **reading)
    app = create_app(Answers(data, settings.load().register))
    note(f"Schakel at http://127.0.0.1:{port}/ (Ctrl+C stops it)")
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        http=patience.Patient,
        ws="none",
        timeout_keep_alive=patience.KEPT_OPEN,
        h11_max_incomplete_event_size=patience.MOST_HEADERS,
        limit_concurrency=patience.MOST_CONNECTIONS,
    )
