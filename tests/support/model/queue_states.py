# SPDX-License-Identifier: MIT
"""A model of one message in the queue: a process that queues it, two that send
it, a user who has it sent again, the server, and the disk. Any process may be
killed at any instant, and the power fail; explore() visits every order of events
and asserts the promise of the queue in each state.

The operations of the processes are data (ENQUEUE, SEND, ...), so that a test can
change their order, and compare them with the system calls of the programs. The
disk is that of callers/disk_record.py: it keeps what was synced, and any part of
the rest.
"""
import collections
import itertools
import typing


def save(status):
    """Replaces the state of the message."""
    return (("create", "new"), ("write", "new", status), ("sync", "new"),
            ("rename", "new", "state"), ("sync", "directory"))


ENQUEUE = (("create", "message"), ("lock", "message"),
           ("write", "message", "whole"), ("sync", "message"),
           *save("waiting"), ("say", "accepted"))
LOAD = (("lock", "run"), ("lock", "message"), ("load",))
SEND = (*save("sending"), ("end of data",), ("reply",))
REMOVE = (("remove", "state"), ("sync", "directory"), ("remove", "message"))
RESEND = (("lock", "message"), ("load",))


class Programs(typing.NamedTuple):
    """What the processes do: what follows a load of each status, and a reply."""
    enqueue: tuple = ENQUEUE
    load: tuple = LOAD
    waiting: tuple = SEND
    sending: tuple = save("unknown")
    accepted: tuple = REMOVE
    refused: tuple = save("refused")
    postponed: tuple = save("waiting")
    lost: tuple = save("unknown")
    resend: tuple = RESEND
    resent: tuple = save("waiting")


SENDERS = ("sender1", "sender2")
PROCESSES = ("enqueuer", *SENDERS, "user")
NAMES = ("message", "new", "state")


class World(typing.NamedTuple):
    now: tuple = (None, None, None)  # the file of each name
    kept: tuple = (None, None, None)  # of those on disk
    pending: frozenset = frozenset()  # (name, file or None), not synced yet
    files: tuple = ()  # (file, content, whether it is on disk)
    locks: tuple = (None, None)  # who has that of the message, of the run
    tasks: tuple = ((), (), (), ())  # what each process has left to do
    network: tuple = (None, None)  # the sender's message, or the reply to it
    said: bool = False  # that the message is accepted
    arrived: int = 0  # how often the server accepted it
    resends: int = 0
    crashes: int = 0


class Violation(AssertionError):
    """events: those that led there."""

    def __init__(self, what, events):
        super().__init__(f"{what}:\n" + "\n".join(events))
        self.what = what


def explore(programs=Programs(), resends=1, crashes=2):
    """Visits all states with at most so many of them; returns their number.
    Violation."""
    first = World(tasks=(programs.enqueue, (), (), ()))
    seen, queue = {first: None}, collections.deque([first])
    while queue:
        world = queue.popleft()
        for event, following in events(world, programs, resends, crashes):
            if following in seen:
                continue
            seen[following] = (world, event)
            wrong = what_is_wrong(following)
            if wrong:
                raise Violation(wrong, history(seen, following))
            queue.append(following)
    return len(seen)


def history(seen, world):
    found = []
    while seen[world]:
        world, event = seen[world]
        found.append(event)
    return found[::-1]


def what_is_wrong(world):
    if world.arrived > 1 + world.resends:
        return "sent twice"
    if world.said and world.arrived == 0:
        message, state = content(world, "message"), content(world, "state")
        if message != "whole" or state not in ("waiting", "sending", "unknown",
                                               "refused"):
            return "lost"
    return None


# ---- events -----------------------------------------------------------------

def events(world, programs, resends, crashes):
    if world.crashes < crashes:
        yield from crash(world._replace(crashes=world.crashes + 1))
    for number, name in enumerate(PROCESSES):
        tasks = world.tasks[number]
        if tasks:
            for following in perform(world, number, programs):
                yield f"{name}: {' '.join(tasks[0])}", tidy(following)
        elif name in SENDERS and programs.load:
            yield f"{name} starts", put(world, "tasks", number, programs.load)
        elif name == "user" and world.resends < resends:
            yield "the user resends", put(world, "tasks", number,
                                          programs.resend)
    for sender, what in enumerate(world.network):
        if what == "message":
            for reply in ("refused", "postponed", "lost"):
                yield (f"the server did not accept; the reply is {reply}",
                       put(world, "network", sender, reply))
            for reply in ("accepted", "lost"):
                yield (f"the server accepted; the reply is {reply}",
                       put(world, "network", sender, reply)._replace(
                           arrived=world.arrived + 1))


def crash(world):
    yield from power_cuts(world)
    for number, tasks in enumerate(world.tasks):
        if tasks:
            yield f"{PROCESSES[number]} is killed", tidy(end(world, number))


def perform(world, number, programs):
    """The worlds that the next task of a process may lead to."""
    task, *left = world.tasks[number]
    following = put(world, "tasks", number, tuple(left))
    if task[0] in DISK:
        return [DISK[task[0]](following, *task[1:])]
    if task[0] == "say":
        return [end(following._replace(said=True), number)]
    if task[0] == "lock":
        return [take_lock(following, number, task[1])]
    if task[0] == "load":
        return [load(following, number, programs)]
    if task[0] == "end of data":
        return [put(following, "network", number - 1, "message")]
    reply = world.network[number - 1]
    if reply not in ("accepted", "refused", "postponed", "lost"):
        return []  # not yet
    following = put(following, "network", number - 1, None)
    return [put(following, "tasks", number, getattr(programs, reply))]


def take_lock(world, number, what):
    slot = ("message", "run").index(what)
    is_missing = what == "message" and name_of(world, "message") is None
    if is_missing or world.locks[slot] not in (None, number):
        return end(world, number)
    return put(world, "locks", slot, number)


def load(world, number, programs):
    """A message that is not whole has not the size that its state names."""
    status, is_user = content(world, "state"), PROCESSES[number] == "user"
    if content(world, "message") != "whole" or (
            status not in ("waiting", "sending", "unknown", "refused")):
        return end(world, number)
    if not is_user and status in ("waiting", "sending"):
        return put(world, "tasks", number,
                   getattr(programs, status) + world.tasks[number])
    if is_user and status in ("sending", "unknown"):
        return put(world._replace(resends=world.resends + 1), "tasks", number,
                   programs.resent + world.tasks[number])
    return end(world, number)


def end(world, number):
    """What a sender has sent stays on its way."""
    locks = tuple(None if one == number else one for one in world.locks)
    network = list(world.network)
    if PROCESSES[number] in SENDERS and network[number - 1] != "message":
        network[number - 1] = None
    return put(world._replace(locks=locks, network=tuple(network)), "tasks",
               number, ())


def tidy(world):
    """A process that has done all releases its locks; a file without a name is
    gone."""
    for number, tasks in enumerate(world.tasks):
        if not tasks and number in world.locks:
            world = end(world, number)
    used = {*world.now, *world.kept, *(file for _, file in world.pending)}
    files = [file for file in world.files if file[0] in used]
    return unite(world._replace(files=tuple(files)))


def unite(world):
    """Numbers the files anew; two without a name now and of the same content
    are one, because nothing will change them."""
    numbers, files = {None: None}, {}
    for file, text, is_kept in world.files:
        key = (text, is_kept, file if file in world.now else None)
        numbers[file] = list(files.setdefault(key, [len(files)]))[0]
    return world._replace(
        now=tuple(numbers[file] for file in world.now),
        kept=tuple(numbers[file] for file in world.kept),
        pending=frozenset((name, numbers[file])
                          for name, file in world.pending),
        files=tuple((number[0], text, is_kept)
                    for (text, is_kept, _), number in files.items()))


# ---- the disk ---------------------------------------------------------------

def create(world, name):
    """What has the name is removed first. To empty it would also empty the
    state, if a power cut has left both names of a rename."""
    if name_of(world, name) is not None:
        world = set_name(world, name, None)
    file = next(number for number in itertools.count()
                if number not in {one for one, _, _ in world.files})
    world = world._replace(files=(*world.files, (file, "empty", False)))
    return set_name(world, name, file)


def reuse(world, name):
    """As open(2) does with O_TRUNC. Only programs that are wrong do this."""
    if name_of(world, name) is None:
        return create(world, name)
    return set_file(world, name_of(world, name), "empty", False)


def write(world, name, text):
    return set_file(world, name_of(world, name), text, False)


def sync(world, name):
    if name == "directory":
        return world._replace(kept=world.now, pending=frozenset())
    return set_file(world, name_of(world, name), content(world, name), True)


def rename(world, old, new):
    world = set_name(world, new, name_of(world, old))
    return set_name(world, old, None)


def remove(world, name):
    return set_name(world, name, None)


DISK = {"create": create, "reuse": reuse, "write": write, "sync": sync, "rename": rename,
        "remove": remove}


def power_cuts(world):
    """All processes end; of what was not synced anything may be left."""
    choices = [{world.kept[slot], *(file for one, file in world.pending
                                    if one == name)}
               for slot, name in enumerate(NAMES)]
    loose = [file for file, _, is_kept in world.files if not is_kept]
    network = tuple("message" if one == "message" else None
                    for one in world.network)
    for names in itertools.product(*choices):
        left = [file for file in loose if file in names]
        for texts in itertools.product((None, "damaged"), repeat=len(left)):
            damaged = dict(zip(left, texts))
            files = tuple((file, damaged.get(file) or text, True)
                          for file, text, _ in world.files)
            yield "power cut", tidy(world._replace(
                now=names, kept=names, pending=frozenset(), files=files,
                locks=(None, None), tasks=((), (), (), ()), network=network))


# ---- fields -----------------------------------------------------------------

def put(world, field, index, value):
    values = list(getattr(world, field))
    values[index] = value
    return world._replace(**{field: tuple(values)})


def name_of(world, name):
    """The file that has the name now."""
    return world.now[NAMES.index(name)]


def set_name(world, name, file):
    world = put(world, "now", NAMES.index(name), file)
    return world._replace(pending=world.pending | {(name, file)})


def content(world, name):
    file = name_of(world, name)
    return next((text for one, text, _ in world.files if one == file), None)


def set_file(world, file, text, is_kept):
    return world._replace(files=tuple(
        (one, text, is_kept) if one == file else (one, *rest)
        for one, *rest in world.files))
