#!/usr/bin/env bash
# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# What:     org.apache.parquet:parquet-format-structures 1.18.1 with all that its pom asks for
#           (javax.annotation-api), writing a footer by its own Util.
# Expected: it writes, or its pom asks for what it needs.
# Happens:  NoClassDefFoundError: org/slf4j/LoggerFactory, of the Thrift that is inside; its other
#           transports need no log.
# For us:   our recordings hand it a transport of their own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>seen</groupId>
  <artifactId>seen</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.parquet</groupId>
      <artifactId>parquet-format-structures</artifactId>
      <version>1.18.1</version>
    </dependency>
  </dependencies>
</project>
XML
"$here/../mvnw" -B -q -f "$folder/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
  -DincludeScope=runtime -DoutputDirectory="$folder/lib"
ls "$folder/lib"
cat >"$folder/Seen.java" <<'JAVA'
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;

class Seen {
  public static void main(String[] args) throws Exception {
    FileMetaData footer = new FileMetaData(1, List.of(), 0, List.of());
    try {
      Util.writeFileMetaData(footer, new ByteArrayOutputStream());
      System.out.println("written");
      System.exit(1);
    } catch (NoClassDefFoundError e) {
      System.out.println(e);
      System.exit(e.getMessage().contains("slf4j") ? 0 : 1);
    }
  }
}
JAVA
java -cp "$folder/lib/*" "$folder/Seen.java"
