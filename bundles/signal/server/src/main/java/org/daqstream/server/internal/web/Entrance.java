/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.security.api.Credentials;
import org.daqstream.security.api.Identity;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.access.Roles;
import org.daqstream.server.internal.fanout.Client;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.Farewell;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who comes in and what he may do, and looks after whoever is in: who is not known any more
 * has to leave, and rights that change hold at once. Any thread.
 */
public final class Entrance {
  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

  /**
   * For each way to log in: whoever knows people may take long, and most of the pool's threads are
   * for clients.
   */
  private static final int ASKED_AT_A_TIME = 4;

  private static final int KNOWN_PER_MINUTE = 100;

  private final Authenticators authenticators;
  private final Roles roles;
  private final FanOut fanOut;
  private final ServerStatistics statistics;
  private final Sessions sessions = new Sessions(System::nanoTime);
  private final Way tokens = new Way();
  private final Way passwords = new Way();
  private final Way certificates = new Way();
  private final Map<Client, Guest> inside = new ConcurrentHashMap<>();
  private final LimitedLog known = new LimitedLog(LOG::info, KNOWN_PER_MINUTE);
  private final AtomicLong looks = new AtomicLong();
  private final Runnable changed = this::sweep;
  private volatile LoginTerms terms;

  /**
   * A way to log in, with what is counted of it: neither wrong logins of another one nor those that
   * take long hold it up.
   */
  private static final class Way {
    private final Failures failures = new Failures(System::nanoTime);
    private final Semaphore asking = new Semaphore(ASKED_AT_A_TIME);
  }

  /** Who is in, and what he publishes. */
  private static final class Guest {
    private final Visitor visitor;
    private final PeerInput published;
    private final Supplier<String> objection;
    private Rights rights; // that he has, or will have in a moment; guarded by this
    private long look; // the last one that counted; guarded by this

    Guest(Visitor visitor, PeerInput published, Supplier<String> objection, Rights rights) {
      this.visitor = visitor;
      this.published = published;
      this.objection = objection;
      this.rights = rights;
    }
  }

  /** A visitor, or why there is none. */
  record Decision(Visitor visitor, int status, String refusal, long retryS) {
    static Decision let(Visitor visitor) {
      return new Decision(visitor, 0, "", 0);
    }

    static Decision refuse(int status, String why) {
      return new Decision(null, status, why, 0);
    }

    boolean isRefused() {
      return visitor == null;
    }
  }

  public Entrance(
      Authenticators authenticators,
      Roles roles,
      FanOut fanOut,
      ServerStatistics statistics,
      LoginTerms terms) {
    this.authenticators = authenticators;
    this.roles = roles;
    this.fanOut = fanOut;
    this.statistics = statistics;
    this.terms = terms;
  }

  /** Begins to hear of rights that change, until its {@link #end}. */
  public void begin() {
    authenticators.changes().add(changed);
    roles.changes().add(changed);
  }

  public void end() {
    authenticators.changes().remove(changed);
    roles.changes().remove(changed);
  }

  public void setTerms(LoginTerms newTerms) {
    terms = newTerms;
    sweep();
  }

  boolean isLoginNeeded() {
    return terms.isNeeded();
  }

  Sessions sessions() {
    return sessions;
  }

  /** Decides on a request, at once or on a thread that may block. */
  void decide(Request request, InetAddress address, Consumer<Decision> then) {
    Credentials credentials = ShownCredentials.of(request, address);
    if (credentials != null && !authenticators.isEmpty()) {
      ask(request, credentials, then);
    } else {
      then.accept(withoutCredentials(request, address));
    }
  }

  private Decision withoutCredentials(Request request, InetAddress address) {
    if (!terms.isNeeded()) {
      return Decision.let(Visitor.ANONYMOUS);
    }
    return session(request, address)
        .map(Decision::let)
        .orElseGet(() -> Decision.refuse(HttpStatus.UNAUTHORIZED_401, "login needed"));
  }

  /** Who has the session that a browser names; empty if there is none. */
  Optional<Visitor> session(Request request, InetAddress address) {
    int port = portOf(request);
    return SessionCookie.idsIn(request, port).stream()
        .flatMap(id -> sessions.find(id, port, address).stream())
        .filter(visitor -> authenticators.current(visitor).isPresent())
        .findFirst();
  }

  /** The port of ours that a request came to. */
  static int portOf(Request request) {
    return request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress our
        ? our.getPort()
        : 0;
  }

  /** Looks who has credentials, on a thread that may block. */
  void ask(Request request, Credentials credentials, Consumer<Decision> then) {
    Way way = wayOf(credentials);
    long waitS = way.failures.waitS(credentials.address());
    if (waitS > 0) {
      then.accept(
          new Decision(
              null,
              HttpStatus.TOO_MANY_REQUESTS_429,
              "too many wrong logins from this address, try again in " + waitS + " s",
              waitS));
      return;
    }
    if (!way.asking.tryAcquire()) {
      then.accept(Decision.refuse(HttpStatus.SERVICE_UNAVAILABLE_503, "busy with other logins"));
      return;
    }
    boolean isGuess = isGuess(request, credentials);
    try {
      request
          .getComponents()
          .getExecutor()
          .execute(() -> then.accept(answered(request, credentials, way, isGuess)));
    } catch (RejectedExecutionException e) {
      way.asking.release();
      throw e;
    }
  }

  private Way wayOf(Credentials credentials) {
    if (!credentials.certificateSubjects().isEmpty()) {
      return certificates;
    }
    return credentials.user().isEmpty() ? tokens : passwords;
  }

  private Decision answered(Request request, Credentials credentials, Way way, boolean isGuess) {
    Optional<Visitor> visitor;
    try {
      visitor = authenticators.authenticate(credentials);
    } finally {
      way.asking.release();
    }
    if (way == certificates) { // proved, so no guess; and a browser that shows one may be in
      return visitor
          .map(Decision::let)
          .orElseGet(() -> withoutCredentials(request, credentials.address()));
    }
    if (visitor.isPresent()) {
      if (way == tokens) { // else who has one password could guess others for ever
        tokens.failures.succeeded(credentials.address());
      }
      return Decision.let(visitor.get());
    }
    if (isGuess) {
      way.failures.failed(credentials.address(), credentials.token());
    }
    return Decision.refuse(HttpStatus.UNAUTHORIZED_401, "wrong login");
  }

  /**
   * A page of others can have a browser get any address here, with a token in its path, and would
   * have everybody there wait. Such tokens are too long to be guessed.
   */
  private static boolean isGuess(Request request, Credentials credentials) {
    boolean isEmpty = credentials.token().isEmpty() && credentials.user().isEmpty();
    boolean maybeOfAPage =
        !HttpHandler.isUpgrade(request)
            && !HttpMethod.POST.is(request.getMethod())
            && !request.getHeaders().contains(HttpHeader.AUTHORIZATION);
    return !isEmpty && !maybeOfAPage;
  }

  /** What a visitor may do now; empty if he has to leave. */
  Optional<Rights> rightsOf(Visitor visitor) {
    if (visitor.isAnonymous()) {
      return terms.isNeeded()
          ? Optional.empty()
          : Optional.of(roles.rightsOf(Set.of(terms.anonymousRole())));
    }
    if (visitor.session() != null && !sessions.isAlive(visitor.session())) {
      return Optional.empty();
    }
    return authenticators.current(visitor).map(identity -> roles.rightsOf(identity.roles()));
  }

  /**
   * A visitor has become a client, which is not greeted yet.
   *
   * @param objection what its connection cannot stay for, whoever it is; empty for nothing
   */
  void entered(Client client, Visitor visitor, PeerInput published, Supplier<String> objection) {
    Rights rights = rightsOf(visitor).orElse(Rights.NONE); // who has to leave does so soon
    client.setFirstRights(rights);
    Guest guest = new Guest(visitor, published, objection, rights);
    inside.put(client, guest);
    look(client, guest); // what changed before he was inside
    if (!visitor.isAnonymous()) {
      Identity identity = visitor.identity();
      Set<String> unknown = roles.unknown(identity.roles());
      known.say(
          () ->
              "%s is %s, roles %s%s"
                  .formatted(
                      client.identity().name(),
                      identity.name(),
                      identity.roles(),
                      unknown.isEmpty() ? "" : ", of which nobody has configured " + unknown));
    }
  }

  void left(Client client) {
    inside.remove(client);
  }

  /** Looks after those who are in; called several times a second, and when rights have changed. */
  public void sweep() {
    sessions.sweep();
    inside.forEach(this::look);
  }

  private void look(Client client, Guest guest) {
    long number = looks.incrementAndGet();
    String objection = guest.objection.get();
    if (!objection.isEmpty()) {
      sendAway(client, guest, objection);
      return;
    }
    rightsOf(guest.visitor)
        .ifPresentOrElse(
            rights -> change(client, guest, rights, number),
            () ->
                sendAway(
                    client,
                    guest,
                    guest.visitor.isAnonymous() ? "login needed" : "the login has ended"));
  }

  /** A look that began before another one may have seen what holds no more, and counts no more. */
  private void change(Client client, Guest guest, Rights rights, long look) {
    synchronized (guest) {
      boolean isNews = look > guest.look && !rights.equals(guest.rights);
      guest.look = Math.max(look, guest.look);
      if (isNews) {
        guest.rights = rights;
        fanOut.submit(
            () -> {
              fanOut.clients().setRights(client, rights);
              guest.published.rightsChanged();
            });
      }
    }
  }

  private void sendAway(Client client, Guest guest, String why) {
    fanOut.submit(
        () -> {
          boolean isGreeted = fanOut.clients().all().contains(client); // else next time
          if (isGreeted && inside.remove(client, guest)) {
            statistics.denied(client, why);
            client.setFirstRights(Rights.NONE); // it may go on to publish until it has closed
            fanOut.clients().close(client, Farewell.forbidden(why));
          }
        });
  }

  /** Header fields of a refusal. */
  static List<Map.Entry<String, String>> fields(Decision decision) {
    return switch (decision.status()) {
      case HttpStatus.UNAUTHORIZED_401 ->
          List.of(Map.entry(HttpHeader.WWW_AUTHENTICATE.asString(), "Bearer realm=\"daqstream\""));
      case HttpStatus.TOO_MANY_REQUESTS_429 ->
          List.of(Map.entry(HttpHeader.RETRY_AFTER.asString(), String.valueOf(decision.retryS())));
      default -> List.of();
    };
  }
}
