package dev.jbuild.solver.secret;

import dev.jbuild.parser.source.Suggestion;
import dev.jbuild.solver.graph.ExecMount;
import org.jspecify.annotations.Nullable;

/// A step needs a secret, or an agent of ssh, that was not given.
public final class MissingSecretException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String hint;

    private MissingSecretException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /// What is missing for this mount, null if nothing is.
    public static @Nullable MissingSecretException of(ExecMount mount, Secrets secrets) {
        if (mount instanceof ExecMount.Secret secret && secret.required() && !secrets.has(secret.id())) {
            String near = Suggestion.didYouMean(secret.id(), secrets.ids());
            String option = "--secret id=" + secret.id();
            return new MissingSecretException(
                    "the secret \"" + secret.id() + "\" is required and was not given",
                    near == null ? "give it with " + option + ",src=FILE or " + option + ",env=VARIABLE" : near);
        }
        if (mount instanceof ExecMount.Ssh ssh && ssh.required() && !secrets.hasAgent(ssh.id())) {
            return new MissingSecretException(
                    "the ssh agent \"" + ssh.id() + "\" is required and was not given",
                    "give it with --ssh " + ssh.id() + ", or a key with --ssh " + ssh.id() + "=KEYFILE");
        }
        return null;
    }

    /// What to do about it.
    public String hint() {
        return hint;
    }
}
