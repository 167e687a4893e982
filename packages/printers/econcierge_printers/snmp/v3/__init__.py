"""SNMPv3 with the User-based Security Model (RFC 3412, 3414, 3826, 7860): `message` is its codec, `auth` and
`privacy` the keys and ciphers, `usm` one device as a user sees it. Loaded only when there is a user."""
