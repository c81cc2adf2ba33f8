# SPDX-License-Identifier: MIT
"""A mechanism of the user's: a program that gets challenges and answers."""
import base64
import hashlib
import hmac
import pathlib
import re
import urllib.parse

import pytest

ROOT = pathlib.Path(__file__).parents[2]
SECRET = "s3cr3t-Zwanzig-4711-xyzzy"

HEAD = """\
#!/usr/bin/python3
import base64, os, signal, sys, time
here = {here!r}
with open(here + "/seen", "wb") as seen:
    seen.write(open("/proc/self/environ", "rb").read() + b"\\0")
    seen.write(open("/proc/self/cmdline", "rb").read())
    seen.write("\\0".join(sorted(os.listdir("/proc/self/fd"))).encode())
def secret():
    with open(int(os.environ["POSTRIDER_SECRET_FD"])) as source:
        return source.read()
def say(data):
    print(base64.b64encode(data.encode()).decode(), flush=True)
def hear():
    line = sys.stdin.readline()
    if not line:
        sys.exit("nothing to hear")
    assert line.endswith("\\n")
    return base64.b64decode(line[:-1], validate=True).decode()
def end():
    if sys.stdin.readline():
        sys.exit("more than was to be")
    open(here + "/ended", "w").close()
"""


@pytest.fixture
def program(tmp_path):
    """Writes a program; what it says of itself is in .seen."""
    class Program:
        path = tmp_path / "own"
        arguments = ()

        def write(self, body):
            self.path.write_text(HEAD.format(here=str(tmp_path)) + body)
            self.path.chmod(0o755)
            return self

        def options(self, *arguments, mechanism="X-OWN_1"):
            command = " ".join([str(self.path), *arguments])
            return f"--auth=command:{command}", f"--mechanism={mechanism}"

        @property
        def seen(self):
            return (tmp_path / "seen").read_bytes()

        @property
        def is_content(self):
            return (tmp_path / "ended").exists()
    return Program()


@pytest.fixture
def server_of(make_server):
    """A server whose only mechanism is authenticate(session, initial)."""
    def make(authenticate, name="X-OWN_1", **how):
        server = make_server(mechanisms=(name,), **how)
        server.authenticate[name] = authenticate
        return server
    return make


def plainly(session, initial):
    """The secret itself, at once or when it is asked for."""
    from dialogue.submission import decode
    answer = (decode(initial) if initial is not None
              else session.challenge("who?"))
    return "alice" if answer == f"alice:{SECRET}" else None


# ---- as it should be --------------------------------------------------------

def test_an_initial_response_is_sent_with_auth(submit, server_of, program):
    program.write("""
say(os.environ["POSTRIDER_SASL_USER"] + ":" + secret())
end()
""")
    server = server_of(plainly)
    outcome = submit(server, *program.options(), password=SECRET)
    assert outcome.status == 0, outcome.err
    assert server.messages[0].user == "alice"
    (auth,) = [line for line in server.commands if line.startswith("AUTH")]
    assert len(auth.split()) == 3
    assert program.is_content


def test_without_one_the_server_begins(submit, server_of, program):
    program.write("""
print(flush=True)
assert hear() == "who?"
say("alice:" + secret())
end()
""")
    server = server_of(plainly)
    outcome = submit(server, *program.options(), password=SECRET)
    assert outcome.status == 0, outcome.err
    assert "AUTH X-OWN_1" in server.commands
    assert program.is_content


@pytest.mark.parametrize("first,command", [("=", "AUTH X-OWN_1 ="),
                                           ("", "AUTH X-OWN_1")])
def test_empty_is_not_none(submit, server_of, program, first, command):
    program.write(f"""
print({first!r}, flush=True)
assert hear() == ""
say(secret())
end()
""")
    server = server_of(lambda session, initial:
                       session.challenge("") == SECRET and "alice")
    outcome = submit(server, *program.options(), password=SECRET)
    assert outcome.status == 0, outcome.err
    assert command in server.commands


def test_several_rounds(submit, server_of, program):
    program.write("""
say("0")
for _ in range(7):
    number = int(hear())
    say(str(number + 1) if number != 5 else "")
assert hear() == "8"
print(base64.b64encode(secret().encode() * 100).decode(), flush=True)
end()
""")

    def count(session, initial):
        for number in range(7):
            answer = session.challenge(str(number))
            if answer != ("" if number == 5 else str(number + 1)):
                return None
        return session.challenge("8") == SECRET * 100 and "alice"

    outcome = submit(server_of(count), *program.options(), password=SECRET)
    assert outcome.status == 0, outcome.err


def test_it_may_write_ahead(submit, server_of, program):
    program.write("""
say("1"), say("2"), say("3")
assert hear() + hear() == "ab"
end()
""")
    server = server_of(lambda session, initial:
                       session.challenge("a") == "2" and
                       session.challenge("b") == "3" and "alice")
    outcome = submit(server, *program.options())
    assert outcome.status == 0, outcome.err


def test_an_initial_response_too_long_for_a_line_waits(submit, server_of,
                                                       program):
    program.write("""
secret()
print("A" * 12288, flush=True)
end()
""")
    server = server_of(lambda session, initial: initial is None and
                       session.challenge("") == "\0" * 9216 and "alice")
    outcome = submit(server, *program.options())
    assert outcome.status == 0, outcome.err
    assert "AUTH X-OWN_1" in server.commands


def test_what_it_is_told(submit, server_of, program, postrider):
    program.write("say(secret())\nend()\n")
    server = server_of(lambda session, initial: "alice")
    outcome = submit(server, *program.options("one", "two"),
                     "--authzid=team", password=SECRET,
                     env={"POSTRIDER_SECRET_FD": "9"})
    assert outcome.status == 0, outcome.err
    seen = program.seen.split(b"\0")
    for variable in (b"POSTRIDER_SASL_USER=alice", b"POSTRIDER_SASL_AUTHZID=team",
                     b"POSTRIDER_SASL_HOST=localhost",
                     b"POSTRIDER_SASL_PORT=%d" % server.port,
                     b"POSTRIDER_SASL_MECHANISM=X-OWN_1",
                     b"POSTRIDER_SECRET_FD=3"):
        assert seen.count(variable) == 1
    assert b"POSTRIDER_SECRET_FD=9" not in seen
    assert [b"one", b"two"] == seen[seen.index(b"one"):][:2]


def test_it_needs_no_user(submit, server_of, program):
    program.write("""
assert "POSTRIDER_SASL_USER" not in os.environ
assert secret() == ""
say("anybody")
end()
""")
    server = server_of(lambda session, initial: "anybody")
    outcome = submit(server, *program.options(), "--user=", user=None)
    assert outcome.status == 0, outcome.err


def test_it_may_leave_the_secret_alone(submit, server_of, program):
    program.write("os.close(3)\nsay('x')\nend()\n")
    outcome = submit(server_of(lambda session, initial: "alice"),
                     *program.options(), password="x" * 60000)
    assert outcome.status == 0, outcome.err


def test_a_long_secret_comes_whole(submit, server_of, program):
    program.write("""
import hashlib
time.sleep(0.2)
say(hashlib.sha256(secret().encode()).hexdigest())
end()
""")
    long = "x" * 60001
    digest = hashlib.sha256(long.encode()).hexdigest()
    from dialogue.submission import decode
    outcome = submit(server_of(lambda session, initial:
                               decode(initial) == digest and "alice"),
                     *program.options(), password=long)
    assert outcome.status == 0, outcome.err


def test_what_it_complains_of_is_shown_on_failure_alone(submit, server_of,
                                                        program):
    program.write("""
print("a remark of mine", file=sys.stderr, flush=True)
say(secret())
end()
""")
    outcome = submit(server_of(lambda session, initial: "alice"),
                     *program.options(), "-v")
    assert outcome.status == 0, outcome.err
    assert "a remark" not in outcome.err


# ---- as it should not be ----------------------------------------------------

@pytest.mark.parametrize("body,status,message", [
    ("sys.exit('no key today')", 77, "own: no key today"),
    ("say('x'); hear(); sys.exit('not this')", 77, "own: not this"),
    ("sys.exit(3)", 77, "exit status 3"),
    ("sys.exit(0)", 77, "exit status 0"),
    ("os.kill(os.getpid(), signal.SIGKILL)", 77, "signal 9"),
    ("print('!?', flush=True); time.sleep(60)", 77, "neither base64"),
    ("print('QUJ', flush=True); time.sleep(60)", 77, "neither base64"),
    ("print('QQ==\\r', flush=True); time.sleep(60)", 77, "neither base64"),
    ("say('x'); hear(); print('*', flush=True); time.sleep(60)", 77,
     "isn't base64"),
    ("say('x'); hear(); print('=', flush=True); time.sleep(60)", 77,
     "isn't base64"),
    ("print('A' * 12292, flush=True)", 77, "more than 12288 bytes"),
    ("sys.stdout.write('A' * 10000000)", 77, "more than 12288 bytes"),
    ("time.sleep(60)", 75, "within the time limit"),
    ("say('x'); hear(); time.sleep(60)", 75, "within the time limit"),
    ("os.close(1); time.sleep(60)", 75, "within the time limit"),
    ("signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)", 75,
     "within the time limit"),
    ("sys.stderr.write('x' * 10000000 + '\\ngoodbye\\n'); sys.exit(1)", 77,
     "goodbye"),
    ("sys.exit('my secret is ' + secret())", 77, "is <redacted>"),
    ("sys.exit('usage: ' + here.upper())", 77,
     "exit status 1; its message is withheld because it repeats part of the "
     "command"),
])
def test_each_failure_has_its_words(submit, server_of, program, body, status,
                                    message):
    program.write(f"open(here + '/pid', 'w').write(str(os.getpid()))\n{body}\n")
    server = server_of(lambda session, initial:
                       session.challenge("more") and None)
    server.failures.clear()
    outcome = submit(server, *program.options(), "-v", timeout="1s",
                     password=SECRET)
    assert outcome.status == status, outcome.err
    assert message in outcome.err
    assert SECRET not in outcome.err
    assert server.messages == []
    pid = int((program.path.parent / "pid").read_text())
    assert not pathlib.Path(f"/proc/{pid}").exists()


def test_it_can_refuse_a_server_that_accepts(submit, server_of, program):
    program.write("""
say(secret())
sys.stdin.read()
sys.exit("unknown key")
""")
    server = server_of(lambda session, initial: "alice")
    outcome = submit(server, *program.options(), password=SECRET)
    assert outcome.status == 76
    assert "unknown key" in outcome.err
    assert "hint:" in outcome.err
    assert server.messages == []
    assert not [line for line in server.commands if line.startswith("MAIL")]


def test_it_hangs_when_all_is_said(submit, server_of, program):
    program.write("say(secret())\ntime.sleep(60)\n")
    server = server_of(lambda session, initial: "alice")
    outcome = submit(server, *program.options(), timeout="1s")
    assert outcome.status == 75
    assert "within the time limit" in outcome.err
    assert server.messages == []


def test_the_server_refuses(submit, server_of, program):
    program.write("say('wrong')\nend()\n")
    outcome = submit(server_of(plainly), *program.options(), password=SECRET)
    assert outcome.status == 77
    assert "535" in outcome.err
    assert SECRET not in outcome.err


def test_it_is_missing(submit, server_of, program):
    server = server_of(plainly)
    outcome = submit(server, *program.options())
    assert outcome.status == 78
    assert "No such file" in outcome.err
    program.path.write_text("")
    outcome = submit(server, *program.options())
    assert outcome.status == 78
    assert "Permission denied" in outcome.err
    assert not [line for line in server.commands if line.startswith("AUTH")]


def test_the_server_must_offer_it(submit, make_server, program):
    program.write("say('x')\n")
    server = make_server()
    outcome = submit(server, *program.options(), password=SECRET)
    assert outcome.status == 77
    assert not [line for line in server.commands if line.startswith("AUTH")]
    assert not (program.path.parent / "seen").exists()


@pytest.mark.parametrize("name", ["x-own", "A" * 21, "X OWN", "X.OWN", "Ä"])
def test_a_name_that_can_be_none(submit, make_server, program, name):
    server = make_server()
    outcome = submit(server, *program.write("").options(mechanism=name))
    assert outcome.status == 78, outcome.err
    assert "is not a valid mechanism name" in outcome.err
    assert server.wires == []


@pytest.mark.parametrize("options", [["--mechanism=X"],
                                     ["--auth=command:x"],
                                     ["--auth=command:x,plain",
                                      "--mechanism=X"]])
def test_program_and_name_belong_together(submit, make_server, options):
    server = make_server()
    outcome = submit(server, *options)
    assert outcome.status == 78, outcome.err
    assert server.wires == []


def test_not_without_tls(submit, make_server, program):
    program.write("say(secret())\nend()\n")
    server = make_server(tls="none", mechanisms=("X-OWN_1",))
    for more in ([], ["--user="]):
        outcome = submit(server, *program.options(), *more)
        assert outcome.status == 78
    assert server.wires == []


# ---- the secret -------------------------------------------------------------

@pytest.mark.parametrize("source", ["env", "file", "POSTRIDER_PASSWORD"])
def test_the_secret_is_nowhere_but_on_its_descriptor(
        submit, server_of, program, postrider, source):
    program.write("""
say("alice:" + secret())
end()
""")
    env = {"POSTRIDER_PASSWORD": SECRET}
    options = []
    if source == "env":
        options = ["--credential=env:MAIL_SECRET"]
        env = {"POSTRIDER_PASSWORD": None, "MAIL_SECRET": SECRET}
    if source == "file":
        options = [f"--credential=file:{postrider.secret_file(SECRET)}"]
    outcome = submit(server_of(plainly), *program.options(), *options, "-v",
                     "--json", env=env)
    assert outcome.status == 0, outcome.err
    encoded = base64.b64encode(f"alice:{SECRET}".encode()).decode()
    for text in (program.seen.decode(), outcome.out, outcome.err, outcome.log):
        assert SECRET not in text and encoded not in text
    assert "<redacted, " in outcome.err


def test_it_has_no_descriptor_of_ours(submit, server_of, program):
    program.write("say(secret())\nend()\n")
    outcome = submit(server_of(lambda session, initial: "alice"),
                     *program.options())
    assert outcome.status == 0, outcome.err
    descriptors = [int(name) for name in program.seen.split(b"\0")
                   if name.isdigit()]
    # 4 and 5 are its own: the file that it writes, and the listing.
    assert sorted(descriptors) == [0, 1, 2, 3, 4, 5]


# ---- the example of the manual ----------------------------------------------

CONSUMER = {"anonymous": "an&onymous"}
TOKENS = {"1/token+": "tok=n secret".replace(" ", "%")}
ADDRESS = "alice+x@example.test"


@pytest.fixture
def xoauth(tmp_path):
    """The program, as it stands in postrider(5)."""
    page = (ROOT / "man/postrider.5").read_text()
    (text,) = re.findall(r"^\.Bd -literal.*?\n(#!.*?)^\.Ed", page,
                         re.M | re.S)
    path = tmp_path / "xoauth"
    path.write_text(text.replace("\\e", "\\").replace("\\-", "-"))
    path.chmod(0o755)
    return path


def percent(text):
    """RFC 5849 3.6, byte by byte."""
    return "".join(chr(byte) if chr(byte).isascii() and
                   (chr(byte).isalnum() or chr(byte) in "-._~")
                   else f"%{byte:02X}" for byte in text.encode())


def verify_xoauth(session, initial):
    """The signature of RFC 5849 3.4, reckoned anew."""
    request = base64.b64decode(initial, validate=True).decode()
    method, url, header = request.split(" ")
    address = re.fullmatch(
        r"https://mail\.google\.com/mail/b/(.+)/smtp/", url)[1]
    fields = {}
    for field in header.split(","):
        name, value = re.fullmatch(r'(oauth_[a-z_]+)="([^"]*)"', field).groups()
        assert name not in fields
        fields[name] = urllib.parse.unquote(value)
    signature = fields.pop("oauth_signature")
    assert fields["oauth_signature_method"] == "HMAC-SHA1"
    assert fields["oauth_version"] == "1.0"
    assert fields["oauth_nonce"] and fields["oauth_timestamp"].isdigit()
    pairs = sorted((percent(name), percent(value))
                   for name, value in fields.items())
    base = "&".join([method, percent(url), percent(
        "&".join(f"{name}={value}" for name, value in pairs))])
    key = (percent(CONSUMER[fields["oauth_consumer_key"]]) + "&" +
           percent(TOKENS[fields["oauth_token"]]))
    wanted = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    if hmac.compare_digest(base64.b64encode(wanted).decode(), signature):
        return address
    session.challenge('{"status":"400"}')
    return None


def xoauth_options(xoauth):
    return (f"--auth=command:{xoauth} anonymous", "--mechanism=XOAUTH",
            f"--user={ADDRESS}")


def test_the_example_signs_in(submit, server_of, xoauth):
    server = server_of(verify_xoauth, name="XOAUTH")
    secret = " ".join([*CONSUMER.values(), *TOKENS, *TOKENS.values()])
    outcome = submit(server, *xoauth_options(xoauth), password=secret)
    assert outcome.status == 0, outcome.err
    assert server.messages[0].user == ADDRESS


def test_the_example_is_refused_with_a_wrong_secret(submit, server_of,
                                                    xoauth):
    server = server_of(verify_xoauth, name="XOAUTH")
    outcome = submit(server, *xoauth_options(xoauth),
                     password="wrong 1/token+ wrong")
    assert outcome.status == 77
    assert "535" in outcome.err
    assert server.messages == []
