daqstream is licensed under the Apache License, Version 2.0; see LICENSE and NOTICE.
It comes with these libraries of others, each with its own notices in its META-INF:

<#list dependencyMap as e>
<#assign project = e.getKey()/>
${project.artifactId} ${project.version}
  ${e.getValue()?join(" or ")}
  ${project.url!"no page"}

</#list>
