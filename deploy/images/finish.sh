#!/bin/sh -eu
# finish.sh <package> <root>...: installs the package beside the chassis, leaves of the environment what the roots need,
# lists that as an SBOM, takes out what no process reads, and compiles all. With SOURCE_DATE_EPOCH the outcome is the same whenever it runs.
package=$1
shift
tools=$(echo /build/venv/lib/python3*/site-packages)
pip="/build/venv/bin/pip --python .venv/bin/python"
PYTHONPATH=$tools $pip install --quiet --no-deps --no-build-isolation -e ./chassis -e "./$package"
PYTHONPATH=$tools .venv/bin/python /build/unneeded.py "$@" "sqlalchemy[asyncio]" | xargs $pip uninstall --quiet --yes
/build/venv/bin/cyclonedx-py environment --output-reproducible --output-file sbom.cdx.json .venv/bin/python
find .venv -name '*.so*' -exec strip --strip-unneeded {} +
find .venv -regex '.*\.\(c\|cpp\|h\|pxd\|pxi\|pyi\|pyx\)' -delete
find .venv -path '*/babel/locale-data/*' ! -name 'root.dat' ! -name 'en*' ! -name 'zh*' -delete
.venv/bin/python -m compileall -q .
if [ "${SOURCE_DATE_EPOCH:-}" ]; then
  find . -newermt "@$SOURCE_DATE_EPOCH" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
fi
