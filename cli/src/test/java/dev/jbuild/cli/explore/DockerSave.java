package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.fake.HostileTar;
import dev.jbuild.layerstore.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Archives as `docker save` wrote them, of images whose layers may hold anything.
public final class DockerSave {
    private DockerSave() {}

    /// An image with one instruction a layer.
    ///
    /// @param instructions JSON text, such as `"COPY a /a"`
    public static byte[] archive(String name, List<String> instructions, List<HostileTar> layers) {
        List<byte[]> tars = layers.stream().map(HostileTar::bytes).toList();
        String diffIds =
                tars.stream().map(tar -> '"' + Digest.of(tar).toString() + '"').collect(Collectors.joining(","));
        String history = instructions.stream()
                .map(instruction -> "{\"created_by\":" + instruction + "}")
                .collect(Collectors.joining(","));
        byte[] config = ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
                        + diffIds + "]},\"history\":[" + history + "]}")
                .getBytes(StandardCharsets.UTF_8);
        String names = IntStream.range(0, tars.size())
                .mapToObj(i -> '"' + layerName(i) + '"')
                .collect(Collectors.joining(","));
        String configName = Digest.of(config).hex() + ".json";
        String manifest =
                "[{\"Config\":\"" + configName + "\",\"RepoTags\":[\"" + name + "\"],\"Layers\":[" + names + "]}]";
        HostileTar archive = new HostileTar(0).entry(configName, '0', "", 0644, config);
        for (int i = 0; i < tars.size(); i++) {
            archive.entry(layerName(i), '0', "", 0644, tars.get(i));
        }
        return archive.file("manifest.json", manifest).bytes();
    }

    private static String layerName(int number) {
        return number + "/layer.tar";
    }
}
