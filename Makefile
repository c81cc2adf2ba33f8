# SPDX-License-Identifier: MIT
# GNU make. The first run configures; see README for the targets.

all:

-include src/config.mk

BUILD ?= build
VPATH =
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:

# ---- who is made of what, and links what ------------------------------------

LAYERS = base config message credential smtp
layer_sources = $(wildcard src/$(1)/*.c)
objects = $(patsubst src/%.c,$(BUILD)/%.o,$(1))

POSTRIDER = $(call objects,$(call layer_sources,cli)) $(BUILD)/cli/diagnoses.o
POSTRIDER_LAYERS = smtp credential config message base
POSTRIDER_LIBS = $(GNUTLS_LIBS) $(GSASL_LIBS) $(IDN2_LIBS) $(CONFUSE_LIBS)

KEEPER = $(call objects,$(call layer_sources,keeper))
KEEPER_LAYERS = credential config base
KEEPER_LIBS = $(LIBSECRET_LIBS) $(CONFUSE_LIBS)

UNIT_TESTS = $(patsubst tests/unit/%.c,$(BUILD)/tests/%, \
	$(wildcard tests/unit/test-*.c))
UNIT_LAYERS = $(POSTRIDER_LAYERS)
UNIT_LIBS = $(CMOCKA_LIBS) $(POSTRIDER_LIBS)

FUZZ_TARGETS = $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%, \
	$(wildcard tests/fuzz/fuzz-*.c))
FUZZ_LAYERS = message base
FUZZ_LIBS = $(IDN2_LIBS)

archive = $(patsubst %,$(BUILD)/lib%.a,$(1))
LIBRARY_CFLAGS = $(GNUTLS_CFLAGS) $(GSASL_CFLAGS) $(IDN2_CFLAGS) \
	$(CONFUSE_CFLAGS) $(LIBSECRET_CFLAGS) $(CMOCKA_CFLAGS)

# ---- how it is compiled -----------------------------------------------------

WARNINGS = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	-Wswitch-enum -Wformat=2 -Wvla
ifdef CI
WARNINGS += -Werror
endif
FORTIFY = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
HARDEN = $(FORTIFY) $(HARDENING) -fstack-protector-strong -fPIE
HARDEN_LINK = -pie -Wl,-z,relro,-z,now
ifeq ($(shell uname -s),Darwin)
HARDEN_LINK =
endif
COMPILE_FLAGS = -std=c11 -D_GNU_SOURCE -pthread -iquote src -iquote $(BUILD)/gen \
	-include src/build.h $(WARNINGS) $(HARDEN) $(LIBRARY_CFLAGS)
COMPILE = $(CC) $(CPPFLAGS) $(COMPILE_FLAGS) $(CFLAGS) $(EXTRA_CFLAGS)
LINK = $(CC) $(CFLAGS) $(EXTRA_CFLAGS) -pthread $(HARDEN_LINK) $(LDFLAGS)

PROGRAMS = $(BUILD)/postrider $(BUILD)/postrider-credential

all: $(PROGRAMS)

$(BUILD)/postrider: $(POSTRIDER) $(call archive,$(POSTRIDER_LAYERS))
	$(LINK) -o $@ $^ $(POSTRIDER_LIBS) $(LIBS)

$(BUILD)/postrider-credential: $(KEEPER) $(call archive,$(KEEPER_LAYERS))
	$(LINK) -o $@ $^ $(KEEPER_LIBS) $(LIBS)

$(BUILD)/tests/test-%: $(BUILD)/tests/test-%.o $(call archive,$(UNIT_LAYERS))
	$(LINK) -o $@ $^ $(UNIT_LIBS) $(LIBS)

define archive_rule
$(BUILD)/lib$(1).a: $$(call objects,$$(call layer_sources,$(1))) $(2)
	rm -f $$@
	$$(AR) rcs $$@ $$^
endef
$(eval $(call archive_rule,base))
$(eval $(call archive_rule,config,$(BUILD)/config/providers.o))
$(eval $(call archive_rule,message))
$(eval $(call archive_rule,credential))
$(eval $(call archive_rule,smtp))

$(BUILD)/%.o: src/%.c src/build.h Makefile | $(BUILD)/gen/install-paths.h
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%.o: tests/unit/%.c src/build.h Makefile
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# Fuzz targets need clang; "build/fuzz/fuzz-header -max_total_time=60" runs one.
FUZZ_CC = clang
FUZZ_CFLAGS = -g -O1 -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
FUZZ_COMPILE = $(FUZZ_CC) $(CPPFLAGS) -std=c11 -D_GNU_SOURCE -iquote src \
	-iquote $(BUILD)/gen -include src/build.h $(WARNINGS) \
	$(LIBRARY_CFLAGS) $(FUZZ_CFLAGS) -MMD -MP
fuzz: $(FUZZ_TARGETS)

$(BUILD)/fuzz/fuzz-%: $(BUILD)/fuzz/fuzz-%.o $(foreach layer,$(FUZZ_LAYERS), \
	$(patsubst src/%.c,$(BUILD)/fuzz/%.o,$(call layer_sources,$(layer))))
	$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(FUZZ_LIBS)

$(BUILD)/fuzz/%.o: src/%.c src/build.h Makefile | $(BUILD)/gen/install-paths.h
	@mkdir -p $(@D)
	$(FUZZ_COMPILE) -c -o $@ $<

$(BUILD)/fuzz/%.o: tests/fuzz/%.c src/build.h Makefile
	@mkdir -p $(@D)
	$(FUZZ_COMPILE) -c -o $@ $<

.SECONDARY:

# A data file becomes "const char NAME[]", the text of the file.
$(BUILD)/gen/%.c: src/%.conf Makefile
	@mkdir -p $(@D)
	{ printf '#include "%s.h"\n\nconst char %s_text[] =\n' $* $(*F); \
	  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&\\n"/' $<; \
	  printf ';\n'; } > $@

$(BUILD)/%.o: $(BUILD)/gen/%.c src/build.h
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# Where things will be installed is compiled in; another prefix rebuilds that.
$(BUILD)/gen/install-paths.h: force
	@mkdir -p $(@D)
	@{ printf '#define INSTALL_LIBEXECDIR "%s/postrider"\n' '$(libexecdir)'; \
	  printf '#define INSTALL_SYSCONFDIR "%s/postrider"\n' '$(sysconfdir)'; \
	} > $@.new
	@if cmp -s $@.new $@; then rm -f $@.new; else mv $@.new $@; fi

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# ---- configure --------------------------------------------------------------

src/config.mk src/build.h &: configure src/config.mk.in
	./configure $(CONFIGURE_FLAGS)
	@touch src/config.mk src/build.h

configure: configure.ac
	autoheader
	autoconf

.PHONY: all fuzz force
force:
