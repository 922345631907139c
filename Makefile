# make            build/crease, build/libcrease.a, build/libcrease.so
# make demo       install missing packages, build, count a trained network, check the proof
# make check      the same, then every test on a sample of its cases (minutes)
# make check-long every test on all its cases (an hour or more)
# make check-cluster  tests with a real Slurm and MPI on this machine, as root
# make hunt       SECONDS=60 SEED=: compare all ways to count hard networks (tests/hunt)
# make fuzz       TARGET= SECONDS=60: libFuzzer on one or all readers (tests/fuzz); needs clang
# make bench      compare the speed with a plain baseline
# make install    PREFIX=/usr/local DESTDIR=;  make uninstall
# V=1 shows the commands.  MODE=debug|shadow|small|asan|fuzz|tsan|cov builds into build-MODE
#   (shadow: src/base/shadow.h, small: src/base/limits.h);  MARCH=native tunes for this machine

MODE ?= release
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
ifeq ($(origin CC),default)
CC = gcc
endif
VERSION := $(shell sed -n 's/.*CREASE_VERSION "\(.*\)"/\1/p' include/crease.h)
SOVERSION := 0

BUILD := $(if $(filter release,$(MODE)),build,build-$(MODE))
OPENMP := -fopenmp
CFLAGS_release := -O3 -DNDEBUG
CFLAGS_debug := -O0 -g3
# Every filtered decision is taken again in exact integers (src/base/shadow.h).
CFLAGS_shadow := -O1 $(if $(REUSE),,-g) -DCREASE_SHADOW_BUILD
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DCREASE_NO_CLONES
# All capacities tiny (src/base/limits.h).
CFLAGS_small := -O2 -g -DCREASE_SMALL_BUILD
CFLAGS_tsan := -O1 -g -fsanitize=thread -DCREASE_NO_CLONES
CFLAGS_cov := -O0 -g --coverage -DCREASE_NO_CLONES
CFLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
	-DCREASE_NO_CLONES
ifneq ($(filter $(MODE),tsan fuzz),)
CC := clang
endif
ifeq ($(filter $(MODE),release debug shadow small asan fuzz tsan cov),)
$(error MODE must be release, debug, shadow, small, asan, fuzz, tsan or cov)
endif

# Readers whose library may be missing: then a file that says so takes the reader's place.
# Goals that install the libraries first leave the warning to the make that they run afterwards.
need = $(if $1$(filter deps demo check check-long,$(MAKECMDGOALS)),,$(info crease is built \
	without $2: $3 is missing, scripts/install-deps.sh installs it))
ZLIB := $(shell pkg-config --exists zlib 2>/dev/null && echo zlib)
ABSENT := $(if $(ZLIB),src/net/npz_absent.c src/base/gzip_absent.c src/regions/npz_absent.c,src/net/npz.c src/net/zip.c \
	src/base/gzip.c src/regions/npz.c)
$(call need,$(ZLIB),.npz and gzip,zlib)
LZMA := $(shell pkg-config --exists liblzma 2>/dev/null && echo liblzma)
ABSENT += $(if $(LZMA),src/base/xz_absent.c,src/base/xz.c)
$(call need,$(LZMA),xz,liblzma)
ONNX_PROTO ?= $(firstword $(wildcard /usr/include/onnx/onnx.proto /usr/local/include/onnx/onnx.proto))
PROTOBUF := $(shell pkg-config --exists libprotobuf-c 2>/dev/null && command -v protoc-c >/dev/null && \
	test -f '$(ONNX_PROTO)' && echo libprotobuf-c)
ABSENT += $(if $(PROTOBUF),src/onnx/absent.c,$(filter-out %/absent.c,$(wildcard src/onnx/*.c)))
$(call need,$(PROTOBUF),.onnx,protobuf-c or protoc-c or onnx.proto)
# Of cairo only the headers: the library is loaded when a picture is drawn.
CAIRO := $(shell pkg-config --exists cairo cairo-svg cairo-pdf cairo-png 2>/dev/null && echo cairo)
ABSENT += $(if $(CAIRO),src/draw/canvas_absent.c,src/draw/canvas.c src/draw/cairo.c)
$(call need,$(CAIRO),pictures,cairo)
MODULES := jansson nettle gmp libzstd $(ZLIB) $(LZMA) $(PROTOBUF)

GENERATED := $(if $(REUSE),build,$(BUILD))/generated

# Rounding must be that of the source: the proofs depend on it.
CFLAGS ?=
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wshadow -ffp-contract=off \
	$(CFLAGS_$(MODE)) $(if $(MARCH),-march=$(MARCH)) -fPIC -fvisibility=hidden $(OPENMP) \
	-Iinclude -Isrc $(if $(PROTOBUF),-I$(GENERATED)) $(shell pkg-config --cflags $(MODULES) $(CAIRO) 2>/dev/null) $(CFLAGS)
LIBS := $(shell pkg-config --libs $(MODULES) 2>/dev/null) -lglpk -lm -ldl
CHECK_LIBS = $(eval CHECK_LIBS := $$(shell pkg-config --libs check 2>/dev/null))$(CHECK_LIBS)

HEADERS := $(addprefix include/crease,.h _network.h _bounds.h _estimate.h _identify.h _jobs.h _regions.h \
	_points.h _pictures.h _sample.h)
LIB_SOURCES := $(filter-out $(ABSENT),$(wildcard \
	$(addsuffix /*.c,$(addprefix src/,base exact net onnx domain model lp dd proof cells search \
	walk split regions sample api bound draw job))))
CLI_SOURCES := $(wildcard src/cli/*.c)
MPICC ?= $(shell command -v mpicc 2>/dev/null)
MPI_PROGRAM := $(if $(MPICC),$(BUILD)/crease-mpi)
MANUALS := $(patsubst doc/man/%.in,$(BUILD)/man/%,$(wildcard doc/man/*.in))
COMPLETIONS := $(BUILD)/completions/crease $(BUILD)/completions/_crease
SUPPORT_SOURCES := $(wildcard tests/support/*.c)
TEST_SOURCES := $(wildcard tests/*/test_*.c)
# In make check the shadow build takes from the release build what base/shadow.h does not change.
REUSED := $(if $(REUSE),$(shell cd build && grep -rL --include='*.d' base/shadow.h obj | sed 's/d$$/o/'))
object = $(foreach file,$(patsubst %.c,obj/%.o,$(1)),$(if $(filter $(file),$(REUSED)),build,$(BUILD))/$(file))
SCHEMA := $(if $(PROTOBUF),$(GENERATED)/onnx.pb-c.o)
TESTS := $(addprefix $(BUILD)/tests/,$(basename $(notdir $(TEST_SOURCES))) test_boxed_hostile test_boxed_support_hostile test_cone_meet_hostile test_wide_hostile)

# One line a file; V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,$(info $(1) $(2)))
# demo and check use all processors unless -j says otherwise.
PROCESSORS = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: all demo check check-long check-shadow check-small check-cluster hunt fuzz bench experiments experiments-full deps commands verified install uninstall clean tests FORCE

all: $(BUILD)/crease $(MPI_PROGRAM) $(BUILD)/crease-check $(BUILD)/libcrease.a $(BUILD)/libcrease.so $(BUILD)/crease.pc \
	$(MANUALS) $(COMPLETIONS)

# A process takes as long as a small file to compile: one a file, for the compiler.
.SECONDEXPANSION:
.PRECIOUS: %/.
%/.:
	@mkdir -p $@

$(BUILD)/obj/%.o: %.c Makefile | $$(@D)/.
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# Little time is spent in these.
ifeq ($(MODE),release)
$(addprefix $(BUILD)/obj/src/,net/%.o onnx/%.o domain/%.o api/%.o bound/%.o draw/%.o job/%.o cli/%.o manual/%.o \
	mpi/%.o) $(SCHEMA): \
	ALL_CFLAGS += -O1 $(CFLAGS)
endif

# Links a test program in half the time.
GOLD := $(if $(shell command -v ld.gold),-fuse-ld=gold)
# To debug a test there is MODE=debug.
$(BUILD)/obj/tests/%.o: ALL_CFLAGS += -Itests $(if $(filter release,$(MODE)),-O0)
$(BUILD)/tests/%: LDFLAGS += $(if $(filter release shadow,$(MODE)),$(GOLD))

$(GENERATED)/onnx.pb-c.h: $(ONNX_PROTO)
	@mkdir -p $(@D)
	$(call say,PROTO,$@)
	$(Q)protoc-c -I$(dir $(ONNX_PROTO)) --c_out=$(@D) $(ONNX_PROTO)

$(SCHEMA): $(GENERATED)/onnx.pb-c.h
	$(call say,CC,$(GENERATED)/onnx.pb-c.c)
	$(Q)$(CC) $(ALL_CFLAGS) -c $(GENERATED)/onnx.pb-c.c -o $@

$(call object,$(filter-out %/absent.c,$(wildcard src/onnx/*.c))): $(if $(PROTOBUF),$(GENERATED)/onnx.pb-c.h)

# Changes when the readers do.
$(BUILD)/modules: FORCE
	@mkdir -p $(@D)
	@echo '$(MODULES) $(CAIRO)' | cmp -s - $@ || echo '$(MODULES) $(CAIRO)' > $@

$(BUILD)/libcrease.a: $(call object,$(LIB_SOURCES)) $(SCHEMA) $(BUILD)/modules
	@rm -f $@
	$(call say,AR,$@)
	$(Q)ar rcs $@ $(filter %.o,$^)

$(BUILD)/libcrease.so: $(call object,$(LIB_SOURCES)) $(SCHEMA) $(BUILD)/modules
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,libcrease.so.$(SOVERSION) $(filter %.o,$^) $(LIBS) -o $@

$(BUILD)/crease: $(call object,$(CLI_SOURCES)) $(BUILD)/libcrease.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# Only where there is an mpicc, which adds the headers and libraries of its MPI to the compiler.
$(BUILD)/obj/src/mpi/%.o: src/mpi/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)OMPI_CC=$(CC) MPICH_CC=$(CC) $(MPICC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/crease-mpi: $(call object,$(wildcard src/mpi/*.c) $(filter-out src/cli/main.c,$(CLI_SOURCES))) $(BUILD)/libcrease.a
	$(call say,LINK,$@)
	$(Q)OMPI_CC=$(CC) MPICH_CC=$(CC) $(MPICC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -lpthread -o $@

# On its own: nothing of crease, no OpenMP.
$(BUILD)/crease-check: $(wildcard src/check/*.c) $(wildcard src/check/*.h) Makefile
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wshadow $(CFLAGS_$(MODE)) $(CFLAGS) $(LDFLAGS) \
	 $(filter %.c,$^) -lgmp -lzstd -o $@

# Manual pages, completions and tables of doc/commands.md, from the table of options.
MANUAL := $(BUILD)/tools/manual
$(MANUAL): $(call object,$(wildcard src/manual/*.c) src/cli/table.c) $(BUILD)/libcrease.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

$(BUILD)/man/%: doc/man/%.in $(MANUAL)
	@mkdir -p $(@D)
	$(call say,MAN,$@)
	$(Q)$(MANUAL) page $< > $@.new && mv $@.new $@

$(BUILD)/completions/crease $(BUILD)/completions/_crease: $(MANUAL)
	@mkdir -p $(@D)
	$(call say,SHELL,$@)
	$(Q)$(MANUAL) $(if $(filter %/_crease,$@),zsh,bash) > $@.new && mv $@.new $@

# Writes the tables of options in doc/commands.md anew.
commands: $(MANUAL)
	$(MANUAL) markdown doc/commands.md > $(BUILD)/commands.md && mv $(BUILD)/commands.md doc/commands.md

$(BUILD)/crease.pc: Makefile include/crease.h $(BUILD)/modules
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'includedir=$${prefix}/include' 'libdir=$${prefix}/lib' '' \
	 'Name: crease' 'Description: exact counts of the linear regions of networks' \
	 'Version: $(VERSION)' 'Requires.private: $(MODULES)' \
	 'Cflags: -I$${includedir}' 'Libs: -L$${libdir} -lcrease' 'Libs.private: -lglpk -lm -ldl -fopenmp' > $@

deps:
	@scripts/install-deps.sh --check || scripts/install-deps.sh

demo: deps
	@$(MAKE) --no-print-directory $(PROCESSORS) all
	$(BUILD)/crease certify -o $(BUILD)/iris.cert data/iris-4-16-16-3.json
	$(BUILD)/crease-check data/iris-4-16-16-3.json $(BUILD)/iris.cert

# The checker with a proof (verified/README.md).
verified:
	@scripts/install-deps.sh --verified --check || scripts/install-deps.sh --verified
	@$(MAKE) --no-print-directory $(BUILD)/crease-verify

$(BUILD)/crease-verify: $(wildcard verified/*.v verified/*.ml) verified/build.sh
	$(call say,COQ,$@)
	$(Q)verified/build.sh $(BUILD)

$(BUILD)/tests/%: $(call object,$(SUPPORT_SOURCES)) $(BUILD)/libcrease.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(CHECK_LIBS) $(LIBS) -o $@

# The folder of each is in its source alone.
$(foreach source,$(TEST_SOURCES) tests/net/fuzz_json.c tests/net/read_many.c,$(eval \
	$(BUILD)/tests/$(basename $(notdir $(source))): $(call object,$(source))))

# Of crease-check, which is not in the library.
$(BUILD)/tests/test_words $(BUILD)/tests/test_word_flats: $(call object,tests/cert/words.c $(addprefix src/check/,near.c near_flat.c near_count.c algebra.c count.c base.c))

# Linked in the place of GLPK (hostile.c), lp/bounded.c (hostile_box.c) and lp/nearest.c
# (hostile_nearest.c): the linker prefers the program's own symbols to those of the library.
HOSTILE := tests/hunt/hostile.c tests/hunt/hostile_box.c tests/hunt/hostile_nearest.c
$(BUILD)/tests/test_cone_meet_hostile: $(call object,tests/lp/test_cone_meet.c tests/hunt/hostile_nearest.c tests/hunt/spoil.c)
$(BUILD)/tests/test_boxed_hostile: $(call object,tests/lp/test_boxed.c tests/hunt/hostile_box.c tests/hunt/hostile_nearest.c tests/hunt/spoil.c)
$(BUILD)/tests/test_wide_hostile: $(call object,tests/regions/test_wide.c tests/hunt/hostile_box.c tests/hunt/hostile_nearest.c tests/hunt/spoil.c)
$(BUILD)/tests/test_boxed_support_hostile: $(call object,tests/lp/test_boxed_support.c tests/hunt/hostile_box.c tests/hunt/spoil.c)

# The hunt; PROPOSER=hostile has an adversary in the place of each proposer.
HUNTER := $(BUILD)/tests/$(if $(filter hostile,$(PROPOSER)),hunt-hostile,hunt)
HUNT_SOURCES := $(filter-out $(HOSTILE) tests/hunt/spoil.c,$(wildcard tests/hunt/*.c))
$(BUILD)/tests/hunt $(BUILD)/tests/hunt-hostile: $(call object,$(HUNT_SOURCES) $(SUPPORT_SOURCES)) $(BUILD)/libcrease.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(CHECK_LIBS) $(LIBS) -o $@

$(BUILD)/tests/hunt-hostile: $(call object,$(HOSTILE) tests/hunt/spoil.c)

SECONDS ?= 60
KEEP ?= tests/regress
hunt: $(HUNTER) $(BUILD)/crease-check
	OMP_WAIT_POLICY=passive $(HUNTER) --seconds $(SECONDS) $(if $(SEED),--seed $(SEED)) --keep $(KEEP) \
	 --check $(BUILD)/crease-check --second tests/cert/check.py $(if $(filter hostile,$(PROPOSER)),--slow --limit 60) $(HUNT)

# crease-check within a program, which runs it many times: tests/fuzz/checker.c has what ends it and
# its memory.
CHECKER := $(patsubst %.c,$(BUILD)/obj/hooked/%.o,$(filter-out src/check/main.c src/check/base.c,$(wildcard src/check/*.c)))
$(BUILD)/obj/hooked/%.o: ALL_CFLAGS += $(if $(filter release,$(MODE)),-O1)
$(BUILD)/obj/hooked/%.o: %.c Makefile tests/fuzz/hooks.h
	@mkdir -p $(@D)
	$(call say,CC,$< for tests/fuzz)
	$(Q)$(CC) $(ALL_CFLAGS) -DFUZZ_HOOKED -include tests/fuzz/hooks.h -MMD -MP -c $< -o $@

FUZZ_SHARED := $(call object,tests/fuzz/fuzz.c tests/fuzz/checker.c) $(CHECKER) $(BUILD)/libcrease.a
$(BUILD)/tests/exhaust: $(call object,tests/fuzz/exhaust.c) $(FUZZ_SHARED)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# The fuzz targets, in MODE=fuzz.
$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_SHARED)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) $^ $(LIBS) -o $@

FUZZ_TARGETS := $(filter-out fuzz checker exhaust,$(basename $(notdir $(wildcard tests/fuzz/*.c))))
fuzz:
	@$(MAKE) --no-print-directory $(PROCESSORS) MODE=fuzz build-fuzz/crease \
	 $(addprefix build-fuzz/fuzz/,$(or $(TARGET),$(FUZZ_TARGETS)))
	@tests/fuzz/run.sh $(SECONDS) $(or $(TARGET),$(FUZZ_TARGETS))

tests: $(TESTS) $(BUILD)/tests/fuzz_json $(BUILD)/tests/read_many $(BUILD)/tests/exhaust

check-cluster: all
	BUILD=$(BUILD) tests/job/check_cluster.sh

check: demo
	@$(MAKE) --no-print-directory $(PROCESSORS) tests
	@BUILD=$(BUILD) MODE=$(MODE) tests/run.sh
	@$(if $(filter release,$(MODE)),$(MAKE) --no-print-directory $(PROCESSORS) MODE=shadow REUSE=yes check-shadow)

check-long: demo
	@$(MAKE) --no-print-directory $(PROCESSORS) tests
	@BUILD=$(BUILD) MODE=$(MODE) CREASE_LONG=1 tests/run.sh
	@$(if $(filter release,$(MODE)),$(MAKE) --no-print-directory MODE=shadow check)
	@$(if $(filter release,$(MODE)),$(MAKE) --no-print-directory MODE=small check-small)

# A sample of the tests, every filtered decision checked.
check-shadow: $(if $(REUSE),build,$(BUILD))/crease-check $(BUILD)/tests/test_shadow
	@BUILD=$(BUILD) MODE=$(MODE) SUITE=shadow CREASE_CHECK=$< tests/run.sh

# A sample with tiny capacities.
check-small: all tests
	@BUILD=$(BUILD) MODE=$(MODE) SUITE=small tests/run.sh

$(BUILD)/naive: tests/bench/naive.c tests/bench/plain_net.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c11 -O2 -ffp-contract=off $^ -lglpk -ljansson -lm -o $@

$(BUILD)/bench: tests/bench/bench.c tests/bench/measure.c tests/bench/plain_net.c tests/support/random_net.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c11 -O2 -ffp-contract=off $^ -ljansson -lm -o $@

BENCH ?= --engines walk,split --limit-seconds 4
bench: all $(BUILD)/naive $(BUILD)/bench
	$(BUILD)/bench --naive $(BUILD)/naive --crease $(BUILD)/crease --check $(BUILD)/crease-check --data data $(BENCH)

# Experiments of the literature (doc/experiments.md), the quick form or all of it.
experiments experiments-full: all
	@code=0; for run in experiments/*/run.py; do \
	    $(PYTHON) $$run $(if $(filter %-full,$@),--full) || code=1; \
	done; exit $$code

# The Python package goes where the system's Python looks below PREFIX.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
PYTHONDIR ?= $(eval PYTHONDIR := $$(shell $(PYTHON) scripts/python_directory.py '$(PREFIX)' 2>/dev/null))$(PYTHONDIR)
to = $(DESTDIR)$(PREFIX)
share = $(to)/share
doc = $(share)/doc/crease

# Directory, mode and files of all that is copied: $(1) is what to do with them.
define each_directory
$(call $(1),$(to)/bin,755,$(BUILD)/crease $(MPI_PROGRAM) $(BUILD)/crease-check)
$(call $(1),$(to)/lib,644,$(BUILD)/libcrease.a)
$(call $(1),$(to)/include,644,$(HEADERS))
$(call $(1),$(share)/man/man1,644,$(if $(MPI_PROGRAM),$(MANUALS),$(filter-out %/crease-mpi.1,$(MANUALS))))
$(call $(1),$(share)/bash-completion/completions,644,$(BUILD)/completions/crease)
$(call $(1),$(share)/zsh/site-functions,644,$(BUILD)/completions/_crease)
$(call $(1),$(share)/crease/slurm,755,$(wildcard scripts/slurm/*.sh))
$(call $(1),$(doc),644,README.md CONTRIBUTING.md NEWS.md CITATION.cff LICENSE)
$(call $(1),$(doc)/doc,644,$(wildcard doc/*.md))
$(call $(1),$(doc)/doc/figures,644,$(wildcard doc/figures/*.*))
$(call $(1),$(doc)/data/figures,644,$(wildcard data/figures/*.*))
$(call $(1),$(doc)/src/check,644,src/check/FORMAT.md)
$(if $(PYTHONDIR),$(call $(1),$(DESTDIR)$(PYTHONDIR)/crease,644,$(wildcard python/crease/*.py) python/crease/py.typed))
endef
define copy
install -d $(1)
install -m $(2) $(3) $(1)

endef
define remove
rm -f $(addprefix $(1)/,$(notdir $(3)))

endef

install: all
	$(call each_directory,copy)
	install -m 755 $(BUILD)/libcrease.so $(to)/lib/libcrease.so.$(SOVERSION)
	ln -sf libcrease.so.$(SOVERSION) $(to)/lib/libcrease.so
	install -d $(to)/lib/pkgconfig
	sed 's|^prefix=.*|prefix=$(PREFIX)|' $(BUILD)/crease.pc > $(to)/lib/pkgconfig/crease.pc
	sed 's|^local root = .*|local root = "$(PREFIX)"|' scripts/slurm/crease.lua > $(share)/crease/slurm/crease.lua
	ln -sf crease $(share)/bash-completion/completions/crease-check
	ln -sf crease $(share)/bash-completion/completions/crease-mpi
	$(if $(PYTHONDIR),,@echo "not installed: the Python package; there is no $(PYTHON)")

# Also what another machine's MPI built.
uninstall: MPI_PROGRAM = $(BUILD)/crease-mpi
uninstall:
	$(call each_directory,remove)
	rm -f $(to)/lib/libcrease.so $(to)/lib/libcrease.so.$(SOVERSION) $(to)/lib/pkgconfig/crease.pc
	rm -f $(share)/crease/slurm/crease.lua
	rm -f $(addprefix $(share)/bash-completion/completions/,crease-check crease-mpi)
	$(if $(PYTHONDIR),rm -rf $(DESTDIR)$(PYTHONDIR)/crease/__pycache__)
	-rmdir $(doc)/doc/figures $(doc)/doc $(doc)/data/figures $(doc)/data $(doc)/src/check $(doc)/src $(doc) $(share)/crease/slurm $(share)/crease $(if $(PYTHONDIR),$(DESTDIR)$(PYTHONDIR)/crease)

clean:
	rm -rf build build-debug build-shadow build-small build-asan build-fuzz build-tsan build-cov build-clang build-no-avx512 build-no-clones

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
