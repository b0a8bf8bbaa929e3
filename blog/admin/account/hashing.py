"""Hashing of passwords, in a bounded amount of memory."""

from threading import Semaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE = 2  # in a process


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """Hashes as Argon2 does, few passwords at a time while the others wait.

    Each takes 100 MB: strangers who send a guess on each thread of each process would take all memory of the machine.
    """

    _turns = Semaphore(AT_ONCE)

    def encode(self, password: str, salt: str) -> str:
        with self._turns:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with self._turns:
            return super().verify(password, encoded)
