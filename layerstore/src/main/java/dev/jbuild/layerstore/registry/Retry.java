package dev.jbuild.layerstore.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// When to try once more, and after how long.
final class Retry {
    private static final int LONGEST_BACK_OFF = 16;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(2);
    private static final int CONNECT_ATTEMPTS = 2;

    private final RegistryOptions options;
    private final int attempts;
    private int failures;

    Retry(RegistryOptions options) {
        this(options, options.attempts());
    }

    private Retry(RegistryOptions options, int attempts) {
        this.options = options;
        this.attempts = attempts;
    }

    /// For a request whose failure is met by sending another one.
    static Retry never(RegistryOptions options) {
        return new Retry(options, 1);
    }

    /// For a mirror: one more attempt, since the registry itself can be asked instead.
    static Retry once(RegistryOptions options) {
        return new Retry(options, Math.min(2, options.attempts()));
    }

    /// Whether this status says "not now" and no more.
    static boolean isTransient(int status) {
        return switch (status) {
            case 408, 425, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /// Forgets past failures, since things went well for a while.
    void reset() {
        failures = 0;
    }

    /// Waits before the next attempt after this status.
    ///
    /// @return whether there is to be a next attempt
    boolean again(Reply reply) throws InterruptedIOException {
        if (!isTransient(reply.status())) {
            return false;
        }
        Duration asked = retryAfter(reply);
        if (asked != null && asked.compareTo(LONGEST_RETRY_AFTER) > 0) {
            return false;
        }
        return again(attempts, asked);
    }

    /// Waits before the next attempt after this failure of the connection.
    ///
    /// @return whether there is to be a next attempt
    boolean again(IOException failure) throws InterruptedIOException {
        return switch (failure) {
            case InterruptedIOException interrupted -> throw interrupted;
            // Trying again changes neither a certificate nor a protocol.
            case SSLException tls when !isReset(tls) -> false;
            case ProtocolException protocol -> false;
            // Nobody there, or no such name: mostly a typing error, so do not let people wait for its
            // message.
            case ConnectException refused -> again(Math.min(CONNECT_ATTEMPTS, attempts), null);
            case HttpConnectTimeoutException late -> again(Math.min(CONNECT_ATTEMPTS, attempts), null);
            default -> again(attempts, null);
        };
    }

    private static boolean isReset(SSLException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("reset") || message.contains("closed") || message.contains("EOF");
    }

    private boolean again(int most, @Nullable Duration asked) throws InterruptedIOException {
        if (++failures >= most) {
            return false;
        }
        long longest = options.firstDelay().toNanos() * Math.min(LONGEST_BACK_OFF, 1L << Math.min(failures - 1, 10));
        // Many builds meet the same outage: they should not all come back at the same moment.
        long wait = ThreadLocalRandom.current().nextLong(longest + 1);
        if (asked != null) {
            // Not before the server wants us, and not all at that moment.
            wait = asked.toNanos() + wait / 4;
        }
        try {
            // The back-off itself: this thread has nothing else to do, and interrupting it ends the wait.
            Thread.sleep(Duration.ofNanos(wait));
        } catch (InterruptedException e) {
            throw Interruption.of(e);
        }
        return true;
    }

    /// What `Retry-After` asks for. A date counts from the answer's own date: nobody's clock is trusted.
    static @Nullable Duration retryAfter(Reply reply) {
        String value = reply.header("Retry-After").orElse("").strip();
        if (value.isEmpty()) {
            return null;
        }
        if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Duration.ofSeconds(value.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(value));
        }
        try {
            DateTimeFormatter format = DateTimeFormatter.RFC_1123_DATE_TIME;
            ZonedDateTime now = ZonedDateTime.parse(reply.header("Date").orElse(""), format);
            Duration wait = Duration.between(now, ZonedDateTime.parse(value, format));
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
