/**
 * Stream type {@code null}. {@code null} is a reserved word, hence the underscore in the package
 * name.
 */
package org.daqstream.transport.null_.internal;
