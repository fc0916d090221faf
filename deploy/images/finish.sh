#!/bin/sh -eu
# finish.sh <package> <root>...: installs the package beside the chassis, leaves of the environment what the roots need,
# and compiles all. With SOURCE_DATE_EPOCH the outcome is the same whenever it runs.
package=$1
shift
export PYTHONPATH=$(echo /build/venv/lib/python3*/site-packages)
pip="/build/venv/bin/pip --python .venv/bin/python"
$pip install --quiet --no-deps --no-build-isolation -e ./chassis -e "./$package"
.venv/bin/python /build/unneeded.py "$@" "sqlalchemy[asyncio]" | xargs $pip uninstall --quiet --yes
unset PYTHONPATH
.venv/bin/python -m compileall -q .
if [ "${SOURCE_DATE_EPOCH:-}" ]; then
  find . -newermt "@$SOURCE_DATE_EPOCH" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
fi
