# Everything a person types. `make help` lists it; each target installs what it needs, when it is not there.

PYTHON ?= python3
BOOTSTRAP = command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found: install Python 3.11 or newer."; exit 1; }; \
	exec $(PYTHON) scripts/bootstrap.py
TOOLS = tests/bench tests/deploy tests/drill tests/scripts
TEMPLATES = --target-version 5.2 $(shell find templates -name '*.html' -o -name '*.xml')
# The settings of a site on the open web, whatever `.env` says.
DEPLOYED = env DEBUG=0 SITE_URL=https://www.example.jp TRUSTED_PROXIES=1 DATABASE_URL=sqlite://:memory: \
	SECRET_KEY="$$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')"
# Debian's stable release changes a version for security only, which a pin would keep out; both users are made in the image.
HADOLINT = --no-color --ignore DL3008 --ignore DL3066

.DEFAULT_GOAL := help
.PHONY: help run dev superuser manage test test-all fuzz validate lighthouse screenshots bench bench-scale \
	drill audit lint format lock

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 14

run: ## Serve the real thing on http://127.0.0.1:8000 (PORT=9000 moves it)
	@$(BOOTSTRAP) -m scripts.start run

dev: ## Serve with DEBUG=1, reloading on every change
	@$(BOOTSTRAP) -m scripts.start dev

superuser: ## Create an editor who may do everything
	@$(BOOTSTRAP) -m scripts.start superuser

manage: ## Run a command of manage.py on the site of `make run` (ARGS="import_jekyll PATH")
	@$(BOOTSTRAP) -m scripts.start manage $(ARGS)

test: ## Test the site on SQLite and PostgreSQL (ARGS="tests/wire -k feed" narrows it)
	@$(BOOTSTRAP) --dev -m scripts.run_tests $(or $(ARGS),$(TOOLS:%=--ignore=%))

test-all: ## Test all of it, for a release: also widths, floods, servers, and the tools of this house
	@$(BOOTSTRAP) --dev -m scripts.run_tests -m "not vnu" $(ARGS)

fuzz: ## Draw new examples for the property tests, for an hour (MINUTES=5 ARGS="tests/text" narrows it)
	@$(BOOTSTRAP) --dev -m scripts.fuzz --minutes $(or $(MINUTES),60) $(ARGS)

validate: ## Check HTML, feeds, sitemaps and structured data of every kind of page
	@$(BOOTSTRAP) --dev -m scripts.validate $(ARGS)

lighthouse: ## Measure four pages as Lighthouse does, on a phone; all scores must be 100 (ARGS="--runs 1")
	@$(BOOTSTRAP) --dev -m scripts.lighthouse $(ARGS)

screenshots: ## Take the pictures of docs/screenshots
	@$(BOOTSTRAP) --dev -m scripts.screenshots

bench: ## Measure what each page and the search cost (ARGS="--size 1000 2500 --database sqlite postgresql")
	@$(BOOTSTRAP) -m bench $(ARGS)

bench-scale: ## Measure it with 100,000 posts (ARGS="--keep DIR" fills the site once for several runs)
	@$(BOOTSTRAP) -m bench --size 100000 $(ARGS)

drill: ## Break the site in the ways it must survive, for half an hour (ARGS="backups saves --database sqlite")
	@$(BOOTSTRAP) --dev -m tests.drill $(ARGS)

audit: ## Look for known vulnerabilities (asks the network) and for secrets; write var/sbom.cdx.json (ARGS=--offline)
	@$(BOOTSTRAP) --dev -m scripts.audit $(ARGS)

lint: ## Check style, types, imports, templates, locks, settings, migrations, scripts and container files; find secrets
	@$(BOOTSTRAP) --dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	@.venv/bin/djade --check $(TEMPLATES)
	.venv/bin/lint-imports --no-logo
	.venv/bin/mypy
	.venv/bin/python -m scripts.lock --check
	.venv/bin/python manage.py check --settings=tests.settings
	$(DEPLOYED) .venv/bin/python manage.py check --deploy --fail-level WARNING
	.venv/bin/python manage.py makemigrations --check --dry-run --settings=tests.settings
	.venv/bin/python -m scripts.lint_migrations
	.venv/bin/python -m scripts.audit --secrets
	for script in .ci/run deploy/backup deploy/restore deploy/compose/*.sh; do bash -n "$$script" || exit 1; done
	.venv/bin/hadolint $(HADOLINT) deploy/Dockerfile
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml

format: ## Put every Python file and template into the house style
	@$(BOOTSTRAP) --dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	@.venv/bin/djade $(TEMPLATES) || true # 1 says that it changed something

lock: ## Compile requirements*.in into locks (ARGS=--upgrade takes newer versions)
	@$(BOOTSTRAP) --dev -m scripts.lock $(ARGS)
