"""Tells which functions of a program are reached: a breakpoint at each, which is taken away by the first thread that comes there.

x86-64 Linux. What the program does is not changed but for the time that the first call of each function takes.
"""

import ctypes
import os
import signal
import struct

TRACEME, PEEKUSER, POKEUSER, CONT, SETOPTIONS = 0, 3, 6, 7, 0x4200
OPTION_CLONE, OPTION_EXIT_KILL = 0x8, 0x100000
INSTRUCTION_POINTER = 16 * 8
BREAKPOINT = 0xCC
WAIT_ALL = 0x40000000
SIGTRAP_CLONE = signal.SIGTRAP | (3 << 8)

LIBC = ctypes.CDLL("libc.so.6", use_errno=True)
LIBC.ptrace.restype = ctypes.c_long
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def ptrace(request, pid, address=0, data=0):
    ctypes.set_errno(0)
    value = LIBC.ptrace(request, pid, address, data)
    if value == -1 and ctypes.get_errno():
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return value


class Tracer:
    """One program under trace; `starts` are the addresses of its functions as the linker gave them."""

    def __init__(self, command, starts, output):
        self.reached = []
        self.started = set()
        self.exits = {}
        self.pid = os.fork()
        if self.pid == 0:
            os.dup2(output, 1)
            os.dup2(output, 2)
            ptrace(TRACEME, 0)
            os.execv(command[0], command)
        os.waitpid(self.pid, 0)
        ptrace(SETOPTIONS, self.pid, 0, OPTION_CLONE | OPTION_EXIT_KILL)
        self.base, path = self.first_mapping()
        self.memory = open(f"/proc/{self.pid}/mem", "r+b", buffering=0)
        with open(path, "rb") as program:
            text = program.read()
        # Code lies in the file where it lies in memory, as the linker of the GNU toolchain puts it.
        self.original = {self.base + start: text[start] for start in starts}
        self.arm()
        ptrace(CONT, self.pid)

    def first_mapping(self):
        with open(f"/proc/{self.pid}/maps", encoding="ascii") as maps:
            fields = maps.readline().split()
            return int(fields[0].split("-")[0], 16), fields[5]

    def arm(self):
        """Puts a breakpoint at every function, also at those that were reached before."""
        for address in self.original:
            self.memory.seek(address)
            self.memory.write(bytes([BREAKPOINT]))
        self.armed = set(self.original)

    def take(self):
        """Gives what was reached since the last time, the first first, as the linker's addresses."""
        reached, self.reached = self.reached, []
        return [address - self.base for address in reached]

    def run(self, ends):
        """Runs the program until `ends()`, which is asked often, or until it is over. Gives its exit code, or None. Other children's are in `exits`."""
        is_idle = False
        while not (is_idle and ends()):
            pid, status = os.waitpid(-1, WAIT_ALL | os.WNOHANG)
            is_idle = pid == 0
            if is_idle:
                signal.sigtimedwait([signal.SIGCHLD], 0.01)
            elif os.WIFSTOPPED(status):
                self.go_on(pid, status)
            else:
                self.exits[pid] = os.waitstatus_to_exitcode(status)
                if pid == self.pid:
                    return self.exits[pid]
        return None

    def go_on(self, pid, status):
        number = os.WSTOPSIG(status)
        if status >> 8 == SIGTRAP_CLONE:
            number = 0
        elif number == signal.SIGSTOP and pid not in self.started and pid != self.pid:
            number = 0
        elif number == signal.SIGTRAP and self.is_breakpoint(pid):
            number = 0
        self.started.add(pid)
        try:
            ptrace(CONT, pid, 0, number)
        except ProcessLookupError:
            pass

    def is_breakpoint(self, pid):
        address = ptrace(PEEKUSER, pid, INSTRUCTION_POINTER) - 1
        if address not in self.original:
            return False
        if address in self.armed:
            self.armed.remove(address)
            self.reached.append(address)
            self.memory.seek(address)
            self.memory.write(bytes([self.original[address]]))
        ptrace(POKEUSER, pid, INSTRUCTION_POINTER, address)
        return True
