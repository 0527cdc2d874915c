"""What can go wrong in the index, each with one Korean line: what, where, what to do."""

from __future__ import annotations


class IndexPackageError(Exception):
    """Base of every error that the index raises on purpose; ``str(error)`` is fit for a user."""


class DocumentsNotFoundError(IndexPackageError):
    """The documents folder or file does not exist, or holds nothing that can be read."""


class UnreadableFileError(IndexPackageError):
    """One file cannot be read as text. The build reports it and goes on with the rest."""


class IndexNotBuiltError(IndexPackageError):
    """There is no index in the folder yet."""


class IndexVersionError(IndexPackageError):
    """The index was built with another model, tokenizer, chunker or format."""


class IndexLockedError(IndexPackageError):
    """Another process is building in the same folder."""


class IndexWriteError(IndexPackageError):
    """The index folder cannot be written."""


class IndexModelError(IndexPackageError):
    """The embedding model cannot be loaded."""


class VectorServerError(IndexPackageError):
    """The Chroma server does not answer."""


class IndexSelfTestError(IndexPackageError):
    """A retrieval leg returns nothing for words that are in the index."""


class UnknownIdError(IndexPackageError, KeyError):
    """No document, case or chunk has this id."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class AgencyFileError(IndexPackageError):
    """The file with further names of agencies cannot be read."""


class FetchError(IndexPackageError):
    """The list of addresses cannot be read, or what was fetched cannot be written."""
