"""Settings, root addresses, the command line and the embedded database: the only place that knows all the rest."""
