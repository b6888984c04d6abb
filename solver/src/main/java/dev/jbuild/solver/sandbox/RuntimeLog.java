package dev.jbuild.solver.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The log that an OCI runtime writes of its own troubles, a JSON object a line.
final class RuntimeLog {
    private RuntimeLog() {}

    /// The last error in it.
    static Optional<String> error(Path log) throws IOException {
        String last = null;
        for (String line : Files.readAllLines(log)) {
            String level = "";
            String message = "";
            try (JsonParser json = new JsonFactory().createParser(line)) {
                while (json.nextToken() != null) {
                    if (json.currentToken() == JsonToken.FIELD_NAME) {
                        String field = json.currentName();
                        String value = json.nextTextValue();
                        if (value != null && field.equals("level")) {
                            level = value;
                        } else if (value != null && field.equals("msg")) {
                            message = value;
                        }
                    }
                }
            }
            if (level.equals("error") || level.equals("fatal")) {
                last = message;
            }
        }
        return Optional.ofNullable(last);
    }
}
