#!/bin/sh
# Runs the project in the working directory with the configuration that CONFIG_FILE
# names below config/. Further arguments are passed on, e.g. --validate.
set -eu
# In place of this shell, so that a stop reaches the collector itself.
exec devo-collector --config "${CONFIG_FILE:-config.yaml}" "$@"
