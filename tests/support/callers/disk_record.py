# SPDX-License-Identifier: MIT
"""What a power cut leaves of a directory: the system calls of a program are
recorded by strace, and replayed on a disk that keeps of them only what it must.

The disk promises no more than POSIX does: the content of a file is on it after
an fsync of the file, a name after an fsync of the directory, all after a syncfs.
What is still pending may be there or not, each on its own: a content as a whole,
in part, as zeros or not at all; of a rename the new name, the end of the old
one, both or none.
"""
import dataclasses
import itertools
import os
import pathlib
import random
import re

CALLS = ("openat", "open", "creat", "mkdir", "mkdirat", "write", "pwrite64",
         "fsync", "fdatasync", "syncfs", "sync", "rename", "renameat",
         "renameat2", "unlink", "unlinkat", "link", "linkat", "ftruncate",
         "chmod", "fchmod", "rmdir")
FORMAT = ["-ttt", "-y", "-xx", "-s", "10000000"]
OPTIONS = [*FORMAT, "-e", "trace=" + ",".join(CALLS)]
LINE = re.compile(r"(\d+) +(\d+\.\d+) (.*)$")
CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)(.*)$")
WORD = re.compile(r'\s*(?:"(?P<text>(?:\\x[0-9a-f]{2})*)"|'
                  r"(?:AT_FDCWD|\d+)<(?P<path>[^>]*)>|(?P<other>[^,]+))")


@dataclasses.dataclass(frozen=True)
class Call:
    """One that succeeded. words: strings and paths of descriptors, decoded, in
    order, and what else there is."""
    time: float
    name: str
    words: tuple
    result: int
    opened: str  # the path of the descriptor that it returned, or None


def decode(text):
    return re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)),
                  text)


def read_calls(path):
    """The calls in a file that strace wrote with OPTIONS. One during which
    another process made calls counts when it ends."""
    waiting, calls = {}, []
    for line in pathlib.Path(path).read_text().splitlines():
        process, when, text = LINE.match(line).groups()
        if text.endswith("<unfinished ...>"):
            waiting[process] = text.removesuffix("<unfinished ...>")
            continue
        if text.startswith("<..."):
            begin = waiting.pop(process)
            text = begin.rstrip() + text.partition("resumed>")[2]
        found = CALL.match(text)
        if not found or found[3].startswith("-"):
            continue
        words = tuple(decode(one[one.lastgroup])
                      for one in WORD.finditer(found[2]))
        opened = re.match(r"<([^>]*)>", found[4])
        calls.append(Call(float(when), found[1], words, int(found[3]),
                          decode(opened[1]) if opened else None))
    return calls


class Content(bytes):
    """Two names in an image that have the same object are links."""


class File:
    def __init__(self):
        self.kept = b""  # on disk
        self.now = bytearray()

    def choices(self):
        """What a crash may leave of the content."""
        now = bytes(self.now)
        if now == self.kept:
            return [now]
        half = now[:len(now) // 2]
        return list(dict.fromkeys([self.kept, now, half, bytes(len(now))]))

    def sync(self):
        self.kept = bytes(self.now)


class Directory:
    def __init__(self):
        self.kept, self.now = {}, {}
        self.pending = []  # (name, node or None)

    def set(self, name, node):
        self.pending.append((name, node))
        put(self.now, name, node)

    def sync(self):
        for name, node in self.pending:
            put(self.kept, name, node)
        self.pending = []


def load(path):
    if not path.is_dir():
        file = File()
        file.now += path.read_bytes()
        file.sync()
        return file
    directory = Directory()
    for one in path.iterdir():
        directory.set(one.name, load(one))
    directory.sync()
    return directory


def put(names, name, node):
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


class Disk:
    """The directory `top`; what is there now is on the disk."""

    def __init__(self, top):
        self.top = str(top)
        self.root = load(pathlib.Path(top))

    def apply(self, call):
        """Returns whether it changed anything below the top."""
        action = ACTIONS.get(call.name)
        return bool(action and action(self, call))

    def images(self, limit, seed):
        """All that a crash may leave now, or a sample of that; each a dict of
        names to bytes or to another dict. The first has everything, the second
        nothing that is pending."""
        directories, files = [], []
        collect(self.root, directories, files)
        switches = [(False, True)] * sum(len(one.pending)
                                         for one in directories)
        choices = switches + [one.choices() for one in files]
        count = 1
        for one in choices:
            count *= len(one)
        if count <= limit:
            picks = itertools.product(*choices)
        else:
            chance = random.Random(seed)
            picks = [[one[-1] for one in switches]
                     + [bytes(one.now) for one in files],
                     [one[0] for one in choices],
                     *([chance.choice(one) for one in choices]
                       for _ in range(limit - 2))]
        seen = set()
        for pick in picks:
            image = self._image(directories, files, pick)
            if repr(image) not in seen:
                seen.add(repr(image))
                yield image

    def _image(self, directories, files, pick):
        chosen = iter(pick)
        names = {}
        for one in directories:
            names[id(one)] = dict(one.kept)
            for name, node in one.pending:
                if next(chosen):
                    put(names[id(one)], name, node)
        contents = {id(one): Content(next(chosen)) for one in files}

        def build(node):
            if isinstance(node, File):
                return contents[id(node)]
            return {name: build(below)
                    for name, below in sorted(names[id(node)].items())}

        return build(self.root)

    # ---- names --------------------------------------------------------------

    def place(self, path):
        """(directory, name) of a path below the top, else None."""
        path = os.path.normpath(path)
        if not path.startswith(self.top + "/"):
            return None
        node = self.root
        *above, name = path[len(self.top) + 1:].split("/")
        for one in above:
            node = node.now.get(one)
            if not isinstance(node, Directory):
                return None
        return node, name

    def node(self, path):
        if os.path.normpath(path) == self.top:
            return self.root
        place = self.place(path)
        return place and place[0].now.get(place[1])

    # ---- calls --------------------------------------------------------------

    def opened(self, call):
        place = self.place(call.opened or "")
        flags = " ".join(call.words)
        if not place:
            return False
        node = place[0].now.get(place[1])
        if node is None and "O_CREAT" in flags:
            place[0].set(place[1], File())
            return True
        if isinstance(node, File) and "O_TRUNC" in flags and node.now:
            node.now = bytearray()
            return True
        return False

    def wrote(self, call):
        node = self.node(call.words[0])
        if not isinstance(node, File):
            return False
        offset = len(node.now)
        if call.name == "pwrite64":
            offset = int(call.words[3])
        node.now[offset:offset + call.result] = call.words[1].encode(
            "latin-1")[:call.result]
        return True

    def cut(self, call):
        node = self.node(call.words[0])
        if isinstance(node, File):
            del node.now[int(call.words[1]):]
        return isinstance(node, File)

    def synced(self, call):
        node = self.node(call.words[0])
        if node is not None:
            node.sync()
        return node is not None

    def synced_all(self, call):
        directories, files = [], []
        collect(self.root, directories, files)
        for one in directories + files:
            one.sync()
        return True

    def made_directory(self, call):
        place = self.place(paths_of(call)[0])
        if place:
            place[0].set(place[1], Directory())
        return bool(place)

    def renamed(self, call):
        old, new = map(self.place, paths_of(call)[:2])
        if not (old and new):
            return False
        node = old[0].now[old[1]]
        new[0].set(new[1], node)
        old[0].set(old[1], None)
        return True

    def removed(self, call):
        place = self.place(paths_of(call)[0])
        if place:
            place[0].set(place[1], None)
        return bool(place)

    def unforeseen(self, call):
        assert not any(self.place(word) for word in call.words
                       if word.startswith("/")), f"not simulated: {call}"
        return False


ACTIONS = {
    "openat": Disk.opened, "open": Disk.opened, "creat": Disk.opened,
    "write": Disk.wrote, "fsync": Disk.synced, "fdatasync": Disk.synced,
    "syncfs": Disk.synced_all, "sync": Disk.synced_all,
    "mkdir": Disk.made_directory, "mkdirat": Disk.made_directory,
    "rename": Disk.renamed, "renameat": Disk.renamed,
    "renameat2": Disk.renamed,
    "unlink": Disk.removed, "unlinkat": Disk.removed,
    "pwrite64": Disk.wrote, "ftruncate": Disk.cut, "link": Disk.unforeseen,
    "linkat": Disk.unforeseen, "rmdir": Disk.unforeseen,
}


def paths_of(call):
    """The paths in its words; those of an *at call have a directory before
    them."""
    words = call.words
    if not call.name.endswith(("at", "at2")):
        return list(words)
    return [os.path.join(words[i], words[i + 1])
            for i in range(0, len(words) - 1, 2)]


def collect(directory, directories, files):
    """All that is or may be below a directory."""
    directories.append(directory)
    below = [*directory.kept.values(), *directory.now.values(),
             *(node for _, node in directory.pending)]
    for node in {id(one): one for one in below if one is not None}.values():
        if isinstance(node, File) and node not in files:
            files.append(node)
        elif isinstance(node, Directory) and node not in directories:
            collect(node, directories, files)


def write_image(image, path, files=None):
    """Makes a directory of it."""
    files = {} if files is None else files
    path.mkdir(mode=0o700)
    for name, content in image.items():
        if isinstance(content, dict):
            write_image(content, path / name, files)
        elif id(content) in files:
            (path / name).hardlink_to(files[id(content)])
        else:
            (path / name).write_bytes(content)
            (path / name).chmod(0o600)
            files[id(content)] = path / name
