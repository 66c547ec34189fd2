import jwt

from notify_core.testing.contracts.unverified_token import UnverifiedTokenContract
from notify_entrypoints.http.tokens import JwtToken


class TestJwtToken(UnverifiedTokenContract):
    def make(self, *, issuer, issued_at, algorithm, secret):
        claims = {"iss": issuer, "iat": issued_at and int(issued_at.timestamp())}
        given = {name: claim for name, claim in claims.items() if claim is not None}
        return JwtToken.parse(jwt.encode(given, secret, algorithm))
