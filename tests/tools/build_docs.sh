#!/bin/sh
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Build the HTML documentation of modules, roles, filters and guides in .cache/docs, in an environment of its own.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
docs=$root/.cache/docs

rm -rf "$docs/rst" "$docs/build" "$docs/temp-rst" "$docs/conf.py"
mkdir -p "$docs"
antsibull-docs sphinx-init --use-current --squash-hierarchy --lenient --dest-dir "$docs" hyperv.integration > /dev/null
[ -x "$docs/venv/bin/python" ] || python -m venv "$docs/venv"
"$docs/venv/bin/python" -m pip install -qq -r "$docs/requirements.txt"
cd "$docs" && PATH="$docs/venv/bin:$PATH" ./build.sh
echo "file://$docs/build/html/index.html"
