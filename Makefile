# Everything a person does here: make run, make test, make check, make bench. All of it lives in .venv and var/.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help python install install-dev run desktop installer test check bench messages lock clean

help:
	@echo "make run      start econcierge with its demo at http://localhost:8000 (PORT=8080 make run: elsewhere)"
	@echo "make desktop  open the desktop application from this checkout"
	@echo "make installer  build this system's installer into dist/"
	@echo "make test     run all tests"
	@echo "make check    lint, types, contracts, translations, migrations"
	@echo "make bench    run the benchmarks, each beside its peer or floor"
	@echo "make install  only install, into .venv"
	@echo "make messages collect the texts to translate from the sources"
	@echo "make lock     choose new versions of what we build on"
	@echo "make clean    delete all data (var/) and what tools left behind; .venv stays"

install: python
	@$(PYTHON) scripts/install.py run

install-dev: python
	@$(PYTHON) scripts/install.py dev

python:
	@command -v $(PYTHON) >/dev/null || { echo "econcierge needs Python 3.11 or newer, and '$(PYTHON)' was not found. On Debian: sudo apt-get install python3 python3-venv" >&2; exit 1; }

run: install
	@exec $(BIN)/econcierge run

desktop: python
	@$(PYTHON) scripts/install.py desktop
	@exec $(BIN)/econcierge-desktop

installer: python
	@$(PYTHON) scripts/install.py desktop
	@$(BIN)/python installers/build.py $(if $(ROOT),--root $(ROOT))

test: install-dev
	@$(BIN)/python -m pytest --numprocesses auto

check: install-dev
	@$(BIN)/python scripts/check.py

bench: install-dev
	@$(BIN)/python -m bench

messages: install-dev
	@$(BIN)/python scripts/messages.py update

lock: python
	@$(PYTHON) scripts/install.py lock

clean:
	@$(PYTHON) scripts/clean.py
