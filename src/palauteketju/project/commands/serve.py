import argparse

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4, help="requests at a time in each process (4)")


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM; a configuration that `check` refuses is not served."""
    from palauteketju.project import processes, safety

    safety.refuse_if_unsafe()
    processes.refuse_busy_port(options.host, options.port)
    server = processes.start_server(
        options.host, options.port, workers=options.processes, threads=options.threads
    )
    return processes.watch([server])
