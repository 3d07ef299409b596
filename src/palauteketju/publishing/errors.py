"""What publishing refuses."""


class FolderRefused(Exception):
    """The public site cannot be written there; the message is one sentence for whoever named the folder."""
