"""Run a program as the user *nobody* when we are root: PostgreSQL refuses to run as root.

Run as a script of its own (standard library alone), it gives up its rights and becomes the program. Where a parent
folder is closed to others (a checkout under a root's home, a temporary folder of mode 0700) it keeps one right,
to pass such folders, so that nobody has to loosen them. Linux calls that an ambient capability.
"""

import ctypes
import os
import pwd
import sys
from pathlib import Path

_KEEP_CAPABILITIES = 8  # prctl: PR_SET_KEEPCAPS
_AMBIENT, _AMBIENT_RAISE = 47, 2  # prctl: PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE
_DAC_OVERRIDE = 1  # the capability's number: pass by file permissions
_CAPABILITY_VERSION = 0x20080522  # the kernel's second (64-bit) layout


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def unprivileged(command: list[str], *, writes_to: Path) -> list[str]:
    """The command line that runs ``command`` without root's rights; unchanged for everyone but root."""
    if os.geteuid() != 0:
        return command
    return [sys.executable, "-I", __file__, str(writes_to), *command]


def give_to_nobody(path: Path) -> None:
    """Make a file or an empty folder nobody's own when we are root."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(path, user.pw_uid, user.pw_gid)


def _become_nobody(program: str, writes_to: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    can_keep_rights = sys.platform == "linux" and libc.prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0) == 0
    user = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    if os.access(program, os.X_OK) and os.access(writes_to, os.W_OK | os.X_OK):
        return
    if not (can_keep_rights and _keep_right_of_way(libc)):
        sys.exit(
            f"PostgreSQL does not run as root, and the user nobody cannot reach {program} or {writes_to}: "
            "set CASCADA_LOCAL_DIR to a folder others may pass, or give a server by DATABASE_URL."
        )


def _keep_right_of_way(libc: ctypes.CDLL) -> bool:
    bit = 1 << _DAC_OVERRIDE
    header = _Header(_CAPABILITY_VERSION, 0)
    sets = (_Sets * 2)(_Sets(bit, bit, bit), _Sets(0, 0, 0))
    if libc.capset(ctypes.byref(header), sets) != 0:
        return False
    return bool(libc.prctl(_AMBIENT, _AMBIENT_RAISE, _DAC_OVERRIDE, 0, 0) == 0)


if __name__ == "__main__":
    _become_nobody(program=sys.argv[2], writes_to=sys.argv[1])
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - to become it, not to start it
