#!/bin/bash
# Starts the gateway once, with settings that lead nowhere, so that Node writes what it compiled beside the bundle. Run as
# the user that will run it and with the same flags: Node keeps a cache for each user and set of flags, and the image's
# files cannot be written later.
set -euo pipefail
cd "$(dirname "$0")/../.."
AZURE_TENANT_ID=warm-up AZURE_CLIENT_ID=warm-up AZURE_CLIENT_SECRET=warm-up AZURE_AUTHORITY_HOST=http://127.0.0.1:9 \
  HOST=127.0.0.1 PORT=0 SHUTDOWN_DRAIN_MS=0 LOG_LEVEL=silent NODE_ENV=production \
  timeout --preserve-status --signal=TERM --kill-after=20 5 \
  node --no-allocation-site-pretenuring dist/gateway/main.js
test -n "$(find dist/node_modules/.cache -type f -print -quit)"
