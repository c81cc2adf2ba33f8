# SPDX-License-Identifier: MIT
{ lib, stdenv, fetchurl, pkg-config, gnutls, gsasl, libidn2, libconfuse, curl
, jansson, libmicrohttpd, libsecret, gmime3, file, expat }:

stdenv.mkDerivation rec {
  pname = "postrider";
  version = "0.1.0";

  src = fetchurl {
    url = "https://github.com/postrider/postrider/releases/download/v${version}/postrider-${version}.tar.gz";
    hash = lib.fakeHash;
  };

  strictDeps = true;
  nativeBuildInputs = [ pkg-config ];
  buildInputs = [
    gnutls gsasl libidn2 libconfuse curl jansson libmicrohttpd libsecret gmime3
    file expat
  ];

  # Configuration of the machine, not of the package.
  configureFlags = [ "--sysconfdir=/etc" ];
  enableParallelBuilding = true;

  # On NixOS, systemd.packages takes the units.
  installTargets =
    [ (if stdenv.hostPlatform.isLinux then "install-service" else "install") ];

  meta = {
    description = "Submit mail to the provider that you already use";
    homepage = "https://github.com/postrider/postrider";
    license = lib.licenses.mit;
    platforms = lib.platforms.unix;
    mainProgram = "postrider";
  };
}
