#!/bin/bash
# Makes or upgrades the tables of the metastore, then serves them.
set -euo pipefail
here=$(dirname "$0")
classpath="$METASTORE_CONF_DIR:$METASTORE_HOME/lib/*:$here/libraries/*"
opens=()
for package in lang util net nio util.concurrent; do
  opens+=("--add-opens=java.base/java.$package=ALL-UNNAMED")
done

java -Xmx256m "${opens[@]}" -cp "$classpath" \
  org.apache.hadoop.hive.metastore.tools.schematool.MetastoreSchemaTool -dbType postgres -initOrUpgradeSchema
exec java -Xmx512m "${opens[@]}" -cp "$classpath" org.apache.hadoop.hive.metastore.HiveMetaStore
