#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Writes the Debian packages of this tree to a directory: build.sh OUT. It uses
# dpkg-dev, not debhelper: "make install" does the work.
set -eu
cd "$(dirname "$0")/../.."
debian=$PWD/.packaging/debian
mkdir -p "$1"
out=$(cd "$1" && pwd)
stage=$out/stage

main()
{
	umask 022
	SOURCE_DATE_EPOCH=$(changelog Timestamp)
	export SOURCE_DATE_EPOCH
	architecture=$(dpkg --print-architecture)
	rm -rf "$stage"
	stage_postrider
	stage_mta
	write_package postrider "$architecture"
	write_package postrider-mta all
	if command -v lintian >/dev/null; then
		# The packages are not Debian's: no bug requests them.
		lintian --fail-on error,warning \
			--suppress-tags initial-upload-closes-no-bugs "$out"/*.deb
	else
		echo "deb: lintian is not installed, so it was not run" >&2
	fi
}

changelog()
{
	dpkg-parsechangelog -l "$debian/changelog" -S "$1"
}

stage_postrider()
{
	root=$stage/postrider
	make -j"$(nproc)" BUILD="$out/objects" prefix=/usr sysconfdir=/etc \
		zsh_completions=/usr/share/zsh/vendor-completions \
		DESTDIR="$root" install-service
	for program in "$root"/usr/bin/postrider \
		"$root"/usr/libexec/postrider/*; do
		strip --strip-unneeded --remove-section=.comment \
			--remove-section=.note "$program"
	done
	# Policy 10.5: a link within /usr is relative.
	ln -sf ../libexec/postrider/postrider-credential \
		"$root/usr/bin/git-credential-postrider"
	ln -sf postrider-credential.1.gz \
		"$root/usr/share/man/man1/git-credential-postrider.1.gz"
	rm "$root/usr/share/man/man1/git-credential-postrider.1"
	find "$root/usr/share/man" -type f -exec gzip -n -9 {} +
	for profile in .packaging/apparmor/*; do
		install -D -m 644 "$profile" \
			"$root/usr/share/doc/postrider/examples/apparmor/${profile##*/}"
	done
	install -D -m 644 README "$root/usr/share/doc/postrider/README"
	gzip -n -9 "$root/usr/share/doc/postrider/README"
}

stage_mta()
{
	root=$stage/postrider-mta
	install -d "$root/usr/sbin" "$root/usr/bin" "$root/usr/lib" \
		"$root/usr/share/man/man8" "$root/usr/share/man/man1"
	ln -s ../bin/postrider "$root/usr/sbin/sendmail"
	ln -s ../sbin/sendmail "$root/usr/lib/sendmail"
	ln -s postrider "$root/usr/bin/mailq"
	ln -s postrider "$root/usr/bin/newaliases"
	ln -s ../man1/postrider.1.gz "$root/usr/share/man/man8/sendmail.8.gz"
	ln -s postrider.1.gz "$root/usr/share/man/man1/mailq.1.gz"
	ln -s postrider.1.gz "$root/usr/share/man/man1/newaliases.1.gz"
}

# What every package contains, its control files, and the archive.
write_package()
{
	root=$stage/$1
	version=$(changelog Version)
	doc=$root/usr/share/doc/$1
	install -D -m 644 "$debian/copyright" "$doc/copyright"
	gzip -n -9 <"$debian/changelog" >"$doc/changelog.Debian.gz"
	chmod 644 "$doc/changelog.Debian.gz"
	mkdir -p "$root/DEBIAN"
	(cd "$root" && find usr -type f -print0 | sort -z |
		xargs -0 md5sum) >"$root/DEBIAN/md5sums"
	chmod 644 "$root/DEBIAN/md5sums"
	for script in "$debian/$1".p*; do
		[ -e "$script" ] || continue
		install -m 755 "$script" "$root/DEBIAN/${script##*.}"
	done
	control "$1" "$2" "$version" >"$root/DEBIAN/control"
	dpkg-deb --root-owner-group --build "$root" \
		"$out/$1_${version}_$2.deb"
}

# The paragraph of a package, with what only the build knows.
control()
{
	awk -v RS= -v package="$1" -v architecture="$2" -v version="$3" \
		-v depends="$(shared_libraries "$1")" -v size="$(installed_size)" '
		NR == 1 {
			sub(/\nStandards-Version:[^\n]*/, "")
			sub(/^Source: [^\n]*\n/, "")
			source = $0
			next
		}
		$0 ~ "^Package: " package "\n" {
			sub(/\n/, "\nVersion: " version "\nInstalled-Size: " size "\n")
			sub(/Architecture: any/, "Architecture: " architecture)
			sub(/\$\{shlibs:Depends\}/, depends)
			sub(/\$\{version\}/, version)
			sub(/\nDescription:/, "\n" source "&")
			print
		}' "$debian/control"
}

shared_libraries()
{
	[ "$1" = postrider ] || return 0
	mkdir -p "$stage/libraries/debian"
	cp "$debian/control" "$stage/libraries/debian/control"
	(cd "$stage/libraries" && dpkg-shlibdeps -O \
		"$root"/usr/bin/postrider "$root"/usr/libexec/postrider/* |
		sed 's/^shlibs:Depends=//')
}

# In KiB, as dpkg-gencontrol counts.
installed_size()
{
	find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' \
		-o -printf '1\n' |
		awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }'
}

main
