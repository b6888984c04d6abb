package dev.jbuild.layerstore.registry;

/// What proves to a registry who we are. Prints without its secret.
public sealed interface Login {
    /// A user name and a password.
    record Password(String username, String password) implements Login {
        @Override
        public String toString() {
            return "password of " + username;
        }
    }

    /// An OAuth refresh token, to be exchanged at the token server.
    record IdentityToken(String token) implements Login {
        @Override
        public String toString() {
            return "identity token";
        }
    }

    /// A bearer token, to be sent as it is.
    record RegistryToken(String token) implements Login {
        @Override
        public String toString() {
            return "registry token";
        }
    }
}
