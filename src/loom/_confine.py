"""Shuts a process in: bounds on memory, time and files, and on Linux a filter that lets hardly any system call through.

Each bound is tried after it is set; only those that hold are named.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import socket
import sys

_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_RET_ALLOW = 0x7FFF0000
_RET_ERRNO = 0x00050000
_RET_KILL = 0x80000000
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_EPERM = 1
_X32_FROM = 0x40000000
_MOST_FILES = 16

# The calls that pass, by their numbers on x86_64 and aarch64: memory, time, the two pipes, and ending. All else is
# refused: opening files, sockets, other processes.
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALLS = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "brk": (12, 214),
    "madvise": (28, 233),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "sched_yield": (24, 124),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "times": (100, 153),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "tgkill": (234, 131),
    "futex": (202, 98),
    "getrandom": (318, 278),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "restart_syscall": (219, 128),
}


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("then", ctypes.c_ubyte),
        ("otherwise", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    )


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def confine(*, seconds: int, megabytes: int) -> frozenset[str]:
    """Shut this process in for good, and name what holds.

    `memory`: no more address space than `megabytes`. `processor-time`: ended after twice `seconds` of it.
    `no-file-writes`: no byte into a file. `few-files`: 16 open at most. `no-files`, `no-network`, `no-processes`: none
    of these can be opened or begun at all; from then on no module can be loaded either.
    """
    address_space = megabytes * 1024 * 1024
    bounds = {
        "memory": (resource.RLIMIT_AS, address_space),
        "processor-time": (resource.RLIMIT_CPU, 2 * seconds),
        "no-file-writes": (resource.RLIMIT_FSIZE, 0),
        "few-files": (resource.RLIMIT_NOFILE, _MOST_FILES),
        "no-core": (resource.RLIMIT_CORE, 0),
    }
    held = {name for name, (which, most) in bounds.items() if _is_bounded(which, most)}
    if sys.platform == "linux" and _filter_calls():
        held |= _tried()
    return frozenset(held)


def _is_bounded(which: int, most: int) -> bool:
    try:
        resource.setrlimit(which, (most, most))
    except (OSError, ValueError):
        return False
    return resource.getrlimit(which)[0] == most


def _filter_calls() -> bool:
    """Let only the calls of the list through, for this process and whatever it would begin; False where that fails."""
    machine = platform.machine()
    if machine not in _MACHINES:
        return False
    place = list(_MACHINES).index(machine)
    steps = _steps(_MACHINES[machine], [numbers[place] for numbers in _CALLS.values()])
    program = _Filter(len(steps), (_Step * len(steps))(*steps))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not library.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program))


def _steps(architecture: int, numbers: list[int]) -> list[_Step]:
    steps = [
        _Step(_LOAD, 0, 0, _ARCHITECTURE_AT),
        _Step(_IF_EQUAL, 1, 0, architecture),
        _Step(_RETURN, 0, 0, _RET_KILL),
        _Step(_LOAD, 0, 0, _NUMBER_AT),
        # The same calls under other numbers, by which a filter could be passed.
        _Step(_IF_AT_LEAST, 0, 1, _X32_FROM),
        _Step(_RETURN, 0, 0, _RET_KILL),
    ]
    for number in numbers:
        steps += [_Step(_IF_EQUAL, 0, 1, number), _Step(_RETURN, 0, 0, _RET_ALLOW)]
    return [*steps, _Step(_RETURN, 0, 0, _RET_ERRNO | _EPERM)]


def _tried() -> set[str]:
    """What is refused when it is tried."""
    return {
        name
        for name, attempt in (("no-network", _dials), ("no-files", _opens), ("no-processes", _forks))
        if not attempt()
    }


def _dials() -> bool:
    try:
        socket.socket().close()
    except OSError:
        return False
    return True


def _opens() -> bool:
    try:
        os.close(os.open("/", os.O_RDONLY))
    except OSError:
        return False
    return True


def _forks() -> bool:
    try:
        child = os.fork()
    except OSError:
        return False
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True
