#!/bin/sh
# Chromium, and beside it a process that doesn't end by itself; the pipe does, when that has ended.
sleep 600 > "$OFFSPRING_PIPE" &
exec "$CHROMIUM" "$@"
