#!/bin/sh -eu
# trim.sh <folder>: takes out what no process reads, and compiles the rest. With SOURCE_DATE_EPOCH the outcome is the same
# whenever it runs.
cd "$1"
find . -type f -regex '.*\.so[.0-9]*' -exec strip --strip-unneeded {} +
find . -type d \( -name test -o -name tests -o -name testing \) -prune -exec rm -r {} +
find . -regex '.*\.\(c\|cpp\|h\|pxd\|pxi\|pyi\|pyx\)' -delete
find . -path '*/babel/locale-data/*' ! -name 'root.dat' ! -name 'en*' ! -name 'zh*' -delete
find . -path '*/pygments/lexers/*.py' ! -name '__init__.py' ! -name '_mapping.py' ! -name 'python.py' -delete
python -m compileall -q .
if [ "${SOURCE_DATE_EPOCH:-}" ]; then
  find . -newermt "@$SOURCE_DATE_EPOCH" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
fi
