# SPDX-License-Identifier: MIT
"""A copy of this machine in which systemd is process 1, for the units as they
are installed. It ends with the script that it runs, and leaves nothing.

systemd gets a control group, a hostname and mounts of its own; the network is
that of this machine, whose parameters it cannot change. Nothing of its usual
start is run, except for D-Bus.
"""
import pathlib
import shutil
import subprocess

from peers.daemon import find_program, require_root
from peers.jail import PROGRAMS

UNITS = pathlib.Path(__file__).parents[3] / ".packaging/systemd"

# $1: the name of the control group, $2: an empty directory, $3: a directory
# that the copy sees as /mnt.
GROUP = """\
set -e
for root in /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ -e $root/cgroup.procs ] && break
done
group=$root/$1
mkdir "$group"
(echo 0 >"$group/cgroup.procs"
exec unshare -m -p -f -C -u -i --kill-child sh -c "$4" sh "$2" "$3") || :
for i in $(seq 500); do
    find "$group" -depth -type d -exec rmdir {} ";" 2>/dev/null && break
    sleep 0.01
done
"""
BOOT = """\
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
cd "$1"
mkdir changes work machine
mount -t overlay overlay machine \\
    -o "lowerdir=/,upperdir=$1/changes,workdir=$1/work"
mount --rbind /dev machine/dev
mount -t proc proc machine/proc
mount --bind machine/proc/sys machine/proc/sys
mount -o remount,bind,ro machine/proc/sys
mount -t sysfs -o ro sysfs machine/sys
mount -t cgroup2 cgroup2 machine/sys/fs/cgroup
for directory in run tmp var/tmp; do
    mount -t tmpfs -o mode=1777 tmpfs machine/$directory
done
mount --bind "$2" machine/mnt
cd machine
find lib/systemd/system etc/systemd/system -name "*.wants" -exec rm -r {} +
rm -f usr/sbin/sendmail
mkdir -p usr/libexec/postrider
cp mnt/bin/postrider-* usr/libexec/postrider
cp mnt/bin/* usr/bin
ln -s ../bin/postrider usr/sbin/sendmail
cp mnt/units/* etc/systemd/system
ln -s /dev/null etc/systemd/system/systemd-remount-fs.service
mkdir -p etc/postrider old
pivot_root . old
umount -l old
mount --make-rshared /
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
    /lib/systemd/systemd --unit=test.target --log-target=console \\
    --log-level=warning --show-status=no
"""
TEST_TARGET = """\
[Unit]
Wants=dbus.socket test.service
"""
TEST_SERVICE = """\
[Unit]
SuccessAction=exit-force
FailureAction=exit-force
After=dbus.socket
[Service]
Type=oneshot
Environment=HOME=/root
ExecStart=sh /mnt/script
StandardOutput=file:/mnt/out
StandardError=file:/mnt/err
"""


class SystemdMachine:
    def __init__(self, directory, program):
        require_root("a machine with systemd")
        find_program("systemd-run")
        find_program("dbus-daemon")
        self.shared = pathlib.Path(directory)
        (self.shared / "bin").mkdir()
        (self.shared / "empty").mkdir()
        for name in PROGRAMS:
            shutil.copy(program.with_name(name), self.shared / "bin")
        shutil.copytree(UNITS, self.shared / "units")
        (self.shared / "units/test.target").write_text(TEST_TARGET)
        (self.shared / "units/test.service").write_text(TEST_SERVICE)

    def run(self, script):
        """What a script of root prints; the output of systemd itself is in
        stderr, too."""
        (self.shared / "script").write_text(script)
        done = subprocess.run(
            ["sh", "-c", GROUP, "sh", f"postrider-{self.shared.name}",
             self.shared / "empty", self.shared, BOOT],
            capture_output=True, text=True, timeout=120,
            stdin=subprocess.DEVNULL)
        out, err = (
            path.read_text() if path.exists() else ""
            for path in (self.shared / "out", self.shared / "err"))
        return subprocess.CompletedProcess(
            script, done.returncode, out, err + done.stdout + done.stderr)
