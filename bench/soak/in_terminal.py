"""Runs a program in a terminal of its own, closes that terminal when told to, and says how the program ended.

usage: in_terminal.py (foreground|nohup|disowned) PROGRAM [ARGUMENT ...]

Prints its process id, then, after a line on standard input, closes the terminal, and at the end prints what
waitpid says: the exit code, or the number of a signal below zero.
"""

import fcntl
import os
import select
import signal
import sys
import termios

how, *command = sys.argv[1:]
ours, theirs = os.openpty()
child = os.fork()
if child == 0:
    os.close(ours)
    os.setsid()
    if how != "disowned":
        # It is the terminal's foreground program: the kernel sends it SIGHUP when the terminal is closed.
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
    if how == "nohup":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for descriptor in (0, 1, 2):
        os.dup2(theirs, descriptor)
    os.close(theirs)
    os.execvp(command[0], command)
os.close(theirs)
print(child, flush=True)
while True:
    ready, _, _ = select.select([ours, sys.stdin], [], [])
    if sys.stdin in ready:
        sys.stdin.readline()
        break
    try:
        # A terminal that nobody reads would stop the program.
        os.read(ours, 65536)
    except OSError:
        break
os.close(ours)
_, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status), flush=True)
