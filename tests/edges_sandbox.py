"""Runs a command as a unit of systemd confines it: its filter of system calls, and no memory that is written and run.

``python edges_sandbox.py UNIT COMMAND…``. systemd itself has to be the first process of a machine; what it asks of the
kernel for SystemCallFilter= and MemoryDenyWriteExecute= can be asked here, through libseccomp and prctl(2).
"""

import ctypes
import errno
import os
import re
import subprocess
import sys
from pathlib import Path

PR_SET_NO_NEW_PRIVS, PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 38, 65, 1
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM


def calls(names: list[str]) -> set[str]:
    """The system calls of groups and names, as systemd on this machine knows them."""
    found: set[str] = set()
    for name in names:
        if name.startswith("@"):
            listed = subprocess.run(
                ["systemd-analyze", "syscall-filter", name], check=True, capture_output=True, text=True
            )
            inside = [line.strip() for line in listed.stdout.splitlines()[1:]]
            found |= calls([line for line in inside if line and not line.startswith("#")])
        else:
            found.add(name)
    return found


def allowed(unit: str) -> set[str]:
    """What a unit's filters leave, one line after the other."""
    left: set[str] = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit, re.MULTILINE):
        if line.startswith("~"):
            left -= calls(line[1:].split())
        else:
            left |= calls(line.split())
    # systemd allows these whatever is filtered, to be able to start and end what it runs: @default has the most.
    return left | calls(["@default", "execve", "exit", "exit_group", "getrlimit", "rt_sigreturn", "sigreturn"])


def confine(unit: str) -> None:
    """Confine this process and all that it starts."""
    names = allowed(unit)
    kernel, seccomp = ctypes.CDLL(None, use_errno=True), ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(REFUSE)))
    for name in names:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            seccomp.seccomp_rule_add(context, ctypes.c_uint32(ALLOW), number, 0)
    kernel.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if "MemoryDenyWriteExecute=yes" in unit and kernel.prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0):
        sys.exit(f"PR_SET_MDWE: {os.strerror(ctypes.get_errno())} (Linux 6.3 has it)")
    if seccomp.seccomp_load(context):
        sys.exit("the filter of system calls could not be loaded")


if __name__ == "__main__":
    confine(Path(sys.argv[1]).read_text("utf-8"))
    os.execv(sys.argv[2], sys.argv[2:])
