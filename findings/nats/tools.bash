# Copyright the daqstream authors.
# SPDX-License-Identifier: Apache-2.0
#
# For the scripts about NATS: makes a temporary folder with nats-server (built by Go 1.26 or newer)
# and jnats, and removes it in the end. Sets folder, server and libraries.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
GOBIN=$folder GOTOOLCHAIN=auto go install github.com/nats-io/nats-server/v2@v2.15.2
server=$folder/nats-server
cat >"$folder/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>seen</groupId>
  <artifactId>seen</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.nats</groupId>
      <artifactId>jnats</artifactId>
      <version>2.26.2</version>
    </dependency>
  </dependencies>
</project>
XML
"$(dirname "${BASH_SOURCE[0]}")/../../mvnw" -B -q -f "$folder/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
  -DincludeScope=runtime -DoutputDirectory="$folder/lib"
libraries="$folder/lib/*"
