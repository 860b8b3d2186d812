/**
 * The register: {@link org.daqstream.stream.register.internal.Transports} and {@link
 * org.daqstream.stream.register.internal.Deployments} are what there is, {@link
 * org.daqstream.stream.register.internal.InstanceClient} with its {@link
 * org.daqstream.stream.register.internal.OpenStream}s and its {@link
 * org.daqstream.stream.support.EventLoop} is what a module uses, {@link
 * org.daqstream.stream.register.internal.Register} ties them together. The components are thin.
 */
package org.daqstream.stream.register.internal;
