# Every target is one verb of build/setup.py, which works without make as well.
PYTHON ?= python3
ARGS ?=

.PHONY: demo test bench templates rulesets manual clean

demo test bench templates rulesets manual clean:
	@$(PYTHON) build/setup.py $@ $(ARGS)
