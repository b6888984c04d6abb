package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.oci.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The kinds of processor that an emulator can stand in for: what their programs look like, and the
/// smallest of these.
///
/// The smallest program ends with the number of its arguments, its name among them, and 41: started
/// well, with 42. An emulator that is started in a way it does not know counts one argument more.
enum Processor {
    // mov (%rsp),%edi; add $41,%edi; mov $60,%eax; syscall
    AMD64("amd64", "x86_64", 64, ByteOrder.LITTLE_ENDIAN, 62, 0, "8b3c2483c729b83c0000000f05"),
    // mov (%esp),%ebx; add $41,%ebx; mov $1,%eax; int $0x80
    I386("386", "i386", 32, ByteOrder.LITTLE_ENDIAN, 3, 0, "8b1c2483c329b801000000cd80"),
    // ldr x0,[sp]; add x0,x0,#41; mov x8,#93; svc #0
    ARM64("arm64", "aarch64", 64, ByteOrder.LITTLE_ENDIAN, 183, 0, "e00340f900a40091a80b80d2010000d4"),
    // ldr r0,[sp]; add r0,r0,#41; mov r7,#1; svc 0; the flags name the calling convention, EABI 5
    ARM("arm", "arm", 32, ByteOrder.LITTLE_ENDIAN, 40, 0x05000000, "00009de5290080e20170a0e3000000ef"),
    // ld a0,0(sp); addi a0,a0,41; li a7,93; ecall
    RISCV64("riscv64", "riscv64", 64, ByteOrder.LITTLE_ENDIAN, 243, 0, "03350100130595029308d00573000000"),
    // ld r3,0(r1); addi r3,r3,41; li r0,1; sc; the flags name the calling convention, ELFv2
    PPC64LE("ppc64le", "ppc64le", 64, ByteOrder.LITTLE_ENDIAN, 21, 2, "000061e8290063380100003802000044"),
    // lg %r2,0(%r15); aghi %r2,41; svc 1
    S390X("s390x", "s390x", 64, ByteOrder.BIG_ENDIAN, 22, 0, "e320f0000004a72b00290a01"),
    // ld a0,0(sp); daddiu a0,a0,41; li v0,5058; syscall
    MIPS64LE("mips64le", "mips64el", 64, ByteOrder.LITTLE_ENDIAN, 8, 0x80000000, "0000a4df29008464c21302240c000000"),
    // ld.d a0,sp,0; addi.d a0,a0,41; ori a7,zero,93; syscall 0
    LOONG64("loong64", "loongarch64", 64, ByteOrder.LITTLE_ENDIAN, 258, 0x41, "6400c02884a4c0020b74810300002b00");

    /// How the smallest program ends if all is well.
    static final int WELL = 42;

    private static final int ADDRESS = 0x400000;
    private static final int TYPE = 16;

    private final String architecture;
    private final String qemu;
    private final int bits;
    private final ByteOrder order;
    private final int machine;
    private final int flags;
    private final String code;

    Processor(String architecture, String qemu, int bits, ByteOrder order, int machine, int flags, String code) {
        this.architecture = architecture;
        this.qemu = qemu;
        this.bits = bits;
        this.order = order;
        this.machine = machine;
        this.flags = flags;
        this.code = code;
    }

    /// The processor of a platform; empty if it is none of these.
    static Optional<Processor> of(Platform platform) {
        return Arrays.stream(values())
                .filter(processor -> processor.architecture.equals(platform.architecture()))
                .findFirst();
    }

    /// The processor whose program begins with these bytes; empty if they are no program's, or an
    /// unknown one's.
    static Optional<Processor> of(ByteBuffer file) {
        return Arrays.stream(values()).filter(processor -> processor.owns(file)).findFirst();
    }

    private boolean owns(ByteBuffer file) {
        byte[] own = identity();
        return file.remaining() >= TYPE + 4
                && file.slice(file.position(), own.length).equals(ByteBuffer.wrap(own))
                && file.duplicate().order(order).getShort(file.position() + TYPE + 2) == (short) machine;
    }

    /// As image configurations name it.
    String architecture() {
        return architecture;
    }

    /// As qemu names it, in `qemu-aarch64`.
    String qemu() {
        return qemu;
    }

    /// A whole static program.
    byte[] program() {
        byte[] instructions = HexFormat.of().parseHex(code);
        int header = bits == 64 ? 64 : 52;
        int segment = bits == 64 ? 56 : 32;
        int size = header + segment + instructions.length;
        ByteBuffer file = ByteBuffer.allocate(size).order(order);
        file.put(identity()).position(TYPE);
        file.putShort((short) 2).putShort((short) machine).putInt(1);
        word(file, ADDRESS + header + segment);
        word(file, header);
        word(file, 0);
        file.putInt(flags).putShort((short) header).putShort((short) segment).putShort((short) 1);
        file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        file.putInt(1);
        int readAndRun = 5;
        if (bits == 64) {
            file.putInt(readAndRun);
        }
        word(file, 0);
        word(file, ADDRESS);
        word(file, ADDRESS);
        word(file, size);
        word(file, size);
        if (bits == 32) {
            file.putInt(readAndRun);
        }
        word(file, 0x10000);
        return file.put(instructions).array();
    }

    /// The line that makes a kernel run this processor's programs with an emulator: opened now (F), for
    /// it is not to be found in an image, told the program's name as it was called (P), and with the
    /// rights that set-user-ID files give (C, which implies O).
    String registration(String emulator) {
        byte[] magic = new byte[TYPE + 4];
        byte[] mask = new byte[magic.length];
        System.arraycopy(identity(), 0, magic, 0, identity().length);
        Arrays.fill(mask, (byte) 0xff);
        // For any operating system's conventions; executables, and those that can be placed anywhere.
        mask[7] = 0;
        ByteBuffer.wrap(magic).order(order).putShort(TYPE, (short) 2).putShort(TYPE + 2, (short) machine);
        ByteBuffer.wrap(mask).order(order).putShort(TYPE, (short) 0xfffe);
        return ":jbuild-" + architecture + ":M::" + escaped(magic) + ":" + escaped(mask) + ":" + emulator + ":POCF";
    }

    private static String escaped(byte[] bytes) {
        return "\\x" + HexFormat.ofDelimiter("\\x").formatHex(bytes);
    }

    private byte[] identity() {
        return new byte[] {0x7f, 'E', 'L', 'F', (byte) (bits / 32), (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2), 1
        };
    }

    private void word(ByteBuffer file, int value) {
        if (bits == 64) {
            file.putLong(value);
        } else {
            file.putInt(value);
        }
    }
}
