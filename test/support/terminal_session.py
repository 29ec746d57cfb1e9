"""Runs a command in a pseudo-terminal: reads a JSON description from standard input, writes a JSON result.

In:  {"args": [...], "env": {...}, "cwd": "...", "columns": 80, "timeout": 60,
      "steps": [{"expect": "regular expression for the output so far", "send": "keys"}]}
Out: {"output": "...", "exitCode": 0}
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

given = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(given["cwd"])
    os.execvpe(given["args"][0], given["args"], given["env"])

fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, given["columns"], 0, 0))
steps = list(given["steps"])
output = b""
seen = 0
end = time.monotonic() + given["timeout"]
while time.monotonic() < end:
    # Match each step only against output after the previous answer.
    while steps and re.search(steps[0]["expect"], output[seen:].decode("utf8", "replace")):
        seen = len(output)
        os.write(terminal, steps.pop(0)["send"].encode())
    ready, _, _ = select.select([terminal], [], [], 0.2)
    if not ready:
        continue
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    output += part
else:
    os.kill(pid, 9)

_, status = os.waitpid(pid, 0)
json.dump({"output": output.decode("utf8", "replace"), "exitCode": os.waitstatus_to_exitcode(status), "left": steps}, sys.stdout)
