"""An invented county whose customers answer through the real front door, at simulated times."""
