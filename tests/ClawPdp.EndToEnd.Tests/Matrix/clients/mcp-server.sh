#!/bin/sh
# A server of the Model Context Protocol that answers every request, and keeps each line that reached it in the file $1.
while read -r line; do
  printf '%s\n' "$line" >>"$1"
  id=${line##*\"id\":}
  printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[]}}\n' "${id%%[,\}]*}"
done
