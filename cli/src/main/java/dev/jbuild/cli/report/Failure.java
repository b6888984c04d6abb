package dev.jbuild.cli.report;

import dev.jbuild.exporter.ExportException;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.registry.RegistryException;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.solver.SolveException;
import dev.jbuild.solver.context.SourceNotFoundException;
import dev.jbuild.solver.file.FileActionException;
import dev.jbuild.solver.graph.VertexInfo;
import dev.jbuild.solver.plan.ImageNotFoundException;
import dev.jbuild.solver.plan.LintViolationException;
import dev.jbuild.solver.plan.RemoteSourceException;
import dev.jbuild.solver.run.ExecFailedException;
import dev.jbuild.solver.sandbox.ExecNotFoundException;
import dev.jbuild.solver.sandbox.SandboxException;
import dev.jbuild.solver.secret.MissingSecretException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/// What an exception means to the user: the exit code, and everything to print.
///
/// @param step the progress name of the instruction that failed, empty if none did
/// @param logTail what that instruction said last
/// @param fullLog the file that has all that was said, empty if there is none
/// @param bug whether nobody foresaw this exception
record Failure(ExitCode code, List<Finding> findings, String step, List<String> logTail, String fullLog, boolean bug) {
    Failure {
        findings = List.copyOf(findings);
        logTail = List.copyOf(logTail);
    }

    Failure(ExitCode code, List<Finding> findings, String step, List<String> logTail, boolean bug) {
        this(code, findings, step, logTail, "", bug);
    }

    /// The one place that knows the exceptions. A type that is not here is a defect of jbuild.
    static Failure of(Throwable thrown) {
        return switch (thrown) {
            case UsageException e -> told(ExitCode.USAGE, e);
            case DockerfileException e -> dockerfile(e);
            case LintViolationException e -> lint(e);
            case StoreException e -> told(ExitCode.STORE_OR_REGISTRY, e);
            case RegistryException e -> told(ExitCode.STORE_OR_REGISTRY, e);
            case ImageNotFoundException e -> told(ExitCode.STORE_OR_REGISTRY, e);
            case RemoteSourceException e -> told(ExitCode.STORE_OR_REGISTRY, e);
            case ExportException e -> told(exitCode(e.kind()), e);
            case MissingSecretException e -> hinted(ExitCode.BUILD_FAILED, String.valueOf(e.getMessage()), e.hint());
            case SandboxException e -> told(ExitCode.BUILD_FAILED, e);
            case SourceNotFoundException e -> told(ExitCode.BUILD_FAILED, e);
            case FileActionException e -> told(ExitCode.BUILD_FAILED, e);
            case ExecNotFoundException e -> told(ExitCode.BUILD_FAILED, e);
            case ExecFailedException e -> told(ExitCode.BUILD_FAILED, e).withLog("", e.logTail());
            case SolveException e -> solve(e);
            case OciFormatException e -> told(ExitCode.STORE_OR_REGISTRY, e);
            case KernelException e -> told(ExitCode.BUILD_FAILED, e);
            case InterruptedException e -> cancelled();
            case CancellationException e -> cancelled();
            case FileSystemException e -> message(ExitCode.BUILD_FAILED, fileSystem(e));
            case UncheckedIOException e -> store(e);
            case IOException e -> told(ExitCode.BUILD_FAILED, e);
            case OutOfMemoryError e ->
                hinted(
                        ExitCode.INTERNAL,
                        "out of memory: " + e.getMessage(),
                        "JBUILD_JAVA_OPTS=-Xmx1g gives jbuild one gibibyte");
            default -> unforeseen(thrown);
        };
    }

    private static ExitCode exitCode(ExportException.Kind kind) {
        return switch (kind) {
            case USAGE -> ExitCode.USAGE;
            case FAILED -> ExitCode.BUILD_FAILED;
        };
    }

    /// What the cause means, at the step's place in the Dockerfile.
    private static Failure solve(SolveException e) {
        Failure cause = e.getCause() == null ? bug(e) : of(e.getCause());
        VertexInfo info = e.info();
        List<Finding> placed = cause.findings().stream()
                .map(finding -> finding.source() == null ? finding.at(info.source(), info.span()) : finding)
                .map(finding -> finding.hint() == null ? hinted(finding, e) : finding)
                .toList();
        String fullLog =
                e.logTail().isEmpty() ? "" : e.fullLog().map(Path::toString).orElse("");
        return new Failure(cause.code(), placed, info.name(), e.logTail(), fullLog, cause.bug());
    }

    private static Finding hinted(Finding finding, SolveException e) {
        return e.shell()
                .map(command -> finding.withHint("`" + command + "` opens a shell in what this step left"))
                .orElse(finding);
    }

    private Failure withLog(String newStep, List<String> newLogTail) {
        return new Failure(code, findings, newStep, newLogTail, fullLog, bug);
    }

    /// An exception that passes another one on means what that one means.
    private static Failure unforeseen(Throwable thrown) {
        Throwable cause = thrown.getCause();
        Failure meant = cause == null ? bug(thrown) : of(cause);
        return meant.bug() ? bug(thrown) : meant;
    }

    // Those with a message of their own are about files of the store.
    private static Failure store(UncheckedIOException e) {
        Throwable cause = e.getCause();
        if (cause == null) {
            return bug(e);
        }
        Failure meant = of(cause);
        if (cause.toString().equals(e.getMessage())) {
            return meant;
        }
        return message(
                ExitCode.STORE_OR_REGISTRY,
                e.getMessage() + ": " + meant.findings().getFirst().message());
    }

    private static Failure told(ExitCode code, Exception e) {
        return message(code, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }

    private static Failure message(ExitCode code, String message) {
        return new Failure(code, List.of(Finding.error(message)), "", List.of(), false);
    }

    private static Failure hinted(ExitCode code, String message, String hint) {
        return new Failure(code, List.of(Finding.error(message).withHint(hint)), "", List.of(), false);
    }

    private static Failure cancelled() {
        return message(ExitCode.CANCELLED, "canceled");
    }

    private static Failure dockerfile(DockerfileException e) {
        List<Finding> findings = e.diagnostics().stream()
                .map(diagnostic -> Finding.of(e.source(), diagnostic))
                .toList();
        return switch (e.getCause()) {
            // A line that names an image that does not exist, or cannot be had, is a valid line.
            case ImageNotFoundException missing ->
                new Failure(ExitCode.STORE_OR_REGISTRY, findings, "", List.of(), false);
            case RemoteSourceException missing ->
                new Failure(ExitCode.STORE_OR_REGISTRY, findings, "", List.of(), false);
            case IOException unreachable -> {
                Finding first = findings.getFirst();
                Failure meant = of(unreachable);
                Finding placed = meant.findings().getFirst().at(e.source(), first.span());
                yield new Failure(
                        meant.code(),
                        List.of(first.hint() == null ? placed : placed.withHint(first.hint())),
                        "",
                        List.of(),
                        meant.bug());
            }
            case null, default -> new Failure(ExitCode.INVALID_DOCKERFILE, findings, "", List.of(), false);
        };
    }

    private static Failure lint(LintViolationException e) {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.error(String.valueOf(e.getMessage())));
        e.findings().forEach(finding -> findings.add(Finding.of(e.source(), finding)));
        return new Failure(ExitCode.BUILD_FAILED, findings, "", List.of(), false);
    }

    // The JDK's messages are bare paths where the class says the rest.
    private static String fileSystem(FileSystemException e) {
        String reason = switch (e) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            default -> e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        };
        return e.getFile() == null ? reason : e.getFile() + ": " + reason;
    }

    private static Failure bug(Throwable thrown) {
        Finding finding = Finding.error("internal error: " + thrown);
        return new Failure(ExitCode.INTERNAL, List.of(finding), "", List.of(), true);
    }
}
