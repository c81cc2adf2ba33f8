#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs what is missing: tests/deps.sh [build] [demo] [check] [lint] [fuzz]
# [valgrind] [deb]; the first four by default. Quiet and quick when nothing is.
# It knows apt; elsewhere it names the packages. No mail server is ever
# installed: the MTA packages of Debian remove one another, and this machine
# keeps the one that it has. bsd-mailx is not installed either, as it depends on
# one, nor are a KDC and anacron, which would start.
set -eu
cd "$(dirname "$0")"

packages()
{
	case $1 in
	build) echo gcc make autoconf pkg-config libgnutls28-dev libgsasl-dev \
		libidn2-dev libconfuse-dev libsecret-1-dev libjansson-dev \
		libmicrohttpd-dev libexpat1-dev libgmime-3.0-dev libmagic-dev
		# One with another TLS library will do, and they conflict.
		is_installed libcurl-dev || echo libcurl4-gnutls-dev ;;
	demo) echo openssl python3 dbus-daemon gnome-keyring libsecret-tools ;;
	check) echo libcmocka-dev python3-pytest python3-pexpect openssl dpkg-dev \
		dovecot-core \
		dovecot-submissiond dovecot-pop3d dovecot-imapd \
		dovecot-gssapi krb5-user \
		libsasl2-modules libsasl2-modules-gssapi-mit \
		dbus dbus-daemon gnome-keyring \
		libsecret-tools strace dnsmasq-base iproute2 git git-email zsh fish \
		libauthen-sasl-perl libio-socket-ssl-perl libmailtools-perl \
		mutt maildrop s-nail cron at php-cli mandoc chromium softhsm2 \
		neomutt swaks ruby-mail libemail-sender-perl libmime-lite-perl \
		php-symfony-mailer \
		gnutls-bin gnupg age systemd
		# Somebody else's Node conflicts with the package npm.
		command -v node >/dev/null || echo nodejs
		command -v npm >/dev/null || echo npm ;;
	fuzz) echo clang libclang-rt-dev openssl python3 ;;
	deb) echo dpkg-dev ;;
	valgrind) echo valgrind libc6-dbg libcmocka-dev ;;
	lint) echo clang clang-format clang-tidy cppcheck shellcheck mandoc \
		libcmocka-dev ;;
	*) echo "deps: no such group: $1" >&2 && return 1 ;;
	esac
}

main()
{
	[ $# -gt 0 ] || set -- build demo check lint
	if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null
	then
		with_apt "$@"
	else
		by_name "$@"
	fi
	case " $* " in
	*' check '*) python3 support/peers/nodejs.py ;;
	esac
}

with_apt()
{
	for group; do
		wanted=$(packages "$group")
		install_missing "$wanted"
	done
	case " $* " in
	*' check '*)
		for package in postfix sasl2-bin exim4-daemon-heavy krb5-kdc \
			krb5-admin-server bsd-mailx anacron; do
			unpack "$package"
		done
		;;
	esac
}

# Unpacked into a cache folder, not installed; the libraries that it needs are
# installed.
unpack()
{
	deb=$(python3 support/peers/unpack.py --deb "$1") || {
		sudo_if_needed apt-get update -q
		deb=$(python3 support/peers/unpack.py --deb "$1")
	}
	install_missing "$(dpkg-deb -f "$deb" Depends | tr ',' '\n' |
		sed -n 's/^ *\(lib[^ |]*\).*/\1/p')"
}

install_missing()
{
	missing=
	for package in $1; do
		is_installed "$package" || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	echo "deps: installing$missing"
	# shellcheck disable=SC2086 # a list of names
	sudo_if_needed apt-get install -y -q --no-install-recommends $missing \
		2>/dev/null && return
	# The index was missing or stale: a fresh one, and again.
	sudo_if_needed apt-get update -q
	# shellcheck disable=SC2086
	sudo_if_needed apt-get install -y -q --no-install-recommends $missing
}

# A virtual package (dbus-daemon before it was split off, pkg-config after it
# became pkgconf) counts when something installed provides it.
is_installed()
{
	dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' |
		awk -v name="$1" '
			$1 == "installed" {
				for (i = 2; i <= NF; i++) {
					sub(/,$/, "", $i)
					if ($i == name) { found = 1; exit }
				}
			}
			END { exit !found }'
}

sudo_if_needed()
{
	export DEBIAN_FRONTEND=noninteractive
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo DEBIAN_FRONTEND=noninteractive "$@"
	else
		echo "deps: neither root nor sudo to run: $*" >&2
		return 1
	fi </dev/null
}

# Not apt: says what is missing, and what it is called elsewhere.
by_name()
{
	missing=
	for group; do
		case $group in
		build) probe_build ;;
		demo) probe 'openssl python3' ;;
		check)
			probe 'openssl dovecot postfix exim krb5kdc kinit
				strace dnsmasq ip git mutt reformime mandoc
				dbus-daemon gnome-keyring-daemon
				secret-tool node npm chromium softhsm2-util
				p11tool gpg age'
			probe_module cmocka
			for module in pytest pexpect; do
				python3 -c "import $module" 2>/dev/null ||
					missing="$missing $module"
			done
			;;
		fuzz) probe 'clang openssl python3' ;;
		deb) probe dpkg-deb ;;
		valgrind) probe valgrind ;;
		lint) probe 'clang clang-format clang-tidy cppcheck shellcheck' ;;
		esac
	done
	[ -n "$missing" ] || return 0
	echo "deps: missing:$missing" >&2
	cat >&2 <<-END
	The packages that bring them, to build and to check:
	  dnf     gcc make autoconf pkgconf-pkg-config gnutls-devel
	          libgsasl-devel libidn2-devel libconfuse-devel libsecret-devel
	          libcurl-devel jansson-devel libmicrohttpd-devel expat-devel
	          gmime30-devel file-devel;
	          libcmocka-devel python3-pytest python3-pexpect openssl
	          dovecot postfix exim
	          krb5-server krb5-workstation strace dnsmasq git-email mutt maildrop
	          mandoc dbus-daemon gnome-keyring libsecret nodejs-npm
	          chromium softhsm gnutls-utils gnupg2 age;
	          clang-tools-extra cppcheck ShellCheck
	  pacman  base-devel gnutls gsasl libidn2 confuse libsecret curl
	          jansson libmicrohttpd expat gmime3 file;
	          cmocka python-pytest python-pexpect openssl dovecot postfix exim krb5 strace
	          dnsmasq git mutt maildrop mandoc dbus gnome-keyring npm chromium
	          softhsm gnupg age; clang cppcheck shellcheck
	  apk     build-base autoconf pkgconf gnutls-dev gsasl-dev libidn2-dev
	          confuse-dev libsecret-dev curl-dev jansson-dev
	          libmicrohttpd-dev expat-dev gmime-dev file-dev; cmocka-dev py3-pytest
	          py3-pexpect openssl
	          dovecot dovecot-submissiond dovecot-pop3d dovecot-gssapi
	          postfix exim krb5 krb5-server strace dnsmasq git-email mutt maildrop
	          mandoc dbus gnome-keyring libsecret npm chromium softhsm
	          gnutls-utils gnupg age;
	          clang-extra-tools cppcheck shellcheck
	  brew    make autoconf pkg-config gnutls gsasl libidn2 confuse libsecret
	          curl jansson libmicrohttpd expat;
	          cmocka pytest pexpect openssl dovecot exim krb5 node chromium
	          softhsm gnupg age; clang-format llvm cppcheck
	          shellcheck mandoc
	END
	return 1
}

probe_build()
{
	probe 'cc make autoconf pkg-config'
	for module in gnutls libgsasl libidn2 libconfuse libsecret-1 libcurl \
		jansson libmicrohttpd expat gmime-3.0 libmagic; do
		probe_module "$module"
	done
}

probe()
{
	for program in $1; do
		command -v "$program" >/dev/null ||
			missing="$missing $program"
	done
}

probe_module()
{
	pkg-config --exists "$1" 2>/dev/null || missing="$missing $1"
}

PATH=$PATH:/usr/sbin:/sbin
main "$@"
