package dev.jbuild.layerstore.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file on its way here: goes on where a broken connection ended, if the server can say that it is still the same
/// file. Otherwise it fails, and the download has to begin anew.
final class WebStream extends InputStream {
    // So much progress, and past failures count no more.
    private static final long GOING_WELL = 1 << 20;
    // A file may change twice within what the clock of its server tells apart.
    private static final Duration SETTLED = Duration.ofMinutes(1);
    private static final Pattern RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");

    private final Opener opener;
    private final Retry retry;
    private final String validator;
    private final long size;
    private Reply reply;
    private long position;
    private long wellUntil = GOING_WELL;

    /// Asks for the file with these headers besides the usual ones.
    @FunctionalInterface
    interface Opener {
        Reply open(Map<String, String> more) throws IOException;
    }

    /// @param first the answer that begins with the first byte
    WebStream(Reply first, Opener opener, Retry retry) {
        this.reply = first;
        this.opener = opener;
        this.retry = retry;
        this.validator = validator(first.headers());
        this.size = first.headers().firstValueAsLong("Content-Length").orElse(-1);
    }

    /// What tells two versions of the file apart for sure, empty if nothing does.
    private static String validator(HttpHeaders headers) {
        String etag = headers.firstValue("ETag").orElse("");
        if (!etag.isEmpty()) {
            return etag.startsWith("\"") ? etag : "";
        }
        String modified = headers.firstValue("Last-Modified").orElse("");
        try {
            DateTimeFormatter format = DateTimeFormatter.RFC_1123_DATE_TIME;
            ZonedDateTime now = ZonedDateTime.parse(headers.firstValue("Date").orElse(""), format);
            return ZonedDateTime.parse(modified, format).plus(SETTLED).isBefore(now) ? modified : "";
        } catch (DateTimeException e) {
            return "";
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (true) {
            try {
                int count = reply.body().read(target, offset, length);
                if (count > 0) {
                    position += count;
                    if (position >= wellUntil) {
                        retry.reset();
                        wellUntil = position + GOING_WELL;
                    }
                }
                return count;
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                if (validator.isEmpty() || position == 0) {
                    throw e;
                }
                resume(e);
            }
        }
    }

    private void resume(IOException broken) throws IOException {
        reply.close();
        IOException failure = broken;
        while (retry.again(failure)) {
            Reply next;
            try {
                next = opener.open(Map.of("Range", "bytes=" + position + "-", "If-Range", validator));
            } catch (RegistryException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failure = e;
                continue;
            }
            if (next.status() == 206 && goesOn(next)) {
                reply = next;
                return;
            }
            next.close();
            if (!Retry.isTransient(next.status())) {
                // Another file by now, or a server without ranges.
                throw new IOException(
                        "the download broke off after " + position + " bytes and could not go on", broken);
            }
            failure = new IOException("the server says " + next.status(), broken);
        }
        throw failure;
    }

    private boolean goesOn(Reply next) {
        Matcher range = RANGE.matcher(next.header("Content-Range").orElse(""));
        String etag = next.header("ETag").orElse("");
        return range.matches()
                && Long.parseLong(range.group(1)) == position
                && (size < 0 || range.group(2).equals("*") || Long.parseLong(range.group(2)) == size)
                && (etag.isEmpty() || !validator.startsWith("\"") || etag.equals(validator));
    }

    @Override
    public void close() throws IOException {
        reply.close();
    }
}
