package dev.jbuild.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.cli.StoreFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TarSizesTest {
    @Test
    void addsUpFiles() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.write(entry("a", 1000));
        tar.write(entry("b", 512));
        tar.write(entry("c", 0));
        assertThat(sum(tar.toByteArray())).isEqualTo(1512);
    }

    @Test
    void believesThePaxHeaderOfALargeFile() throws IOException {
        byte[] records = "20 size=3000\n12 path=x\n".getBytes(StandardCharsets.US_ASCII);
        byte[] pax = entry("pax", records.length);
        pax[156] = 'x';
        System.arraycopy(records, 0, pax, 512, records.length);
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.write(pax);
        byte[] large = entry("large", 3000);
        Arrays.fill(large, 124, 135, (byte) '0');
        tar.write(large);
        tar.write(entry("next", 5));
        assertThat(sum(tar.toByteArray())).isEqualTo(3005);
    }

    @Test
    void refusesAnArchiveThatEndsWithinAFile() throws IOException {
        byte[] tar = entry("a", 5000);
        assertThatThrownBy(() -> sum(Arrays.copyOf(tar, 1024)))
                .isInstanceOf(IOException.class)
                .hasMessage("the archive ends in the middle of a file");
    }

    private static byte[] entry(String name, int size) {
        byte[] tar = StoreFixture.tar(name, size);
        return Arrays.copyOf(tar, tar.length - 1024);
    }

    private static long sum(byte[] tar) throws IOException {
        return TarSizes.sum(new ByteArrayInputStream(tar));
    }
}
