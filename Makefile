# Every target is one verb of build/setup.py, which works without make as well.
PYTHON ?= python3
ARGS ?=

.PHONY: demo test test-windows bench templates rulesets addins manual clean

demo test test-windows bench templates rulesets addins manual clean:
	@$(PYTHON) build/setup.py $@ $(ARGS)
