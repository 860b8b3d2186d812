/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/** The judgement of Java, with one sentence for what is wrong. */
final class ExplainedTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager judge;

  ExplainedTrust(X509ExtendedTrustManager judge) {
    this.judge = judge;
  }

  /** One form of the question. */
  @FunctionalInterface
  private interface Question {
    void ask() throws CertificateException;
  }

  private static void judge(
      X509Certificate[] chain, String host, Question question, Question withoutName)
      throws CertificateException {
    try {
      question.ask();
    } catch (CertificateException e) {
      throw new CertificateException(explained(chain, host, e, withoutName), e);
    }
  }

  private static String explained(
      X509Certificate[] chain, String host, CertificateException cause, Question withoutName) {
    Instant now = Instant.now();
    for (X509Certificate certificate : chain) {
      Optional<String> problem = CertificateText.problemOfTime(certificate, now);
      if (problem.isPresent()) {
        return "the certificate of " + CertificateText.subject(certificate) + " " + problem.get();
      }
    }
    String subject = "the certificate of " + CertificateText.subject(chain[0]);
    if (!host.isEmpty() && passes(withoutName)) {
      return subject + " is for " + CertificateText.names(chain[0]) + ", not for " + host;
    }
    X509Certificate last = chain[chain.length - 1];
    String words = String.valueOf(cause.getMessage());
    if (!words.contains("unable to find valid certification path") && !words.contains("no trust")) {
      return subject + " is not accepted: " + words;
    }
    return last.equals(chain[0])
            && last.getIssuerX500Principal().equals(last.getSubjectX500Principal())
        ? subject + " is signed by itself, which is not trusted"
        : subject + " is issued by " + CertificateText.issuer(last) + ", which is not trusted";
  }

  private static boolean passes(Question question) {
    try {
      question.ask();
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  private static String host(SSLSession session) {
    return session == null || session.getPeerHost() == null ? "" : session.getPeerHost();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    judge(
        chain,
        host(engine.getHandshakeSession()),
        () -> judge.checkServerTrusted(chain, type, engine),
        () -> judge.checkServerTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    judge(
        chain,
        socket instanceof SSLSocket tls ? host(tls.getHandshakeSession()) : "",
        () -> judge.checkServerTrusted(chain, type, socket),
        () -> judge.checkServerTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    Question question = () -> judge.checkServerTrusted(chain, type);
    judge(chain, "", question, question);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    Question question = () -> judge.checkClientTrusted(chain, type, engine);
    judge(chain, "", question, question);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    Question question = () -> judge.checkClientTrusted(chain, type, socket);
    judge(chain, "", question, question);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    Question question = () -> judge.checkClientTrusted(chain, type);
    judge(chain, "", question, question);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }
}
