# SPDX-License-Identifier: MIT
# GNU make. The first run configures; see README for the targets.

all:

# These start from nothing; what they build, they build by a make of its own,
# once what it needs is installed.
OUTSIDE = deps check check-asan check-valgrind crash-points allocation-failures \
	coverage demo bench fuzz fuzz-run simulate lint messages clean distclean \
	deb
ifneq ($(filter-out $(OUTSIDE),$(or $(MAKECMDGOALS),all)),)
include src/config.mk
endif

BUILD ?= build
VPATH =
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:

# ---- who is made of what, and links what ------------------------------------

layer_sources = $(wildcard src/$(1)/*.c)
objects = $(patsubst src/%.c,$(BUILD)/%.o,$(1))

POSTRIDER = $(call objects,$(call layer_sources,cli))
POSTRIDER_LAYERS = import server report submit smtp tls credential config \
	message spool base
POSTRIDER_LIBS = $(GNUTLS_LIBS) $(GSASL_LIBS) $(IDN2_LIBS) $(CONFUSE_LIBS)

QUEUE = $(BUILD)/queue/postrider-queue.o
QUEUE_LAYERS = queue report submit smtp tls credential config message spool base
QUEUE_LIBS = $(POSTRIDER_LIBS)

KEEPER = $(BUILD)/keeper/postrider-credential.o
KEEPER_LAYERS = keeper vault credential config base
# Without libsecret, GnuTLS stands in for GLib's SHA-256.
KEEPER_LIBS = $(or $(LIBSECRET_LIBS),$(GNUTLS_LIBS)) $(CONFUSE_LIBS)

# Only if configure was not told --without-oauth2.
ONLINE = $(BUILD)/online/postrider-oauth2.o
ONLINE_OWN_LAYERS = $(if $(CURL_LIBS),online oauth2 https)
ONLINE_LAYERS = $(ONLINE_OWN_LAYERS) tls credential config base
ONLINE_LIBS = $(CURL_LIBS) $(JANSSON_LIBS) $(MICROHTTPD_LIBS) $(EXPAT_LIBS) \
	$(GNUTLS_LIBS) $(CONFUSE_LIBS)

# Only where configure found its libraries.
COMPOSE = $(BUILD)/compose/postrider-compose.o
COMPOSE_LAYERS = $(if $(GMIME_LIBS),compose) message base
COMPOSE_LIBS = $(GMIME_LIBS) $(MAGIC_LIBS) $(IDN2_LIBS)

# The .c files of a directory, without those that need what this build lacks.
using_oauth2 = $(shell grep -lE '"((online|oauth2|https)/|authorize-)' $(1)/*.c)
buildable = $(filter-out \
	$(if $(GMIME_LIBS),,$(1)/test-compose-% $(1)/fuzz-compose-%) \
	$(if $(GSASL_LIBS),,$(1)/test-sasl.c $(1)/test-mechanism-choice.c) \
	$(if $(CURL_LIBS),,$(call using_oauth2,$(1))), $(wildcard $(1)/*.c))
UNIT_SOURCES = $(filter tests/unit/test-%,$(call buildable,tests/unit))
UNIT_TESTS = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SOURCES))
UNIT_LAYERS = $(filter compose,$(COMPOSE_LAYERS)) keeper vault \
	$(ONLINE_OWN_LAYERS) queue $(POSTRIDER_LAYERS)
UNIT_LIBS = $(CMOCKA_LIBS) $(COMPOSE_LIBS) $(KEEPER_LIBS) $(ONLINE_LIBS) \
	$(POSTRIDER_LIBS)

# Its functions take the place of those of glibc.
PRELOADED = $(if $(shell getconf GNU_LIBC_VERSION 2>/dev/null), \
	$(BUILD)/tests/fail-allocation.so $(BUILD)/tests/bad-day.so)

FUZZ_TARGETS = $(patsubst tests/fuzz/%.c,$(BUILD)/tests/%, \
	$(filter tests/fuzz/fuzz-%,$(call buildable,tests/fuzz)))

archive = $(patsubst %,$(BUILD)/lib%.a,$(1))
LIBRARY_CFLAGS = $(GNUTLS_CFLAGS) $(GSASL_CFLAGS) $(IDN2_CFLAGS) \
	$(CONFUSE_CFLAGS) $(LIBSECRET_CFLAGS) $(CURL_CFLAGS) \
	$(JANSSON_CFLAGS) $(MICROHTTPD_CFLAGS) $(GMIME_CFLAGS) $(MAGIC_CFLAGS) \
	$(EXPAT_CFLAGS) $(CMOCKA_CFLAGS)

# ---- how it is compiled -----------------------------------------------------

WARNINGS = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	-Wswitch-enum -Wformat=2 -Wvla -Werror=implicit-function-declaration
ifdef CI
WARNINGS += -Werror
endif
FORTIFY = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
HARDEN = $(FORTIFY) $(HARDENING) -fstack-protector-strong -fPIE
HARDEN_LINK = -pie -Wl,-z,relro,-z,now
ifeq ($(shell uname -s),Darwin)
HARDEN_LINK =
endif
# Debug information does not contain the directory of the build.
COMPILE_FLAGS = -std=c11 -D_GNU_SOURCE -pthread -iquote src -iquote $(BUILD)/gen \
	-include src/build.h -ffile-prefix-map=$(CURDIR)=. $(WARNINGS) $(HARDEN) $(LIBRARY_CFLAGS)
COMPILE = $(CC) $(CPPFLAGS) $(COMPILE_FLAGS) $(CFLAGS) $(EXTRA_CFLAGS)
LINK = $(CC) $(CFLAGS) $(EXTRA_CFLAGS) -pthread $(HARDEN_LINK) $(LDFLAGS)

# One short line a file; V=1 shows the whole command.
ifndef V
QUIET = @printf '  %-4s %s\n' $(1) $@;
endif

HELPERS = postrider-queue postrider-credential $(if $(CURL_LIBS),postrider-oauth2) \
	$(if $(GMIME_LIBS),postrider-compose)
PROGRAMS = $(addprefix $(BUILD)/,postrider $(HELPERS))

COMPLETIONS = $(patsubst %.in,$(BUILD)/%,$(wildcard completions/*.in))

all: $(PROGRAMS) $(COMPLETIONS)

$(BUILD)/postrider: $(POSTRIDER) $(call archive,$(POSTRIDER_LAYERS))
	$(call QUIET,LINK)$(LINK) -o $@ $^ $(POSTRIDER_LIBS) $(LIBS)

$(BUILD)/postrider-queue: $(QUEUE) $(call archive,$(QUEUE_LAYERS))
	$(call QUIET,LINK)$(LINK) -o $@ $^ $(QUEUE_LIBS) $(LIBS)

$(BUILD)/postrider-credential: $(KEEPER) $(call archive,$(KEEPER_LAYERS))
	$(call QUIET,LINK)$(LINK) -o $@ $^ $(KEEPER_LIBS) $(LIBS)

$(BUILD)/postrider-oauth2: $(ONLINE) $(call archive,$(ONLINE_LAYERS))
	$(call QUIET,LINK)$(LINK) -o $@ $^ $(ONLINE_LIBS) $(LIBS)

$(BUILD)/postrider-compose: $(COMPOSE) $(call archive,$(COMPOSE_LAYERS))
	$(call QUIET,LINK)$(LINK) -o $@ $^ $(COMPOSE_LIBS) $(LIBS)

$(BUILD)/tests/test-%: $(BUILD)/tests/test-%.o $(call archive,$(UNIT_LAYERS))
	$(call QUIET,LINK)$(LINK) -o $@ $^ $(UNIT_LIBS) $(LIBS)

$(BUILD)/tests/fuzz-%: $(BUILD)/tests/fuzz-%.o $(call archive,$(UNIT_LAYERS))
	$(call QUIET,LINK)$(LINK) -fsanitize=fuzzer -o $@ $^ \
	  $(filter-out $(CMOCKA_LIBS),$(UNIT_LIBS)) $(LIBS)

# Certificates come from the input in place of a session.
$(BUILD)/tests/fuzz-verify: LDFLAGS += $(patsubst %,-Wl$(comma)--wrap=%, \
	gnutls_certificate_get_peers gnutls_certificate_verify_peers)

# The fakes replace whole files of the layers, and these functions of libc.
SIMULATE = $(patsubst tests/simulate/%.c,$(BUILD)/simulate/%.o, \
	$(wildcard tests/simulate/*.c)) $(BUILD)/queue/sending.o
SIMULATE_WRAP = $(patsubst %,-Wl$(comma)--wrap=%,send recv close \
	open mkostemp unlink read __read_chk pread __pread_chk write lseek fstat \
	ftruncate poll __poll_chk \
	openat __openat_2 renameat unlinkat faccessat fsync fchmod fcntl \
	getentropy diagnose tls_facts_find tls_facts_name openlog syslog __syslog_chk)
comma = ,
$(BUILD)/tests/simulate: $(SIMULATE) $(call archive,$(POSTRIDER_LAYERS))
	@mkdir -p $(@D)
	$(call QUIET,LINK)$(LINK) $(SIMULATE_WRAP) -o $@ $^ $(POSTRIDER_LIBS) $(LIBS)

$(BUILD)/tests/classify: $(BUILD)/diagnosis/classify.o \
	$(call archive,$(POSTRIDER_LAYERS))
	@mkdir -p $(@D)
	$(call QUIET,LINK)$(LINK) -o $@ $^ $(POSTRIDER_LIBS) $(LIBS)

$(BUILD)/tests/fuzz-session: $(BUILD)/tests/fuzz-session.o \
	$(filter-out %/simulate.o,$(SIMULATE)) $(call archive,$(POSTRIDER_LAYERS))
	$(call QUIET,LINK)$(LINK) -fsanitize=fuzzer $(SIMULATE_WRAP) -o $@ $^ \
	  $(POSTRIDER_LIBS) $(LIBS)

# Completions come from the tables of postrider. When cross-compiling, GENERATE
# names the program of a native build.
GENERATE = $(BUILD)/completions/generate
$(BUILD)/completions/generate: $(patsubst %.c,$(BUILD)/%.o, \
	  $(wildcard completions/*.c)) \
	$(filter-out $(BUILD)/cli/postrider.o,$(POSTRIDER)) \
	$(call archive,$(POSTRIDER_LAYERS))
	$(call QUIET,LINK)$(LINK) -o $@ $^ $(POSTRIDER_LIBS) $(LIBS)

$(COMPLETIONS): $(BUILD)/completions/%: completions/%.in $(GENERATE)
	$(call QUIET,GEN)$(GENERATE) $* < $< > $@

# A program's main file stays outside, for its unit tests.
MAIN_FILES = src/keeper/postrider-credential.c src/online/postrider-oauth2.c \
	src/compose/postrider-compose.c src/queue/postrider-queue.c
define archive_rule
$(BUILD)/lib$(1).a: $$(call objects,$$(filter-out $$(MAIN_FILES), \
	$$(call layer_sources,$(1)))) $(2)
	$$(call QUIET,AR)rm -f $$@; $$(AR) rcs $$@ $$^
endef
$(eval $(call archive_rule,base))
$(eval $(call archive_rule,config,$(BUILD)/config/providers.o))
$(eval $(call archive_rule,submit,\
  $(foreach data,causes remedies words,$(BUILD)/submit/$(data).o)))
$(eval $(call archive_rule,message))
$(eval $(call archive_rule,spool))
$(eval $(call archive_rule,report))
$(eval $(call archive_rule,queue))
$(eval $(call archive_rule,import))
$(eval $(call archive_rule,credential))
$(eval $(call archive_rule,tls))
$(eval $(call archive_rule,smtp))
$(eval $(call archive_rule,server))
$(eval $(call archive_rule,https))
$(eval $(call archive_rule,vault))
$(eval $(call archive_rule,oauth2))
$(eval $(call archive_rule,keeper))
$(eval $(call archive_rule,online))
$(eval $(call archive_rule,compose))

$(BUILD)/%.o: src/%.c src/build.h Makefile | $(BUILD)/gen/install-paths.h
	@mkdir -p $(@D)
	$(call QUIET,CC)$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/completions/%.o: completions/%.c src/build.h Makefile
	@mkdir -p $(@D)
	$(call QUIET,CC)$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%.o: tests/unit/%.c src/build.h Makefile
	@mkdir -p $(@D)
	$(call QUIET,CC)$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%.o: tests/fuzz/%.c src/build.h Makefile
	@mkdir -p $(@D)
	$(call QUIET,CC)$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/diagnosis/%.o: tests/diagnosis/%.c src/build.h Makefile
	@mkdir -p $(@D)
	$(call QUIET,CC)$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/simulate/%.o: tests/simulate/%.c src/build.h Makefile
	@mkdir -p $(@D)
	$(call QUIET,CC)$(COMPILE) -MMD -MP -c -o $@ $<

PRELOAD = $(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) -fPIC -shared
$(BUILD)/tests/%.so: tests/support/allocator/%.c Makefile
	@mkdir -p $(@D)
	$(call QUIET,CC)$(PRELOAD) -o $@ $<

$(BUILD)/tests/%.so: tests/support/preload/%.c Makefile
	@mkdir -p $(@D)
	$(call QUIET,CC)$(PRELOAD) -o $@ $<

# A data file becomes "const char NAME[]", the text of the file. The registry of
# providers is all files of a directory together, without their comments.
define embed
	@mkdir -p $(@D)
	{ printf '#include "%s.h"\n\nconst char %s_text[] =\n' $(1) $(notdir $(1)); \
	  sed $(2) -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&\\n"/' \
	    $(filter %.conf,$^); \
	  printf ';\n'; } > $@
endef
$(BUILD)/gen/%.c: src/%.conf Makefile
	$(call embed,$*)
$(BUILD)/gen/config/providers.c: $(wildcard src/config/providers/*.conf) Makefile
	$(call embed,config/providers,-e '/^[[:blank:]]*\#/d' -e '/^$$/d')

$(BUILD)/%.o: $(BUILD)/gen/%.c src/build.h
	@mkdir -p $(@D)
	$(call QUIET,CC)$(COMPILE) -MMD -MP -c -o $@ $<

# Where things will be installed is compiled in; another prefix rebuilds that.
$(BUILD)/gen/install-paths.h: force
	@mkdir -p $(@D)
	@{ printf '#define INSTALL_BINDIR "%s"\n' '$(bindir)'; \
	  printf '#define INSTALL_LIBEXECDIR "%s/postrider"\n' '$(libexecdir)'; \
	  printf '#define INSTALL_SYSCONFDIR "%s/postrider"\n' '$(sysconfdir)'; \
	} > $@.new
	@if cmp -s $@.new $@; then rm -f $@.new; else mv $@.new $@; fi

-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)

# ---- configure --------------------------------------------------------------

src/config.mk src/build.h &: configure src/config.mk.in
	./configure $(CONFIGURE_FLAGS)
	@touch src/config.mk src/build.h

configure: configure.ac
	@command -v autoconf >/dev/null || \
	  { echo 'autoconf is missing: "make deps" installs it' >&2; exit 1; }
	autoheader
	autoconf

# ---- install ----------------------------------------------------------------

INSTALL = install
bash_completions = $(datarootdir)/bash-completion/completions
zsh_completions = $(datarootdir)/zsh/site-functions
fish_completions = $(datarootdir)/fish/vendor_completions.d
systemd_units = $(prefix)/lib/systemd/system
UNITS = $(notdir $(wildcard .packaging/systemd/*))
OURS = $(DESTDIR)$(sbindir)/sendmail

# DESTDIR and prefix may be given here too. git finds the keyring by the link.
install: all
	$(INSTALL) -d $(addprefix $(DESTDIR),$(bindir) $(libexecdir)/postrider \
	  $(datadir)/postrider $(mandir)/man1 $(mandir)/man5 $(mandir)/man7 \
	  $(bash_completions) $(zsh_completions) $(fish_completions))
	$(INSTALL) -m 755 $(BUILD)/postrider $(DESTDIR)$(bindir)
	$(INSTALL) -m 755 $(addprefix $(BUILD)/,$(HELPERS)) \
	  $(DESTDIR)$(libexecdir)/postrider
	ln -sf $(libexecdir)/postrider/postrider-credential \
	  $(DESTDIR)$(bindir)/git-credential-postrider
	$(INSTALL) -m 644 src/report/output.schema.json \
	  $(DESTDIR)$(datadir)/postrider
	$(INSTALL) -m 644 $(wildcard man/*.1) $(DESTDIR)$(mandir)/man1
	ln -sf postrider-credential.1 \
	  $(DESTDIR)$(mandir)/man1/git-credential-postrider.1
	$(INSTALL) -m 644 $(wildcard man/*.5) $(DESTDIR)$(mandir)/man5
	$(INSTALL) -m 644 $(wildcard man/*.7) $(DESTDIR)$(mandir)/man7
	$(INSTALL) -m 644 $(BUILD)/completions/postrider.bash \
	  $(DESTDIR)$(bash_completions)/postrider
	$(INSTALL) -m 644 $(BUILD)/completions/_postrider $(DESTDIR)$(zsh_completions)
	$(INSTALL) -m 644 $(BUILD)/completions/postrider.fish \
	  $(DESTDIR)$(fish_completions)

# Never done by itself: another program may be the system's sendmail.
install-sendmail: install
	$(INSTALL) -d $(dir $(OURS))
	@if { [ -e $(OURS) ] || [ -L $(OURS) ]; } && \
	  [ "$$(readlink $(OURS))" != '$(bindir)/postrider' ]; then \
	  echo '$(OURS) is another program: remove its package first' >&2; \
	  exit 1; fi
	ln -sf $(bindir)/postrider $(OURS)

# Neither enabled nor started: SYSTEM-WIDE CONFIGURATION in postrider-cron(7).
install-service: install
	$(INSTALL) -d $(DESTDIR)$(systemd_units)
	for unit in $(UNITS); do \
	  sed -e 's,/usr/bin/,$(bindir)/,; s,/etc/postrider,$(sysconfdir)/postrider,' \
	    -e 's,/usr/libexec/postrider,$(libexecdir)/postrider,' \
	    .packaging/systemd/$$unit >$(DESTDIR)$(systemd_units)/$$unit && \
	  chmod 644 $(DESTDIR)$(systemd_units)/$$unit || exit; done

uninstall:
	rm -f $(addprefix $(DESTDIR)$(systemd_units)/,$(UNITS))
	rm -f $(DESTDIR)$(bindir)/postrider \
	  $(DESTDIR)$(bindir)/git-credential-postrider \
	  $(DESTDIR)$(mandir)/man1/git-credential-postrider.1 \
	  $(DESTDIR)$(bash_completions)/postrider \
	  $(DESTDIR)$(zsh_completions)/_postrider \
	  $(DESTDIR)$(fish_completions)/postrider.fish \
	  $(patsubst man/%.1,$(DESTDIR)$(mandir)/man1/%.1,$(wildcard man/*.1)) \
	  $(patsubst man/%.5,$(DESTDIR)$(mandir)/man5/%.5,$(wildcard man/*.5)) \
	  $(patsubst man/%.7,$(DESTDIR)$(mandir)/man7/%.7,$(wildcard man/*.7))
	rm -rf $(DESTDIR)$(libexecdir)/postrider $(DESTDIR)$(datadir)/postrider
	if [ "$$(readlink $(OURS))" = '$(bindir)/postrider' ]; then \
	  rm -f $(OURS); fi

# ---- packages (.packaging/README) -------------------------------------------

dist: configure src/build.h
	.packaging/dist.sh $(BUILD) $(VERSION)

deb:
	tests/deps.sh build deb
	.packaging/debian/build.sh $(BUILD)/deb

# ---- tests ------------------------------------------------------------------

SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer

IN_PARALLEL = -j$(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

# What installs packages are these targets; a plain make never does.
deps:
	tests/deps.sh

check:
	tests/deps.sh build check
	$(MAKE) $(IN_PARALLEL) CI=1 BUILD=$(BUILD) all unit-tests
	tests/run.sh $(BUILD)

# glibc's fortified functions would hide from ASan what they check themselves.
check-asan:
	tests/deps.sh build check
	$(MAKE) $(IN_PARALLEL) CI=1 BUILD=build-asan EXTRA_CFLAGS="$(SANITIZE)" FORTIFY= \
	  all unit-tests
	tests/run.sh build-asan

# Every fault of a renewal; "make check" has a sample of them.
crash-points:
	tests/deps.sh build check
	$(MAKE) $(IN_PARALLEL) CI=1 BUILD=$(BUILD) all unit-tests
	POSTRIDER_CRASH_POINTS=all tests/run.sh $(BUILD) \
	  tests/oauth2/test_crash_points.py \
	  tests/sendmail/test_queue_crash_points.py \
	  tests/sendmail/test_queue_runner_crash_points.py \
	  tests/smtp/test_hold_crash_points.py \
	  tests/sendmail/test_queue_dropped_writes.py \
	  tests/model/test_queue_model.py

# Every allocation of some runs fails once; takes an hour.
allocation-failures:
	tests/deps.sh build check
	$(MAKE) $(IN_PARALLEL) CI=1 BUILD=$(BUILD) all unit-tests
	POSTRIDER_ALLOCATION_FAILURES=all POSTRIDER_BUILD=$(BUILD) python3 -m pytest \
	  -q -c tests/pytest.ini tests/cli/test_allocation_failures.py

# The unit programs. Variables are not set to zero, so that valgrind sees them.
# Its posix_spawn(3) does not report that a program is missing, so cases about
# that fail; only what valgrind itself finds counts. Leaks: check-asan.
check-valgrind:
	tests/deps.sh build valgrind
	$(MAKE) $(IN_PARALLEL) CI=1 BUILD=build-valgrind HARDENING= FORTIFY= \
	  all unit-tests
	$(MAKE) BUILD=build-valgrind run-under-valgrind

# Only what valgrind finds and crashes count: it is too slow for some tests.
run-under-valgrind:
	for test in $(UNIT_TESTS); do \
	  echo "== $$test"; \
	  valgrind --quiet --error-exitcode=99 $$test >/dev/null; \
	  [ $$? -lt 99 ] || exit 1; \
	done

demo:
	tests/deps.sh build demo
	$(MAKE) $(IN_PARALLEL) BUILD=$(BUILD) all
	python3 tests/demo/demo.py $(BUILD) $(SVG)

# Beside msmtp and curl, where they are installed: ratios of one run.
bench:
	tests/deps.sh build check
	$(MAKE) BUILD=$(BUILD) all
	python3 tests/bench/bench.py $(BUILD)

# Line coverage of src by all tests. A test that fails doesn't stop the report.
# A process that cannot write its counts makes those of all others invalid:
# tests that break writes or kill at any system call are left out. configure
# runs before the wrappers are among the linker's flags.
COUNTS = build-coverage/coverage-counts.o
COUNTS_WRAP = -Wl,--wrap=_exit,--wrap=execvpe,--wrap=prctl,--wrap=syscall
coverage:
	tests/deps.sh build check
	$(MAKE) src/config.mk
	mkdir -p build-coverage
	$(CC) -c -o $(COUNTS) tests/house/coverage-counts.c
	$(MAKE) $(IN_PARALLEL) BUILD=build-coverage \
	  EXTRA_CFLAGS="--coverage -O0" FORTIFY= \
	  LDFLAGS="$(COUNTS_WRAP) $(COUNTS)" all unit-tests
	find build-coverage -name '*.gcda' -delete
	-tests/run.sh build-coverage tests --ignore-glob='*_crash_points.py' \
	  -k 'not (files and size) and not disk_that_breaks'
	python3 tests/house/coverage.py build-coverage

# tests/fuzz/run-targets.sh runs some of them.
FUZZ = -g -O1 -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
fuzz:
	tests/deps.sh build fuzz
	$(MAKE) $(IN_PARALLEL) CC=clang BUILD=build-fuzz EXTRA_CFLAGS="$(FUZZ)" \
	  FORTIFY= HARDENING= fuzz-targets

# Each target for some seconds, with the corpora of tests/fuzz.
SECONDS = 60
fuzz-run: fuzz
	tests/fuzz/run-targets.sh build-fuzz $(SECONDS)

# Sessions in a simulated network, a million by default; SEED=n prints one.
SEEDS = 1000000
simulate:
	tests/deps.sh build
	$(MAKE) $(IN_PARALLEL) BUILD=$(BUILD) simulation
	$(BUILD)/tests/simulate $(if $(SEED),--seed $(SEED),$(SEEDS))

simulation: $(BUILD)/tests/simulate

# The simulated server signs in by GNU SASL.
unit-tests: $(UNIT_TESTS) $(PRELOADED) $(BUILD)/tests/classify \
	$(if $(GSASL_LIBS),simulation)

fuzz-targets: $(FUZZ_TARGETS)

# ---- reading, not running ---------------------------------------------------

C_SOURCES = $(wildcard src/*/*.c tests/*/*.c tests/support/*/*.c completions/*.c)
C_HEADERS = $(wildcard src/*/*.h tests/*/*.h completions/*.h)
SCRIPTS = .ci/run $(wildcard tests/*.sh tests/fuzz/*.sh .packaging/*.sh \
	.packaging/*/*.sh)
MAN_PAGES = $(wildcard man/*.[1-8])

lint:
	tests/deps.sh build lint
	$(MAKE) BUILD=$(BUILD) lint-format lint-tidy lint-cppcheck \
	  lint-scripts lint-man
	$(MAKE) $(IN_PARALLEL) CC=clang CI=1 HARDENING= BUILD=build-clang all unit-tests

lint-format:
	clang-format --dry-run -Werror $(C_SOURCES) $(C_HEADERS)

# The hardening flags are gcc's business; an older clang refuses some of them.
lint-tidy: src/build.h $(BUILD)/gen/install-paths.h
	clang-tidy --quiet --warnings-as-errors='*' $(C_SOURCES) -- \
	  $(filter-out $(HARDEN),$(COMPILE_FLAGS))

lint-cppcheck: src/build.h
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
	  --enable=warning,portability,performance --suppress=missingInclude \
	  -D_GNU_SOURCE -I src --include=src/build.h $(C_SOURCES)

lint-scripts:
	shellcheck $(SCRIPTS)

# Every message, hint and line of help, to be read as one text.
messages:
	@python3 tests/house/messages.py

lint-man:
	$(if $(MAN_PAGES),mandoc -Tlint -Wwarning $(MAN_PAGES),@:)

# For editors: the very command that compiles each file.
compile_commands.json: Makefile src/config.mk $(C_SOURCES)
	@{ echo '['; first=; for source in $(C_SOURCES); do \
	  printf '%s{"directory": "%s",\n "file": "%s",\n "command": "%s"}' \
	    "$$first" '$(CURDIR)' "$$source" \
	    '$(subst ",\",$(COMPILE)) -c '"$$source"; \
	  first=', '; \
	done; printf '\n]\n'; } > $@

clean:
	rm -rf build build-asan build-clang build-coverage build-fuzz build-valgrind \
	  compile_commands.json

distclean: clean
	rm -rf autom4te.cache configure configure~ config.log config.status \
	  src/build.h src/build.h.in src/build.h.in~ src/config.mk

.PHONY: all force install install-sendmail install-service uninstall $(OUTSIDE) unit-tests \
	simulation run-under-valgrind fuzz-targets lint-format lint-tidy \
	lint-cppcheck lint-scripts lint-man
force:
