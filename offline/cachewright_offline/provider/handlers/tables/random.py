"""Random values."""

from __future__ import annotations

from typing import Final

HANDLERS: Final = {
    "random:index/randomId:RandomId": "random_id:RandomIdHandler",
    "random:index/randomInteger:RandomInteger": "random_integer:RandomIntegerHandler",
    "random:index/randomPassword:RandomPassword": "random_password:RandomPasswordHandler",
    "random:index/randomString:RandomString": "random_string:RandomStringHandler",
}
