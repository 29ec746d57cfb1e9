"""Starts MiniStack on the Unix socket given as the only argument, with credentials that cannot be guessed.

MiniStack 1.5.33 accepts the access key "test" and every number of twelve digits as the root user, whatever the secret, and
derives the credentials of a Lambda function from its name. Here only the access key in the environment is the root user, and
the credentials of functions are derived from their name and a random key.
"""

import asyncio
import hashlib
import hmac
import os
import secrets
import sys

from hypercorn.asyncio import serve
from hypercorn.config import Config

from ministack.core import iam_evaluator, lambda_runtime

ROOT_KEY = os.environ["AWS_ACCESS_KEY_ID"]
iam_evaluator.is_root_access_key = lambda access_key_id: access_key_id == ROOT_KEY


class KeyedHashes:
    """Replaces `hashlib` in the module that derives the credentials of functions."""

    _key = secrets.token_bytes(32)

    @classmethod
    def sha256(cls, data):
        return hmac.new(cls._key, data, hashlib.sha256)


lambda_runtime.hashlib = KeyedHashes

# Imported after the changes, because MiniStack's services import the changed modules.
from ministack.app import app  # noqa: E402

config = Config()
config.bind = [f"unix:{sys.argv[1]}"]
config.keep_alive_timeout = 75
config.graceful_timeout = 0.5
asyncio.run(serve(app, config))
