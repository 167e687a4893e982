"""Privacy: a scoped PDU to ciphertext and back (RFC 3414 section 8, RFC 3826 section 3).

The one module that needs `cryptography`; `usm` loads it when a user has a privacy protocol."""

from __future__ import annotations

from functools import lru_cache

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from econcierge_printers.snmp.credentials import AuthProtocol, PrivProtocol
from econcierge_printers.snmp.security import Untrusted
from econcierge_printers.snmp.v3 import auth
from econcierge_printers.snmp.v3.message import Moment, Privacy

_DES_BLOCK_OCTETS = 8
_SALT_OCTETS = 8
_AES_KEY_OCTETS = {
    PrivProtocol.AES: 16,
    PrivProtocol.AES_192: 24,
    PrivProtocol.AES_256: 32,
    PrivProtocol.AES_192_REEDER: 24,
    PrivProtocol.AES_256_REEDER: 32,
}
_REEDER = (PrivProtocol.AES_192_REEDER, PrivProtocol.AES_256_REEDER)


@lru_cache(maxsize=4_096)
def of(protocol: PrivProtocol, hashed_by: AuthProtocol, password: bytes, engine_id: bytes) -> Privacy:
    """The privacy key is made with the authentication's hash (RFC 3414 section 2.6)."""
    key = auth.localized_key(hashed_by, password, engine_id)
    if protocol is PrivProtocol.DES:
        return _Des(key)
    octets = _AES_KEY_OCTETS[protocol]
    if protocol in _REEDER:
        return _Aes(auth.extended_reeder(hashed_by, key, engine_id, octets))
    return _Aes(auth.extended_blumenthal(hashed_by, key, octets))


class _Aes:
    """AES in CFB128; its vector is boots, time and salt (RFC 3826 section 3.1.2.1)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, plain: bytes, *, moment: Moment, count: int) -> tuple[bytes, bytes]:
        salt = count.to_bytes(_SALT_OCTETS, "big")
        return self._cipher(moment, salt).encryptor().update(plain), salt

    def decrypt(self, secret: bytes, *, moment: Moment, salt: bytes) -> bytes:
        _check_salt(salt)
        return self._cipher(moment, salt).decryptor().update(secret)

    def _cipher(self, moment: Moment, salt: bytes) -> Cipher[CFB]:
        vector = moment.boots.to_bytes(4, "big") + moment.time_s.to_bytes(4, "big") + salt
        return Cipher(AES(self._key), CFB(vector))


class _Des:
    """DES in CBC; the key's second half and the salt make the vector (RFC 3414 section 8.1.1)."""

    def __init__(self, key: bytes) -> None:
        self._key = key[:8] * 3  # triple DES with one key thrice is DES
        self._before_vector = key[8:16]

    def encrypt(self, plain: bytes, *, moment: Moment, count: int) -> tuple[bytes, bytes]:
        salt = (moment.boots & 0xFFFFFFFF).to_bytes(4, "big") + (count & 0xFFFFFFFF).to_bytes(4, "big")
        padded = plain + bytes(-len(plain) % _DES_BLOCK_OCTETS)
        return self._cipher(salt).encryptor().update(padded), salt

    def decrypt(self, secret: bytes, *, moment: Moment, salt: bytes) -> bytes:
        _check_salt(salt)
        if len(secret) % _DES_BLOCK_OCTETS:
            raise Untrusted("its encrypted answer is cut short")
        return self._cipher(salt).decryptor().update(secret)

    def _cipher(self, salt: bytes) -> Cipher[CBC]:
        vector = bytes(a ^ b for a, b in zip(self._before_vector, salt, strict=True))
        return Cipher(TripleDES(self._key), CBC(vector))


def _check_salt(salt: bytes) -> None:
    if len(salt) != _SALT_OCTETS:
        raise Untrusted("its encrypted answer lacks the privacy parameter")
