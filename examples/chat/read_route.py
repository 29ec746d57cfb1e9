"""The function behind a button in a chat channel: reads one route of Rewind's API. Its role allows only reading."""

import json
import os
from urllib.request import Request, urlopen

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session

# Fields of an operation, a batch operation or a rejected event that a line shows.
SHOWN = ("requestedAt", "rejectedAt", "state", "verb", "action", "kind", "workflowId", "trigger", "operationId")


def handler(_event, _context):
    url = os.environ["REWIND_URL"]
    signed = AWSRequest(method="GET", url=url)
    SigV4Auth(Session().get_credentials(), "execute-api", os.environ["AWS_REGION"]).add_auth(signed)
    with urlopen(Request(url, headers=dict(signed.headers)), timeout=25) as response:
        items = json.load(response)[os.environ["REWIND_LIST"]]
    return [" ".join(str(item[name]) for name in SHOWN if name in item) for item in items] or ["none"]
