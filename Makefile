# Every target is one verb of build/setup.py, which works without make as well.
PYTHON ?= python3
ARGS ?=

.PHONY: demo test test-windows test-deb test-native bench templates report-templates rulesets addins manual bundle installer portable deb release clean

demo test test-windows test-deb test-native bench templates report-templates rulesets addins manual bundle installer portable deb release clean:
	@$(PYTHON) build/setup.py $@ $(ARGS)
