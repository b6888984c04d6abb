package dev.jbuild.exporter;

import dev.jbuild.parser.fuzz.FuzzRun;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Fuzzes the reader of `--output`; [FuzzRun] says how long.
class ExportSpecFuzzIT {
    @Test
    void outputs() throws Exception {
        List<String> seeds = List.of(
                "out",
                "-",
                "type=local,dest=out,mode=delete,platform-split=false",
                "type=tar,dest=a.tar,platform-split=1",
                "type=oci,dest=a.tar,tar=false,compression=zstd,compression-level=9",
                "type=docker,dest=-,name=example.com/a/b:1",
                "type=image,\"name=a:1,b:2\",push=true,push-by-digest=true,annotation.a=b",
                "type=registry,name=localhost:5000/x,annotation-index[linux/amd64].org.example=1",
                "type=cacheonly");
        List<String> dictionary = List.of(
                "type=",
                ",dest=",
                ",name=",
                ",push=",
                ",tar=",
                ",compression=",
                ",compression-level=",
                "gzip",
                "zstd",
                ",force-compression=",
                ",oci-mediatypes=",
                ",rewrite-timestamp=",
                ",annotation.",
                ",annotation-index.",
                ",annotation-manifest[linux/amd64].",
                ",mode=delete",
                ",platform-split=",
                "\"",
                "\"\"",
                "@sha256:");
        System.out.println(FuzzRun.of(ExportSpecFuzz.class, seeds, dictionary));
    }
}
