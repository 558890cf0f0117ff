"""The catalogue of faults is tried on real databases, the town's people and times in them."""

from tests.databases import grounds, storage, url, vault

__all__ = ["grounds", "storage", "url", "vault"]
