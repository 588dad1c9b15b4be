"""The walls around a worker, put up by itself before it sees the first byte. Each says whether it stands."""

from __future__ import annotations

import ctypes
import os
import resource

CLONE_NEWNET = 0x40000000
CLONE_NEWUSER = 0x10000000
PR_SET_NO_NEW_PRIVS = 38
PR_SET_DUMPABLE = 4
NOBODY = 65534


def leave_network(*, as_root: bool) -> bool:
    """Moves into a network namespace of its own, where not even loopback is up: with root's right, or through a user
    namespace where the platform lets everybody have one."""
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        return libc.unshare(CLONE_NEWNET if as_root else CLONE_NEWUSER | CLONE_NEWNET) == 0
    except AttributeError:  # not Linux
        return False


def become_nobody() -> bool:
    """Gives up root for an account that owns nothing; nothing to do when we never were root."""
    if os.geteuid() != 0:
        return False
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        return False
    return True


def no_new_rights() -> bool:
    """No program started from here may gain rights, and no other process of the account may look inside."""
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        return libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
    except AttributeError:
        return False


def limit(which: int, value: int) -> bool:
    """A hard limit of the kernel; False where it does not take it."""
    try:
        resource.setrlimit(which, (value, value))
    except (OSError, ValueError):
        return False
    return True


def limit_memory(size: int) -> bool:
    """At most `size` bytes of address space; a demand beyond is a MemoryError, or the end of the worker."""
    return limit(resource.RLIMIT_AS, size)


def no_new_files() -> bool:
    """No file or socket can be opened any more, nothing written to disk, no process started, no core dumped."""
    os.close(2)
    done = [limit(resource.RLIMIT_FSIZE, 0), limit(resource.RLIMIT_CORE, 0), limit(resource.RLIMIT_NOFILE, 2)]
    limit(resource.RLIMIT_NPROC, 0)
    return all(done)


def allow_processor(seconds: int) -> bool:
    """This many more seconds of processor time for the job that begins; the kernel ends the worker beyond."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        return False
    return True
