"""Whom a folder of compiled code is trusted from: nobody but the user and the system's administrator.

Loading machine code, and the pickles around it, executes whatever lies in the folder. As with the keys of ssh, the
folder, each folder on the way to it and each file in it must belong to the user or the administrator, and nobody else
may write there. On Windows, where a user's folders are closed to others unless opened by hand, nothing is asked.
"""

import os
import stat
import sys
from pathlib import Path

ADMINISTRATOR = 0


def fault(folder: Path) -> str:
    """Why nothing in a folder may be executed: one phrase; "" if it may, or if neither it nor anything in it exists.

    `folder` must be resolved: what a link leads to counts, not where the link lies.

    Raises:
        OSError: if a folder on the way can't be looked at.
    """
    if sys.platform == "win32":
        return ""
    for place in (*reversed(folder.parents), folder):
        try:
            status = place.lstat()
        except FileNotFoundError:
            return ""  # nor is there anything below it
        # In a folder with the sticky bit, such as /tmp, nobody else can rename or remove what belongs to the user.
        shared = place != folder and bool(status.st_mode & stat.S_ISVTX)
        if found := _fault(status, shared=shared):
            return f"{place} {found}"
    return ""


def is_trusted(descriptor: int) -> bool:
    """Whether an open file is the user's own (or the administrator's), with nobody else who can write to it."""
    return sys.platform == "win32" or not _fault(os.fstat(descriptor), shared=False)


def _fault(status: os.stat_result, *, shared: bool) -> str:
    if status.st_uid not in {ADMINISTRATOR, os.geteuid()}:
        return f"belongs to another user ({status.st_uid})"
    if status.st_mode & stat.S_IWOTH and not shared:
        return f"can be written by everybody (mode {stat.S_IMODE(status.st_mode):o})"
    if status.st_mode & stat.S_IWGRP and not shared and not _is_own_group(status.st_gid):
        return f"can be written by its group (mode {stat.S_IMODE(status.st_mode):o})"
    return ""


def _is_own_group(group: int) -> bool:
    """Whether it is the group that many systems make for each user alone, under the user's name."""
    import grp  # noqa: PLC0415 - not on Windows
    import pwd  # noqa: PLC0415 - the same

    try:
        user, found = pwd.getpwuid(os.geteuid()), grp.getgrgid(group)
    except KeyError:
        return False
    return user.pw_gid == group and found.gr_name == user.pw_name and set(found.gr_mem) <= {user.pw_name}
