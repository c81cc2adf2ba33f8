# SPDX-License-Identifier: MIT
class Postrider < Formula
  desc "Submit mail to the provider that you already use"
  homepage "https://github.com/postrider/postrider"
  url "https://github.com/postrider/postrider/releases/download/v0.1.0/postrider-0.1.0.tar.gz"
  license "MIT"

  depends_on "pkgconf" => :build
  depends_on "confuse"
  depends_on "gmime"
  depends_on "gnutls"
  depends_on "gsasl"
  depends_on "jansson"
  depends_on "libidn2"
  depends_on "libmagic"
  depends_on "libmicrohttpd"
  depends_on "libsecret"

  uses_from_macos "curl"
  uses_from_macos "expat"

  def install
    # GNU make, which macOS has in an older version.
    system "./configure", "--prefix=#{prefix}", "--sysconfdir=#{etc}"
    system "make", "install"
  end

  test do
    message = "Subject: test\n\ntest\n"
    output = pipe_output("#{bin}/postrider --dry-run --host smtp.example.org you@example.org", message, 0)
    assert_match "smtp.example.org", output
  end
end
