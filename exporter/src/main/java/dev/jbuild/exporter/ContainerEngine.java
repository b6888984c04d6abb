package dev.jbuild.exporter;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A program that reads an archive of an image from its standard input.
///
/// @param shown what the engine is called in messages
record ContainerEngine(String shown, Path program, List<String> arguments, Map<String, String> environment) {
    ContainerEngine {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /// @throws ExportException if the engine does not take the archive
    void load(Exporter.Writing archive) throws IOException, InterruptedException {
        Process process;
        try {
            process = start();
        } catch (IOException e) {
            throw ExportException.engine(this, String.valueOf(e.getMessage()), e);
        }
        EngineOutput output = EngineOutput.of(process);
        try {
            @Nullable IOException broken = null;
            try (WritableByteChannel in = Channels.newChannel(process.getOutputStream())) {
                archive.write(in);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                // Why it stopped reading is what the engine says; it may also have all that it needs.
                broken = e;
            }
            int code = process.waitFor();
            if (code != 0) {
                throw ExportException.engine(this, output.lastLine(code), broken);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /// The command, as somebody would type it.
    String command() {
        return program.getFileName() + " " + String.join(" ", arguments);
    }
}
