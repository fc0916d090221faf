#!/bin/sh -eu
# finish.sh <package> <root>...: installs the package beside the chassis, leaves of the environment what the roots need,
# and lists that as an SBOM.
package=$1
shift
tools=$(echo /build/venv/lib/python3*/site-packages)
pip="/build/venv/bin/pip --python .venv/bin/python"
PYTHONPATH=$tools $pip install --quiet --no-deps --no-build-isolation -e ./chassis -e "./$package"
PYTHONPATH=$tools .venv/bin/python /build/unneeded.py "$@" "sqlalchemy[asyncio]" | xargs $pip uninstall --quiet --yes
/build/venv/bin/cyclonedx-py environment --output-reproducible --output-file sbom.cdx.json .venv/bin/python
/build/trim.sh .
