"""Encryption to the public keys of recipients, in the format of age (https://age-encryption.org).

The site knows no secret key: whoever breaks into it cannot read its backups.
"""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

import pyrage

from blog.operations.backups.store import CHUNK, BackupError, HashingFile


def recipients(keys: Iterable[str]) -> list[pyrage.x25519.Recipient]:
    """Parses the public keys. Raises BackupError for a key that age does not accept."""
    found = []
    for number, key in enumerate(keys, start=1):
        try:
            found.append(pyrage.x25519.Recipient.from_str(key))
        except pyrage.RecipientError:
            raise BackupError(_no_recipient(number, key)) from None
    return found


def _no_recipient(number: int, key: str) -> str:
    """The message, which does not show the key: it may be a secret key from the wrong line of `age-keygen`'s file."""
    reason = f"BACKUP_RECIPIENTS: number {number} is no public key of age, which begins with age1"
    if key.upper().startswith("AGE-SECRET-KEY-"):
        reason += "; it is a secret key: make another pair, and keep its secret key away from this machine"
    return reason


def identities(file: Path) -> list[pyrage.x25519.Identity]:
    """Reads the secret keys of a file that `age-keygen` wrote. Raises BackupError, without showing a key."""
    try:
        lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise BackupError(f"{file} cannot be read as a file of secret keys, as `age-keygen` writes it") from None
    if not keys:
        raise BackupError(f"{file} has no secret key")
    return keys


def copying(source: IO[bytes], keys: list[pyrage.x25519.Recipient]) -> Callable[[HashingFile], object]:
    """Returns a function that writes `source` to a file: encrypted to the keys, or as it is if there are none."""
    if not keys:
        return lambda target: shutil.copyfileobj(source, target, CHUNK)
    return lambda target: _encrypt(source, target, keys)


def _encrypt(source: IO[bytes], target: HashingFile, keys: list[pyrage.x25519.Recipient]) -> None:
    try:
        pyrage.encrypt_io(source, target, keys)
    except pyrage.EncryptError as error:
        raise BackupError(f"a file could not be encrypted: {error}") from error


def decrypt(source: Path, target: Path, keys: list[pyrage.x25519.Identity]) -> None:
    """Writes the plain bytes of `source` to `target`. Raises BackupError if no key fits."""
    try:
        with open(source, "rb") as reader, open(target, "wb") as writer:
            pyrage.decrypt_io(reader, writer, keys)
    except pyrage.DecryptError as error:
        raise BackupError(f"{source} cannot be decrypted with these keys: {error}") from error
