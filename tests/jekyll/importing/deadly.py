"""What kills the process that encodes a picture. Such a process loads no model, so this imports none."""

import multiprocessing
import os
import signal

from blog.pictures.encoding import Encoded, encode_archived


def kill_its_process(data: bytes) -> Encoded:
    if multiprocessing.parent_process() is not None and b"deadly" in data:
        os.kill(os.getpid(), signal.SIGKILL)
    return encode_archived(data)
