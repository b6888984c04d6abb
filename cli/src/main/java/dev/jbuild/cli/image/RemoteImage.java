package dev.jbuild.cli.image;

import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.Resolved;
import java.io.IOException;
import java.util.Optional;

/// An image that is read where it is, in its registry.
///
/// @param root what the name stands for there
public record RemoteImage(ImageReference reference, Resolved root, Documents.Remote documents) {
    /// Asks the registry what a name stands for.
    ///
    /// @throws dev.jbuild.cli.report.UsageException if the text is no name
    public static RemoteImage resolve(String text, RegistryClient client) throws IOException {
        ImageReference reference = LocalImages.parse(text);
        Resolved root = client.resolve(reference);
        Documents.Remote documents = new Documents.Remote(client, reference);
        documents.known().put(root.descriptor().digest(), root.bytes());
        return new RemoteImage(reference, root, documents);
    }

    /// The image with its documents. Of an index only the platforms asked for are fetched.
    ///
    /// @param all whether every platform is wanted, and not only the one of this name or of this machine
    public LocalImage image(Optional<String> platform, boolean all) throws IOException {
        return LocalImage.fetch(this, platform, all);
    }
}
