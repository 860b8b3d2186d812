/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.daqstream.ops.api.Metric.Bucket;
import org.daqstream.ops.api.Metric.Sample;

/**
 * Metrics as attributes of MBeans: one bean for each subject, named by its labels. Attributes have
 * the metric's name in camel case, {@code SentBytes} of {@code daqstream_server_sent_bytes_total};
 * a label of the metric's own is added ({@code EventsTooSlow}).
 */
final class BeanValues {
  private static final String DOMAIN = "org.daqstream";

  /** What would end a value in an object name, or make a pattern of it. */
  private static final String SPECIAL = ",=:\"*?\n";

  private final Map<ObjectName, Map<String, Object>> beans = new LinkedHashMap<>();

  /** The attributes of every bean there should be. */
  static Map<ObjectName, Map<String, Object>> of(Metrics metrics) {
    BeanValues values = new BeanValues();
    metrics
        .byDefinition()
        .forEach(
            (definition, samples) -> samples.forEach(sample -> values.add(definition, sample)));
    return values.beans;
  }

  private void add(Definition definition, Sample sample) {
    Map<String, Object> attributes =
        beans.computeIfAbsent(name(definition.subject, sample), key -> new TreeMap<>());
    if (definition.isInfo()) {
      for (int i = definition.subject.labels.size(); i < definition.labels.size(); i++) {
        attributes.put(camelCase(definition.labels.get(i)), sample.labelValues().get(i));
      }
      return;
    }
    String attribute = attribute(definition, sample.labelValues());
    switch (definition.type) {
      case COUNTER -> attributes.put(attribute, (long) sample.value());
      case GAUGE -> attributes.put(attribute, gauge(definition, sample.value()));
      case HISTOGRAM -> histogram(attribute, sample, attributes);
    }
  }

  /** A number of things is a whole one for JMX too. */
  private static Number gauge(Definition definition, double value) {
    if (definition.metricName.endsWith("_ratio") || definition.metricName.endsWith("_seconds")) {
      return value;
    }
    return (long) value;
  }

  private static void histogram(String name, Sample sample, Map<String, Object> attributes) {
    List<Bucket> buckets = sample.buckets();
    attributes.put(name + "Count", buckets.get(buckets.size() - 1).count());
    attributes.put(name + "Sum", sample.value());
    attributes.put(name + "P50Max", quantile(buckets, 0.5));
    attributes.put(name + "P99Max", quantile(buckets, 0.99));
  }

  /** The bound that so many observations were not above. */
  private static double quantile(List<Bucket> buckets, double share) {
    long count = buckets.get(buckets.size() - 1).count();
    return buckets.stream()
        .filter(bucket -> bucket.count() >= share * count)
        .mapToDouble(Bucket::bound)
        .filter(bound -> count > 0)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String attribute(Definition definition, List<String> labelValues) {
    String name =
        definition
            .metricName
            .replaceFirst("^daqstream_(server|client|signal|stream|metrics)_", "")
            .replaceFirst("_total$", "");
    for (String value : labelValues.subList(definition.subject.labels.size(), labelValues.size())) {
      name = name + "_" + value;
    }
    return camelCase(name);
  }

  private static String camelCase(String words) {
    return Arrays.stream(words.split("_"))
        .filter(word -> !word.isEmpty())
        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining());
  }

  /** For example {@code org.daqstream:type=Client,server=default,client=1f…}. */
  private static ObjectName name(Subject subject, Sample sample) {
    StringBuilder name = new StringBuilder(DOMAIN + ":type=" + subject.beanType);
    for (int i = 0; i < subject.labels.size(); i++) {
      name.append(',')
          .append(subject.labels.get(i))
          .append('=')
          .append(quoted(sample.labelValues().get(i)));
    }
    try {
      return new ObjectName(name.toString());
    } catch (MalformedObjectNameException e) {
      throw new IllegalStateException(name.toString(), e); // all that is special is quoted
    }
  }

  private static String quoted(String value) {
    return value.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0) ? ObjectName.quote(value) : value;
  }
}
