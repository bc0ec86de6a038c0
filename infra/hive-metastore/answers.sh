#!/bin/bash
# Whether the metastore lists its databases, which takes PostgreSQL as well: a port that is open proves nothing.
set -euo pipefail
port=${1:-9083}
# Thrift, binary protocol: a call of get_all_databases without arguments.
call='\x80\x01\x00\x01\x00\x00\x00\x11get_all_databases\x00\x00\x00\x00\x00'
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf '%b' "$call" >&3
# A reply begins with 80010002, an exception with 80010003.
answer=$(timeout 5 head -c 4 <&3 | od -An -tx1 | tr -d ' \n')
[ "$answer" = 80010002 ]
